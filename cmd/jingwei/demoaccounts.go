package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/postgres"
)

// demoAccount is an account of the demo: invented, one for each role.
type demoAccount struct {
	Role     access.Role `json:"role"`
	Name     string      `json:"name"`
	Password string      `json:"password"`
	Code     string      `json:"code"`
	Place    string      `json:"place"`
}

// demoNames are what the demo's accounts are called, by role.
var demoNames = map[access.Role]string{
	access.Planner: "planner", access.Dispatcher: "dispatcher", access.Leader: "leader", access.GridWorker: "worker", access.Clerk: "clerk",
	access.Administrator: "admin", access.SecurityOfficer: "security", access.Auditor: "auditor",
}

// makeDemoAccounts makes one account a role where there is none yet, and gives them with their passwords. Those of a county have all of it;
// the clerk has one community, the grid worker one grid of that.
func makeDemoAccounts(ctx context.Context, db *postgres.DB, doors *access.Doors) (made []demoAccount, err error) {
	err = db.InTx(access.AtServer(ctx), func(tx pgx.Tx) error {
		ctx := access.AtServer(ctx)
		// Two demos that start at once mustn't both make them.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('jingwei demo accounts'))`); err != nil {
			return err
		}
		if some, _, err := access.List(ctx, tx, "", "", "", "", 1); err != nil || len(some) > 0 {
			return err
		}
		ground, err := demoGround(ctx, tx)
		if err != nil {
			return err
		}
		for _, role := range access.Roles {
			a, err := makeDemoAccount(ctx, tx, doors, role, ground)
			if err != nil {
				return err
			}
			made = append(made, a)
		}
		return nil
	})
	return made, err
}

// demoPlaces are where the demo's accounts are at home, with their names.
type demoPlaces struct{ county, community, grid, countyName, communityName string }

// demoGround picks the community with the most grids of the live layout, and a grid near the middle of its codes that people live
// in: in a school's or a market's own grid the grid worker would have nobody to look after.
func demoGround(ctx context.Context, tx pgx.Tx) (p demoPlaces, err error) {
	var community int64
	err = tx.QueryRow(ctx, `
		SELECT community, (array_agg(code::text ORDER BY abs(n - 1 - of / 2), code) FILTER (WHERE special = ''))[1]
		FROM (SELECT community, code, special, row_number() OVER (PARTITION BY community ORDER BY code) AS n, count(*) OVER (PARTITION BY community) AS of
			FROM grid WHERE retired IS NULL AND community % 1000 > 0) AS live
		GROUP BY community HAVING bool_or(special = '') ORDER BY max(of) DESC, community LIMIT 1`).Scan(&community, &p.grid)
	if err != nil {
		return p, fmt.Errorf("the demo's accounts: %w", err)
	}
	p.community = p.grid[:12]
	p.county = p.grid[:6]
	err = tx.QueryRow(ctx, `SELECT a.name, b.name FROM division a, division b WHERE a.code = $1 AND b.code = $2`, p.county, p.community).Scan(&p.countyName, &p.communityName)
	return p, err
}

func makeDemoAccount(ctx context.Context, tx pgx.Tx, doors *access.Doors, role access.Role, p demoPlaces) (demoAccount, error) {
	zh, _ := role.Names()
	a := demoAccount{Role: role, Name: demoNames[role], Code: p.county, Place: p.countyName}
	home := p.county
	switch role {
	case access.GridWorker:
		a.Code, a.Place, home = p.grid, p.communityName+" "+p.grid[12:], p.community
	case access.Clerk:
		a.Code, a.Place, home = p.community, p.communityName, p.community
	}
	made, _, err := doors.Create(ctx, tx, access.Draft{Name: a.Name, Display: "演示" + zh, Kind: "person", Division: home})
	if err != nil {
		return a, err
	}
	if a.Password, err = access.NewPassword(); err != nil {
		return a, err
	}
	if err := doors.SetPassword(ctx, tx, made.ID, a.Password); err != nil {
		return a, err
	}
	return a, doors.Give(ctx, tx, made.ID, access.Grant{Role: role, Code: a.Code})
}

// printDemoAccounts tells who can sign in, this once.
func printDemoAccounts(w io.Writer, made []demoAccount) {
	fmt.Fprintln(w, "\n演示账号 who can sign in (只显示这一次 shown this once; jingwei account reset NAME password 可重置 makes a new password):")
	for _, a := range made {
		zh, en := a.Role.Names()
		fmt.Fprintf(w, "  %-11s %-22s %s %s · %s\n", a.Name, a.Password, zh, en, a.Place)
	}
	fmt.Fprintln(w, "  三员首次登录时须设置第二重验证 / the last three set up a second factor when they first sign in")
	fmt.Fprintln(w, strings.Repeat("─", 60))
}

// writeDemoAccounts writes them to a file that only its owner can read, for programs that start this one.
func writeDemoAccounts(file string, made []demoAccount) error {
	text, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return err
	}
	return writeSecret(file, string(text)+"\n")
}

// workersGrid is the grid of the demo's grid worker.
func workersGrid(made []demoAccount) string {
	for _, a := range made {
		if a.Role == access.GridWorker {
			return a.Code
		}
	}
	return ""
}
