package draft_test

import (
	"context"
	"encoding/json"
	"maps"
	"testing"

	"jingwei/internal/draft"
	"jingwei/internal/incident"
)

// lapse lets the cuts of an act no longer fit the ground, as when others have changed it, and brings the draft onto what is live on a node that hasn't seen it before.
func (p person) lapse(h *draft.Head, seq int) person {
	p.Helper()
	_, err := p.db.Owner.Exec(context.Background(), `UPDATE draft_cut SET line = 'SRID=4326;LINESTRING(1 1, 2 2)' WHERE draft = $1 AND seq = $2`, id(h).Number, seq)
	if err != nil {
		p.Fatal(err)
	}
	p.town = &town{p.T, p.db, draft.New(p.db.App, incident.Retie)}
	if _, err := p.room.Rebase(p.ctx, id(h), nil); err != nil {
		p.Fatal(err)
	}
	return p
}

// journalled is where the journal says that each block has come to lie.
func (p person) journalled(h *draft.Head) map[int64]draft.Key {
	p.Helper()
	out := make(map[int64]draft.Key)
	rows, err := p.db.Owner.Query(context.Background(), `SELECT patch FROM draft_act WHERE draft = $1 ORDER BY seq`, id(h).Number)
	if err != nil {
		p.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var raw []byte
		var patch draft.Patch
		if err := rows.Scan(&raw); err != nil {
			p.Fatal(err)
		}
		if err := json.Unmarshal(raw, &patch); err != nil {
			p.Fatal(err)
		}
		for i := 0; i+2 < len(patch.Flat); i += 3 {
			out[patch.Flat[i]] = draft.Key(patch.Flat[i+2])
		}
	}
	return out
}

func TestWhatACutThatLapsedHadDividedIsWholeAgain(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	whole := p.ground(h)
	first := p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(2.5, -0.2), at(2.5, 6.2)}, CutBuildings: true})
	once := p.ground(h)
	second := p.must(h, draft.Act{Kind: "cut", Line: [][2]float64{at(2.25, -0.2), at(2.25, 6.2)}})
	if maps.Equal(p.ground(h), once) {
		t.Fatal("the second line cut nothing")
	}
	for _, c := range []struct {
		seq  int
		want map[int64]draft.Key
	}{{second.Seq, once}, {first.Seq, whole}} {
		p = p.lapse(h, c.seq)
		if got := p.ground(h); !maps.Equal(got, c.want) {
			t.Errorf("after the cuts of step %d lapsed the ground is %v, want %v", c.seq, got, c.want)
		}
		said := p.journalled(h)
		for block, k := range c.want {
			if to, moved := said[block]; moved && to != k {
				t.Errorf("after the cuts of step %d lapsed the journal has block %d in %s, it is in %s", c.seq, block, to, k)
			}
		}
	}
	var kept int
	if err := v.db.Owner.QueryRow(context.Background(), `SELECT count(*) FROM draft_block WHERE draft = $1`, id(h).Number).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("the draft differs in nothing and keeps %d blocks, %v", kept, err)
	}
}
