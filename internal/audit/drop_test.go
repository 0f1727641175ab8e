package audit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"jingwei/internal/fault"
)

func server() context.Context { return WithCaller(context.Background(), Caller{Name: Server}) }

// Whole days go, each leaves a checkpoint, a line among the heads and an entry; what stays is sound, and so is what went.
func TestDropLeavesCheckpoints(t *testing.T) {
	o := setup(t)
	o.writeOn("2022-05-06", haidian, 3)
	o.writeOn("2022-05-06", chaoyang, 2)
	o.writeOn("2022-05-07", haidian, 4)
	o.write(entry(haidian, "today"))
	o.chain()
	for _, months := range []int{-1, 0, LeastMonths - 1} {
		if _, err := o.trail.Drop(server(), o.db.Owner, o.heads, months); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%d months: %v", months, err)
		}
	}
	if got, err := o.trail.dropBefore(server(), o.db.Owner, o.heads, "2022-05-07"); err != nil || got.Days != 2 || got.Entries != 5 || len(got.Kept) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	o.chain()
	o.sound(4+1+2, o.heads) // and the entries of the two days' dropping
	if got := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'trail.dropped' AND actor = 'the server' AND subject = 'day:2022-05-06' AND details ->> 'entries' IN ('3', '2')`); got != 2 {
		t.Errorf("%d entries tell of it", got)
	}
	if text, err := os.ReadFile(o.heads.path); err != nil || strings.Count(string(text), " dropped\n") != 2 {
		t.Errorf("the heads: %s, %v", text, err)
	}
	if got, err := o.trail.Drop(server(), o.db.Owner, o.heads, KeepMonths); err != nil || got.Days != 1 || got.Entries != 4 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := o.trail.Drop(server(), o.db.Owner, o.heads, KeepMonths); err != nil || got.Days != 0 {
		t.Fatalf("once more: %+v, %v", got, err)
	}
	o.chain()
	o.sound(1+3, o.heads)
	if r := o.verify(o.heads); r.Dropped != 3 {
		t.Errorf("%d days dropped", r.Dropped)
	}

	// The checkpoint of the day is what makes its absence good.
	for _, m := range []mutation{
		{"a checkpoint removed", []string{`DELETE FROM audit_checkpoint WHERE county = 110105`}, []string{"day-missing 110105 2022-05-06 0 0"}},
		{"a checkpoint of fewer entries", []string{`UPDATE audit_checkpoint SET entries = 2 WHERE county = 110108 AND day = '2022-05-06'`}, []string{"checkpoint-forged 110108 2022-05-06 0 0"}},
		{"another day's", []string{`UPDATE audit_checkpoint SET day = '2022-05-08' WHERE day = '2022-05-07'`},
			[]string{"checkpoint-forged 110108 2022-05-08 0 0", "day-missing 110108 2022-05-07 0 0"}},
		{"dropped at another time", []string{`UPDATE audit_checkpoint SET dropped_at = 'infinity' WHERE county = 110105`}, []string{"checkpoint-forged 110105 2022-05-06 0 0"}},
	} {
		o.spoil(`CREATE TABLE saved AS SELECT * FROM audit_checkpoint`)
		o.spoil(m.sql...)
		sameFindings(t, m, o.verify(o.heads))
		o.spoil(`DELETE FROM audit_checkpoint`)
		o.spoil(`INSERT INTO audit_checkpoint SELECT * FROM saved`)
		if _, err := o.db.Owner.Exec(context.Background(), `DROP TABLE saved`); err != nil {
			t.Fatal(err)
		}
	}
	o.sound(1+3, o.heads)
	o.writeOn("2022-05-07", haidian, 1)
	o.chain()
	sameFindings(t, mutation{"an entry of a dropped day", nil, []string{"not-dropped 110108 2022-05-07 0 0", "cut-off 110108 2022-05-07 1 0"}},
		o.verify(o.heads))
}

// A day that isn't whole stays, so that what was done to it can still be found; so does one that isn't chained to its end.
func TestDropKeepsWhatIsNotWhole(t *testing.T) {
	o := setup(t)
	o.writeOn("2022-05-06", haidian, 3)
	o.writeOn("2022-05-07", haidian, 3)
	o.chain()
	o.writeOn("2022-05-08", haidian, 1)
	o.spoil(`UPDATE audit_entry SET reason = 'x' WHERE id = 2`)
	got, err := o.trail.dropBefore(server(), o.db.Owner, o.heads, "2023-01-01")
	if err != nil || got.Days != 1 || len(got.Kept) != 2 || got.Kept[0].Kind != EntryChanged || got.Kept[0].Entry != 2 || got.Kept[1].Day != "2022-05-08" {
		t.Fatalf("%+v, %v", got, err)
	}
	if n := o.count(`SELECT count(DISTINCT day) FROM audit_entry WHERE day < '2023-01-01'`); n != 2 {
		t.Errorf("%d old days are left", n)
	}
	// Without a place for the heads, or as nobody, nothing goes.
	if _, err := o.trail.dropBefore(server(), o.db.Owner, OpenHeads(t.TempDir()), "2023-01-01"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("without heads: %v", err)
	}
	o.chain()
	if _, err := o.trail.dropBefore(context.Background(), o.db.Owner, o.heads, "2023-01-01"); !errors.Is(err, errNobody) {
		t.Errorf("as nobody: %v", err)
	}
	if n := o.count(`SELECT count(*) FROM audit_checkpoint`); n != 1 {
		t.Errorf("%d checkpoints", n)
	}
}

// The server drops by itself; two of them get in nobody's way.
func TestRetainDropsWhatIsTooOld(t *testing.T) {
	o := setup(t)
	for _, day := range []string{"2022-05-06", "2022-05-07", "2022-05-08", "2022-05-09"} {
		o.writeOn(day, haidian, 2)
	}
	o.chain()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	for range 2 {
		go func() { ended <- o.trail.Retain(ctx, o.db.Owner, o.heads, KeepMonths, slog.New(slog.DiscardHandler)) }()
	}
	for o.count(`SELECT count(*) FROM audit_checkpoint`) < 4 {
	}
	cancel()
	for range 2 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	o.chain()
	if n := o.count(`SELECT count(*) FROM audit_entry WHERE action = 'trail.dropped'`); n != 4 {
		t.Errorf("%d entries tell of four days", n)
	}
}
