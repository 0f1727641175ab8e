package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

func TestRotationRenewsEverything(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	first := v.Keys()[0].ID
	want := fill(t, db, v, 1234)
	if unused, err := vault.Unused(t.Context(), db, v, columns); err != nil || len(unused) != 0 {
		t.Fatalf("unused %v, %v", unused, err)
	}
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if unused, err := vault.Unused(t.Context(), db, v, columns); err != nil || len(unused) != 0 {
		t.Fatalf("a key in use is called unused: %v, %v", unused, err)
	}
	type step struct {
		table       string
		done, total int
	}
	var steps []step
	err := vault.RotateColumns(t.Context(), db, v, columns, func(table string, done, total int) {
		if table != "" {
			steps = append(steps, step{table, done, total})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	wantSteps := []step{{"person", 0, 1234}, {"person", 500, 1234}, {"person", 1000, 1234}, {"person", 1234, 1234},
		{"public.person", 0, 1234}, {"public.person", 500, 1234}, {"public.person", 1000, 1234}, {"public.person", 1234, 1234}}
	if fmt.Sprint(steps) != fmt.Sprint(wantSteps) {
		t.Fatalf("progress %v, want %v", steps, wantSteps)
	}
	forgetOld(t, db, v, first)
	wantRows(t, db, v, want)

	// A table that ends with a window, and an empty one.
	for _, keep := range []int64{500, 0} {
		if _, err := db.Exec(t.Context(), "DELETE FROM person WHERE id >= $1", keep); err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(want, func(k key, _ string) bool { return k.id >= keep })
		if err := v.Rotate(); err != nil {
			t.Fatal(err)
		}
		if err := vault.RotateColumns(t.Context(), db, v, columns, silent); err != nil {
			t.Fatal(err)
		}
		wantRows(t, db, v, want)
	}
}

// TestRotationWhileOthersWrite has writers, each with a vault of its own on the same file as another process
// would have, change, add and delete rows all through a rotation.
func TestRotationWhileOthersWrite(t *testing.T) {
	db := database(t)
	file := filepath.Join(t.TempDir(), "keys")
	v, err := vault.Open(vault.Config{File: file, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	first := v.Keys()[0].ID
	want := fill(t, db, v, 3000)
	var mine sync.Mutex // over want
	var stop atomic.Bool
	var wg sync.WaitGroup
	var written atomic.Int64
	const writers = 4
	for w := range writers {
		other, err := vault.Open(vault.Config{File: file})
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(7, uint64(w)))
		wg.Go(func() {
			for n := 0; !stop.Load(); n++ {
				i := rng.IntN(1000)*writers + w // each has rows of its own, some of them new
				k := key{int32(370800 + i%3), int64(i)}
				phone := fmt.Sprintf("139 %04d %04d", n%10000, w)
				err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
					if rng.IntN(5) == 0 {
						phone = "gone"
						_, err := tx.Exec(t.Context(), "DELETE FROM person WHERE county = $1 AND id = $2", k.county, k.id)
						return err
					}
					if err := put(t.Context(), tx, other, k, phone); err != nil {
						return err
					}
					time.Sleep(time.Duration(rng.IntN(4)) * time.Millisecond)
					return nil
				})
				if err != nil {
					t.Errorf("a writer was disturbed: %v", err)
					return
				}
				mine.Lock()
				if want[k] = phone; phone == "gone" {
					delete(want, k)
				}
				mine.Unlock()
				written.Add(1)
			}
		})
	}
	for range 2 {
		before := written.Load()
		if err := v.Rotate(); err != nil {
			t.Error(err)
		}
		if err := vault.RotateColumns(t.Context(), db, v, columns, silent); err != nil {
			t.Error(err)
		}
		if written.Load() == before {
			t.Error("nobody wrote while the keys changed")
		}
	}
	stop.Store(true)
	wg.Wait()
	forgetOld(t, db, v, first)
	wantRows(t, db, v, want)
}

// TestRotationWaitsForWhatWasSealedBefore: a transaction that sealed under the old key commits when the rotation has
// been through the table.
func TestRotationWaitsForWhatWasSealedBefore(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	want := fill(t, db, v, 20)
	added := key{370700, 1}
	tx, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if err := put(t.Context(), tx, v, added, "130 2"); err != nil {
		t.Fatal(err)
	}
	want[added] = "130 2"
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	waiting, done := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		done <- vault.RotateColumns(t.Context(), db, v, columns, func(table string, _, total int) {
			if table == "" && total > 0 {
				once.Do(func() { close(waiting) })
			}
		})
	}()
	select {
	case <-waiting:
	case err := <-done:
		t.Fatalf("it ended (%v) while a transaction was open that had sealed under the old key", err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantRows(t, db, v, want)
}

// TestRotationPassesOverWhatOthersHold: a row that somebody changes, for as long as the rotation takes to renew all
// others, is renewed when he has let go of it, with his value.
func TestRotationPassesOverWhatOthersHold(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	want := fill(t, db, v, 20)
	held := key{370800, 3}
	tx, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	if err := put(t.Context(), tx, v, held, "130 1"); err != nil {
		t.Fatal(err)
	}
	want[held] = "130 1"
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	through := false
	err = vault.RotateColumns(t.Context(), db, v, columns, func(table string, done, total int) {
		if table != "public.person" || done < total || through {
			return
		}
		through = true // both columns
		var old int
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM person WHERE substr(remark, 2, 4) <> $1`, v.Keys()[2].ID[:]).Scan(&old)
		if err != nil || old != 1 {
			t.Errorf("%d rows are under the old key, want the held one; %v", old, err)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if err != nil || !through {
		t.Fatalf("through %t, %v", through, err)
	}
	wantRows(t, db, v, want)
}

func TestRotationGoesOnAfterAKill(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	want := fill(t, db, v, 4000)
	first := v.Keys()[0].ID
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	renewed := make(map[key][]byte)
	killed, partly := 0, false
	for range 25 {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(time.Duration(rng.IntN(60))*time.Millisecond, cancel)
		err := vault.RotateColumns(ctx, db, v, columns, silent)
		timer.Stop()
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err != nil {
			killed++
		}
		rows, err := db.Query(t.Context(), "SELECT county, id, phone FROM person WHERE phone IS NOT NULL")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var k key
			var sealed []byte
			if err := rows.Scan(&k.county, &k.id, &sealed); err != nil {
				t.Fatal(err)
			}
			if old := renewed[k]; old != nil && !bytes.Equal(old, sealed) {
				t.Fatalf("%v was renewed again", k)
			}
			if v.Current(sealed) {
				renewed[k] = sealed
			}
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
		partly = partly || len(renewed) > 0 && len(renewed) < 3000
	}
	t.Logf("killed %d times; stopped in the middle of the table: %t", killed, partly)
	if killed == 0 {
		t.Fatal("it was never killed")
	}
	if err := vault.RotateColumns(t.Context(), db, v, columns, silent); err != nil {
		t.Fatal(err)
	}
	forgetOld(t, db, v, first)
	wantRows(t, db, v, want)
}

// TestOneBadRowStopsNothing: a row that was moved doesn't open. It is named, and all others are renewed.
func TestOneBadRowStopsNothing(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	want := fill(t, db, v, 700)
	if _, err := db.Exec(t.Context(), `UPDATE person SET phone = (SELECT phone FROM person WHERE id = 2) WHERE id = 4`); err != nil {
		t.Fatal(err)
	}
	first := v.Keys()[0].ID
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	err := vault.RotateColumns(t.Context(), db, v, columns, silent)
	if fault.CodeOf(err) != fault.Internal || !strings.Contains(err.Error(), "of 1 records") || !strings.Contains(err.Error(), "person 370801 4") {
		t.Fatalf("the bad row isn't named: %v", err)
	}
	if unused, err := vault.Unused(t.Context(), db, v, columns); err != nil || len(unused) != 0 {
		t.Fatalf("unused %v, %v: the bad row's key is to be kept", unused, err)
	}
	if _, err := db.Exec(t.Context(), `DELETE FROM person WHERE id = 4`); err != nil {
		t.Fatal(err)
	}
	delete(want, key{370801, 4})
	forgetOld(t, db, v, first)
	wantRows(t, db, v, want)
}

// TestAnIndexAloneIsRenewed: the key changed between a writer's Seal and its Index.
func TestAnIndexAloneIsRenewed(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	want := fill(t, db, v, 10)
	old := v.Index("person.phone", digits([]byte(want[key{370801, 1}])))
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := vault.RotateColumns(t.Context(), db, v, columns, silent); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), `UPDATE person SET phone_index = $1 WHERE id = 1`, old); err != nil {
		t.Fatal(err)
	}
	if unused, err := vault.Unused(t.Context(), db, v, columns); err != nil || len(unused) != 0 {
		t.Fatalf("unused %v, %v: an index is under the old key", unused, err)
	}
	if err := vault.RotateColumns(t.Context(), db, v, columns, silent); err != nil {
		t.Fatal(err)
	}
	wantRows(t, db, v, want)
}

func TestRotationRefusesWhatWouldMissRows(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	v := vault.New(vault.Generate())
	for _, sql := range []string{person, `GRANT SELECT, UPDATE ON person TO jingwei_app`,
		`ALTER TABLE person ENABLE ROW LEVEL SECURITY`} {
		if _, err := db.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := vault.RotateColumns(t.Context(), db.App, v, columns, silent); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("as a user from whom rows are hidden: %v", err)
	}
	if _, err := vault.Unused(t.Context(), db.App, v, columns); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("unused, as a user from whom rows are hidden: %v", err)
	}
	short, noValue := columns[0], columns[0]
	short.Key, noValue.Value = []string{"id"}, nil
	for _, c := range []vault.Column{short, noValue} {
		err := vault.RotateColumns(t.Context(), db.Owner, v, []vault.Column{c}, silent)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Internal {
			t.Fatalf("a column registered wrongly: %v", err)
		}
	}
}

// TestSameValueTwice: a unique index can't see that a value under the new key is one under the old.
func TestSameValueTwice(t *testing.T) {
	db := database(t)
	v := vault.New(vault.Generate())
	if _, err := db.Exec(t.Context(), `CREATE UNIQUE INDEX person_phone ON person (phone_index)`); err != nil {
		t.Fatal(err)
	}
	if err := put(t.Context(), db, v, key{1, 1}, "138 1"); err != nil {
		t.Fatal(err)
	}
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := put(t.Context(), db, v, key{1, 2}, "138 1"); err != nil {
		t.Fatal(err)
	}
	err := vault.RotateColumns(t.Context(), db, v, columns, silent)
	if fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), "person_phone") {
		t.Fatalf("want the conflict told, got %v", err)
	}
}
