package organisation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/typed"
)

// What a reason has to have, in characters.
const (
	leastReason = 4
	mostReason  = 200
)

// Clear is whom to ask for in an organisation, in clear; "" for what isn't on record.
type Clear struct{ Contact, Phone string }

// Unmask shows whom to ask for. The reason goes into the trail in the same transaction, numbers in it masked: what is shown without a commit isn't to be
// shown.
//
// Faults: Invalid without a reason; NotFound when there is none that the actor may see; Forbidden when the actor may see it but not whom to ask for;
// Unavailable when a field can't be opened.
func (b *Book) Unmask(ctx context.Context, tx pgx.Tx, id register.ID, reason string) (Clear, error) {
	two, err := b.unmask(ctx, tx, id, reason, unmasking{
		read: `SELECT o.contact, o.phone, coalesce(gb.grid, 0)` + from + `WHERE o.county = $1 AND o.id = $2`, purposes: [2]string{contactPurpose, phonePurpose},
		subject: "organisation", action: audit.OrganisationUnmasked,
		none:      fault.New(fault.NotFound, fmt.Sprintf("没有单位 %s，或者其不在您的查看范围内", id), fmt.Sprintf("there is no organisation %s, or none that you may see", id)),
		forbidden: fault.New(fault.Forbidden, "您可以查看该单位，但不能查看其联系人与电话", "you may see this organisation, but not whom to call there"),
	})
	return Clear{two[0], two[1]}, err
}

// unmasking is what is shown of something: two sealed fields of a row, and the grid that it is in.
type unmasking struct {
	read            string // SQL: both fields and the grid, of county $1 and number $2
	purposes        [2]string
	subject, action string
	none, forbidden error
}

// unmask shows two fields, and puts the reason into the trail.
func (b *Book) unmask(ctx context.Context, tx pgx.Tx, id register.ID, reason string, u unmasking) (clear [2]string, err error) {
	if reason, err = typed.Text("reason", "查看原因", reason, leastReason, mostReason); err != nil {
		return clear, err
	}
	var sealed [2][]byte
	var grid int64
	err = tx.QueryRow(ctx, u.read, id.County, id.Number).Scan(&sealed[0], &sealed[1], &grid)
	if err == pgx.ErrNoRows {
		return clear, u.none
	}
	if err != nil {
		return clear, err
	}
	if !postgres.ActorOf(ctx).Scope[access.UnmaskRegister].Covers(grid) {
		return clear, u.forbidden
	}
	var two [2]string
	for i := range two {
		if two[i], err = b.open(u.purposes[i], id.County, id.Number, sealed[i]); err != nil {
			return clear, err
		}
	}
	return two, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: grid, Action: u.action, Subject: u.subject + ":" + id.String(), Reason: mask.Text(reason)})
}
