package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/mask"
)

// Occupant is somebody in a house: who they are, their numbers masked, and how they live there.
type Occupant struct {
	Resident   ID     // zero for who is seen elsewhere now
	Name       string // "" likewise
	Card       string // masked, "" for none on record
	Phone      string // masked, "" for none on record
	Sex        Sex
	Born       *time.Time
	Died       *time.Time
	Nation     string
	Education  string
	Household  string
	Relation   string
	Stay       Stay
	Registered string
	Since      *time.Time
	Until      *time.Time // nil: lives there
	Care       []string
	House      ID // in which they live, or lived then
}

// occupants reads residencies, who lives there first, the head of each household before the others, the eldest before the younger.
func (b *Book) occupants(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Occupant, error) {
	rows, err := tx.Query(ctx, `
		SELECT x.county, x.house, coalesce(r.id, 0), r.name, r.card, r.phone, coalesce(r.sex, 'unknown'), r.born, r.died, coalesce(r.nation, ''), coalesce(r.education, ''),
			coalesce(k.code, ''), x.relation, x.stay, x.registered, x.since, x.until,
			CASE WHEN x.until IS NULL THEN (SELECT array_agg(c.kind ORDER BY c.kind) FROM care c WHERE c.county = x.county AND c.resident = x.resident) END
		FROM residency x LEFT JOIN resident r ON r.county = x.county AND r.id = x.resident LEFT JOIN household k ON k.county = x.county AND k.id = x.household
		WHERE `+where+` ORDER BY x.until IS NOT NULL, x.until DESC, x.household, x.relation <> '户主', r.born, x.id`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, b.scanOccupant)
}

func (b *Book) scanOccupant(row pgx.CollectableRow) (o Occupant, err error) {
	var county int32
	var house, resident int64
	var name, card, phone []byte
	err = row.Scan(&county, &house, &resident, &name, &card, &phone, &o.Sex, &o.Born, &o.Died, &o.Nation, &o.Education, &o.Household, &o.Relation, &o.Stay, &o.Registered,
		&o.Since, &o.Until, &o.Care)
	if err != nil {
		return o, err
	}
	o.House = ID{county, house}
	if resident == 0 {
		return o, nil
	}
	o.Resident = ID{county, resident}
	if o.Name, err = b.open(county, resident, namePurpose, name); err != nil {
		return o, err
	}
	if o.Card, err = b.open(county, resident, cardPurpose, card); err != nil {
		return o, err
	}
	o.Phone, err = b.open(county, resident, phonePurpose, phone)
	o.Card, o.Phone = mask.ID(o.Card), mask.Phone(o.Phone)
	return o, err
}
