package intake

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Format is how rejects are written.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // UTF-8 with the mark that Excel looks for
	XLSX Format = "xlsx" // all cells are text, so that no number of 18 digits is rounded
)

// rowWriter writes a table.
type rowWriter interface {
	row(cells []string) error
	close() error
}

// Rejects writes the rows that didn't go in, as they came, with what is wrong with them behind: a file that can be mended and sent again. That somebody
// fetched it goes into the trail: tx can write, and what isn't committed isn't to be shown.
//
// Faults: NotFound when the rows aren't kept any more.
func (in *Intake) Rejects(ctx context.Context, tx pgx.Tx, id ID, english bool, f Format, to io.Writer) error {
	j, err := in.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	var out rowWriter = newCSVWriter(to)
	if f == XLSX {
		if out, err = newSheetWriter(to); err != nil {
			return err
		}
	}
	columns := ownColumns(j.Columns)
	if err := out.row(append(columns.of(j.Columns), whereColumn, problemColumn, lineColumn)); err != nil {
		return err
	}
	rejects, parts, err := in.rejectsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, part := range parts {
		var content []byte
		err := tx.QueryRow(ctx, `SELECT content FROM intake_part WHERE county = $1 AND job = $2 AND part = $3`, id.County, id.Number, part).Scan(&content)
		if err == pgx.ErrNoRows {
			return fault.New(fault.NotFound, "被退回的行只保留 30 天，已不在了；请从原文件重新导入", "rows that were rejected are kept for 30 days, and these aren't there any more: import the file again")
		}
		if err != nil {
			return err
		}
		rows, err := in.unseal(id, part, content)
		if err != nil {
			return err
		}
		for _, row := range rows {
			problems, rejected := rejects[row.Line]
			if !rejected {
				continue
			}
			if err := out.row(append(columns.of(row.Cells), said(problems, english, row.Line)...)); err != nil {
				return err
			}
		}
	}
	if err := out.close(); err != nil {
		return err
	}
	return in.Book.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: postgres.GroundOf(j.Division)[0].Low, Action: audit.RegisterImported, Subject: "import:" + id.String(),
		Details: map[string]any{"rejects fetched": j.Rejected}})
}

// rejectsOf are what is wrong with an import's rows, by line, and the parts that they are in.
func (in *Intake) rejectsOf(ctx context.Context, tx pgx.Tx, id ID) (map[int][]Problem, []int, error) {
	rows, err := tx.Query(ctx, `SELECT line, part, problems FROM intake_reject WHERE county = $1 AND job = $2 ORDER BY line`, id.County, id.Number)
	if err != nil {
		return nil, nil, err
	}
	all := map[int][]Problem{}
	var parts []int
	var line, part int
	var text []byte
	_, err = pgx.ForEachRow(rows, []any{&line, &part, &text}, func() error {
		if !slices.Contains(parts[max(0, len(parts)-1):], part) {
			parts = append(parts, part)
		}
		var problems []Problem
		err := json.Unmarshal(text, &problems)
		all[line] = problems
		return err
	})
	return all, parts, err
}

// Count is how many rows have a problem of a kind in a column.
type Count struct {
	Column, Code, ZH, EN string
	Rows                 int
}

// Problems counts what is wrong with an import's rows, the most frequent first.
func (in *Intake) Problems(ctx context.Context, tx pgx.Tx, id ID) ([]Count, error) {
	rows, err := tx.Query(ctx, `
		SELECT p ->> 'column', p ->> 'code', min(p ->> 'zh'), min(p ->> 'en'), count(DISTINCT r.line)
		FROM intake_reject r, jsonb_array_elements(r.problems) p WHERE r.county = $1 AND r.job = $2 GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2 LIMIT 100`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]Count{}, rows, pgx.RowToStructByPos[Count])
}

// said are the problems of a row in two cells, and in a third which line it was.
func said(problems []Problem, english bool, line int) []string {
	var where, what []string
	for _, p := range problems {
		text := p.ZH
		if english {
			text = p.EN
		}
		if p.Column != "" {
			text = p.Column + "：" + text
			if !slices.Contains(where, p.Column) {
				where = append(where, p.Column)
			}
		}
		what = append(what, text)
	}
	return []string{strings.Join(where, "；"), strings.Join(what, "；"), strconv.Itoa(line)}
}

// kept are the places of the columns that are the file's own, without those that an earlier file of rejects added.
type kept []int

func ownColumns(columns []string) (k kept) {
	for i, c := range columns {
		if c != whereColumn && c != problemColumn && c != lineColumn {
			k = append(k, i)
		}
	}
	return k
}

func (k kept) of(cells []string) []string {
	out := make([]string, len(k), len(k)+3)
	for to, from := range k {
		if from < len(cells) {
			out[to] = cells[from]
		}
	}
	return out
}

// csvWriter writes for Excel: with a mark of UTF-8, and with nothing that it would compute or round.
type csvWriter struct {
	buffer *bufio.Writer
	out    *csv.Writer
}

func newCSVWriter(to io.Writer) *csvWriter {
	b := bufio.NewWriterSize(to, 1<<16)
	_, _ = b.WriteString("\ufeff")
	w := &csvWriter{b, csv.NewWriter(b)}
	w.out.UseCRLF = true
	return w
}

func (w *csvWriter) row(cells []string) error {
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	return w.out.Write(cells)
}

func (w *csvWriter) close() error {
	w.out.Flush()
	if err := w.out.Error(); err != nil {
		return err
	}
	return w.buffer.Flush()
}

// harmless keeps a spreadsheet from computing a text (=…), and from making a number of digits that aren't one: an apostrophe in front, which is dropped
// when it comes back.
func harmless(s string) string {
	begins := strings.TrimLeft(s, " \u00a0\u3000\u200b\ufeff")
	if begins == "" {
		return s
	}
	switch first, size := utf8.DecodeRuneInString(begins); {
	case first == '-' && strings.Trim(begins[size:], "0123456789.") == "": // a number
	case strings.ContainsRune("=+-@\t\r\n＝＋－＠", first): // wide ones too: they are typed in place of the others
		return "'" + s
	}
	if len(s) > 11 && strings.Trim(s, "0123456789Xx") == "" {
		return "'" + s
	}
	return s
}
