package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/idcard"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// MoveIn is somebody who moves into a house: somebody on record who has left their last one, or somebody new.
type MoveIn struct {
	Person
	House      ID
	Household  string // 户号; "" for none
	Relation   string
	Stay       Stay
	Registered string
	Since      time.Time
	Newborn    bool // born into the house: an ID number isn't asked for
}

// MoveIn enters somebody in a house. Who is on record by their ID number keeps what is on record of them. A visit to the household is planned with it.
//
// Faults: Invalid for a name, number or day that can't be; Conflict for who still lives in another house by the register; NotFound and Forbidden for a
// house that isn't there, or where the actor doesn't keep the register.
func (b *Book) MoveIn(ctx context.Context, tx pgx.Tx, m MoveIn) (ID, error) {
	house, err := b.keeps(ctx, tx, m.House)
	if err != nil {
		return ID{}, err
	}
	if err := m.check(today(ctx, tx)); err != nil {
		return ID{}, err
	}
	a := &acting{book: b, tx: tx, county: m.House.County}
	resident, err := a.resident(ctx, &m, house)
	if err != nil {
		return ID{}, err
	}
	if err := a.after(ctx, resident, m.Since); err != nil {
		return ID{}, err
	}
	household, err := a.household(ctx, m.Household, house)
	if err != nil {
		return ID{}, err
	}
	var id int64
	err = tx.QueryRow(ctx, `
		INSERT INTO residency (county, resident, house, ground, household, relation, stay, registered, since) VALUES ($1, $2, $3, $4, nullif($5, 0), $6, $7, $8, $9) RETURNING id`,
		a.county, resident, house.Number, house.Ground, household, m.Relation, m.Stay, m.Registered, day(m.Since)).Scan(&id)
	if isDouble(err) {
		return ID{}, livesElsewhere()
	}
	if err != nil {
		return ID{}, err
	}
	a.made("residency", id)
	kind := MovedIn
	if m.Newborn {
		kind = WasBorn
	}
	if err := a.call(ctx, resident, "household", withinDays, house); err != nil {
		return ID{}, err
	}
	return a.write(ctx, kind, resident, house)
}

// check brings what was typed into one form.
func (m *MoveIn) check(today time.Time) (err error) {
	if m.Name, err = typed.Text("name", "姓名", m.Name, 1, 40); err != nil {
		return err
	}
	if m.Relation, err = typed.Text("relation", "与户主关系", m.Relation, 0, 20); err != nil {
		return err
	}
	if m.Registered, err = typed.Text("registered", "户籍地址", m.Registered, 0, 200); err != nil {
		return err
	}
	if m.Nation, err = typed.Text("nation", "民族", m.Nation, 0, 20); err != nil {
		return err
	}
	if m.Household, err = typed.Text("household", "户号", m.Household, 0, 60); err != nil {
		return err
	}
	if m.Nation, err = typed.Text("nation", "民族", m.Nation, 0, 20); err != nil {
		return err
	}
	if m.Phone != "" {
		if m.Phone, err = typed.Phone("phone", "手机号", m.Phone); err != nil {
			return err
		}
	}
	if m.Card != "" {
		number, err := idcard.Parse(m.Card)
		if err != nil {
			return err
		}
		if m.Newborn && !number.Born().Equal(m.Since) {
			return fault.New(fault.Invalid, "出生日期与身份证号中的不同", "the day of birth isn't that of the ID number").At("since")
		}
		m.Card, m.Born, m.Sex = string(number), number.Born(), sexOf(number)
	} else if !m.Newborn {
		return fault.New(fault.Invalid, "请填写身份证号", "give the ID number").At("id")
	}
	if m.Sex == "" {
		m.Sex = Unknown
	}
	switch {
	case m.Since.IsZero():
		return fault.New(fault.Invalid, "请填写入住日期", "give the day of moving in").At("since")
	case m.Since.After(today):
		return fault.New(fault.Invalid, "入住日期在今天之后", "the day of moving in is still to come").At("since")
	case m.Since.Before(firstDay):
		return tooLongAgo("since")
	case m.Newborn && m.Card == "" && m.Since.Before(today.AddDate(-adult, 0, 0)):
		return fault.New(fault.Invalid, fmt.Sprintf("出生已满 %d 年；请按迁入登记，并填写身份证号", adult), fmt.Sprintf("that birth was %d years ago or more: enter them as moving in, with their ID number", adult)).At("since")
	case !m.Born.IsZero() && m.Since.Before(m.Born):
		return fault.New(fault.Invalid, "入住日期早于出生日期", "the day of moving in is before the date of birth").At("since")
	case m.Stay != Registered && m.Stay != Separated && m.Stay != Floating:
		return fault.New(fault.Invalid, "居住类型应为户籍在册、人户分离或流动人口", "the stay is registered, separated or floating").At("stay")
	}
	return nil
}

// firstDay is the first on which anything that is on record can have been, as in files that are imported.
var firstDay = time.Date(1880, 1, 1, 0, 0, 0, 0, time.UTC)

func tooLongAgo(where string) error {
	return fault.New(fault.Invalid, "日期早于 1880 年；请核对年份", "that day is before 1880: check the year").At(where)
}

// adult is the age from which everybody has to have an ID card.
const adult = 16

func sexOf(n idcard.Number) Sex {
	if n.Sex() == idcard.Female {
		return Female
	}
	return Male
}

// resident finds who moves in by their ID number, or makes them.
func (a *acting) resident(ctx context.Context, m *MoveIn, house HouseRef) (int64, error) {
	if m.Card != "" {
		id, err := a.known(ctx, m, house)
		if err == nil && id != 0 {
			err = a.called(ctx, id, m.Name)
		}
		if err != nil || id != 0 {
			return id, err
		}
	}
	p, err := a.book.Prepare(ctx, a.tx, a.county, []Arrival{{Person: m.Person, House: house}})
	if err != nil {
		return 0, err
	}
	t := taking{Prepared: p, book: a.book, outcomes: []Outcome{Added}, present: []*onRecord{{id: p.persons[0].id}}}
	if err := t.writeResidents(ctx, a.tx); err != nil {
		return 0, notThere(err)
	}
	a.made("resident", p.persons[0].id)
	return p.persons[0].id, nil
}

// known finds somebody on record and brings them to the house; 0 for nobody.
func (a *acting) known(ctx context.Context, m *MoveIn, house HouseRef) (int64, error) {
	indexes := a.book.Vault.Indexes(cardPurpose, cardForm(m.Card))
	var id int64
	var mine bool
	err := a.tx.QueryRow(ctx, `SELECT id, mine FROM known_cards($1, $2)`, a.county, indexes).Scan(&id, &mine)
	if err == pgx.ErrNoRows {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if mine {
		var lives, died, here bool
		err := a.tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM residency x WHERE x.county = r.county AND x.resident = r.id AND x.until IS NULL), r.died IS NOT NULL,
				EXISTS (SELECT FROM residency x WHERE x.county = r.county AND x.resident = r.id AND x.until IS NULL AND x.house = $3)
			FROM resident r WHERE r.county = $1 AND r.id = $2`, a.county, id, house.Number).Scan(&lives, &died, &here)
		switch {
		case err != nil:
			return 0, err
		case died:
			return 0, fault.New(fault.Conflict, "此人登记为已去世；如有误，请先撤销该登记", "this person is on record as having died; undo that first if it is wrong").At("id")
		case here:
			return 0, fault.New(fault.Conflict, "此人已登记住在这处房屋", "this person is on record as living in this house already").At("id")
		case lives:
			return 0, livesElsewhere()
		}
		return id, a.set(ctx, "resident", id, map[string]any{"house": house.Number, "ground": house.Ground})
	}
	var taken *int64
	if err := a.tx.QueryRow(ctx, `SELECT take_over_resident($1, $2, $3)`, a.county, indexes, house.Number).Scan(&taken); err != nil {
		return 0, err
	}
	if taken == nil {
		return 0, livesElsewhere()
	}
	return *taken, nil
}

// after refuses a day on which somebody lived elsewhere by the register, as far as the actor sees where: nobody lives in two houses.
func (a *acting) after(ctx context.Context, resident int64, since time.Time) error {
	var until *time.Time
	err := a.tx.QueryRow(ctx, `SELECT max(until) FROM residency WHERE county = $1 AND resident = $2`, a.county, resident).Scan(&until)
	if err == nil && until != nil && since.Before(*until) {
		day := until.Format(time.DateOnly)
		err = fault.New(fault.Invalid, "此人到 "+day+" 为止登记住在别处或这里；入住日期不能早于那天", "they lived in another house, or in this one, until "+day+": the day of moving in can't be before that").At("since")
	}
	return err
}

// called refuses somebody on record by their ID number who is called otherwise: one of the two was mistyped, and somebody else would move in.
func (a *acting) called(ctx context.Context, id int64, name string) error {
	var same bool
	err := a.tx.QueryRow(ctx, `SELECT name_index = ANY ($3) FROM resident WHERE county = $1 AND id = $2`, a.county, id, a.book.Vault.Indexes(namePurpose, nameForm(name))).Scan(&same)
	if err == nil && !same {
		err = fault.New(fault.Invalid, "这个身份证号登记在另一个姓名下；请核对姓名和号码", "this ID number is on record under another name: check the name and the number").At("name")
	}
	return err
}

// household finds a household of the house by its number, or makes it; 0 for none.
func (a *acting) household(ctx context.Context, code string, house HouseRef) (id int64, err error) {
	if code == "" {
		return 0, nil
	}
	var at int64
	err = a.tx.QueryRow(ctx, `SELECT id, house FROM household WHERE county = $1 AND code = $2`, a.county, code).Scan(&id, &at)
	switch {
	case err == nil && at != house.Number:
		return 0, otherHousehold(code)
	case err == nil || err != pgx.ErrNoRows:
		return id, err
	}
	err = a.tx.QueryRow(ctx, `INSERT INTO household (county, code, house, ground) VALUES ($1, $2, $3, $4) RETURNING id`, a.county, code, house.Number, house.Ground).Scan(&id)
	if isDouble(err) {
		return 0, otherHousehold(code)
	}
	if err == nil {
		a.made("household", id)
	}
	return id, err
}

// MoveOut enters that somebody left the house they live in. Faults: NotFound for who isn't there or isn't seen; Conflict for who lives nowhere; Invalid
// for a day before they moved in, or to come; Forbidden where the actor doesn't keep the register.
func (b *Book) MoveOut(ctx context.Context, tx pgx.Tx, resident ID, until time.Time) (ID, error) {
	return b.leave(ctx, tx, resident, until, MovedOut)
}

// Died enters that somebody has died, and plans a visit to those left of the household. Faults: those of MoveOut.
func (b *Book) Died(ctx context.Context, tx pgx.Tx, resident ID, on time.Time) (ID, error) {
	return b.leave(ctx, tx, resident, on, HasDied)
}

func (b *Book) leave(ctx context.Context, tx pgx.Tx, resident ID, until time.Time, kind ActKind) (ID, error) {
	var residency int64
	var house HouseRef
	var since, born *time.Time
	err := tx.QueryRow(ctx, `
		SELECT x.id, x.house, x.ground, x.since, r.born FROM resident r JOIN residency x ON x.county = r.county AND x.resident = r.id AND x.until IS NULL
		WHERE r.county = $1 AND r.id = $2`, resident.County, resident.Number).Scan(&residency, &house.Number, &house.Ground, &since, &born)
	if err == pgx.ErrNoRows {
		return ID{}, b.livesNowhere(ctx, tx, resident)
	}
	if err != nil {
		return ID{}, err
	}
	if _, err := b.keeps(ctx, tx, ID{resident.County, house.Number}); err != nil {
		return ID{}, err
	}
	switch {
	case until.IsZero() || until.After(today(ctx, tx)):
		return ID{}, fault.New(fault.Invalid, "请填写今天或以前的日期", "give a day that isn't to come").At("until")
	case since != nil && until.Before(*since):
		return ID{}, fault.New(fault.Invalid, "日期早于入住日期 "+since.Format(time.DateOnly), "the day is before they moved in, "+since.Format(time.DateOnly)).At("until")
	case born != nil && until.Before(*born): // when they moved in needn't be known
		return ID{}, fault.New(fault.Invalid, "日期早于出生日期 "+born.Format(time.DateOnly), "the day is before they were born, "+born.Format(time.DateOnly)).At("until")
	case until.Before(firstDay):
		return ID{}, tooLongAgo("until")
	}
	a := &acting{book: b, tx: tx, county: resident.County}
	if err := a.set(ctx, "residency", residency, map[string]any{"until": until}); err != nil {
		return ID{}, err
	}
	if kind == HasDied {
		if err := a.set(ctx, "resident", resident.Number, map[string]any{"died": until}); err != nil {
			return ID{}, err
		}
	}
	if kind == HasDied {
		left, err := a.bereaved(ctx, resident.Number, house)
		if err == nil && left != 0 {
			err = a.call(ctx, left, "household", withinDays, house)
		}
		if err != nil {
			return ID{}, err
		}
	}
	return a.write(ctx, kind, resident.Number, house)
}

func (b *Book) livesNowhere(ctx context.Context, tx pgx.Tx, resident ID) error {
	var seen bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM resident WHERE county = $1 AND id = $2)`, resident.County, resident.Number).Scan(&seen); err != nil {
		return err
	}
	if !seen {
		return nobody(resident)
	}
	return fault.New(fault.Conflict, "此人现在没有登记居住的房屋", "this person lives in no house on record")
}

// Split puts some of those who live in a house into a household of their own. Faults: Invalid for a number that another household has, or people
// who don't live there; Forbidden where the actor doesn't keep the register.
func (b *Book) Split(ctx context.Context, tx pgx.Tx, house ID, code string, residents []ID) (ID, error) {
	ref, err := b.keeps(ctx, tx, house)
	if err != nil {
		return ID{}, err
	}
	if code, err = typed.Text("household", "户号", code, 1, 60); err != nil {
		return ID{}, err
	}
	a := &acting{book: b, tx: tx, county: house.County}
	household, err := a.household(ctx, code, ref)
	if err != nil {
		return ID{}, err
	}
	if len(residents) == 0 {
		return ID{}, fault.New(fault.Invalid, "请选择分出去的人", "choose who is to be in the new household").At("residents")
	}
	for i, r := range residents {
		if slices.Contains(residents[:i], r) {
			continue
		}
		var residency int64
		err := tx.QueryRow(ctx, `SELECT id FROM residency WHERE county = $1 AND resident = $2 AND house = $3 AND until IS NULL FOR UPDATE`, house.County, r.Number, ref.Number).Scan(&residency)
		if err == pgx.ErrNoRows || err == nil && r.County != house.County {
			return ID{}, fault.New(fault.Invalid, fmt.Sprintf("居民 %s 不住在这里", r), fmt.Sprintf("resident %s doesn't live there", r)).At("residents")
		}
		if err != nil {
			return ID{}, err
		}
		is := map[string]any{"household": household}
		if i == 0 {
			is["relation"] = "户主"
		}
		if err := a.set(ctx, "residency", residency, is); err != nil {
			return ID{}, err
		}
	}
	var others bool
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM residency WHERE county = $1 AND household = $2 AND until IS NULL AND NOT resident = ANY ($3))`,
		house.County, household, numbersOf(residents)).Scan(&others)
	if err == nil && others {
		err = fault.New(fault.Invalid, fmt.Sprintf("户号 %.60s 已有其他人；分出去的户要有自己的户号", code), fmt.Sprintf("others are in household %.60s already: the new one has a number of its own", code)).At("household")
	}
	if err != nil {
		return ID{}, err
	}
	return a.write(ctx, WasSplit, 0, ref)
}

func numbersOf(all []ID) []int64 {
	out := make([]int64, len(all))
	for i, id := range all {
		out[i] = id.Number
	}
	return out
}

// keeps finds a house, and says whether the actor keeps the register there.
func (b *Book) keeps(ctx context.Context, tx pgx.Tx, house ID) (ref HouseRef, err error) {
	var grid *int64
	err = tx.QueryRow(ctx, `SELECT h.id, h.ground, gb.grid FROM house h LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block WHERE h.county = $1 AND h.id = $2`,
		house.County, house.Number).Scan(&ref.Number, &ref.Ground, &grid)
	if err == pgx.ErrNoRows {
		return ref, fault.New(fault.NotFound, fmt.Sprintf("没有房屋 %s", house), fmt.Sprintf("there is no house %s", house))
	}
	if err == nil && (grid == nil || !postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(*grid)) {
		err = mayNot()
	}
	return ref, err
}

// today is the day as the database has it.
func today(ctx context.Context, tx pgx.Tx) (day time.Time) {
	if err := tx.QueryRow(ctx, `SELECT current_date`).Scan(&day); err != nil {
		return time.Now()
	}
	return day
}

func livesElsewhere() error {
	return fault.New(fault.Conflict, "此人登记住在另一处房屋；请先由那里办理迁出", "this person is on record as living in another house: they have to be moved out there first").At("id")
}

func otherHousehold(code string) error {
	return fault.New(fault.Invalid, fmt.Sprintf("户号 %.60s 属于另一处房屋", code), fmt.Sprintf("household %.60s is another house's", code)).At("household")
}

// isDouble says whether a row is refused because there is such a one.
func isDouble(err error) bool { return hasState(err, "23505") }

// isReferred says whether a row is refused, or kept from going, because of others that refer to it or contradict it.
func isReferred(err error) bool {
	return hasState(err, "23503") || hasState(err, "23505") || hasState(err, "23514")
}

func hasState(err error, state string) bool {
	p := new(pgconn.PgError)
	return errors.As(err, &p) && p.Code == state
}

// notThere turns a double ID number into what it means.
func notThere(err error) error {
	if isDouble(err) && strings.Contains(err.Error(), "card") {
		return livesElsewhere()
	}
	return err
}
