package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
)

// RefsOf are houses by their numbers, of those that are there.
func (b *Book) RefsOf(ctx context.Context, tx pgx.Tx, county int32, numbers []int64) (map[int64]HouseRef, error) {
	rows, err := tx.Query(ctx, `SELECT id, ground FROM house WHERE county = $1 AND id = ANY ($2)`, county, numbers)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]HouseRef, len(numbers))
	var ref HouseRef
	_, err = pgx.ForEachRow(rows, []any{&ref.Number, &ref.Ground}, func() error { out[ref.Number] = ref; return nil })
	return out, err
}

// Present says of each arrival without an ID number whether somebody of that name is on record in the house since that day: who has no number is known by
// those. The others are false. Until the transaction ends nobody else asks, so that two imports don't bring the same person twice.
func (b *Book) Present(ctx context.Context, tx pgx.Tx, county int32, arrivals []Arrival) ([]bool, error) {
	var houses []int64
	var names [][]byte
	for i := range arrivals {
		if a := &arrivals[i]; a.Card == "" {
			houses, names = append(houses, a.House.Number), append(names, b.Vault.Indexes(namePurpose, nameForm(a.Name))...)
		}
	}
	out := make([]bool, len(arrivals))
	if len(houses) == 0 {
		return out, nil
	}
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('jingwei.without a number'), $1)`, county); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `
		SELECT x.house, r.name_index, coalesce(x.since, '0001-01-01'), coalesce(r.born, '0001-01-01')
		FROM residency x JOIN resident r ON r.county = x.county AND r.id = x.resident
		WHERE x.county = $1 AND x.house = ANY ($2) AND r.name_index = ANY ($3)`, county, houses, names)
	if err != nil {
		return nil, err
	}
	type stay struct {
		house int64
		name  string
		since time.Time
	}
	there := map[stay][]time.Time{} // → dates of birth
	var s stay
	var name []byte
	var born time.Time
	if _, err := pgx.ForEachRow(rows, []any{&s.house, &name, &s.since, &born}, func() error {
		s.name = string(name)
		there[s] = append(there[s], born)
		return nil
	}); err != nil || len(there) == 0 {
		return out, err
	}
	for i := range arrivals {
		a := &arrivals[i]
		if a.Card != "" {
			continue
		}
		for _, index := range b.Vault.Indexes(namePurpose, nameForm(a.Name)) {
			for _, born := range there[stay{a.House.Number, string(index), a.Since}] {
				out[i] = out[i] || a.Born.IsZero() || born.IsZero() || born.Equal(a.Born)
			}
		}
	}
	return out, nil
}

// Known are the numbers of residents by their ID numbers, of those that the actor may change.
func (b *Book) Known(ctx context.Context, tx pgx.Tx, county int32, cards []string) (map[string]int64, error) {
	var indexes [][]byte
	of := map[string]string{}
	for _, card := range cards {
		for _, index := range b.Vault.Indexes(cardPurpose, cardForm(card)) {
			indexes, of[string(index)] = append(indexes, index), card
		}
	}
	rows, err := tx.Query(ctx, `SELECT card_index, id FROM known_cards($1, $2) WHERE mine`, county, indexes)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	var index []byte
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&index, &id}, func() error { out[of[string(index)]] = id; return nil })
	return out, err
}

// AtHome are residents with the house that they live in, or lived in last, of those that the actor may see; and it writes into the trail that somebody looked.
func (b *Book) AtHome(ctx context.Context, tx pgx.Tx, county int32, residents []int64) (map[int64]Found, error) {
	rows, err := tx.Query(ctx, `SELECT id, house FROM resident WHERE county = $1 AND id = ANY ($2)`, county, residents)
	if err != nil {
		return nil, err
	}
	var seen, houses []int64
	var id, house int64
	if _, err := pgx.ForEachRow(rows, []any{&id, &house}, func() error { seen, houses = append(seen, id), append(houses, house); return nil }); err != nil {
		return nil, err
	}
	found, err := b.atHome(ctx, tx, county, seen, houses)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Found, len(found))
	for _, f := range found {
		out[f.Resident.Number] = f
	}
	if len(out) == 0 {
		return out, nil
	}
	return out, b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: int64(county) * 1e9, Action: audit.ResidentSought, Details: map[string]any{"by": "proposals", "found": len(out)}})
}
