package register

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Named says of each house and name who of those that live, or lived last, in the house bears the name: their number, 0 for nobody and for several.
func (b *Book) Named(ctx context.Context, tx pgx.Tx, county int32, houses []int64, names []string) ([]int64, error) {
	type bearer struct {
		house int64
		index string
	}
	var indexes [][]byte
	for _, name := range names {
		if nameForm(name) == "" {
			continue
		}
		indexes = append(indexes, b.Vault.Indexes(namePurpose, nameForm(name))...)
	}
	rows, err := tx.Query(ctx, `SELECT house, name_index, min(id), count(*) FROM resident WHERE county = $1 AND house = ANY ($2) AND name_index = ANY ($3) AND died IS NULL GROUP BY house, name_index`,
		county, houses, indexes)
	if err != nil {
		return nil, err
	}
	found := map[bearer]int64{}
	var house, id, n int64
	var index []byte
	_, err = pgx.ForEachRow(rows, []any{&house, &index, &id, &n}, func() error {
		if n == 1 {
			found[bearer{house, string(index)}] = id
		}
		return nil
	})
	out := make([]int64, len(names))
	for i, name := range names {
		if nameForm(name) == "" {
			continue
		}
		for _, index := range b.Vault.Indexes(namePurpose, nameForm(name)) {
			out[i] = max(out[i], found[bearer{houses[i], string(index)}])
		}
	}
	return out, err
}
