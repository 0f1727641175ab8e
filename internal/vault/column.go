package vault

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
)

// Column is a sealed column, with the index beside it if there is one, that rotation renews.
type Column struct {
	Table  string   // "incident", or with its schema: "public.incident"
	Key    []string // the columns of the primary key, in its order
	Sealed string   // bytea, made by Seal; NULL where there is nothing
	Index  string   // bytea, made by Index from the same field; "" for none; where it is NULL it stays so

	Purpose string                    // of the index
	About   func(key []any) string    // as Seal was told; the key's values as pgx decodes them (int32, int64, string, …)
	Value   func(plain []byte) string // what is indexed, made from the plaintext
}

func (c Column) table() string { return pgx.Identifier(strings.Split(c.Table, ".")).Sanitize() }

func name(column string) string { return pgx.Identifier{column}.Sanitize() }

func (c Column) keyList() string {
	names := make([]string, len(c.Key))
	for i, k := range c.Key {
		names[i] = name(k)
	}
	return strings.Join(names, ", ")
}

// place is "$n, $n+1, …" for the values of a key.
func (c Column) place(n int) string {
	places := make([]string, len(c.Key))
	for i := range c.Key {
		places[i] = fmt.Sprintf("$%d", n+i)
	}
	return strings.Join(places, ", ")
}

// stale is the condition of a row that isn't all under the newest key; $1 is what sealed fields begin with, $2
// what indexes begin with. A row whose index is older than its field was written while the key changed.
func (c Column) stale() string {
	s := fmt.Sprintf("%s IS NOT NULL AND (substr(%[1]s, 1, %d) <> $1", name(c.Sealed), headLength)
	if c.Index == "" {
		return s + " OR $2::bytea IS NULL)" // never: $2 has to be named
	}
	return s + fmt.Sprintf(" OR %s IS NOT NULL AND substr(%[1]s, 1, %d) <> $2)", name(c.Index), idLength)
}

// check refuses what would miss rows: a key that isn't the table's, or a policy that hides rows from this user.
func (c Column) check(ctx context.Context, db *pgxpool.Pool) error {
	if c.About == nil || c.Index != "" && c.Value == nil {
		return fault.New(fault.Internal,
			fmt.Sprintf("%s.%s 登记不全，无法更换密钥。", c.Table, c.Sealed),
			fmt.Sprintf("%s.%s is registered without About or Value; its key can't be changed.", c.Table, c.Sealed))
	}
	var key []string
	var hides bool
	var user string
	err := db.QueryRow(ctx, `
		SELECT coalesce(array_agg(a.attname::text), '{}'), row_security_active($1::regclass::oid), current_user::text
		FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
		WHERE i.indrelid = $1::regclass AND i.indisprimary`, c.table()).Scan(&key, &hides, &user)
	if err != nil {
		return fmt.Errorf("rotate %s: %w", c.Table, err)
	}
	if hides {
		return fault.New(fault.Unavailable,
			fmt.Sprintf("表 %s 的行级安全策略可能对用户 %s 隐藏了一些行，密钥换不完整。请以不受其限制的用户（BYPASSRLS）运行。", c.Table, user),
			fmt.Sprintf("Row-level security on table %s may hide rows from user %s, and those would keep their old key. Run it as a user with BYPASSRLS.", c.Table, user))
	}
	registered := slices.Sorted(slices.Values(c.Key))
	if slices.Sort(key); !slices.Equal(key, registered) {
		return fault.New(fault.Internal,
			fmt.Sprintf("%s 的主键是 %v，登记的却是 %v。", c.Table, key, registered),
			fmt.Sprintf("The primary key of %s is %v, but %v is registered.", c.Table, key, registered))
	}
	return nil
}

// Unused gives the old data keys that nothing in the columns is sealed or indexed under, for Forget. Keys made
// after the newest one of the file (laid out for a rotation to come) aren't among them. It reads each table
// whole; the columns have to be all that there are.
func Unused(ctx context.Context, db *pgxpool.Pool, v *Vault, columns []Column) ([]KeyID, error) {
	used := make(map[KeyID]bool)
	for _, c := range columns {
		if err := c.check(ctx, db); err != nil {
			return nil, err
		}
		sql := fmt.Sprintf("SELECT DISTINCT substr(%s, 2, %d) FROM %s", name(c.Sealed), idLength, c.table())
		if c.Index != "" {
			sql += fmt.Sprintf(" UNION SELECT DISTINCT substr(%s, 1, %d) FROM %s", name(c.Index), idLength, c.table())
		}
		rows, err := db.Query(ctx, sql)
		if err != nil {
			return nil, fmt.Errorf("keys used in %s: %w", c.Table, err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		if err != nil {
			return nil, fmt.Errorf("keys used in %s: %w", c.Table, err)
		}
		for _, id := range ids {
			if len(id) == idLength {
				used[KeyID(id)] = true
			}
		}
	}
	v.refresh()
	r := v.ring.Load()
	var unused []KeyID
	for _, k := range r.data {
		if k != r.newest() && !used[k.id] && !k.created.After(r.newest().created) {
			unused = append(unused, k.id)
		}
	}
	return unused, nil
}
