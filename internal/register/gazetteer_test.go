package register

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"jingwei/internal/address"
	"jingwei/internal/city"
)

// invent makes the gazetteer of an invented town from its houses, without a database.
func invent(t *testing.T, people int) (*gazetteering, []standing) {
	t.Helper()
	o := city.Options{City: city.Town, Seed: 3, People: people, Dir: t.TempDir()}
	if _, err := city.Generate(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(o.Dir, "divisions.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Features []struct {
			Properties struct{ Code, Name, County string }
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	w := newGazetteering()
	for _, f := range file.Features {
		w.divide(address.DivisionEntry{Code: f.Properties.Code, Name: f.Properties.Name})
	}
	if w.county == "" {
		w.divide(address.DivisionEntry{Code: file.Features[0].Properties.Code[:6], Name: file.Features[0].Properties.County})
	}
	var all []standing
	buildings := map[string]int64{}
	err = city.People(context.Background(), o, func(h city.House, _ []city.Resident) error {
		if buildings[h.Source] == 0 {
			buildings[h.Source] = int64(len(buildings) + 1)
		}
		community, _ := strconv.ParseInt(h.Community, 10, 64)
		s := standing{id: int64(len(all) + 1), building: buildings[h.Source], community: community, place: h.Place, number: h.Building, unit: h.Unit, room: h.Room, address: h.Address}
		w.add(&s)
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, all
}

// The standard address of every house leads to that house, in all ways in which the grammar writes it.
func TestEveryAddressLeadsHome(t *testing.T) {
	t.Parallel()
	w, all := invent(t, 6000)
	g, err := address.New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for _, h := range all {
		form := address.Form(r.IntN(int(address.Spaced) + 1))
		text := h.address
		if r.IntN(2) == 0 {
			text = address.Format(address.Parse(h.address), form)
		}
		got := g.Match(text, address.Options{})
		if got.Best.House != h.id {
			wrong++
			if wrong < 20 {
				t.Errorf("%s (%s): house %d at %s %q, want %d", text, h.address, got.Best.House, got.Best.Level, got.Best.Label, h.id)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d addresses don't lead home", wrong, len(all))
	}
}
