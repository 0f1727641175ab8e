package intake

import (
	"context"
	"fmt"
	"hash/maphash"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/facility"
	"jingwei/internal/register"
)

// facilityTaker takes facilities into the table that the map shows.
type facilityTaker struct {
	*houseTaker // finds places
	lines       map[uint64]int32
}

func newFacilityTaker(ctx context.Context, in *Intake, j *Job) (*facilityTaker, error) {
	places, err := newHouseTaker(ctx, in, j)
	return &facilityTaker{places, map[uint64]int32{}}, err
}

func (t *facilityTaker) remember(rows []Row) {
	for _, row := range rows {
		f := readFacility(t.layout, t.job.CRS, row)
		t.build(&f.houseRow) // as check does: a row that went back is nobody's double
		if len(f.problems) == 0 {
			t.once(f)
		}
	}
}

// once notes a facility that was on another line: of the same code, or of the same kind and name at the same place.
func (t *facilityTaker) once(f *facilityRow) {
	column, who := "code", f.facility.Code
	if who == "" {
		column, who = "name", fmt.Sprintf("%s\x00%s\x00%v\x00%s\x00%s", f.facility.Kind, f.facility.Name, f.house.At, f.source, f.house.Address)
	}
	key := maphash.String(t.seed, column+"\x00"+who)
	if line, there := t.lines[key]; there {
		f.wrong(column, Twice, fmt.Sprintf("与第 %d 行是同一处设施", line), fmt.Sprintf("it is the same facility as on line %d", line))
		return
	}
	t.lines[key] = int32(f.row.Line)
}

func (t *facilityTaker) check(ctx context.Context, rows []Row) (batch, error) {
	all, places := make([]*facilityRow, len(rows)), make([]*houseRow, len(rows))
	for i, row := range rows {
		f := readFacility(t.layout, t.job.CRS, row)
		t.build(&f.houseRow)
		if len(f.problems) == 0 {
			t.once(f)
		}
		all[i], places[i] = f, &f.houseRow
	}
	if err := t.place(ctx, places); err != nil {
		return nil, err
	}
	return rowsOf(all, t.take, "数据库拒收这一行：可能与刚刚由他人登记的内容冲突", "the database refuses this row: it may contradict what somebody else entered just now"), nil
}

// take writes facilities that were checked.
func (t *facilityTaker) take(ctx context.Context, tx pgx.Tx, checked []*facilityRow, r *result) error {
	if err := register.Hold(ctx, tx, t.county); err != nil {
		return err
	}
	ground, err := t.in.Ground.Fresh(ctx, tx)
	if err != nil {
		return err
	}
	var all []facility.New
	var rows []*facilityRow
	for _, f := range checked {
		row := *f // what was wrong the first time may not be the second
		if t.stand(ctx, ground, &row.houseRow); len(row.problems) > 0 {
			r.reject(&row.reading)
			continue
		}
		row.facility.At = row.house.At
		all, rows = append(all, row.facility), append(rows, &row)
	}
	was, err := facility.Communities(ctx, tx, t.county, all)
	if err != nil {
		return err
	}
	mine := all[:0]
	for i, f := range all {
		if ground, there := was[f.Source()]; there {
			if t.where.within(ctx, &rows[i].reading, "code", ground); len(rows[i].problems) > 0 {
				r.reject(&rows[i].reading)
				continue
			}
		}
		mine = append(mine, f)
	}
	if len(mine) == 0 {
		return nil
	}
	taken, err := facility.Take(ctx, tx, t.county, mine)
	r.Accepted, r.Same = r.Accepted+taken.Added+taken.Changed, r.Same+taken.Same
	return err
}
