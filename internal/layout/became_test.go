package layout_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

func (v *village) became(code layout.Code) (h *layout.History, err error) {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		h, err = layout.Became(ctx, tx, code)
		return nil
	})
	return h, err
}

// A grid is split, what is left of it is merged into its neighbour, and that one is divided again across its old ground.
func TestWhatBecameOfAGrid(t *testing.T) {
	v := newVillage(t)
	v.mustPublish(v.plan(false, 0, 0, 1, 1))
	v.mustPublish(v.plan(true, 0, 0, 0, 0))
	v.mustPublish(v.plan(true, 0, 0, 0, 1))
	west, east, fresh := layout.Code(community*1000+1), layout.Code(community*1000+2), layout.Code(community*1000+3)

	h, err := v.became(east)
	if err != nil {
		t.Fatal(err)
	}
	if h.Born.Version != 1 || h.Retired == nil || h.Retired.Version != 2 {
		t.Errorf("born %+v, retired %+v; want 1 and 2", h.Born, h.Retired)
	}
	if len(h.Steps) != 1 || !reflect.DeepEqual(h.Steps[0].Gives, []layout.Passing{{Grid: west, Kind: layout.Merged, Blocks: 2, Houses: 2, Residents: 600}}) || len(h.Steps[0].Gets) != 0 {
		t.Errorf("what happened to it: %+v", h.Steps)
	}
	if want := []layout.Heir{{Grid: west, Blocks: 1, Residents: 300, Share: .5}, {Grid: fresh, Blocks: 1, Residents: 300, Share: .5}}; !reflect.DeepEqual(h.Today, want) {
		t.Errorf("where its ground lies today: %+v, want %+v", h.Today, want)
	}

	if h, err = v.became(west); err != nil || h.Retired != nil || len(h.Today) != 0 {
		t.Fatalf("the one that lives: %+v, %v", h, err)
	}
	if len(h.Steps) != 2 || len(h.Steps[0].Gets) != 1 || h.Steps[0].Gets[0].Grid != east || len(h.Steps[1].Gives) != 2 {
		t.Errorf("what happened to the one that lives: %+v", h.Steps)
	}
	if _, err := v.became(layout.Code(community*1000 + 77)); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("a code that was never given: %v", err)
	}
}

// A version changed the communities whose grids aren't as they were; one that left all of them as they were changed none.
func TestWhatAVersionChanged(t *testing.T) {
	v := newVillage(t)
	v.mustPublish(v.plan(false, 0, 0, 1, 1))
	v.mustPublish(v.plan(true, 0, 0, 1, 1))
	v.mustPublish(v.plan(true, 0, 0, 0, 1))
	var all []layout.Version
	v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		all, err = layout.Versions(ctx, tx, int32(community/1_000_000), community*1000, community*1000+999, 0, 10)
		return err
	})
	var got []int64
	for _, one := range all {
		got = append(got, int64(one.Number), one.Low, one.High)
		if one.Here != (one.Low > 0) {
			t.Errorf("version %d: here %v", one.Number, one.Here)
		}
	}
	if want := []int64{3, community, community, 2, 0, 0, 1, community, community}; !reflect.DeepEqual(got, want) {
		t.Errorf("versions and the communities that they changed: %v, want %v", got, want)
	}
}
