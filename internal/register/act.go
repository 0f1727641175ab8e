package register

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// ActKind is a thing that is done to the register by hand.
type ActKind string

// The acts.
const (
	MovedIn   ActKind = "move-in"
	MovedOut  ActKind = "move-out"
	WasBorn   ActKind = "birth"
	HasDied   ActKind = "death"
	WasSplit  ActKind = "split"
	Corrected ActKind = "correct"
	CaredFor  ActKind = "care"     // came under a kind of care
	CareEnded ActKind = "care-end" // isn't under it any more
	WasUndone ActKind = "undo"
)

// Act is something that was done by hand.
type Act struct {
	ID       ID
	Kind     ActKind
	Resident ID // zero: about a house
	House    ID
	At       time.Time
	By       string
	People   int    // who were put into another household (分户)
	Was      string // the address before a correction that changed it
	Undone   bool
	UndoneAt time.Time
	UndoneBy string
	MayUndo  bool // by the actor, now
}

// change is one row of a patch: what it was and what it is. A row that wasn't there has nothing it was, one that is gone nothing it is.
type change struct {
	Table string         `json:"table"`
	ID    int64          `json:"id"`
	Was   map[string]any `json:"was,omitempty"`
	Is    map[string]any `json:"is"`
}

// columnTypes are the columns that an act may change, with their types: nothing else is ever written from a patch.
var columnTypes = map[string]map[string]string{
	"resident":  {"house": "bigint", "ground": "bigint", "died": "date"},
	"residency": {"until": "date", "household": "bigint", "relation": "text"},
	"household": {"house": "bigint", "ground": "bigint"},
	"house": {"place": "text", "number": "text", "unit": "text", "floor": "smallint", "room": "text", "address": "text", "building": "bigint", "entrance": "text",
		"geom": "geometry"}, // the block follows from it (stand)
	"care":  {},
	"visit": {},
}

// acting is an act on its way into the register.
type acting struct {
	book    *Book
	tx      pgx.Tx
	county  int32
	special string // the label that is needed to see that it was done; "" for none
	changes []change
}

// set changes columns of a row, noting what they were.
func (a *acting) set(ctx context.Context, table string, id int64, is map[string]any) error {
	types := columnTypes[table]
	was := map[string]any{}
	for column := range is {
		var old *string
		err := a.tx.QueryRow(ctx, fmt.Sprintf(`SELECT %s::text FROM %s WHERE county = $1 AND id = $2 FOR UPDATE`, column, table), a.county, id).Scan(&old)
		if err != nil {
			return err
		}
		was[column] = old
	}
	for column, value := range is {
		if types[column] == "" {
			return fmt.Errorf("register: %s.%s isn't changed by acts", table, column)
		}
		text, err := asText(value)
		if err != nil {
			return err
		}
		is[column] = text
		tag, err := a.tx.Exec(ctx, fmt.Sprintf(`UPDATE %s SET %s = $3::text::%s WHERE county = $1 AND id = $2`, table, column, types[column]), a.county, id, text)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return mayNot()
		}
	}
	a.changes = append(a.changes, change{table, id, was, is})
	return nil
}

// made notes a row that was written.
func (a *acting) made(table string, id int64) {
	a.changes = append(a.changes, change{Table: table, ID: id, Is: map[string]any{}})
}

// asText is a value as it stands in a patch: the text that the database reads it from, nil for none.
func asText(value any) (*string, error) {
	var s string
	switch v := value.(type) {
	case nil:
		return nil, nil
	case *string:
		return v, nil
	case string:
		s = v
	case int64:
		s = fmt.Sprint(v)
	case time.Time:
		s = v.Format(time.DateOnly)
	default:
		return nil, fmt.Errorf("register: a patch can't hold %T", value)
	}
	return &s, nil
}

// write writes the act, and that it was done into the trail.
func (a *acting) write(ctx context.Context, kind ActKind, resident int64, house HouseRef) (ID, error) {
	patch, err := json.Marshal(a.changes)
	if err != nil {
		return ID{}, err
	}
	by := audit.CallerOf(ctx).Name
	if i := access.IdentityOf(ctx); i != nil {
		by = i.Account.Display
	}
	id := ID{County: a.county}
	err = a.tx.QueryRow(ctx, `
		INSERT INTO register_act (county, kind, resident, house, ground, patch, account, display, special) VALUES ($1, $2, nullif($3, 0), $4, $5, $6, $7, $8, nullif($9, '')) RETURNING id`,
		a.county, kind, resident, house.Number, house.Ground, patch, postgres.ActorOf(ctx).Account, by, a.special).Scan(&id.Number)
	if err != nil {
		return ID{}, err
	}
	subject := "house:" + ID{a.county, house.Number}.String()
	if resident != 0 {
		subject = "resident:" + ID{a.county, resident}.String()
	}
	return id, a.book.Trail.Write(ctx, a.tx, audit.Entry{County: int(a.county), Place: house.Ground, Action: audit.ResidentChanged, Subject: subject, Details: map[string]any{"act": kind}})
}

// Undo takes an act back, as one more act. It goes as long as nothing that the act wrote was changed since.
//
// Faults: NotFound when there is no such act that the actor may see; Conflict when it was undone before, or something was changed since; Forbidden for
// who doesn't keep the register there.
func (b *Book) Undo(ctx context.Context, tx pgx.Tx, id ID) (ID, error) {
	var kind ActKind
	var resident int64
	var house HouseRef
	var patch []byte
	var special string
	var undone bool
	err := tx.QueryRow(ctx, `SELECT kind, coalesce(resident, 0), house, ground, patch, coalesce(special, ''), undone_by IS NOT NULL FROM register_act WHERE county = $1 AND id = $2 FOR UPDATE`,
		id.County, id.Number).Scan(&kind, &resident, &house.Number, &house.Ground, &patch, &special, &undone)
	switch {
	case err == pgx.ErrNoRows:
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("没有操作 %s，或者它不在您的范围内", id), fmt.Sprintf("there is no act %s, or none that you may undo", id))
	case err != nil:
		return ID{}, err
	case undone || kind == WasUndone:
		return ID{}, fault.New(fault.Conflict, "该操作已经撤销", "this was undone before")
	}
	a := &acting{book: b, tx: tx, county: id.County, special: special}
	if err := json.Unmarshal(patch, &a.changes); err != nil {
		return ID{}, err
	}
	back := a.changes
	a.changes = nil
	if kind == Corrected {
		if err := Hold(ctx, tx, id.County); err != nil {
			return ID{}, err
		}
	}
	if err := a.untouchedSince(ctx, id.Number, resident, house, back); err != nil {
		return ID{}, err
	}
	for i := len(back) - 1; i >= 0; i-- {
		if err := a.turnBack(ctx, &back[i]); err != nil {
			return ID{}, err
		}
	}
	if err := a.follow(ctx, house, a.changes); err != nil {
		return ID{}, err
	}
	if resident != 0 { // who was taken over from ground out of sight is given back to it
		if _, err := tx.Exec(ctx, `SELECT give_back_resident($1, $2)`, id.County, resident); err != nil {
			return ID{}, err
		}
	}
	made, err := a.write(ctx, WasUndone, resident, house)
	if err != nil {
		return ID{}, err
	}
	tag, err := tx.Exec(ctx, `UPDATE register_act SET undone_by = $3 WHERE county = $1 AND id = $2`, id.County, id.Number, made.Number)
	if err == nil && tag.RowsAffected() == 0 {
		err = mayNot()
	}
	return made, err
}

// untouchedSince refuses where a later act wrote one of the rows.
func (a *acting) untouchedSince(ctx context.Context, act, resident int64, house HouseRef, rows []change) error {
	for _, c := range rows {
		row, err := json.Marshal([]map[string]any{{"table": c.Table, "id": c.ID}})
		if err != nil {
			return err
		}
		var touched bool
		err = a.tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM register_act WHERE county = $1 AND id > $2 AND undone_by IS NULL AND kind <> 'undo' AND (resident = nullif($3, 0) OR house = $4) AND patch @> $5)`,
			a.county, act, resident, house.Number, row).Scan(&touched)
		if err != nil {
			return err
		}
		if touched {
			return changedSince()
		}
	}
	return nil
}

// turnBack makes a row what it was, if it is still what the act made of it.
func (a *acting) turnBack(ctx context.Context, c *change) error {
	if c.Is == nil { // it is gone
		return a.putBack(ctx, c)
	}
	if c.Table == "visit" { // it wasn't there; one that was made since stays, as somebody has been there
		_, err := a.tx.Exec(ctx, `DELETE FROM visit WHERE county = $1 AND id = $2 AND done IS NULL`, a.county, c.ID)
		return err
	}
	if c.Was == nil { // it wasn't there
		as, args, err := c.asMade(a.county)
		if err != nil {
			return err
		}
		tag, err := a.tx.Exec(ctx, fmt.Sprintf(`DELETE FROM %s WHERE county = $1 AND id = $2%s`, tableOf(c.Table), as), args...)
		if isReferred(err) {
			return changedSince()
		}
		if err == nil && tag.RowsAffected() == 0 { // gone, or where the actor doesn't see it any more
			err = changedSince()
		}
		return err
	}
	for column, was := range c.Was {
		kind := columnTypes[c.Table][column]
		if kind == "" {
			return fmt.Errorf("register: %s.%s isn't changed by acts", c.Table, column)
		}
		tag, err := a.tx.Exec(ctx, fmt.Sprintf(`UPDATE %s SET %s = $3::text::%s WHERE county = $1 AND id = $2 AND %s::text IS NOT DISTINCT FROM $4::text`, c.Table, column, kind, column),
			a.county, c.ID, was, c.Is[column])
		if isReferred(err) {
			return changedSince()
		}
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return changedSince()
		}
	}
	a.changes = append(a.changes, change{c.Table, c.ID, c.Is, c.Was})
	return nil
}

// asMade is the condition that a row which wasn't there is still what it was made, as far as that is noted of it.
func (c *change) asMade(county int32) (where string, args []any, err error) {
	args = []any{county, c.ID}
	for column, is := range c.Is {
		if columnTypes[c.Table][column] == "" {
			return "", nil, fmt.Errorf("register: %s.%s isn't changed by acts", c.Table, column)
		}
		args = append(args, is)
		where += fmt.Sprintf(" AND %s::text IS NOT DISTINCT FROM $%d::text", column, len(args))
	}
	return where, args, nil
}

// tableOf is a table that acts make rows in.
func tableOf(name string) string {
	if _, known := columnTypes[name]; !known {
		panic("register: acts don't write " + name)
	}
	return name
}

func changedSince() error {
	return fault.New(fault.Conflict, "此后又有改动，不能撤销；请先撤销后来的操作", "something was changed since; undo what came later first")
}

func mayNot() error {
	return fault.New(fault.Forbidden, "该处不在您可以登记的范围内", "you don't keep the register there")
}

// Acts are what was done to a house or to those in it, the latest first, fifty at most. Taking one back isn't among them: the act says that it was.
func (b *Book) Acts(ctx context.Context, tx pgx.Tx, house ID) ([]Act, error) {
	rows, err := tx.Query(ctx, `
		SELECT a.id, a.kind, coalesce(a.resident, 0), a.house, a.at, a.display, a.undone_by IS NOT NULL, u.at, coalesce(u.display, ''), gb.grid,
			(SELECT count(*) FROM jsonb_array_elements(a.patch) c WHERE a.kind = 'split' AND c->>'table' = 'residency'),
			coalesce((SELECT c->'was'->>'address' FROM jsonb_array_elements(a.patch) c WHERE c->>'table' = 'house' LIMIT 1), '')
		FROM register_act a LEFT JOIN register_act u ON u.county = a.county AND u.id = a.undone_by
		LEFT JOIN house h ON h.county = a.county AND h.id = a.house LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
		WHERE a.county = $1 AND a.house = $2 AND a.kind <> 'undo' ORDER BY a.id DESC LIMIT 50`, house.County, house.Number)
	if err != nil {
		return nil, err
	}
	mine := postgres.ActorOf(ctx).Scope[access.KeepRegister]
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Act, err error) {
		var grid *int64
		var undone *time.Time
		a.ID.County, a.House.County = house.County, house.County
		err = row.Scan(&a.ID.Number, &a.Kind, &a.Resident.Number, &a.House.Number, &a.At, &a.By, &a.Undone, &undone, &a.UndoneBy, &grid, &a.People, &a.Was)
		if a.Resident.Number != 0 {
			a.Resident.County = house.County
		}
		if undone != nil {
			a.UndoneAt = *undone
		}
		a.MayUndo = grid != nil && mine.Covers(*grid) && !a.Undone
		return a, err
	})
}
