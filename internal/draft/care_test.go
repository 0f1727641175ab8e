package draft_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

// cared puts a house on every block of the town, and so many people who live alone into each, everybody of them disabled as well, and one more who
// belongs to a special group.
func (v *town) cared(each int) {
	v.Helper()
	_, err := v.db.Owner.Exec(context.Background(), `
		WITH h AS (
			INSERT INTO house (county, code, address, kind, geom, block, ground, digest)
			SELECT county, 'h' || id, '测试' || id || '号', 'home', ST_PointOnSurface(geom), id, community * 1000, '\x00' FROM block WHERE county = $1 AND retired IS NULL
			RETURNING county, id, ground),
		r AS (
			INSERT INTO resident (county, name, name_index, sex, house, ground)
			SELECT county, '\x00', decode(md5(id || '/' || n), 'hex'), 'unknown', id, ground FROM h, generate_series(0, $2) n
			RETURNING county, id, house, ground)
		INSERT INTO care (county, resident, kind, special, house, ground)
		SELECT r.county, r.id, k.kind, k.special, r.house, r.ground
		FROM (SELECT *, row_number() OVER (PARTITION BY house ORDER BY id) AS n FROM r) r
		JOIN (VALUES ('alone', NULL), ('disabled', NULL), ('watched', 'released')) k (kind, special) ON (k.special IS NULL) = (r.n > 1)`, county, each)
	if err != nil {
		v.Fatal(err)
	}
}

func (p person) care(h *draft.Head) map[draft.Key]draft.Care {
	p.Helper()
	list, err := p.room.Care(p.ctx, id(h))
	if err != nil {
		p.Fatal(err)
	}
	out := make(map[draft.Key]draft.Care)
	for _, c := range list {
		out[c.Grid] = c
	}
	return out
}

func TestCareIsCountedAboutAndFollowsTheDraft(t *testing.T) {
	v := newTown(t)
	v.cared(2)
	p := v.planner("care-planner")
	h := p.begin()
	near := func(what string, got, want int) {
		t.Helper()
		if got < max(5, want-2) || got > want+2 {
			t.Errorf("%s: %d people looked after, there are %d", what, got, want)
		}
	}
	exactly := 0
	before := p.care(h)
	for _, g := range p.grids(h, west) {
		c := before[g.Key]
		near(fmt.Sprint(g.Key), c.Total, 2*g.Blocks)
		near(fmt.Sprint(g.Key, " alone"), c.Kinds["alone"], 2*g.Blocks)
		if len(c.Kinds) != 2 {
			t.Errorf("%s counts %v: special groups are nobody's without their label", g.Key, c.Kinds)
		}
		if c.Total == 2*g.Blocks {
			exactly++
		}
	}
	if exactly == len(p.grids(h, west)) {
		t.Error("every figure is exact: they could be subtracted from one another")
	}

	a, b := p.neighbours(h, west)
	p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}})
	for _, g := range p.grids(h, west) {
		near("merged "+fmt.Sprint(g.Key), p.care(h)[g.Key].Total, 2*g.Blocks)
	}
	p.must(h, draft.Act{Kind: "undo"})
	for k, c := range p.care(h) {
		if c.Total != before[k].Total {
			t.Errorf("%s: %d, and %d before: asking again tells more than asking once", k, c.Total, before[k].Total)
		}
	}

	// A grid of two blocks has four of them: that isn't said.
	few := p.blocks(h, a.Key)[:2]
	made := p.must(h, draft.Act{Kind: "assign", Blocks: few, New: true})
	for _, g := range made.Grids {
		if c := p.care(h)[g.Key]; g.Blocks == 2 && (c.Total != 0 || len(c.Kinds) != 0) {
			t.Errorf("four people are counted: %v", c)
		}
	}
}

// Who draws elsewhere is told nothing by the function itself, whatever blocks it is asked about.
func TestCareOfOtherGroundIsNotTold(t *testing.T) {
	v := newTown(t)
	v.cared(20)
	for _, c := range []struct {
		role access.Role
		code string
		told bool
	}{{access.Planner, townC, true}, {access.Leader, "370883", true}, {access.Planner, "370883100202", false}, {access.Administrator, "370883", false}} {
		p := v.person("care-"+string(c.role)+c.code, c.role, c.code)
		var n int
		p.town.tx(p.ctx, func(ctx context.Context, tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT count(people) FROM cared_for($1, (SELECT array_agg(id) FROM block WHERE county = $1 AND community = $2), (SELECT array_agg(1) FROM block WHERE county = $1 AND community = $2))`,
				county, int64(west)).Scan(&n)
		})
		if n > 0 != c.told {
			t.Errorf("%s of %s is told %d figures", c.role, c.code, n)
		}
	}
}
