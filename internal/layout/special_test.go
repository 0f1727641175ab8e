package layout_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// grounds lays a school's grounds around the second house from the west. A larger works around the first two has only what they leave it.
func (v *village) grounds() {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		for source, g := range map[string]struct {
			class string
			ring  planar.Ring
		}{
			"s": {"school", box(10000, 0, 20000, 10000)},
			"w": {"industrial", box(0, 0, 20000, 10000)},
			"k": {"kindergarten", box(20000, 0, 30000, 10000)}, // belongs to the grid of its compound
			"h": {"hospital", box(33000, 3000, 36000, 6000)},   // covers the fourth block's middle and not half of it
		} {
			_, err := tx.Exec(ctx, `INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom)
				VALUES ($1, $2, 'landuse', 0, $3, $3, $4, ST_GeomFromEWKB($5))`,
				county, source, g.class, []byte(source), planar.MultiPolygonEWKB([]planar.Polygon{{g.ring}}))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (v *village) order(o layout.Order) *layout.Outcome {
	v.t.Helper()
	o.Division, o.Time = "370883100201", 50*time.Millisecond
	if o.Settings.Target == 0 {
		o.Settings.Target = 600
	}
	o.Settings.Tolerance, o.Settings.Seed = .15, 1
	var out *layout.Outcome
	v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = layout.Plan(ctx, tx, o)
		return err
	})
	return out
}

type standing struct {
	Residents int
	Special   string
	Band      string
}

// standings are the live grids by the last digit of their code.
func (v *village) standings() map[int64]standing {
	v.t.Helper()
	out := make(map[int64]standing)
	for _, join := range []string{layout.StandingJoin, layout.StandingJoinMany} {
		clear(out)
		v.tx(func(ctx context.Context, tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `SELECT g.code % 10, g.residents, `+layout.StandingColumns+` FROM grid g `+join+` WHERE g.retired IS NULL`)
			if err != nil {
				return err
			}
			var code int64
			var s layout.Standing
			var residents int
			_, err = pgx.ForEachRow(rows, append([]any{&code, &residents}, s.Targets()...), func() error {
				_, band := s.Of()
				out[code] = standing{residents, s.Special, band}
				return nil
			})
			return err
		})
	}
	return out
}

func (v *village) edit(e layout.Edit) {
	v.t.Helper()
	e.Time = 50 * time.Millisecond
	var edited *layout.Edited
	v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		edited, err = layout.PlanEdit(ctx, tx, e)
		return err
	})
	v.mustPublish(edited.Proposal)
}

func TestSpecialGroundHasItsOwnGrid(t *testing.T) {
	v := newVillage(t)
	v.grounds()
	v.mustPublish(v.order(layout.Order{Settings: layout.Settings{Special: []string{"school", "hospital", "industrial"}}}).Proposal)
	want := map[int64]standing{
		1: {300, "industrial", "special"},
		2: {300, "school", "special"},
		3: {600, "", "in"},
	}
	if got := v.standings(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, want %+v", got, want)
	}

	// It stays special when live grids are redrawn, without being said again, and when others are edited.
	unsaid := layout.Unsaid{Special: true}
	v.mustPublish(v.order(layout.Order{Redraw: true, Unsaid: unsaid}).Proposal)
	if got := v.standings(); !reflect.DeepEqual(got, want) {
		t.Fatalf("redrawn: %+v, want %+v", got, want)
	}
	v.edit(layout.Edit{Act: layout.DoSplit, Grids: []layout.Code{community*1000 + 3}, Into: 2})
	if got := v.standings(); got[1] != want[1] || got[2] != want[2] || got[3].Special != "" || got[4].Special != "" {
		t.Fatalf("another one split: %+v", got)
	}

	// What isn't said is as it was; that nothing is special any more is said.
	v.mustPublish(v.order(layout.Order{Replace: true, Unsaid: unsaid}).Proposal)
	if got := v.standings(); len(got) != 3 || got[1] != want[1] || got[2] != want[2] {
		t.Fatalf("drawn again: %+v, want %+v", got, want)
	}
	v.edit(layout.Edit{Act: layout.DoSplit, Grids: []layout.Code{community*1000 + 3}, Into: 2})

	// Taken together with people's homes it is special no more.
	v.edit(layout.Edit{Act: layout.DoMerge, Grids: []layout.Code{community*1000 + 2, community*1000 + 3}})
	for code, s := range v.standings() {
		if (s.Special != "") != (code == 1) {
			t.Errorf("grid %d after the merger: %+v", code, s)
		}
	}
	v.mustPublish(v.order(layout.Order{Replace: true}).Proposal)
	for code, s := range v.standings() {
		if s.Special != "" {
			t.Errorf("grid %d is special, and nothing was to be: %+v", code, s)
		}
	}
}

func TestSpecialGroundIsOnlyWhatWasAskedFor(t *testing.T) {
	v := newVillage(t)
	v.grounds()
	v.mustPublish(v.order(layout.Order{Settings: layout.Settings{Special: []string{"hospital"}}}).Proposal)
	for code, s := range v.standings() {
		if s.Special != "" {
			t.Errorf("grid %d is special: %+v", code, s)
		}
	}
}

// The ground of a house behind a hospital's wall reaches out to the kerb; it is the hospital's all the same.
func TestGroundOfASpecialBuilding(t *testing.T) {
	for name, c := range map[string]struct {
		ring    planar.Ring
		special bool
	}{
		"three tenths of the ground with all of the house":   {box(32800, 2800, 37300, 9300), true},
		"three tenths of the ground with half of the house":  {box(30000, 2800, 35000, 8800), false},
		"two tenths of the ground, all of the house":         {box(32800, 2800, 37300, 7300), false},
		"three tenths of the ground without the house on it": {box(30000, 0, 40000, 2900), false},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVillage(t)
			v.tx(func(ctx context.Context, tx pgx.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom)
					VALUES ($1, 'h', 'landuse', 0, 'hospital', 'h', 'h', ST_GeomFromEWKB($2))`, county, planar.MultiPolygonEWKB([]planar.Polygon{{c.ring}}))
				return err
			})
			v.mustPublish(v.order(layout.Order{Settings: layout.Settings{Special: []string{"hospital"}}}).Proposal)
			found := false
			for _, s := range v.standings() {
				found = found || s.Special == "hospital"
			}
			if found != c.special {
				t.Errorf("special: %t", found)
			}
		})
	}
}

func TestInhabitedSpecialGroundIsNamed(t *testing.T) {
	v := newVillage(t)
	v.grounds()
	settings := layout.Settings{Special: []string{"school"}, Target: 200}
	var said []string
	for _, w := range v.order(layout.Order{Settings: settings}).Proposal.Report.Warnings {
		if w.Kind == "special-inhabited" {
			said = append(said, w.EN)
		}
	}
	if len(said) != 1 || !strings.Contains(said[0], "school") || !strings.Contains(said[0], "300 people") {
		t.Errorf("%q", said)
	}
}

func TestParseSpecial(t *testing.T) {
	for _, c := range []struct {
		words, want []string
	}{
		{nil, []string{}},
		{[]string{"market", "school", "market"}, []string{"school", "market"}},
		{[]string{"all"}, layout.SpecialKinds},
	} {
		if got, err := layout.ParseSpecial(c.words); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, %v", c.words, got, err)
		}
	}
	if _, err := layout.ParseSpecial([]string{"school", "park"}); err == nil || !strings.Contains(err.Error(), `"park"`) {
		t.Errorf("a park: %v", err)
	}
}
