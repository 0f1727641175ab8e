package gridnet

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

// Three nets of a street of six blocks: the police net and the city net put the border one block further east than the leading one.
func TestReconcile(t *testing.T) {
	town := newTown(6, 1, 100)
	var laid []Laid
	for _, n := range []struct {
		name string
		net  *Net
	}{
		{"综治", boxes([4]float64{0, 0, 2, 1}, [4]float64{2, 0, 6, 1})},
		{"警务", boxes([4]float64{3, 0, 6, 1}, [4]float64{0, 0, 3, 1})},
		{"城管", boxes([4]float64{0, 0, 3, 1}, [4]float64{3, 0, 5, 1}, [4]float64{5, 0, 6, 1})},
	} {
		n.net.Name = n.name
		laid = append(laid, Laid{n.net, resolve(t, town, n.net, Answers{})})
	}
	by := func(lead int, how How) *Reconciled {
		t.Helper()
		r, err := Reconcile(town.ground, laid, lead, how, Answers{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if got := went(by(0, ByLead).Result); !slices.Equal(got, []int{0, 0, 1, 1, 1, 1}) {
		t.Errorf("the leading net's grids: %v", got)
	}
	one := by(0, ByMajority)
	if got := went(one.Result); !slices.Equal(got, []int{0, 0, 0, 1, 1, 1}) {
		t.Errorf("by majority: %v", got)
	}
	if one.Lead != "综治" || one.Result.Grids[0].Code != laid[0].Net.Polygons[0].Code {
		t.Errorf("the result bears the leading net's codes: %+v", one.Result.Grids)
	}
	want := []Crossing{
		{Net: "综治", Polygon: 0, Grid: 0, Blocks: 2, Residents: 200, Share: 1}, {Net: "综治", Polygon: 1, Grid: 0, Blocks: 1, Residents: 100, Share: .25},
		{Net: "综治", Polygon: 1, Grid: 1, Blocks: 3, Residents: 300, Share: .75},
		{Net: "警务", Polygon: 0, Grid: 1, Blocks: 3, Residents: 300, Share: 1}, {Net: "警务", Polygon: 1, Grid: 0, Blocks: 3, Residents: 300, Share: 1},
		{Net: "城管", Polygon: 0, Grid: 0, Blocks: 3, Residents: 300, Share: 1}, {Net: "城管", Polygon: 1, Grid: 1, Blocks: 2, Residents: 200, Share: 1},
		{Net: "城管", Polygon: 2, Grid: 1, Blocks: 1, Residents: 100, Share: 1},
	}
	for i := range one.Crosswalk {
		c := &one.Crosswalk[i]
		if math.Abs(c.AreaM2-float64(c.Blocks)*town.ground.Blocks[0].AreaM2) > 5 {
			t.Errorf("%+v: the area isn't that of its blocks", c)
		}
		c.AreaM2, c.Code = 0, ""
	}
	if !reflect.DeepEqual(one.Crosswalk, want) {
		t.Errorf("crosswalk %+v", one.Crosswalk)
	}
	for _, lead := range []int{-1, 3} {
		if _, err := Reconcile(town.ground, laid, lead, ByLead, Answers{}); err == nil {
			t.Errorf("leading net %d was taken", lead)
		}
	}
	if _, err := Reconcile(town.ground, laid[:1], 0, ByLead, Answers{}); err == nil {
		t.Error("one net was reconciled with itself")
	}
}

// Where two nets disagree is one line a pair of polygons, and whoever decides it is obeyed whatever the nets say.
func TestPairsOfReconciledNets(t *testing.T) {
	town := newTown(6, 1, 100)
	lead, other := boxes([4]float64{0, 0, 2, 1}, [4]float64{2, 0, 6, 1}), boxes([4]float64{3, 0, 6, 1}, [4]float64{0, 0, 3, 1})
	lead.Name, other.Name = "综治", "警务"
	laid := []Laid{{lead, resolve(t, town, lead, Answers{})}, {other, resolve(t, town, other, Answers{})}}
	one, err := Reconcile(town.ground, laid, 0, ByLead, Answers{})
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		polygon, other, says, residents int
		agree                           bool
		taken                           string
	}
	lines := func(r *Reconciled) (out []line) {
		for _, p := range r.Pairs {
			out = append(out, line{p.Polygon, p.Other, p.Says, p.Residents, p.Agree, p.Taken})
		}
		return out
	}
	want := []line{{1, 1, 0, 100, false, TakenLead}, {1, 0, 1, 300, true, TakenLead}, {0, 1, 0, 200, true, TakenLead}}
	if got := lines(one); !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	if b := one.Pairs[0]; len(b.Blocks) != 1 || b.Bounds == (Bounds{}) || b.AreaM2 <= 0 || len(one.Pairs[1].Blocks) != 0 {
		t.Errorf("where they disagree: %+v", b)
	}
	decided, err := Reconcile(town.ground, laid, 0, ByLead, Answers{Blocks: map[int64]int{one.Pairs[0].Blocks[0]: one.Pairs[0].Says}})
	if err != nil {
		t.Fatal(err)
	}
	if got := went(decided.Result); !slices.Equal(got, []int{0, 0, 0, 1, 1, 1}) {
		t.Errorf("decided for the other net: %v", got)
	}
	if got := decided.Pairs[0].Taken; got != TakenOther {
		t.Errorf("decided for the other net, and %s holds", got)
	}
}
