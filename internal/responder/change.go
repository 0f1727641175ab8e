package responder

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/audit"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

const mostName = 40 // characters

// Draft is somebody who is to be put on the roll.
type Draft struct {
	Kind     string
	Name     string
	Phone    string // "" for none
	Division string // code of where they belong
	Account  string // the name of the account that they sign in with, "" for none
}

// Change is what is to be different; nil is as it was.
type Change struct {
	Kind, Name, Phone, Division, Account *string
	Ended                                *bool // they stop working there as of today; false: they are back
}

// Add puts somebody on the roll. Needs ManageResponders where they belong.
//
// Faults: Invalid; NotFound for a division that isn't there; Forbidden; Conflict when the account is another responder's; Unavailable without keys.
func (r *Roll) Add(ctx context.Context, tx pgx.Tx, d Draft) (*Responder, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	kind, err := d.clean(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := accountThere(ctx, tx, d.Account); err != nil {
		return nil, err
	}
	id := ID{County: int32(division.Code(d.Division).County())}
	if err := tx.QueryRow(ctx, `SELECT nextval('responder_id_seq')`).Scan(&id.Number); err != nil {
		return nil, err
	}
	phone, index, err := seal(r.Vault, id, d.Phone)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO responder (county, id, kind, name, phone, phone_index, division, account, added_by) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), nullif($9::bigint, 0))`,
		id.County, id.Number, kind, d.Name, phone, index, d.Division, d.Account, postgres.ActorOf(ctx).Account)
	if err != nil {
		return nil, accountTaken(err, d.Account)
	}
	if err := r.note(ctx, tx, audit.ResponderAdded, id, d.Division, map[string]any{"kind": kind}); err != nil {
		return nil, err
	}
	return r.Find(ctx, tx, id)
}

// clean checks a draft, all but its account, and brings it into one form.
func (d *Draft) clean(ctx context.Context, tx pgx.Tx) (kind Kind, err error) {
	if kind, err = ParseKind(d.Kind); err != nil {
		return "", err
	}
	if d.Name, err = typed.Text("name", "姓名", d.Name, 1, mostName); err != nil {
		return "", err
	}
	d.Name = strings.Join(strings.Fields(d.Name), " ")
	if d.Phone, err = typed.Phone("phone", "电话", d.Phone); err != nil {
		return "", err
	}
	code, err := place(ctx, tx, d.Division)
	if err != nil {
		return "", err
	}
	d.Division = string(code)
	if err := mayOn(ctx, postgres.GroundOf(d.Division), d.Division); err != nil {
		return "", err
	}
	d.Account = strings.ToLower(strings.TrimSpace(d.Account))
	return kind, nil
}

// place reads the code of a division that is on record.
func place(ctx context.Context, tx pgx.Tx, s string) (division.Code, error) {
	code, err := division.ParseCode(s)
	if f := new(fault.Error); errors.As(err, &f) {
		return "", f.At("division")
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM division WHERE code = $1)`, string(code)).Scan(&there); err != nil {
		return "", err
	}
	if !there {
		return "", fault.New(fault.NotFound, fmt.Sprintf("没有代码为 %s 的区划", code), fmt.Sprintf("there is no division with the code %s", code)).At("division")
	}
	return code, nil
}

// accountThere checks that an account may be named as a responder's.
func accountThere(ctx context.Context, tx pgx.Tx, name string) error {
	if name == "" {
		return nil
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT account_to_name($1)`, name).Scan(&there); err != nil || there {
		return err
	}
	return fault.New(fault.Invalid, fmt.Sprintf("您的范围内没有可用的人员账号 %.40q；请核对账号名", name),
		fmt.Sprintf("there is no person's account %.40q in use on your ground; check its name", name)).At("account")
}

// accountTaken says what a violated constraint of the account means.
func accountTaken(err error, account string) error {
	if e := new(pgconn.PgError); errors.As(err, &e) && e.ConstraintName == "responder_account" {
		return fault.Wrap(err, fault.Conflict, fmt.Sprintf("账号 %.40s 已属于另一名处置人员", account), fmt.Sprintf("the account %.40s is another responder's", account)).At("account")
	}
	return err
}

// Change changes somebody on the roll. Needs ManageResponders where they belong, and where they are to belong. Who ends leaves all posts, which
// become vacancies; who comes back finds none.
//
// Faults: NotFound; Forbidden; Invalid; Conflict when one who holds posts is to be of a kind that holds none.
func (r *Roll) Change(ctx context.Context, tx pgx.Tx, id ID, c Change) (*Responder, error) {
	was, err := r.Find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := mayOn(ctx, postgres.GroundOf(was.Division), was.Division); err != nil {
		return nil, err
	}
	var sealed []byte
	if err := tx.QueryRow(ctx, `SELECT phone FROM responder WHERE county = $1 AND id = $2 FOR UPDATE`, id.County, id.Number).Scan(&sealed); err != nil {
		return nil, err
	}
	now := Draft{Kind: string(was.Kind), Name: was.Name, Division: was.Division, Account: was.Account}
	if now.Phone, err = open(r.Vault, id, sealed); err != nil {
		return nil, err
	}
	changed := c.over(&now)
	kind, err := now.clean(ctx, tx)
	if err != nil {
		return nil, err
	}
	if now.Account != was.Account {
		if err := accountThere(ctx, tx, now.Account); err != nil {
			return nil, err
		}
	}
	if !kind.HoldsPosts() && len(was.Posts) > 0 {
		return nil, fault.New(fault.Conflict, fmt.Sprintf("%s 还有网格岗位，不能改为不任岗的类别；请先免去岗位", was.Name),
			fmt.Sprintf("%s holds posts and can't be of a kind that holds none; take the posts away first", was.Name)).At("kind")
	}
	if int32(division.Code(now.Division).County()) != id.County {
		return nil, fault.New(fault.Invalid, "不能转到另一个县；请在那里重新登记", "nobody moves to another county; put them on the roll there").At("division")
	}
	if len(changed) > 0 {
		if err := r.save(ctx, tx, id, kind, now); err != nil {
			return nil, err
		}
		if err := r.note(ctx, tx, audit.ResponderChanged, id, now.Division, map[string]any{"fields": changed}); err != nil {
			return nil, err
		}
	}
	if c.Ended != nil && *c.Ended != (was.Ended != nil) {
		if err := r.end(ctx, tx, id, now.Division, *c.Ended); err != nil {
			return nil, accountTaken(err, now.Account)
		}
	}
	return r.Find(ctx, tx, id)
}

// over puts the change over what is, and names the fields that were said.
func (c Change) over(d *Draft) (fields []string) {
	for _, f := range []struct {
		name string
		from *string
		to   *string
	}{{"kind", c.Kind, &d.Kind}, {"name", c.Name, &d.Name}, {"phone", c.Phone, &d.Phone}, {"division", c.Division, &d.Division}, {"account", c.Account, &d.Account}} {
		if f.from != nil && *f.from != *f.to {
			*f.to = *f.from
			fields = append(fields, f.name)
		}
	}
	return fields
}

func (r *Roll) save(ctx context.Context, tx pgx.Tx, id ID, kind Kind, d Draft) error {
	phone, index, err := seal(r.Vault, id, d.Phone)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE responder SET kind = $3, name = $4, phone = $5, phone_index = $6, division = $7, account = nullif($8, '')
		WHERE county = $1 AND id = $2`, id.County, id.Number, kind, d.Name, phone, index, d.Division, d.Account)
	return accountTaken(err, d.Account)
}

// end writes that somebody stops working there, with all that they held, or that they are back.
func (r *Roll) end(ctx context.Context, tx pgx.Tx, id ID, at string, ended bool) error {
	if !ended {
		if _, err := tx.Exec(ctx, `UPDATE responder SET ended = NULL WHERE county = $1 AND id = $2`, id.County, id.Number); err != nil {
			return err
		}
		return r.note(ctx, tx, audit.ResponderReturned, id, at, nil)
	}
	if _, err := tx.Exec(ctx, `UPDATE responder SET ended = current_date WHERE county = $1 AND id = $2`, id.County, id.Number); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT lpad(grid::text, 15, '0') || ' ' || post FROM leave_postings($1, $2)`, id.County, id.Number)
	if err != nil {
		return err
	}
	left, err := pgx.AppendRows([]string{}, rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	return r.note(ctx, tx, audit.ResponderEnded, id, at, map[string]any{"posts": left})
}

// note writes into the trail what was done to a responder who belongs to a division.
func (r *Roll) note(ctx context.Context, tx pgx.Tx, action string, id ID, at string, details any) error {
	e := audit.Entry{County: int(id.County), Place: postgres.GroundOf(at)[0].Low, Action: action, Subject: id.subject(), Details: details}
	return r.Trail.Write(ctx, tx, e)
}

// over says whether somebody has stopped working by a day.
func (r *Responder) over(day time.Time) bool { return r.Ended != nil && !r.Ended.After(day) }
