package register

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Care puts somebody under a kind of care. Where those under it are visited every so many days and nothing is planned yet, the first visit is planned as
// well; under a kind that needs a label nothing is, as a visit is seen without.
//
// Faults: NotFound for who or what isn't there; Conflict for who is under it already or lives nowhere; Invalid for a kind that isn't used any more; Forbidden
// where the actor doesn't keep the register, or lacks the kind's label.
func (b *Book) Care(ctx context.Context, tx pgx.Tx, resident ID, kind string) (ID, error) {
	house, err := b.homeOf(ctx, tx, resident)
	if err != nil {
		return ID{}, err
	}
	k, err := b.careKind(ctx, tx, resident.County, kind)
	if err != nil {
		return ID{}, err
	}
	if !k.Used {
		return ID{}, fault.New(fault.Invalid, "类别“"+k.ZH+"”已停用", "the kind "+k.EN+" isn't used any more").At("kind")
	}
	if err := b.mayLabel(ctx, tx, k, house); err != nil {
		return ID{}, err
	}
	var lives bool
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM residency WHERE county = $1 AND resident = $2 AND until IS NULL)`, resident.County, resident.Number).Scan(&lives)
	if err == nil && !lives {
		err = b.livesNowhere(ctx, tx, resident)
	}
	if err != nil {
		return ID{}, err
	}
	a := &acting{book: b, tx: tx, county: resident.County, special: string(k.Special)}
	var id int64
	err = tx.QueryRow(ctx, `INSERT INTO care (county, resident, kind, special, house, ground) VALUES ($1, $2, $3, nullif($4, ''), $5, $6) ON CONFLICT DO NOTHING RETURNING id`,
		resident.County, resident.Number, k.Kind, string(k.Special), house.Number, house.Ground).Scan(&id)
	if err == pgx.ErrNoRows {
		return ID{}, fault.New(fault.Conflict, "此人已在“"+k.ZH+"”名单中", "this person is under the care "+k.EN+" already").At("kind")
	}
	if err != nil {
		return ID{}, err
	}
	a.made("care", id)
	if k.Every > 0 && k.Special == "" {
		if err := a.call(ctx, resident.Number, "care", k.Every, house); err != nil {
			return ID{}, err
		}
	}
	return a.write(ctx, CaredFor, resident.Number, house)
}

// EndCare takes somebody out of a kind of care. With the last of them the visits go that were planned for it alone.
//
// Faults: NotFound for who isn't under it as far as the actor sees; Forbidden where the actor doesn't keep the register.
func (b *Book) EndCare(ctx context.Context, tx pgx.Tx, resident ID, kind string) (ID, error) {
	house, err := b.homeOf(ctx, tx, resident)
	if err != nil {
		return ID{}, err
	}
	a := &acting{book: b, tx: tx, county: resident.County}
	n, err := a.remove(ctx, "care", `resident = $2 AND kind = $3`, resident.Number, kind)
	if err != nil {
		return ID{}, err
	}
	if n == 0 {
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("此人不在“%.40s”名单中", kind), fmt.Sprintf("this person isn't under the care %.40q", kind)).At("kind")
	}
	if special := a.changes[0].Was["special"].(*string); special != nil {
		a.special = *special
	}
	if a.special == "" {
		_, err = a.remove(ctx, "visit", `resident = $2 AND reason = $3 AND done IS NULL AND NOT EXISTS (SELECT FROM care c WHERE c.county = $1 AND c.resident = $2)`, resident.Number, "care")
		if err != nil {
			return ID{}, err
		}
	}
	return a.write(ctx, CareEnded, resident.Number, house)
}

// mayLabel refuses a kind of care whose label the actor hasn't there.
func (b *Book) mayLabel(ctx context.Context, tx pgx.Tx, k CareKind, house HouseRef) error {
	if k.Special == "" {
		return nil
	}
	var may bool
	err := tx.QueryRow(ctx, `SELECT multirange_contains_elem(scope_of($1), $2) OR house_within($3, $4, $1)`,
		string(access.Special(k.Special)), house.Ground, int32(house.Ground/1e9), house.Number).Scan(&may)
	if err == nil && !may {
		zh, en := k.Special.Names()
		err = fault.New(fault.Forbidden, "“"+k.ZH+"”需要“"+zh+"”的查看标签", "the kind "+k.EN+" needs the label for "+en).At("kind")
	}
	return err
}

// withinDays is how soon somebody comes after a household event.
const withinDays = 7

// call plans a visit within some days as a part of the act, unless one of that reason is planned already: for who is looked after of themselves, for a
// household event of anybody in the house, as one visit is to all of them.
func (a *acting) call(ctx context.Context, resident int64, reason string, days int, house HouseRef) error {
	var id int64
	err := a.tx.QueryRow(ctx, `
		INSERT INTO visit (county, resident, reason, house, ground, due, made_by)
		SELECT $1, $2, $3, $4, $5, current_date + $6::integer, $7
		WHERE NOT EXISTS (SELECT FROM visit v WHERE v.county = $1 AND v.house = $4 AND v.done IS NULL AND v.reason = $3 AND ($3 = 'household' OR v.resident = $2))
		RETURNING id`, a.county, resident, reason, house.Number, house.Ground, days, postgres.ActorOf(ctx).Account).Scan(&id)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err == nil {
		a.made("visit", id)
	}
	return err
}

// bereaved is whom to visit after a death: of those left in the house who shared the household the head, else the oldest; 0 when nobody is left.
func (a *acting) bereaved(ctx context.Context, died int64, house HouseRef) (resident int64, err error) {
	err = a.tx.QueryRow(ctx, `
		SELECT r.id FROM residency x JOIN resident r ON r.county = x.county AND r.id = x.resident
		WHERE x.county = $1 AND x.house = $2 AND x.until IS NULL AND x.resident <> $3 AND r.died IS NULL
		ORDER BY x.household IS NOT DISTINCT FROM (SELECT p.household FROM residency p WHERE p.county = $1 AND p.resident = $3 AND p.house = $2 ORDER BY p.id DESC LIMIT 1) DESC,
			x.relation = '户主' DESC, r.born NULLS LAST, r.id LIMIT 1`, a.county, house.Number, died).Scan(&resident)
	if err == pgx.ErrNoRows {
		return 0, nil
	}
	return resident, err
}

// keptColumns are what a patch keeps of a row that an act removes, with their types. Which house it is of is asked of the resident when it comes back.
var keptColumns = map[string][][2]string{
	"care":  {{"resident", "bigint"}, {"kind", "text"}, {"special", "text"}, {"since", "date"}},
	"visit": {{"resident", "bigint"}, {"reason", "text"}, {"due", "date"}, {"made_by", "bigint"}},
}

// remove removes rows of the county, and notes what they were.
func (a *acting) remove(ctx context.Context, table, where string, args ...any) (n int, err error) {
	var columns []string
	for _, c := range keptColumns[table] {
		columns = append(columns, c[0]+"::text")
	}
	rows, err := a.tx.Query(ctx, `DELETE FROM `+tableOf(table)+` WHERE county = $1 AND `+where+` RETURNING id::text, `+strings.Join(columns, ", "), append([]any{a.county}, args...)...)
	if err != nil {
		return 0, err
	}
	gone, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c change, err error) {
		texts := make([]*string, 1+len(columns))
		into := make([]any, len(texts))
		for i := range texts {
			into[i] = &texts[i]
		}
		if err := row.Scan(into...); err != nil {
			return c, err
		}
		c = change{Table: table, Was: map[string]any{}}
		for i, k := range keptColumns[table] {
			c.Was[k[0]] = texts[i+1]
		}
		_, err = fmt.Sscan(*texts[0], &c.ID)
		return c, err
	})
	a.changes = append(a.changes, gone...)
	return len(gone), err
}

// putBack writes a row again that an act removed, under its number.
func (a *acting) putBack(ctx context.Context, c *change) error {
	names, values := []string{"county", "id", "house", "ground"}, []string{"r.county", "$2", "r.house", "r.ground"}
	args := []any{a.county, c.ID}
	for _, k := range keptColumns[tableOf(c.Table)] {
		args = append(args, c.Was[k[0]])
		names, values = append(names, k[0]), append(values, fmt.Sprintf("$%d::text::%s", len(args), k[1]))
	}
	tag, err := a.tx.Exec(ctx, fmt.Sprintf(`INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM resident r WHERE r.county = $1 AND r.id = $3::text::bigint`,
		c.Table, strings.Join(names, ", "), strings.Join(values, ", ")), args...)
	if isReferred(err) {
		return changedSince()
	}
	if err == nil && tag.RowsAffected() == 0 {
		err = changedSince()
	}
	return err
}
