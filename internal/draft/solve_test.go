package draft_test

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/planar"
)

// compoundsOfFour makes every two by two houses a housing compound.
func (v *town) compoundsOfFour() {
	v.Helper()
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		for row := int32(0); row+1 < rows; row += 2 {
			for column := int32(0); column+1 < 2*columns; column += 2 {
				_, err := tx.Exec(ctx, `INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom) VALUES ($1, $2, 'landuse', 0, 'residential', $3, $4, ST_GeomFromEWKB($5))`,
					county, fmt.Sprintf("area/%d-%d", row, column), fmt.Sprintf("小区%d-%d", row, column), []byte{byte(row), byte(column)},
					planar.MultiPolygonEWKB([]planar.Polygon{{box(column*step, row*step, 2*step, 2*step)}}))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func fixable(all []draft.Problem) map[string]draft.Problem {
	out := make(map[string]draft.Problem)
	for _, p := range all {
		if p.Fixable {
			out[p.ID] = p
		}
	}
	return out
}

func TestSolvingAllAtOnce(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	v.compoundsOfFour()
	p := v.planner("plan-a")
	h := p.begin()
	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	p.must(h, draft.Act{Kind: "assign", Blocks: p.blocks(h, p.grids(h, east)[0].Key)[:1], To: draft.Nowhere})
	before, ground := fixable(p.open(h).Problems), p.ground(h)

	shown, err := p.act(h, draft.Act{Kind: "solve", Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(p.ground(h), ground) {
		t.Fatal("showing it changed the draft")
	}
	done := p.must(h, draft.Act{Kind: "solve"})
	after := fixable(done.Problems)
	if len(after) >= len(before) {
		t.Errorf("%d problems before, %d after", len(before), len(after))
	}
	if want := fmt.Sprintf("%d problems solved at once", len(before)-len(after)); len(done.Text.EN) < len(want) || done.Text.EN[:len(want)] != want {
		t.Errorf("%q, want %q …", done.Text.EN, want)
	}
	for name, left := range after {
		if was, known := before[name]; left.Kind != "compound" && (!known || left.Weight > was.Weight) {
			t.Errorf("%s has come of it, or become worse: %+v", name, left)
		}
		ways, why, err := p.room.Remedies(p.ctx, id(h), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range ways {
			if w.Solves && !w.Leaves {
				t.Errorf("%s was left, and %s solves it", name, w.Text.EN)
			}
		}
		t.Logf("left: %s (%s)", left.Text.EN, why.EN)
	}
	now := p.ground(h)
	for _, one := range shown.Patch.Blocks {
		for _, other := range shown.Patch.Blocks {
			if (one.Grid == other.Grid) != (now[one.Key] == now[other.Key]) {
				t.Fatalf("blocks %d and %d are otherwise together than shown", one.Key, other.Key)
			}
		}
	}
	people := 0
	for _, g := range p.open(h).Grids {
		people += g.Residents
	}
	if people != v.people() {
		t.Errorf("%d people in the grids, want %d", people, v.people())
	}
	p.must(h, draft.Act{Kind: "undo"})
	if !maps.Equal(p.ground(h), ground) {
		t.Error("one undo doesn't take all of it back")
	}
}
