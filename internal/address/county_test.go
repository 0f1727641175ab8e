package address

import (
	"encoding/csv"
	"strings"
	"testing"

	"jingwei/geodata/zoucheng"
)

// All divisions of a real county are found by their name, by the name people say, and by its first letters; numbers in names (十里铺) are
// no house numbers.
func TestDivisionsOfACounty(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(zoucheng.Divisions)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var in Input
	town := map[string]string{}
	for _, r := range rows[1:] {
		in.Divisions = append(in.Divisions, DivisionEntry{Code: r[0], Name: r[1]})
		town[r[0]] = r[1]
		if len(r[0]) == 12 {
			id := int64(len(in.Buildings) + 1)
			in.Buildings = append(in.Buildings, BuildingEntry{ID: id, Community: r[0], Number: "45号"})
			in.Houses = append(in.Houses, HouseEntry{ID: id, Building: id})
		}
	}
	g, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range in.Buildings {
		d := g.divisions[g.byCode[b.Community]]
		upper := town[d.code[:9]]
		for _, text := range []string{upper + d.name + "45号", upper + d.short + "45号", "邹城市" + upper + d.short + "四十五号", upper + strings.TrimSuffix(d.short, "村") + "村委会45号"} {
			if strings.HasSuffix(d.short, "社区") && strings.Contains(text, "村委会") {
				continue
			}
			if a := g.Match(text, Options{}); a.Best.House != b.ID {
				t.Errorf("%s: %s %s, want the house in %s", text, a.Best.Level, a.Best.Label, d.name)
			}
		}
		first := ""
		for _, c := range d.short {
			first += g.names.sound.read(c)[0][:1]
		}
		found := false
		for _, c := range g.Suggest(first, Options{View: d.code, Most: 5}) {
			found = found || c.Division == d.code && c.Level == Community
		}
		if !found {
			t.Errorf("%s isn't found by %s in its own view: %q", d.short, first, labels(g.Suggest(first, Options{View: d.code, Most: 5})))
		}
	}
}
