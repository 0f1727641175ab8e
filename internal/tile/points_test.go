package tile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

// A tile of points has each where it lies, with its properties and in the order given; one that is too large drops those of least rank and says so.
func TestPoints(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	at := Address{16, 53943, 24810}
	made, err := s.Points(at, "incidents", []Point{
		{ID: 1<<52 | 7, Lon: 116.3191, Lat: 40.0005, Rank: 1, Properties: []Property{{"count", 3}, {"note", ""}, {"share", 0.5}}},
		{ID: 9, Lon: 116.3205, Lat: 40.0015, Rank: 2, Properties: []Property{{"id", "110108-9"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := made.Raw()
	if err != nil {
		t.Fatal(err)
	}
	if err := checkCommands(raw); err != nil {
		t.Error(err)
	}
	layers, err := mvt.Unmarshal(raw)
	if err != nil || len(layers) != 1 || layers[0].Version != 2 || layers[0].Name != "incidents" {
		t.Fatalf("%v %v", layers, err)
	}
	// (lon + 180)/360·2^16 = 53943.2459…, 53943.5008…; the rows likewise.
	got := ""
	for _, f := range layers[0].Features {
		got += fmt.Sprint(idOf(t, f.ID), f.Geometry.(orb.Point), f.Properties, "\n")
	}
	want := fmt.Sprint(uint64(1<<52|7), orb.Point{1007, 1822}, map[string]any{"count": 3.0, "share": 0.5}, "\n", uint64(9), orb.Point{2051, 849}, map[string]any{"id": "110108-9"}, "\n")
	if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if made, err := s.Points(at, "incidents", nil); err != nil || !made.Empty() {
		t.Errorf("a tile without points: %+v %v", made, err)
	}
	if _, err := s.Points(Address{19, 0, 0}, "incidents", nil); err == nil {
		t.Error("a tile at zoom 19")
	}
	many := make([]Point, 20_000)
	for i := range many {
		many[i] = Point{ID: uint64(i + 1), Lon: 116.32, Lat: 40.0005, Rank: float64(i), Properties: []Property{{"id", fmt.Sprintf("110108-%d", i+1)}}}
	}
	made, err = s.Points(at, "incidents", many)
	if err != nil || made.Size > MostBytes || !strings.HasPrefix(made.Dropped, "incidents=") {
		t.Fatalf("%d bytes, dropped %q (%v)", made.Size, made.Dropped, err)
	}
	raw, _ = made.Raw()
	if layers, err = mvt.Unmarshal(raw); err != nil || idOf(t, layers[0].Features[len(layers[0].Features)-1].ID) != 20_000 {
		t.Errorf("the highest rank was dropped (%v)", err)
	}
}
