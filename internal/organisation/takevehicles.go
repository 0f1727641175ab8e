package organisation

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/register"
)

// kept is a vehicle that is on record already.
type kept struct {
	id, resident, organisation, house int64
	kind, colour                      string
	owner                             []byte // hash
}

// TakeVehicles writes vehicles, each of another plate. One that is there as it comes is left alone; one that differs is changed. The caller holds the
// county's houses (register.Hold).
//
// Faults: those of the database, for ground that the actor doesn't keep the register of, and for a plate that is on record out of their sight.
func (b *Book) TakeVehicles(ctx context.Context, tx pgx.Tx, county int32, all []NewVehicle) (t register.Taken, err error) {
	residents, organisations, err := b.owners(ctx, tx, county, all)
	if err != nil {
		return t, err
	}
	known, err := b.knownPlates(ctx, tx, county, all)
	if err != nil {
		return t, err
	}
	var added, changed []int
	ids := make([]int64, len(all))
	for i, v := range all {
		k, found := known[v.Plate]
		now := kept{k.id, residents[i], organisations[i], v.House.Number, v.Kind, v.Colour, k.owner}
		switch ids[i] = k.id; {
		case !found:
			added = append(added, i)
		case k.is(&now) && b.owned(k.owner, v.Owner):
			t.Same++
		default:
			changed = append(changed, i)
		}
	}
	numbers, err := numbers(ctx, tx, "vehicle", len(added))
	if err != nil {
		return t, err
	}
	for n, i := range added {
		ids[i] = numbers[n]
	}
	t.Added, t.Changed = len(added), len(changed)
	for sql, some := range map[string][]int{insertVehicles: added, updateVehicles: changed} {
		if err := b.writeVehicles(ctx, tx, county, sql, all, ids, residents, organisations, some); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (k *kept) is(o *kept) bool {
	return k.resident == o.resident && k.organisation == o.organisation && k.house == o.house && k.kind == o.kind && k.colour == o.colour
}

func (b *Book) owned(index []byte, owner string) bool {
	if owner == "" || index == nil {
		return owner == "" && index == nil
	}
	return slices.ContainsFunc(b.Vault.Indexes(ownerPurpose, nameForm(owner)), func(i []byte) bool { return bytes.Equal(i, index) })
}

// owners finds who of a house, or which organisation in it, bears the name of a vehicle's owner; 0 for nobody.
func (b *Book) owners(ctx context.Context, tx pgx.Tx, county int32, all []NewVehicle) (residents, organisations []int64, err error) {
	houses, names := make([]int64, len(all)), make([]string, len(all))
	for i, v := range all {
		houses[i], names[i] = v.House.Number, v.Owner
	}
	book := &register.Book{Vault: b.Vault, Trail: b.Trail}
	if residents, err = book.Named(ctx, tx, county, houses, names); err != nil {
		return nil, nil, err
	}
	rows, err := tx.Query(ctx, `SELECT house, name, id FROM organisation WHERE county = $1 AND house = ANY ($2) AND name = ANY ($3)`, county, houses, names)
	if err != nil {
		return nil, nil, err
	}
	type called struct {
		house int64
		name  string
	}
	there := map[called]int64{}
	var c called
	var id int64
	if _, err = pgx.ForEachRow(rows, []any{&c.house, &c.name, &id}, func() error { there[c] = id; return nil }); err != nil {
		return nil, nil, err
	}
	organisations = make([]int64, len(all))
	for i, v := range all {
		if residents[i] == 0 {
			organisations[i] = there[called{v.House.Number, v.Owner}]
		}
	}
	return residents, organisations, nil
}

// knownPlates are those of the given vehicles that are there, by their plates.
func (b *Book) knownPlates(ctx context.Context, tx pgx.Tx, county int32, all []NewVehicle) (map[string]kept, error) {
	var indexes [][]byte
	of := map[string]string{}
	for _, v := range all {
		for _, index := range b.Vault.Indexes(platePurpose, v.Plate) {
			indexes, of[string(index)] = append(indexes, index), v.Plate
		}
	}
	rows, err := tx.Query(ctx, `SELECT plate_index, id, coalesce(resident, 0), coalesce(organisation, 0), house, kind, colour, owner_index FROM vehicle
		WHERE county = $1 AND plate_index = ANY ($2) ORDER BY id FOR UPDATE`, county, indexes)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]kept{}
	for rows.Next() {
		var index []byte
		var k kept
		if err := rows.Scan(&index, &k.id, &k.resident, &k.organisation, &k.house, &k.kind, &k.colour, &k.owner); err != nil {
			return nil, err
		}
		out[of[string(index)]] = k
	}
	return out, rows.Err()
}

const (
	vehicleColumns = `plate, plate_index, kind, colour, owner, owner_index, resident, organisation, house, ground`
	givenVehicles  = `g.plate, g.plate_index, g.kind, g.colour, g.owner, g.owner_index, nullif(g.resident, 0), nullif(g.organisation, 0), g.house, g.ground
		%s unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
		AS g (id, ` + vehicleColumns + `)`
)

var (
	insertVehicles = `INSERT INTO vehicle (county, id, ` + vehicleColumns + `) OVERRIDING SYSTEM VALUE SELECT $1, g.id, ` + fmt.Sprintf(givenVehicles, "FROM")
	updateVehicles = `UPDATE vehicle v SET (` + vehicleColumns + `) = ROW (` + fmt.Sprintf(givenVehicles, ") FROM") + ` WHERE v.county = $1 AND v.id = g.id`
)

func (b *Book) writeVehicles(ctx context.Context, tx pgx.Tx, county int32, sql string, all []NewVehicle, ids, residents, organisations []int64, some []int) error {
	n := len(some)
	if n == 0 {
		return nil
	}
	numbers, of, in, houses, grounds := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	plate, plateIndex, owner, ownerIndex := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	kinds, colours := make([]string, n), make([]string, n)
	for k, i := range some {
		v := &all[i]
		p, err := b.seal(platePurpose, county, ids[i], v.Plate, v.Plate)
		if err != nil {
			return err
		}
		o, err := b.seal(ownerPurpose, county, ids[i], v.Owner, nameForm(v.Owner))
		if err != nil {
			return err
		}
		plate[k], plateIndex[k], owner[k], ownerIndex[k] = p.sealed, p.index, o.sealed, o.index
		numbers[k], of[k], in[k], houses[k], grounds[k], kinds[k], colours[k] = ids[i], residents[i], organisations[i], v.House.Number, v.House.Ground, v.Kind, v.Colour
	}
	tag, err := tx.Exec(ctx, sql, county, numbers, plate, plateIndex, kinds, colours, owner, ownerIndex, of, in, houses, grounds)
	if err == nil && int(tag.RowsAffected()) != n {
		return fmt.Errorf("organisation: %d vehicles were written of %d", tag.RowsAffected(), n)
	}
	return err
}
