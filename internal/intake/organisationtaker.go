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

// organisationTaker takes organisations: into the house that they name, or to a place of their own.
type organisationTaker struct {
	*houseTaker // finds places
	book        *organisation.Book
	lines       map[uint64]int32 // who → the line that they were on
}

func newOrganisationTaker(ctx context.Context, in *Intake, j *Job) (*organisationTaker, error) {
	places, err := newHouseTaker(ctx, in, j)
	return &organisationTaker{places, &organisation.Book{Vault: in.Book.Vault, Trail: in.Book.Trail}, map[uint64]int32{}}, err
}

func (t *organisationTaker) remember(rows []Row) {
	for _, row := range rows {
		o := readOrganisation(t.layout, t.job.CRS, row)
		t.build(&o.houseRow) // as check does: a row that went back is nobody's double
		if len(o.problems) == 0 {
			t.once(o)
		}
	}
}

// once notes an organisation that was on another line.
func (t *organisationTaker) once(o *organisationRow) {
	column := "name"
	if o.org.Code != "" {
		column = "code"
	}
	key := maphash.String(t.seed, o.who())
	if line, there := t.lines[key]; there {
		o.wrong(column, Twice, fmt.Sprintf("与第 %d 行是同一个单位", line), fmt.Sprintf("it is the same organisation as on line %d", line))
		return
	}
	t.lines[key] = int32(o.row.Line)
}

func (t *organisationTaker) check(ctx context.Context, rows []Row) (batch, error) {
	var all []*organisationRow
	var places []*houseRow
	for _, row := range rows {
		o := readOrganisation(t.layout, t.job.CRS, row)
		t.build(&o.houseRow)
		if len(o.problems) == 0 {
			t.once(o)
		}
		if all = append(all, o); o.named == "" {
			places = append(places, &o.houseRow)
		}
	}
	if err := t.enter(ctx, all); err != nil {
		return nil, err
	}
	if err := t.place(ctx, places); err != nil {
		return nil, err
	}
	return rowsOf(all, t.take, "数据库拒收这一行：该单位可能已登记在您无权管理的地方", "the database refuses this row: the organisation may be on record where you don't keep the register"), nil
}

// enter finds the houses that rows name.
func (t *organisationTaker) enter(ctx context.Context, all []*organisationRow) error {
	var codes []string
	for _, o := range all {
		if o.named != "" {
			codes = append(codes, o.named)
		}
	}
	if len(codes) == 0 {
		return nil
	}
	return postgres.Snapshot(ctx, t.in.DB, func(tx pgx.Tx) error {
		refs, err := t.in.Book.Refs(ctx, tx, t.county, codes)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.named == "" {
				continue
			}
			ref, there := refs[o.named]
			if !there {
				o.wrong("house", NoHouse, "没有这个编号的房屋；请先导入房屋", "no house has this code: import the houses first")
				continue
			}
			o.org.House = ref
			t.where.within(ctx, &o.reading, "house", ref.Ground)
		}
		return nil
	})
}

// take writes organisations that were checked.
func (t *organisationTaker) take(ctx context.Context, tx pgx.Tx, rows []*organisationRow, r *result) error {
	if err := register.Hold(ctx, tx, t.county); err != nil {
		return err
	}
	refs, err := t.in.Book.RefsOf(ctx, tx, t.county, housesOf(rows))
	if err != nil {
		return err
	}
	ground, err := t.in.Ground.Fresh(ctx, tx)
	if err != nil {
		return err
	}
	var all []organisation.New
	for _, o := range rows {
		row, org := *o, o.org // what was wrong the first time may not be the second
		if org.House.Number != 0 {
			org.House = refs[org.House.Number] // a publication may have given it other ground since
			t.where.within(ctx, &row.reading, "house", org.House.Ground)
		} else {
			t.stand(ctx, ground, &row.houseRow)
			org.Building, org.At, org.Block, org.Community = row.house.Building, row.house.At, row.house.Block, row.house.Community
		}
		if len(row.problems) > 0 {
			r.reject(&row.reading)
			continue
		}
		all = append(all, org)
	}
	if len(all) == 0 {
		return nil
	}
	taken, err := t.book.Take(ctx, tx, t.county, all)
	r.Accepted, r.Same = r.Accepted+taken.Added+taken.Changed, r.Same+taken.Same
	return err
}

// housesOf are the numbers of those that rows are in.
func housesOf(rows []*organisationRow) (numbers []int64) {
	for _, o := range rows {
		if o.org.House.Number != 0 {
			numbers = append(numbers, o.org.House.Number)
		}
	}
	return numbers
}
