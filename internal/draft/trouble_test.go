package draft_test

import (
	"testing"

	"jingwei/internal/fault"
)

// A database that fails while a draft is opened is an error of the database's, whatever was read before.
func TestADatabaseThatFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	p.open(h)
	if _, err := v.db.Owner.Exec(t.Context(), `REVOKE SELECT ON territory FROM jingwei_app`); err != nil {
		t.Fatal(err)
	}
	_, err := p.room.Open(p.ctx, id(h)) // its ground is in memory; its communities are asked for
	v.wants(fault.Internal, err)
	if _, err := v.db.Owner.Exec(t.Context(), `GRANT SELECT ON territory TO jingwei_app`); err != nil {
		t.Fatal(err)
	}
	p.open(h)
}
