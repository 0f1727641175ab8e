package layout_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// lived sets how many live in the houses, from west to east.
func (v *village) lived(residents ...int) {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		for i, n := range residents {
			if _, err := tx.Exec(ctx, `UPDATE building SET residents = $1, digest = $2 WHERE source = 'house/' || $3::int`, n, []byte{byte(n), byte(n >> 8)}, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// proved is why the village can't be brought into band, as it is on record.
func (v *village) proved() (zh, en string) {
	v.t.Helper()
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT coalesce(string_agg(reason_zh, '|'), ''), coalesce(string_agg(reason_en, '|'), '') FROM infeasible`).Scan(&zh, &en)
	})
	return zh, en
}

// What the total allows and the ground doesn't is on record with its reason, until the ground allows it.
func TestWhatTheGroundForbidsIsOnRecord(t *testing.T) {
	v := newVillage(t)
	v.lived(400, 400, 400, 0) // one is too few, two are too many
	v.mustPublish(v.order(layout.Order{}).Proposal)
	if zh, en := v.proved(); !strings.Contains(zh, "400") || !strings.Contains(en, "never 510 to 690") {
		t.Errorf("on record: %q, %q", zh, en)
	}
	for code, s := range v.standings() {
		if s.Band != "infeasible" {
			t.Errorf("grid %d: %+v", code, s)
		}
	}
	v.lived(300, 300, 300, 300)
	v.mustPublish(v.order(layout.Order{Replace: true}).Proposal)
	if zh, en := v.proved(); zh != "" || en != "" {
		t.Errorf("still on record: %q, %q", zh, en)
	}
	bands := map[string]int{}
	for _, s := range v.standings() {
		bands[s.Band]++
	}
	if want := map[string]int{"in": 2}; !reflect.DeepEqual(bands, want) {
		t.Errorf("%v, want %v", bands, want)
	}
}
