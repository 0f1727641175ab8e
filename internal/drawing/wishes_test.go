package drawing

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTogetherStaysTogether unless a warning names the group; and a group that could be kept has none.
func TestTogetherStaysTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyRedrawing(t)
		start := o.Start
		if rapid.Bool().Draw(t, "afresh") {
			o.Start, o.Time = nil, 20*time.Millisecond
		}
		g := newGraph(p)
		r := newRandom(rapid.Uint64().Draw(t, "groups"))
		for i := range rapid.IntRange(1, 6).Draw(t, "n") { // blocks that hang together, and at times one that doesn't
			blocks := []int32{int32(r.below(len(p.Blocks)))}
			for range r.below(6) {
				if near := g.around(blocks[r.below(len(blocks))]); len(near) > 0 {
					blocks = append(blocks, near[r.below(len(near))].to)
				}
			}
			if r.below(4) == 0 {
				blocks = append(blocks, int32(r.below(len(p.Blocks))))
			}
			o.Together = append(o.Together, Group{Name: "小区" + string(rune('甲'+i)) + "号", Blocks: blocks})
		}
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if o.Start != nil {
			validRedrawing(t, p, d, start, nil)
		} else {
			promised(t, p, d)
		}
		for _, group := range o.Together {
			apart := slices.ContainsFunc(group.Blocks, func(b int32) bool { return d.Grid[b] != d.Grid[group.Blocks[0]] })
			warned := slices.ContainsFunc(d.Report.Warnings, func(w Warning) bool {
				return w.Kind == "together" && strings.HasPrefix(w.EN, group.Name+" ")
			})
			if apart && !warned {
				t.Fatalf("%s is in several grids, and no warning says so", group.Name)
			}
		}
	})
}

// TestTogetherSaysWhyNot for each reason.
func TestTogetherSaysWhyNot(t *testing.T) {
	two := row(300, 300, 300, 300)
	two.Within = append(two.Within, "柳村")
	two.Blocks[2].Within, two.Blocks[3].Within = 1, 1
	school := row(300, 300, 0, 300)
	school.Special = []string{"", "", "school", ""}
	tests := []struct {
		name   string
		p      *Problem
		blocks []int32
		fixed  *Fixed
		want   string
	}{
		{"fits", row(300, 300, 300, 300), []int32{1, 2}, nil, ""},
		{"too heavy", row(300, 300, 300, 300), []int32{1, 2, 3}, nil, "holds 900, more than a grid's upper bound of 690"},
		{"apart", row(300, 300, 300, 300), []int32{0, 2}, nil, "don't hang together"},
		{"two communities", two, []int32{1, 2}, nil, "two communities, 清水村 and 柳村"},
		{"a school in it", school, []int32{1, 2}, nil, "special ground"},
		{"held in two grids", row(300, 300, 300, 300), []int32{1, 2}, &Fixed{Blocks: []int32{1, 2}}, "held in two grids, 0 and 1"},
		{"a part of a held grid", row(300, 300, 300, 300), []int32{1, 2}, &Fixed{Grids: []int32{0}}, "grid 0 is held"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := Options{Seed: 1, Time: 50 * time.Millisecond, Together: []Group{{"阳光花园", test.blocks}}}
			if test.fixed != nil {
				o.Fixed, o.Start = test.fixed, []int32{0, 0, 1, 1}
			}
			d, err := Draw(context.Background(), test.p, o)
			if err != nil {
				t.Fatal(err)
			}
			said := slices.DeleteFunc(d.Report.Warnings, func(w Warning) bool { return w.Kind != "together" })
			if test.want == "" {
				if len(said) > 0 || d.Grid[1] != d.Grid[2] {
					t.Errorf("%v, %v", d.Grid, d.Report.Warnings)
				}
				return
			}
			if len(said) != 1 || !strings.Contains(said[0].EN, "阳光花园 can't") || !strings.Contains(said[0].EN, test.want) {
				t.Errorf("%v, want %q", said, test.want)
			}
		})
	}
}

// TestSpecialGroundIsItsOwn: contiguous special ground of one kind is one grid unless it was several, nobody else lives in it, the rest keeps all
// promises, and the band's figures don't count it.
func TestSpecialGroundIsItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := anyRedrawing(t)
		start := o.Start
		if rapid.Bool().Draw(t, "afresh") {
			o.Start, o.Time = nil, 20*time.Millisecond
		}
		p.Special = make([]string, len(p.Blocks))
		g := newGraph(p)
		r := newRandom(rapid.Uint64().Draw(t, "special"))
		for range rapid.IntRange(1, 8).Draw(t, "n") {
			b, kind := int32(r.below(len(p.Blocks))), []string{"school", "hospital", "park"}[r.below(3)]
			p.Special[b] = kind
			for _, h := range g.around(b) {
				if r.below(2) == 0 {
					p.Special[h.to] = kind
				}
			}
		}
		d, err := Draw(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if o.Start != nil {
			validRedrawing(t, p, d, start, nil)
		} else {
			all := *d
			all.Report.Grids += len(d.Report.Special)
			promised(t, p, &all)
		}
		kinds := map[int32]string{}
		var residents int64
		for _, s := range d.Report.Special {
			kinds[s.Grid] = s.Kind
			residents += s.Residents
		}
		var lived int64
		for b, kind := range p.Special {
			if kind != kinds[d.Grid[b]] && (kind != "" || p.Blocks[b].Weight > 0) {
				t.Fatalf("block %d is %q in a grid of %q", b, kind, kinds[d.Grid[b]])
			}
			if kind != "" {
				lived += p.Blocks[b].Weight
			}
		}
		if lived != residents || lived != d.Report.ResidentsSpecial {
			t.Fatalf("%d people on special ground, %d and %d reported", lived, residents, d.Report.ResidentsSpecial)
		}
		old := map[int32]map[int32]bool{} // grid → the special grids that there were and of whose ground it has some
		if o.Start != nil {
			present := p.specialGrids(known(o.Start, int32(len(p.Blocks))))
			for b, g := range d.Grid {
				if present[o.Start[b]].Kind != "" && p.Special[b] != "" {
					if old[g] == nil {
						old[g] = map[int32]bool{}
					}
					old[g][o.Start[b]] = true
				}
			}
		}
		apart := func(e Border) bool { // each keeps a special grid of its own, and new ground between them went to the nearer
			return len(old[d.Grid[e.A]]) == 1 && len(old[d.Grid[e.B]]) == 1 && !maps.Equal(old[d.Grid[e.A]], old[d.Grid[e.B]])
		}
		for _, e := range p.Borders {
			if p.Blocks[e.A].Within == p.Blocks[e.B].Within && p.Special[e.A] != "" && p.Special[e.A] == p.Special[e.B] && d.Grid[e.A] != d.Grid[e.B] && !apart(e) {
				t.Fatalf("blocks %d and %d are one %s in two grids", e.A, e.B, p.Special[e.A])
			}
		}
		if d.Report.InBand+outOf(p, d, o) != d.Report.Grids {
			t.Fatalf("%d in band and %d out of it make %d ordinary grids", d.Report.InBand, outOf(p, d, o), d.Report.Grids)
		}
	})
}

// outOf counts ordinary grids out of band.
func outOf(p *Problem, d *Drawing, o Options) (n int) {
	special := map[int32]bool{}
	for _, s := range d.Report.Special {
		special[s.Grid] = true
	}
	for g, f := range Figures(p, d.Grid, o) {
		if f.Blocks > 0 && !f.InBand && !special[int32(g)] {
			n++
		}
	}
	return n
}

func TestSpecialKeepsItsNumber(t *testing.T) {
	p := row(300, 300, 0, 0, 300, 300)
	p.Special = []string{"", "", "school", "school", "", ""}
	o := Options{Seed: 1, Time: 50 * time.Millisecond}
	d, err := Draw(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int32{0, 0, 2, 2, 1, 1}; !slices.Equal(d.Grid, want) || d.Report.Grids != 2 || d.Report.InBand != 2 {
		t.Errorf("drawn %v, want %v; %+v", d.Grid, want, d.Report)
	}
	o.Start = []int32{7, 7, 3, 3, 5, 5}
	if d, err = Draw(context.Background(), p, o); err != nil || !slices.Equal(d.Grid, o.Start) {
		t.Errorf("redrawn %v (%v), want %v", d.Grid, err, o.Start)
	}
	o.Start = []int32{7, 7, 3, 4, 5, 5} // two schools side by side
	if d, err = Draw(context.Background(), p, o); err != nil || !slices.Equal(d.Grid, o.Start) {
		t.Errorf("redrawn %v (%v), want %v", d.Grid, err, o.Start)
	}
}

// Ground that special ground cuts off goes with it when nobody lives there, and not when people do whom the measure doesn't count.
func TestSpecialGroundSwallowsNobody(t *testing.T) {
	p := row(0, 0, 0, 300, 300)
	p.Special = []string{"school", "", "school", "", ""}
	for lived, want := range map[bool][]int32{false: {0, 0, 1, 2, 2}, true: {0, 1, 2, 3, 3}} {
		p.Blocks[1].Lived = lived
		d, err := Draw(t.Context(), p, Options{Seed: 1, Time: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if !sameParts(d.Grid, want) {
			t.Errorf("lived in %t: %v, want parts as in %v", lived, d.Grid, want)
		}
		for _, s := range d.Report.Special {
			if lived && s.Grid == d.Grid[1] {
				t.Errorf("lived in, and a special grid: %+v", s)
			}
		}
	}
}

// sameParts says whether two assignments put the same blocks together.
func sameParts(a, b []int32) bool {
	for i := range a {
		for k := range a {
			if (a[i] == a[k]) != (b[i] == b[k]) {
				return false
			}
		}
	}
	return true
}

func TestRefusesWishesThatCannotBe(t *testing.T) {
	tests := []struct {
		name string
		o    Options
		want string
	}{
		{"start of another length", Options{Start: []int32{0}}, "the present grids are given block by block: 3 blocks, 1"},
		{"start that can't be", Options{Start: []int32{0, -2, 0}}, "block 1 has a present grid that can't be (-2)"},
		{"price", Options{Start: []int32{0, 0, 0}, Moving: &Moving{Price: -1}}, "price or the reach"},
		{"held without a start", Options{Fixed: &Fixed{Blocks: []int32{1}}}, "needs the present grids"},
		{"a grid that isn't there", Options{Start: []int32{0, 0, 0}, Fixed: &Fixed{Grids: []int32{4}}}, "grid 4, which is to be held"},
		{"a block that isn't there", Options{Start: []int32{0, 0, 0}, Fixed: &Fixed{Blocks: []int32{4}}}, "block 4, which is to be held"},
		{"a group of what isn't there", Options{Together: []Group{{"东苑", []int32{9}}}}, `"东苑" names block 9`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Draw(context.Background(), row(300, 300, 300), test.o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v; want an error with %q", d, err, test.want)
			}
		})
	}
}
