package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// follow chains on a node of its own until stop is called.
func (o *office) follow(heads *Heads) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := o.trail.Follow(ctx, o.db.App, heads, slog.New(slog.DiscardHandler)); !errors.Is(err, context.Canceled) {
			o.Errorf("Follow ended with %v", err)
		}
	})
	stop = sync.OnceFunc(func() { cancel(); done.Wait() })
	o.Cleanup(stop)
	return stop
}

func (o *office) awaitLinked(n int) {
	o.Helper()
	for deadline := time.Now().Add(3 * time.Minute); o.count(`SELECT count(*) FROM audit_link`) < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			o.Fatalf("%d of %d entries are linked", o.count(`SELECT count(*) FROM audit_link`), n)
		}
	}
}

// gapless checks what a chain is, from the tables alone: numbers without a gap, each entry once, in the chain of its day.
func (o *office) gapless() {
	o.Helper()
	if n := o.count(`SELECT count(*) FROM (SELECT county, day, seq, row_number() OVER (PARTITION BY county, day ORDER BY seq) n FROM audit_link) l WHERE seq <> n`); n > 0 {
		o.Errorf("%d links with numbers that leave a gap", n)
	}
	if n := o.count(`SELECT count(*) FROM audit_entry e FULL JOIN audit_link l ON l.county = e.county AND l.entry = e.id AND l.day = e.day
		WHERE e.id IS NULL OR l.seq IS NULL`); n > 0 {
		o.Errorf("%d entries without a link, or links without an entry", n)
	}
}

// span is when an entry's transaction began and when it was known to be committed, on a clock of events.
type span struct {
	subject      string
	began, known int64
}

// inOrder checks that of two entries of a county the one that was committed before the other began comes first.
func (o *office) inOrder(spans []span) {
	o.Helper()
	type at struct{ county, seq int }
	places := map[string]at{}
	rows, err := o.db.Owner.Query(context.Background(), `SELECT e.subject, l.county, l.seq FROM audit_link l JOIN audit_entry e ON e.county = l.county AND e.id = l.entry`)
	if err != nil {
		o.Fatal(err)
	}
	var subject string
	var p at
	if _, err := pgx.ForEachRow(rows, []any{&subject, &p.county, &p.seq}, func() error { places[subject] = p; return nil }); err != nil {
		o.Fatal(err)
	}
	compared := 0
	for _, a := range spans {
		for _, b := range spans {
			if first, second := places[a.subject], places[b.subject]; a.known < b.began && first.county == second.county {
				compared++
				if first.seq >= second.seq {
					o.Errorf("%s was committed before %s began, and is link %d, after link %d", a.subject, b.subject, first.seq, second.seq)
				}
			}
		}
	}
	if compared == 0 {
		o.Error("no two entries came one after the other")
	}
}

// Writers whose transactions overlap in every way, several entries in some, some rolled back, two nodes that chain, the
// connection of whoever chains cut again and again: each county has one chain without a gap.
func TestWritersAtOnceMakeOneChain(t *testing.T) {
	o := setup(t)
	second := OpenHeads(filepath.Join(t.TempDir(), "second"))
	stop, stopSecond := o.follow(o.heads), o.follow(second)
	var clock atomic.Int64
	var spans []span
	var noting sync.Mutex
	var writers sync.WaitGroup
	for w := range 6 {
		random := rand.New(rand.NewPCG(1, uint64(w)))
		writers.Go(func() {
			ctx := as(int64(w+1), nil)
			for i := range 60 {
				n, refuse := 1+random.IntN(3), errors.New("rolled back")
				var mine []span
				began := clock.Add(1)
				err := o.db.InTx(ctx, func(tx pgx.Tx) error {
					for j := range n {
						subject := fmt.Sprintf("incident:%d-%d-%d", w, i, j)
						if err := o.trail.Write(ctx, tx, entry([]int{haidian, chaoyang}[random.IntN(2)], subject)); err != nil {
							return err
						}
						mine = append(mine, span{subject, began, 0})
						time.Sleep(time.Duration(random.IntN(12000)) * time.Microsecond)
					}
					if random.IntN(8) == 0 {
						return refuse
					}
					return nil
				})
				if err != nil && !errors.Is(err, refuse) {
					t.Error(err)
				} else if err == nil {
					known := clock.Add(1)
					noting.Lock()
					for _, s := range mine {
						spans = append(spans, span{s.subject, s.began, known})
					}
					noting.Unlock()
				}
				if i%15 == 10 && w == 0 {
					o.cutChainer()
				}
			}
		})
	}
	writers.Wait()
	o.awaitLinked(len(spans))
	stop()
	stopSecond()
	o.gapless()
	o.inOrder(spans)
	o.chain() // nothing is left to link, but the heads of the last batch are kept whoever linked it
	kept := []*Heads{o.heads}
	if len(second.files()) > 0 { // it had the lock for a while
		kept = append(kept, second)
	}
	o.sound(int64(len(spans)), kept...)
}

// cutChainer ends the server's session of whoever holds the lock.
func (o *office) cutChainer() {
	_, err := o.db.Owner.Exec(context.Background(), `SELECT pg_terminate_backend(pid) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		  AND classid = ($1::bigint >> 32)::int::oid AND objid = ($1::bigint & 4294967295)::bigint::oid AND granted`, chainLock)
	if err != nil {
		o.Error(err)
	}
}

// The slow transaction has the smaller number and commits last. It doesn't hold up the others, and it isn't lost.
func TestSlowTransactionIsLinkedWhenItCommits(t *testing.T) {
	o := setup(t)
	ctx := as(7, nil)
	err := o.db.InTx(ctx, func(slow pgx.Tx) error {
		if err := o.trail.Write(ctx, slow, entry(haidian, "slow")); err != nil {
			return err
		}
		o.write(entry(haidian, "fast")) // it commits while the other is open: who would wait for it would hang here
		if n, err := o.trail.Chain(ctx, o.db.App, o.heads); err != nil || n != 1 {
			t.Errorf("%d linked while the older transaction is open, %v", n, err)
		}
		o.sound(1, o.heads)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := o.verify(o.heads); r.Found != 0 || r.Waiting != 1 {
		t.Fatalf("before it is linked: %s", r.Text())
	}
	o.chain()
	o.gapless()
	if n := o.count(`SELECT l.seq FROM audit_link l JOIN audit_entry e ON e.id = l.entry WHERE e.subject = 'slow'`); n != 2 {
		t.Errorf("the slow one is link %d", n)
	}
	o.sound(2, o.heads)
}

// Whoever reads the trail for long, and whoever is chaining it, keeps nobody from writing: both are still open when the
// writer has committed.
func TestWritingWaitsForNobody(t *testing.T) {
	o := setup(t)
	o.write(entry(haidian, "before"))
	o.chain()
	ctx := as(7, nil)
	reader := postgres.WithActor(ctx, postgres.Actor{Account: 9, Scope: postgres.Scope{"audit.read": postgres.GroundOf("110108")}})
	chaining := postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{chainTrail: {postgres.Everywhere}}})
	err := postgres.Snapshot(reader, o.db.App, func(read pgx.Tx) error {
		var n int
		if err := read.QueryRow(reader, `SELECT count(*) FROM audit_entry`).Scan(&n); err != nil || n != 1 {
			t.Errorf("the reader sees %d entries, %v", n, err)
		}
		return o.db.InTx(chaining, func(link pgx.Tx) error {
			if _, err := link.Exec(chaining, `SELECT pg_advisory_xact_lock($1)`, chainLock); err != nil {
				return err
			}
			if _, err := link.Exec(chaining, `INSERT INTO audit_link VALUES (110108, '2020-01-01', 1, 999999, '')`); err != nil {
				return err
			}
			o.write(entry(haidian, "while both are open"), entry(haidian, "and another"))
			if n := o.count(`SELECT count(*) FROM audit_entry`); n != 3 {
				t.Errorf("%d entries are committed", n)
			}
			return errors.New("enough")
		})
	})
	if err == nil || err.Error() != "enough" {
		t.Fatal(err)
	}
	o.chain()
	o.sound(3, o.heads)
}

// Killed after any of its batches, the chainer's successor goes on where it was.
func TestKilledBetweenBatches(t *testing.T) {
	o := setup(t)
	ctx := as(7, nil)
	err := o.db.InTx(ctx, func(tx pgx.Tx) error {
		for i := range 2*batch + 100 {
			if err := o.trail.Write(ctx, tx, entry([]int{haidian, chaoyang}[i%2], fmt.Sprint(i))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := o.chainer(o.heads)
	if _, err := c.batch(chainingContext()); err != nil {
		t.Fatal(err)
	}
	_ = c.conn.Close(ctx)
	if n := o.count(`SELECT count(*) FROM audit_link`); n != batch {
		t.Fatalf("%d linked by one batch", n)
	}
	// The next one links a batch, and finds the disk full when it wants to keep the heads.
	c = o.chainer(OpenHeads("/dev/full"))
	if _, err := c.batch(chainingContext()); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a full disk: %v", err)
	}
	_ = c.conn.Close(ctx)
	if n := o.count(`SELECT count(*) FROM audit_link`); n != 2*batch {
		t.Fatalf("%d linked by two batches", n)
	}
	// Nor does anybody go on while it is full.
	if n, err := o.trail.Chain(ctx, o.db.App, OpenHeads("/dev/full")); n != 0 || fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("%d linked without heads, %v", n, err)
	}
	for _, county := range []int{haidian, chaoyang} {
		if text, _ := os.ReadFile(o.heads.path); strings.Contains(string(text), fmt.Sprintf("%d %s %d ", county, today(), batch)) {
			t.Errorf("the heads of the second batch are there before they could be written: %s", text)
		}
	}
	c = o.chainer(o.heads)
	if err := c.repeatHeads(chainingContext()); err != nil {
		t.Fatal(err)
	}
	_ = c.conn.Close(ctx)
	for _, county := range []int{haidian, chaoyang} {
		if text, _ := os.ReadFile(o.heads.path); !strings.Contains(string(text), fmt.Sprintf("%d %s %d ", county, today(), batch)) {
			t.Errorf("the heads of the batch that was cut off aren't kept: %s", text)
		}
	}
	o.chain()
	o.gapless()
	o.sound(2*batch+100, o.heads)
}

func today() string { return time.Now().In(Zone).Format(time.DateOnly) }

func chainingContext() context.Context {
	return postgres.WithActor(context.Background(), postgres.Actor{Scope: postgres.Scope{chainTrail: {postgres.Everywhere}}})
}

func (o *office) chainer(heads *Heads) *chainer {
	o.Helper()
	lent, err := o.db.App.Acquire(context.Background())
	if err != nil {
		o.Fatal(err)
	}
	return &chainer{trail: o.trail, conn: lent.Hijack(), heads: heads}
}

// While one node chains, another leaves it to it; a command doesn't wait.
func TestOneChainsAtATime(t *testing.T) {
	o := setup(t)
	o.write(entry(haidian, "1"))
	c := o.chainer(o.heads)
	ctx := chainingContext()
	if _, err := c.conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, chainLock); err != nil {
		t.Fatal(err)
	}
	n, err := o.trail.Chain(ctx, o.db.App, o.heads)
	if linked := o.count(`SELECT count(*) FROM audit_link`); err != nil || n != 0 || linked != 0 {
		t.Errorf("%d, %d linked beside whoever chains, %v", n, linked, err)
	}
	if err := c.conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
	for o.count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) > 0 {
	}
	o.chain()
	o.sound(1, o.heads)
}

// A heads file that can't be opened stops the chain before anything is linked; writing goes on, and so does the chain later.
func TestWithoutHeadsNothingIsLinked(t *testing.T) {
	o := setup(t)
	o.write(entry(haidian, "1"))
	bad := OpenHeads(t.TempDir()) // a directory
	n, err := o.trail.Chain(context.Background(), o.db.App, bad)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Unavailable || !strings.Contains(f.EN, bad.path) || !strings.Contains(f.ZH, bad.path) {
		t.Fatalf("%v", err)
	}
	if linked := o.count(`SELECT count(*) FROM audit_link`); n != 0 || linked != 0 {
		t.Fatalf("%d, %d linked", n, linked)
	}
	o.write(entry(haidian, "2"))
	o.chain()
	o.sound(2, o.heads)
}

// A database that was brought here from another server has entries whose transactions haven't been here yet, linked ones and
// one that wasn't yet. All are linked, once, and so are those that are written here.
func TestChainGoesOnAfterARestoration(t *testing.T) {
	o := setup(t)
	o.write(entry(haidian, "1"), entry(haidian, "2"))
	o.chain()
	ctx := context.Background()
	var far string
	if err := o.db.Owner.QueryRow(ctx, `SELECT ((pg_current_xact_id()::text)::bigint + 1000000000)::text`).Scan(&far); err != nil {
		t.Fatal(err)
	}
	o.spoil(`UPDATE audit_position SET seen = '` + far + `:` + far + `:'`)
	foreign := record{county: "110108", place: "110108000000000", actor: CommandLine, action: SignIn, xid: far, id: "5000", details: "{}"}
	foreign.day, foreign.at = today(), time.Now().UTC().Format(atForm)
	_, err := o.db.Owner.Exec(ctx, `INSERT INTO audit_entry (county, id, day, at, place, actor, action, xid, mac) OVERRIDING SYSTEM VALUE
		VALUES (110108, 5000, $1::text::date, ($2 || '+00')::timestamptz, 110108000000000, $3, $4, $5::text::xid8, $6)`,
		foreign.day, foreign.at, foreign.actor, foreign.action, far, o.trail.macOf(&foreign))
	if err != nil {
		t.Fatal(err)
	}
	o.write(entry(haidian, "3"))
	o.chain()
	o.write(entry(haidian, "4"))
	o.chain()
	o.sound(5, o.heads)
	if n := o.count(`SELECT count(*) FROM audit_position WHERE pg_snapshot_xmax(seen) < $1::text::xid8`, far); n != 1 {
		t.Error("the position is still ahead of this server")
	}
}
