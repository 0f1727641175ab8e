package ground

import (
	"context"
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyRows writes many rows with COPY in its text format, in which PostGIS takes a geometry as the
// hexadecimal digits of its EWKB. Rows are made as they are sent, so that a county needs no more memory
// than a community.
type copyRows struct {
	table   string
	columns []string
	count   int
	row     func(i int, r *copyRow)
}

// copyRow is the row being written, its fields one after another.
type copyRow struct{ line []byte }

func (r *copyRow) next() {
	if len(r.line) > 0 {
		r.line = append(r.line, '\t')
	}
}

func (r *copyRow) integer(n int64) {
	r.next()
	r.line = strconv.AppendInt(r.line, n, 10)
}

func (r *copyRow) real(x float64) {
	r.next()
	r.line = strconv.AppendFloat(r.line, x, 'g', -1, 64)
}

// word is a text that needs no escaping.
func (r *copyRow) word(s string) {
	r.next()
	r.line = append(r.line, s...)
}

var copyEscapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func (r *copyRow) text(s string) {
	r.next()
	r.line = append(r.line, copyEscapes.Replace(s)...)
}

func (r *copyRow) geometry(ewkb []byte) {
	r.next()
	r.line = hex.AppendEncode(r.line, ewkb)
}

func (c *copyRows) run(ctx context.Context, tx pgx.Tx) error {
	if c.count == 0 {
		return nil
	}
	sql := "COPY " + pgx.Identifier{c.table}.Sanitize() + " (" + strings.Join(c.columns, ", ") + ") FROM STDIN"
	_, err := tx.Conn().PgConn().CopyFrom(ctx, &copyReader{rows: c}, sql)
	return err
}

// copyReader gives the rows as a stream.
type copyReader struct {
	rows *copyRows
	at   int
	row  copyRow
	rest []byte
}

func (r *copyReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(r.rest) == 0 {
			if r.at == r.rows.count {
				break
			}
			r.row.line = r.row.line[:0]
			r.rows.row(r.at, &r.row)
			r.row.line = append(r.row.line, '\n')
			r.rest = r.row.line
			r.at++
		}
		k := copy(p[n:], r.rest)
		n, r.rest = n+k, r.rest[k:]
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}
