package intake

import (
	"context"
	"fmt"
	"hash/maphash"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/organisation"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// vehicleRow is a row of vehicles that has been read.
type vehicleRow struct {
	reading
	vehicle organisation.NewVehicle
	named   string // code of the house
}

// readVehicle reads a row of vehicles.
func readVehicle(l *columnLayout, row Row) *vehicleRow {
	v := &vehicleRow{reading: reading{row: row, layout: l}}
	if !v.sound() {
		return v
	}
	if text := v.needed("plate", 20); text != "" {
		plate, err := organisation.ParsePlate(text)
		if err != nil {
			v.said("plate", BadPlate, err)
		}
		v.vehicle.Plate = plate
	}
	v.vehicle.Kind, v.vehicle.Colour, v.vehicle.Owner = v.text("kind", 20), v.text("colour", 20), v.text("owner", 80)
	v.named = v.needed("house", 60)
	return v
}

// vehicleTaker takes vehicles to the houses that they name.
type vehicleTaker struct {
	in     *Intake
	county int32
	where  where
	layout *columnLayout
	book   *organisation.Book
	seed   maphash.Seed
	lines  map[uint64]int32 // plates → the line that they were on
}

func newVehicleTaker(ctx context.Context, in *Intake, j *Job) (*vehicleTaker, error) {
	t := &vehicleTaker{in: in, county: j.ID.County, layout: newLayout(Vehicles, j.Columns, j.Mapping, nil), book: &organisation.Book{Vault: in.Book.Vault, Trail: in.Book.Trail},
		seed: maphash.MakeSeed(), lines: map[uint64]int32{}}
	err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) {
		t.where, _, err = lookAround(ctx, tx, j)
		return err
	})
	return t, err
}

func (t *vehicleTaker) remember(rows []Row) {
	for _, row := range rows {
		if v := readVehicle(t.layout, row); len(v.problems) == 0 {
			t.once(v)
		}
	}
}

// once notes a plate that was on another line.
func (t *vehicleTaker) once(v *vehicleRow) {
	key := maphash.String(t.seed, v.vehicle.Plate)
	if line, there := t.lines[key]; there {
		v.wrong("plate", Twice, fmt.Sprintf("与第 %d 行是同一辆车", line), fmt.Sprintf("it is the same vehicle as on line %d", line))
		return
	}
	t.lines[key] = int32(v.row.Line)
}

func (t *vehicleTaker) check(ctx context.Context, rows []Row) (batch, error) {
	all, codes := make([]*vehicleRow, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		all[i] = readVehicle(t.layout, row)
		if codes[i] = all[i].named; len(all[i].problems) == 0 {
			t.once(all[i])
		}
	}
	var refs map[string]register.HouseRef
	err := postgres.Snapshot(ctx, t.in.DB, func(tx pgx.Tx) (err error) { refs, err = t.in.Book.Refs(ctx, tx, t.county, codes); return err })
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		if ref, there := refs[v.named]; there {
			v.vehicle.House = ref
			t.where.within(ctx, &v.reading, "house", ref.Ground)
		} else if v.named != "" {
			v.wrong("house", NoHouse, "没有这个编号的房屋；请先导入房屋", "no house has this code: import the houses first")
		}
	}
	return rowsOf(all, t.take, "数据库拒收这一行：该车辆可能已登记在您无权管理的地方", "the database refuses this row: the vehicle may be on record where you don't keep the register"), nil
}

// take writes vehicles that were checked.
func (t *vehicleTaker) take(ctx context.Context, tx pgx.Tx, rows []*vehicleRow, r *result) error {
	if err := register.Hold(ctx, tx, t.county); err != nil {
		return err
	}
	numbers := make([]int64, len(rows))
	for i, v := range rows {
		numbers[i] = v.vehicle.House.Number
	}
	refs, err := t.in.Book.RefsOf(ctx, tx, t.county, numbers) // a publication may have given them other ground since
	if err != nil {
		return err
	}
	all := make([]organisation.NewVehicle, len(rows))
	for i, v := range rows {
		all[i] = v.vehicle
		all[i].House = refs[v.vehicle.House.Number]
	}
	taken, err := t.book.TakeVehicles(ctx, tx, t.county, all)
	r.Accepted, r.Same = r.Accepted+taken.Added+taken.Changed, r.Same+taken.Same
	return err
}
