package intake

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/postgres"
)

// Every connection has planned its statements, those of triggers among them, while nobody was on record. A large file that moves people isn't written by
// those plans: they would read everybody under care again and again.
func TestLargeImportIsntWrittenByPlansOfEmptyTables(t *testing.T) {
	d := setup(t)
	ctx := d.settle(60)
	var backends []uint32
	var all []*pgxpool.Conn
	for range d.db.App.Config().MaxConns {
		conn, err := d.db.App.Acquire(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all, backends = append(all, conn), append(backends, conn.Conn().PgConn().PID())
		if err := postgres.InTx(ctx, conn, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, `UPDATE resident SET house = house`); return err }); err != nil {
			t.Fatal(err)
		}
	}
	for _, conn := range all {
		conn.Release()
	}
	const parts, moving = 4, 20
	s := residents(0, parts*partRows, 60)
	for i, row := range s[1:] {
		s[1+i] = s.with(row, "标签", "高龄", "户号", "")
		switch part, at := i/partRows, i%partRows; {
		case part > 0 && at < moving: // who left in the part before lives here
			s[1+i] = s.with(s[1+i-moving], "入住日期", "2015-01-01", "迁出日期", "")
		case part < parts-1 && at >= partRows-moving:
			s[1+i] = s.with(s[1+i], "迁出日期", "2015-01-01")
		}
	}
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Accepted: parts * partRows})
	d.db.App.Close() // the backends tell what they read when they end
	for deadline := time.Now().Add(10 * time.Second); d.count(`SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ($1)`, backends) > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	cared := d.count(`SELECT count(*) FROM care`)
	read := d.count(`SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'care') + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'care')`)
	if read > cared/10 {
		t.Errorf("%d rows of people under care were read, of %d that came in and none that moved", read, cared)
	}
	if moved := d.count(`SELECT sum(n_tup_upd)::int FROM pg_stat_user_tables WHERE relname = 'resident'`); moved != (parts-1)*moving {
		t.Errorf("%d people were moved, want %d", moved, (parts-1)*moving)
	}
}

// What somebody is under care for comes along when a file says where they live now.
func TestCareComesAlong(t *testing.T) {
	d := setup(t)
	ctx := d.settle(5)
	s := residents(0, 1, 5)
	left := sheet{residentHeader, s.with(s[1], "迁出日期", "2015-01-01")}
	d.is(d.bring(ctx, Residents, town, left.csv()), Tally{Accepted: 1})
	d.count(`WITH x AS (INSERT INTO care (county, resident, house, ground, kind) SELECT county, id, house, ground, 'aged' FROM resident RETURNING 1) SELECT count(*) FROM x`)
	now := sheet{residentHeader, s.with(s[1], "房屋编号", "h4", "户号", "", "入住日期", "2015-01-01")} // in another community
	d.is(d.bring(ctx, Residents, town, now.csv()), Tally{Accepted: 1})
	if n := d.count(`SELECT count(*) FROM care c JOIN house h ON h.id = c.house WHERE h.code = 'h4' AND c.ground = h.ground AND c.ground = $1::bigint * 1000`, next); n != 1 {
		t.Errorf("%d rows of care are where the person lives now, want 1", n)
	}
}
