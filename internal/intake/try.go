package intake

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// Trial is what an import would do.
type Trial struct {
	Preview *Preview
	GB18030 bool
	Rows    int
	Tally
	Problems []Count
}

var errTried = errors.New("intake: only tried")

// Try reads a file and takes its rows into the register in transactions that are rolled back: it writes nothing. mapping says which column is what, nil for
// what their names say. A row that would be there twice only by what an earlier one wrote isn't seen as that.
func (in *Intake) Try(ctx context.Context, d Delivery, mapping func(columns []string) (map[string]int, error), from io.Reader, tell func(rows int)) (*Trial, error) {
	county, err := in.mayReceive(ctx, d.Division)
	if err != nil {
		return nil, err
	}
	var spooled *spool
	t, err := openTable(from, d.Kind, func(r io.Reader) (io.ReaderAt, int64, error) {
		s, err := newSpool(r)
		if err != nil {
			return nil, 0, err
		}
		spooled = s
		return s, s.size, nil
	})
	if spooled != nil {
		defer spooled.Close()
	}
	if err != nil {
		return nil, err
	}
	j := &Job{ID: ID{County: county}, Kind: d.Kind, Division: d.Division, CRS: d.CRS, Columns: t.columns, Mapping: Guess(d.Kind, t.columns)}
	if mapping != nil {
		if j.Mapping, err = mapping(t.columns); err != nil {
			return nil, err
		}
	}
	out := &Trial{GB18030: t.gb18030, Preview: preview(j, nil, nil)}
	if err := CheckMapping(j.Kind, j.Columns, j.Mapping); err != nil {
		return out, err
	}
	taker, err := in.taker(ctx, j)
	if err != nil {
		return nil, err
	}
	counts := map[[2]string]*Count{}
	for {
		rows, ended := []Row(nil), false
		for len(rows) < partRows && !ended {
			row, err := t.rows.next()
			switch {
			case errors.Is(err, io.EOF):
				ended = true
			case err != nil:
				return nil, err
			case !row.empty():
				row.trim()
				rows = append(rows, row)
			}
		}
		if out.Rows == 0 {
			var care []register.CareKind
			if r, ok := taker.(*residentTaker); ok {
				care = r.layout.care
			}
			out.Preview = preview(j, rows, care)
		}
		if err := in.try(ctx, taker, rows, out, counts); err != nil {
			return nil, err
		}
		if tell != nil {
			tell(out.Rows)
		}
		if ended {
			break
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b [2]string) int { return counts[b].Rows - counts[a].Rows }) {
		out.Problems = append(out.Problems, *counts[key])
	}
	return out, nil
}

func (in *Intake) try(ctx context.Context, t taker, rows []Row, out *Trial, counts map[[2]string]*Count) error {
	if len(rows) == 0 {
		return nil
	}
	b, err := t.check(ctx, rows)
	if err != nil {
		return err
	}
	err = postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		r, err := applyOrSplit(ctx, tx, b)
		if err != nil {
			return err
		}
		out.Rows += len(rows)
		out.add(r.Tally)
		for _, reject := range r.rejects {
			for _, p := range reject.problems {
				key := [2]string{p.Column, p.Code}
				if counts[key] == nil {
					counts[key] = &Count{p.Column, p.Code, p.ZH, p.EN, 0}
				}
				counts[key].Rows++
			}
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}
