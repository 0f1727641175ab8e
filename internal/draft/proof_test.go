package draft_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"jingwei/internal/draft"
)

// proofs are community → reason in the database.
func (v *town) proofs() map[int64]string {
	v.Helper()
	out := make(map[int64]string)
	rows, err := v.db.Owner.Query(context.Background(), `SELECT community, reason_en FROM infeasible WHERE county = $1`, county)
	if err != nil {
		v.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c int64
		var reason string
		if err := rows.Scan(&c, &reason); err != nil {
			v.Fatal(err)
		}
		out[c] = reason
	}
	return out
}

// astrayAsFigured fails unless the grids of a draft that can't be helped stand under the sentence that says why, each once and with what it holds, and
// none of them is a problem of its own.
func astrayAsFigured(t *testing.T, d *draft.Draft) {
	t.Helper()
	want, got := make(map[draft.Key]draft.Astray), make(map[draft.Key]draft.Astray)
	for _, g := range d.Grids {
		switch {
		case g.Band != "infeasible":
		case int(g.Weight) > d.Settings.Upper:
			want[g.Key] = draft.Astray{Grid: g.Key, Holds: int(g.Weight), Side: "over", Off: int(g.Weight) - d.Settings.Upper, Bounds: g.Bounds}
		default:
			want[g.Key] = draft.Astray{Grid: g.Key, Holds: int(g.Weight), Side: "under", Off: d.Settings.Lower - int(g.Weight), Bounds: g.Bounds}
		}
	}
	for _, p := range d.Problems {
		if _, stray := want[p.Grid]; stray && (p.Kind == "over" || p.Kind == "under" || p.Kind == "infeasible") {
			t.Errorf("%s is a problem of its own: %s", p.Grid, p.ID)
		}
		if len(p.Astray) > 0 && (p.Kind != "infeasible" || p.Fixable || p.Forbids) {
			t.Errorf("%s has grids that can't be helped", p.ID)
		}
		for i, a := range p.Astray {
			if _, twice := got[a.Grid]; twice || i > 0 && a.Off > p.Astray[i-1].Off {
				t.Errorf("%s stands twice, or before one that is farther: %+v", a.Grid, p.Astray)
			}
			got[a.Grid] = a
		}
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("grids that can't be helped: %v, want %v", got, want)
	}
}

func TestAProofHoldsWhileTheGroundIsTheSame(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	_, err := v.db.Owner.Exec(context.Background(), `INSERT INTO infeasible (county, community, version, reason_zh, reason_en) VALUES ($1, $2, 1, '试证', 'for a trial'), ($1, $3, 1, '试证二', 'another')`,
		county, int64(west), int64(east))
	if err != nil {
		t.Fatal(err)
	}
	p := v.planner("plan-a")
	h := p.begin()
	for _, c := range []int64{west, east} {
		a, b := p.neighbours(h, c)
		p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	}
	said := func() map[string]string {
		d, err := p.room.Open(p.ctx, id(h))
		if err != nil {
			t.Fatal(err)
		}
		out := make(map[string]string)
		for _, f := range d.Problems {
			if f.Kind == "infeasible" {
				_, out[f.Community], _ = strings.Cut(f.Text.EN, ": ") // after the community's name
			}
		}
		return out
	}
	if s := said(); s["370883100201"] != "for a trial" || s["370883100202"] != "another" {
		t.Fatalf("the draft says of what can't be in band: %v", s)
	}
	astrayAsFigured(t, p.open(h))
	// Where a block is cut there are more ways to share out the people: nothing is claimed of that ground until it is looked at again.
	p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(2.5, -0.2), at(2.5, 6.2)}, CutBuildings: true})
	if s := said(); s["370883100201"] == "for a trial" || s["370883100202"] != "another" {
		t.Errorf("after a cut in the west the draft says %v", s)
	}
	p.publish(h)
	now := v.proofs()
	if now[west] == "for a trial" {
		t.Error("a proof about ground that was cut outlived it")
	}
	if now[east] != "another" {
		t.Errorf("the proof about ground that is the same is %q by now", now[east])
	}
	// What is special takes no part: the proof is about other ground then.
	h = p.begin()
	p.must(h, draft.Act{Kind: "special", Grid: p.grids(h, east)[0].Key, Special: "school"})
	if s := said(); s["370883100202"] == "another" {
		t.Error("a proof about ground of which some is special now is still held up")
	}
	p.publish(h)
	if now := v.proofs(); now[east] == "another" {
		t.Error("a proof outlived a change of what is special")
	}
}
