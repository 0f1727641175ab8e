package access

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Listed is an account as those see it who look after accounts.
type Listed struct {
	Account
	Disabled     bool         `json:"disabled"`
	SecondFactor bool         `json:"second_factor"`
	MustChange   bool         `json:"must_change"`
	SignedIn     *time.Time   `json:"signed_in"`
	Created      time.Time    `json:"created"`
	Grants       []Grant      `json:"grants"`
	Labels       []LabelGrant `json:"labels"`
	Tokens       []Token      `json:"tokens"`
}

// List gives the accounts that the actor may see, by name, after a name, at most so many; q is found in the names, role and
// division (a code) narrow it, all of them may be empty. more says whether there are others.
func List(ctx context.Context, tx pgx.Tx, q, role, division, after string, limit int) (out []Listed, more bool, err error) {
	rows, err := tx.Query(ctx, `
		SELECT id, name, display, kind, division, disabled_at IS NOT NULL, totp IS NOT NULL, must_change, signed_in_at, created_at FROM account
		WHERE name > $1 AND ($2 = '' OR strpos(lower(name || ' ' || display), lower($2)) > 0)
		AND ($3 = '' OR EXISTS (SELECT FROM account_grant g WHERE g.account = id AND g.role = $3))
		AND ($4 = '' OR division LIKE $4 || '%' OR EXISTS (SELECT FROM account_grant g WHERE g.account = id AND g.code LIKE $4 || '%'))
		ORDER BY name LIMIT $5`, after, q, role, division, limit+1)
	if err != nil {
		return nil, false, err
	}
	out, err = pgx.CollectRows(rows, scanListed)
	if err != nil {
		return nil, false, err
	}
	if more = len(out) > limit; more {
		out = out[:limit]
	}
	return out, more, fill(ctx, tx, out)
}

// Find gives one account. Fault: NotFound.
func Find(ctx context.Context, tx pgx.Tx, id int64) (Listed, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, display, kind, division, disabled_at IS NOT NULL, totp IS NOT NULL, must_change, signed_in_at, created_at
		FROM account WHERE id = $1`, id)
	if err != nil {
		return Listed{}, err
	}
	out, err := pgx.CollectRows(rows, scanListed)
	if err != nil {
		return Listed{}, err
	}
	if len(out) == 0 {
		_, err := find(ctx, tx, id)
		return Listed{}, err
	}
	return out[0], fill(ctx, tx, out)
}

func scanListed(row pgx.CollectableRow) (l Listed, err error) {
	err = row.Scan(&l.ID, &l.Name, &l.Display, &l.Kind, &l.Division, &l.Disabled, &l.SecondFactor, &l.MustChange, &l.SignedIn, &l.Created)
	return l, err
}

// fill reads the grants, labels and tokens of accounts, each kind in one question.
func fill(ctx context.Context, tx pgx.Tx, accounts []Listed) error {
	ids, at := make([]int64, len(accounts)), make(map[int64]*Listed, len(accounts))
	for i := range accounts {
		ids[i], at[accounts[i].ID] = accounts[i].ID, &accounts[i]
	}
	var id int64
	var g Grant
	rows, err := tx.Query(ctx, `SELECT account, role, code FROM account_grant WHERE account = ANY ($1) ORDER BY account, role, code`, ids)
	if err != nil {
		return err
	}
	if _, err := pgx.ForEachRow(rows, []any{&id, &g.Role, &g.Code}, func() error { at[id].Grants = append(at[id].Grants, g); return nil }); err != nil {
		return err
	}
	var l LabelGrant
	if rows, err = tx.Query(ctx, `SELECT account, label, code FROM account_label WHERE account = ANY ($1) ORDER BY account, label, code`, ids); err != nil {
		return err
	}
	if _, err := pgx.ForEachRow(rows, []any{&id, &l.Label, &l.Code}, func() error { at[id].Labels = append(at[id].Labels, l); return nil }); err != nil {
		return err
	}
	var t Token
	if rows, err = tx.Query(ctx, `SELECT account, id, name, created_at, expires_at, used_at, revoked_at IS NOT NULL FROM api_token
		WHERE account = ANY ($1) ORDER BY account, id DESC`, ids); err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{&id, &t.ID, &t.Name, &t.Created, &t.Expires, &t.Used, &t.Revoked}, func() error { at[id].Tokens = append(at[id].Tokens, t); return nil })
	return err
}
