package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Delivery is a file that is brought.
type Delivery struct {
	Kind     Kind
	File     string // what it is called
	Division string // code: whose houses and people may be in it
	CRS      crs.System
}

// Receive reads a file into the database, part after part, and gives the import that waits to be started. What it holds is never on disk in clear, nor
// in memory as a whole.
//
// Faults: Forbidden when the actor doesn't bring files of all of the division; Invalid for one that isn't on record, and for what isn't a table.
func (in *Intake) Receive(ctx context.Context, d Delivery, from io.Reader) (*Job, error) {
	county, err := in.mayReceive(ctx, d.Division)
	if err != nil {
		return nil, err
	}
	hashed := &hashing{from: from, sum: sha256.New()}
	var spooled *spool
	t, err := openTable(hashed, d.Kind, func(r io.Reader) (io.ReaderAt, int64, error) {
		s, err := newSpool(r)
		if err != nil {
			return nil, 0, err
		}
		spooled = s
		return attended{ctx, s}, s.size, nil
	})
	if spooled != nil {
		defer spooled.Close()
	}
	if err != nil {
		return nil, err
	}
	r := receiving{in: in, ctx: ctx, id: ID{County: county}}
	if err := r.begin(d, t); err != nil {
		return nil, err
	}
	if err := r.takeIn(t.rows); err != nil {
		r.giveUp()
		return nil, err
	}
	_, _ = io.Copy(io.Discard, hashed) // what stands behind a workbook's end counts too
	return r.end(in.Book.Vault.MAC("intake file", hashed.sum.Sum(nil)))
}

// BrokenOff finds an import of the same file, for the same division and by the same actor, that was begun and isn't through; nil for none.
func (in *Intake) BrokenOff(ctx context.Context, d Delivery, from io.Reader) (j *Job, err error) {
	county, err := in.mayReceive(ctx, d.Division)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, from); err != nil {
		return nil, err
	}
	digest := sum.Sum(nil)
	err = postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, digest FROM intake_job WHERE county = $1 AND division = $2 AND kind = $3 AND crs = $4 AND state IN ('running', 'failed')
			AND account IS NOT DISTINCT FROM nullif($5, 0) ORDER BY id DESC`, county, d.Division, d.Kind, d.CRS.String(), postgres.ActorOf(ctx).Account)
		if err != nil {
			return err
		}
		var id int64
		var mac []byte
		found := int64(0)
		if _, err := pgx.ForEachRow(rows, []any{&id, &mac}, func() error {
			if found == 0 && in.Book.Vault.CheckMAC(mac, "intake file", digest) {
				found = id
			}
			return nil
		}); err != nil || found == 0 {
			return err
		}
		j, err = in.Get(ctx, tx, ID{county, found})
		if err != nil || j.State == Running {
			return err
		}
		j, err = in.Change(ctx, tx, j.ID, Change{Act: Start})
		return err
	})
	return j, err
}

// mayBring finds the county of a division onto all of which the actor may bring files.
func (in *Intake) mayBring(ctx context.Context, division string) (int32, error) {
	ground := postgres.GroundOf(division)
	if len(ground) == 0 || len(division) > 12 {
		return 0, invalid("区划编码应为 6、9 或 12 位数字", "a division's code has 6, 9 or 12 digits").At("division")
	}
	if !postgres.ActorOf(ctx).Scope[access.ImportRegister].Contains(ground[0]) {
		return 0, fault.New(fault.Forbidden, fmt.Sprintf("您无权向 %s 导入房屋与居民", division), fmt.Sprintf("you may not import houses and residents into %s", division)).At("division")
	}
	county, err := strconv.ParseInt(division[:6], 10, 32)
	return int32(county), err
}

// mayReceive is mayBring for a division that is on record: before a row for one that isn't is read, since every one would come back. The ground of a town
// without communities is 000 of it and has no entry of its own.
func (in *Intake) mayReceive(ctx context.Context, code string) (int32, error) {
	county, err := in.mayBring(ctx, code)
	if err != nil {
		return 0, err
	}
	town := code
	if len(code) == 12 {
		town = strings.TrimSuffix(code, "000")
	}
	var there bool
	err = postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE code IN ($1, $2))`, code, town).Scan(&there)
	})
	if err == nil && !there {
		err = invalid(fmt.Sprintf("没有代码为 %s 的区划，没有读取文件；请核对区划代码，新的区划由管理员先用 jingwei import divisions 导入", code),
			fmt.Sprintf("there is no division with code %s, and the file wasn't read: check the code; a new division is imported first, by an administrator, with jingwei import divisions", code)).At("division")
	}
	return county, err
}

// nameOf is what a file is called, in lists: without what isn't seen there, or turns the direction of writing round.
func nameOf(file string) string {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(filepath.Base(file), "")))
	if name == "" || name == "." {
		return "?"
	}
	return name
}

// attended is read as long as somebody waits for what comes of it.
type attended struct {
	ctx context.Context
	io.ReaderAt
}

func (a attended) ReadAt(p []byte, at int64) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	return a.ReaderAt.ReadAt(p, at)
}

// hashing notes what is read.
type hashing struct {
	from io.Reader
	sum  interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.from.Read(p)
	_, _ = h.sum.Write(p[:n])
	return n, err
}

// receiving is a file on its way into the database.
type receiving struct {
	in          *Intake
	ctx         context.Context
	id          ID
	rows, parts int
}

func (r *receiving) tx(f func(tx pgx.Tx) error) error { return postgres.InTx(r.ctx, r.in.DB, f) }

func (r *receiving) begin(d Delivery, t *table) error {
	mapping, err := json.Marshal(Guess(d.Kind, t.columns))
	if err != nil {
		return err
	}
	var account *int64
	if a := postgres.ActorOf(r.ctx).Account; a != 0 {
		account = &a
	}
	columns := t.columns
	if columns == nil {
		columns = []string{}
	}
	name := cut(nameOf(d.File), 120)
	return r.tx(func(tx pgx.Tx) error {
		return tx.QueryRow(r.ctx, `
			INSERT INTO intake_job (county, kind, file, division, account, by, columns, mapping, crs, state, gb18030)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'reading', $10) RETURNING id`,
			r.id.County, d.Kind, name, d.Division, account, audit.CallerOf(r.ctx).Name, columns, mapping, d.CRS.String(), t.gb18030).Scan(&r.id.Number)
	})
}

// takeIn seals the rows, some thousand at a time.
func (r *receiving) takeIn(rows rower) error {
	part, size := make([]Row, 0, partRows), 0
	for {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			return r.store(part)
		}
		if err != nil {
			return err
		}
		if row.empty() {
			continue
		}
		size += row.trim()
		if part = append(part, row); len(part) < partRows && size < partBytes {
			continue
		}
		if err := r.store(part); err != nil {
			return err
		}
		clear(part) // what is stored needn't be kept
		part, size = part[:0], 0
		if r.rows > mostRows {
			return invalid(fmt.Sprintf("文件超过 %d 行", mostRows), fmt.Sprintf("the file has over %d rows", mostRows))
		}
	}
}

func (r *receiving) store(rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	content, err := r.in.Book.Vault.Seal(pack(rows), aboutPart(r.id.County, r.id.Number, int32(r.parts)))
	if err != nil {
		return err
	}
	err = r.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(r.ctx, `INSERT INTO intake_part (county, job, part, rows, content) VALUES ($1, $2, $3, $4, $5)`, r.id.County, r.id.Number, r.parts, len(rows), content)
		return err
	})
	r.rows += len(rows)
	r.parts++
	return err
}

func (r *receiving) end(digest []byte) (j *Job, err error) {
	if r.rows == 0 {
		r.giveUp()
		return nil, invalid("只有表头，没有数据行", "it has a header and no rows")
	}
	err = r.tx(func(tx pgx.Tx) error {
		if _, err := tx.Exec(r.ctx, `UPDATE intake_job SET state = 'waiting', rows = $3, parts = $4, digest = $5 WHERE county = $1 AND id = $2`,
			r.id.County, r.id.Number, r.rows, r.parts, digest); err != nil {
			return err
		}
		j, err = r.in.Get(r.ctx, tx, r.id)
		return err
	})
	return j, err
}

// giveUp drops what has come in of a file that can't be read to its end. If it can't, the server does later.
func (r *receiving) giveUp() {
	ctx := asRunner(context.WithoutCancel(r.ctx))
	_ = postgres.InTx(ctx, r.in.DB, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM intake_job WHERE county = $1 AND id = $2 AND state = 'reading'`, r.id.County, r.id.Number)
		return err
	})
}

// runner is the program's own capability: to look for what is to be done, and to drop what is over.
const runner postgres.Capability = "intake.run"

func asRunner(ctx context.Context) context.Context {
	return postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{runner: {postgres.Everywhere}}})
}
