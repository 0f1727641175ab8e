package organisation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/register"
	"jingwei/internal/typed"
)

// key is what an organisation is known by: its credit code, and without one its name with the house it is in, or with the place that it is at.
func (o *New) key() string {
	switch {
	case o.Code != "":
		return o.Code
	case o.House.Number != 0:
		return fmt.Sprintf("%s @%d", o.Name, o.House.Number)
	default:
		return fmt.Sprintf("%s @%d,%d", o.Name, o.At.X, o.At.Y)
	}
}

// digest is of what a file says that isn't sealed, and of where it is.
func (o *New) digest() []byte {
	place := fmt.Sprintf("%d", o.House.Number)
	if o.House.Number == 0 {
		place = fmt.Sprintf("%d,%d %d", o.At.X, o.At.Y, o.Building)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d %s", o.Code, o.Name, o.Kind, o.Address, o.Staff, place))
	return sum[:12]
}

// ground is the number that it is seen by.
func (o *New) ground() int64 {
	if o.House.Number != 0 {
		return o.House.Ground
	}
	return o.Community * 1000
}

// there is an organisation that is on record already.
type there struct {
	id                     int64
	digest, contact, phone []byte // hashes
}

// Take writes organisations, each of another key. One that is there as it comes is left alone; one that differs is changed. The caller holds the county's
// houses (register.Hold).
//
// Faults: those of the database, for ground that the actor doesn't keep the register of, and for a code that is on record out of their sight.
func (b *Book) Take(ctx context.Context, tx pgx.Tx, county int32, all []New) (t register.Taken, err error) {
	known, err := b.known(ctx, tx, county, all)
	if err != nil {
		return t, err
	}
	var added, changed []*New
	var old []int64
	for i := range all {
		o := &all[i]
		switch k, found := known[o.key()]; {
		case !found:
			added = append(added, o)
		case b.same(&k, o):
			t.Same++
		default:
			changed, old = append(changed, o), append(old, k.id)
		}
	}
	ids, err := numbers(ctx, tx, "organisation", len(added))
	if err != nil {
		return t, err
	}
	if err := b.write(ctx, tx, county, insertSQL, added, ids); err != nil {
		return t, err
	}
	t.Added, t.Changed = len(added), len(changed)
	return t, b.write(ctx, tx, county, updateSQL, changed, old)
}

// known are those of the given keys that are there, by their keys.
func (b *Book) known(ctx context.Context, tx pgx.Tx, county int32, all []New) (map[string]there, error) {
	keys := make([]string, len(all))
	for i := range all {
		keys[i] = all[i].key()
	}
	rows, err := tx.Query(ctx, `SELECT key, id, digest, contact_index, phone_index FROM organisation WHERE county = $1 AND key = ANY ($2) ORDER BY key FOR UPDATE`, county, keys)
	if err != nil {
		return nil, err
	}
	out := map[string]there{}
	for rows.Next() {
		var key string
		var k there
		if err := rows.Scan(&key, &k.id, &k.digest, &k.contact, &k.phone); err != nil {
			return nil, err
		}
		out[key] = k
	}
	return out, rows.Err()
}

// same tells whether an organisation is on record as it comes.
func (b *Book) same(k *there, o *New) bool {
	is := func(index []byte, purpose, form string) bool {
		if form == "" || index == nil {
			return form == "" && index == nil
		}
		return slices.ContainsFunc(b.Vault.Indexes(purpose, form), func(i []byte) bool { return bytes.Equal(i, index) })
	}
	return bytes.Equal(k.digest, o.digest()) && is(k.contact, contactPurpose, nameForm(o.Contact)) && is(k.phone, phonePurpose, typed.Digits(o.Phone))
}

// numbers takes numbers for rows of a table.
func numbers(ctx context.Context, tx pgx.Tx, table string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT nextval($1::regclass) FROM generate_series(1, $2)`, table+"_id_seq", n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

const given = `unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[],
	$13::bigint[], $14::bigint[], $15::float8[], $16::float8[], $17::bigint[], $18::bigint[], $19::bytea[])
	AS g (id, key, code, name, kind, address, staff, contact, contact_index, phone, phone_index, house, building, lon, lat, block, ground, digest)`

// values are the columns of the table in the order of fields.
const (
	columns = `key, code, name, kind, address, staff, contact, contact_index, phone, phone_index, house, building, geom, block, ground, digest`
	values  = `g.key, nullif(g.code, ''), g.name, g.kind, g.address, nullif(g.staff, -1), g.contact, g.contact_index, g.phone, g.phone_index, nullif(g.house, 0), nullif(g.building, 0),
	CASE WHEN g.house = 0 THEN ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326) END, nullif(g.block, 0), g.ground, g.digest`
	insertSQL = `INSERT INTO organisation (county, id, ` + columns + `) OVERRIDING SYSTEM VALUE SELECT $1, g.id, ` + values + ` FROM ` + given
	updateSQL = `UPDATE organisation o SET (` + columns + `) = ROW (` + values + `) FROM ` + given + ` WHERE o.county = $1 AND o.id = g.id`
)

// write puts organisations into the table under their numbers.
func (b *Book) write(ctx context.Context, tx pgx.Tx, county int32, sql string, all []*New, ids []int64) error {
	if len(all) == 0 {
		return nil
	}
	n := len(all)
	keys, codes, names, kinds, addresses := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	staff, lons, lats := make([]int32, n), make([]float64, n), make([]float64, n)
	contacts, contactIndexes, phones, phoneIndexes, digests := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	houses, buildings, blocks, grounds := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, o := range all {
		contact, err := b.seal(contactPurpose, county, ids[i], o.Contact, nameForm(o.Contact))
		if err != nil {
			return err
		}
		phone, err := b.seal(phonePurpose, county, ids[i], o.Phone, typed.Digits(o.Phone))
		if err != nil {
			return err
		}
		keys[i], codes[i], names[i], kinds[i], addresses[i], staff[i] = o.key(), o.Code, o.Name, string(o.Kind), o.Address, int32(o.Staff)
		contacts[i], contactIndexes[i], phones[i], phoneIndexes[i] = contact.sealed, contact.index, phone.sealed, phone.index
		grounds[i], digests[i] = o.ground(), o.digest()
		if houses[i] = o.House.Number; houses[i] == 0 {
			buildings[i], blocks[i] = o.Building, o.Block
			lons[i], lats[i] = o.At.Degrees()
		}
	}
	tag, err := tx.Exec(ctx, sql, county, ids, keys, codes, names, kinds, addresses, staff, contacts, contactIndexes, phones, phoneIndexes, houses, buildings, lons, lats, blocks, grounds, digests)
	if err == nil && int(tag.RowsAffected()) != n {
		return fmt.Errorf("organisation: %d rows were written of %d", tag.RowsAffected(), n)
	}
	return err
}
