package access

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// grantable is find for what a security officer does: not to their own account.
func grantable(ctx context.Context, tx pgx.Tx, id int64, code string) (*standing, error) {
	s, err := find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if id == postgres.ActorOf(ctx).Account {
		return nil, fault.New(fault.Forbidden, "不能给自己授权或取消授权", "nobody gives or takes their own roles")
	}
	return s, mayOn(ctx, GrantRoles, code)
}

// Give grants a role on a division, or a grid worker's on a grid. Needs GrantRoles there.
//
// Faults: Invalid; Forbidden; NotFound; Conflict when the account would hold two of the three officers' roles.
func (d *Doors) Give(ctx context.Context, tx pgx.Tx, id int64, g Grant) error {
	s, err := grantable(ctx, tx, id, g.Code)
	if err != nil {
		return err
	}
	if err := checkGrant(ctx, tx, s, g); err != nil {
		return err
	}
	if slices.Contains(s.grants, g) {
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO account_grant (account, role, code, granted_by) VALUES ($1, $2, $3, nullif($4::bigint, 0)) ON CONFLICT (account, role, code) DO NOTHING`,
		id, g.Role, g.Code, postgres.ActorOf(ctx).Account)
	if sqlState(err) == "23P01" {
		return threeOfficers(g.Role)
	}
	if err != nil {
		return err
	}
	return d.granted(ctx, tx, s, audit.GrantGiven, map[string]string{"role": string(g.Role), "code": g.Code}, g.Code)
}

func checkGrant(ctx context.Context, tx pgx.Tx, s *standing, g Grant) error {
	if _, err := ParseRole(string(g.Role)); err != nil {
		return err
	}
	if (g.Role == GridWorker) != (len(g.Code) == 15) {
		return fault.New(fault.Invalid, "网格员的范围是网格（15 位），其他角色的范围是区划（6、9 或 12 位）",
			"a grid worker's ground is a grid (15 digits), every other role's a division (6, 9 or 12 digits)")
	}
	if err := divisionExists(ctx, tx, g.Code); err != nil {
		return err
	}
	if g.Role.Officer() && s.account.Kind == "machine" {
		return fault.New(fault.Invalid, "机器账号不能担任三员", "a machine can't be an administrator, a security officer or an auditor")
	}
	for _, has := range s.grants {
		if g.Role.Officer() && has.Role.Officer() && has.Role != g.Role {
			return threeOfficers(g.Role)
		}
	}
	return nil
}

func threeOfficers(r Role) error {
	zh, en := r.Names()
	return fault.New(fault.Conflict, "三员分立：系统管理员、安全管理员、审计员须由不同的人担任；该账号已是其中之一，不能再任"+zh,
		"an account holds only one of administrator, security officer and auditor; this one is another already and can't be "+en+" too")
}

// Take takes a role away; what isn't there is no mistake. Needs GrantRoles there.
func (d *Doors) Take(ctx context.Context, tx pgx.Tx, id int64, g Grant) error {
	s, err := grantable(ctx, tx, id, g.Code)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `DELETE FROM account_grant WHERE account = $1 AND role = $2 AND code = $3`, id, g.Role, g.Code)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return d.granted(ctx, tx, s, audit.GrantTaken, map[string]string{"role": string(g.Role), "code": g.Code}, g.Code)
}

// GiveLabel lets an account see what concerns a special group on a piece of ground, where its roles let it see such things at all. Needs
// GrantRoles there.
func (d *Doors) GiveLabel(ctx context.Context, tx pgx.Tx, id int64, l LabelGrant) error {
	s, err := grantable(ctx, tx, id, l.Code)
	if err != nil {
		return err
	}
	if _, err := ParseLabel(string(l.Label)); err != nil {
		return err
	}
	if err := divisionExists(ctx, tx, l.Code); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO account_label (account, label, code, granted_by) VALUES ($1, $2, $3, nullif($4::bigint, 0)) ON CONFLICT DO NOTHING`,
		id, l.Label, l.Code, postgres.ActorOf(ctx).Account)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return d.granted(ctx, tx, s, audit.LabelGiven, map[string]string{"label": string(l.Label), "code": l.Code}, l.Code)
}

// TakeLabel takes a label away. Needs GrantRoles there.
func (d *Doors) TakeLabel(ctx context.Context, tx pgx.Tx, id int64, l LabelGrant) error {
	s, err := grantable(ctx, tx, id, l.Code)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `DELETE FROM account_label WHERE account = $1 AND label = $2 AND code = $3`, id, l.Label, l.Code)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return d.granted(ctx, tx, s, audit.LabelTaken, map[string]string{"label": string(l.Label), "code": l.Code}, l.Code)
}

func (d *Doors) granted(ctx context.Context, tx pgx.Tx, s *standing, action string, details map[string]string, code string) error {
	if err := changed(ctx, tx, s.account); err != nil {
		return err
	}
	e := entryAbout(s.account, action, "", details)
	if ground := postgres.GroundOf(code); len(ground) > 0 {
		e.Place, e.County = ground[0].Low, int(ground[0].Low/1e9)
	}
	return d.trail.Write(ctx, tx, e)
}
