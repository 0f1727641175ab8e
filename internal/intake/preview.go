package intake

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/register"
)

// previewRows is how many rows a preview shows.
const previewRows = 8

// Preview is what a file looks like: its first rows, masked, and what is wrong with them by themselves.
type Preview struct {
	Columns []string
	Fields  []Field
	Mapping map[string]int
	Rows    []PreviewRow
}

// PreviewRow is a row as a preview shows it.
type PreviewRow struct {
	Line     int
	Cells    []string // masked, as many as columns
	Problems []Problem
}

// Preview shows the first rows of an import whose first part is still there; without rows when it isn't.
func (in *Intake) Preview(ctx context.Context, tx pgx.Tx, j *Job) (*Preview, error) {
	var content []byte
	err := tx.QueryRow(ctx, `SELECT content FROM intake_part WHERE county = $1 AND job = $2 AND part = 0`, j.ID.County, j.ID.Number).Scan(&content)
	if err == pgx.ErrNoRows {
		return preview(j, nil, nil), nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := in.unseal(j.ID, 0, content)
	if err != nil {
		return nil, err
	}
	care, err := in.Book.CareKinds(ctx, tx, j.ID.County)
	return preview(j, rows, care), err
}

func preview(j *Job, rows []Row, care []register.CareKind) *Preview {
	p := &Preview{Columns: j.Columns, Fields: FieldsOf(j.Kind), Mapping: j.Mapping, Rows: []PreviewRow{}}
	l := newLayout(j.Kind, j.Columns, j.Mapping, care)
	masks := masksOf(j)
	for _, row := range rows[:min(previewRows, len(rows))] {
		shown := PreviewRow{Line: row.Line, Cells: make([]string, len(j.Columns))}
		for i := range shown.Cells {
			if i < len(row.Cells) {
				shown.Cells[i] = masks[i](cut(tidy(row.Cells[i]), 60))
			}
		}
		shown.Problems = problemsOf(l, j, row)
		p.Rows = append(p.Rows, shown)
	}
	return p
}

// problemsOf is what is wrong with a row by itself.
func problemsOf(l *columnLayout, j *Job, row Row) []Problem {
	switch j.Kind {
	case Houses:
		return readHouse(l, j.CRS, row).problems
	case Organisations:
		return readOrganisation(l, j.CRS, row).problems
	case Facilities:
		return readFacility(l, j.CRS, row).problems
	case Vehicles:
		return readVehicle(l, row).problems
	}
	return readResident(l, row).problems
}
