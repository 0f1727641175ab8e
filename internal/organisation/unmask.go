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
func (b *Book) Unmask(ctx context.Context, tx pgx.Tx, id register.ID, reason string) (c Clear, err error) {
	if reason, err = typed.Text("reason", "查看原因", reason, leastReason, mostReason); err != nil {
		return c, err
	}
	var contact, phone []byte
	var grid int64
	err = tx.QueryRow(ctx, `SELECT o.contact, o.phone, coalesce(gb.grid, 0)`+from+`WHERE o.county = $1 AND o.id = $2`, id.County, id.Number).Scan(&contact, &phone, &grid)
	if err == pgx.ErrNoRows {
		return c, fault.New(fault.NotFound, fmt.Sprintf("没有单位 %s，或者其不在您的查看范围内", id), fmt.Sprintf("there is no organisation %s, or none that you may see", id))
	}
	if err != nil {
		return c, err
	}
	if !postgres.ActorOf(ctx).Scope[access.UnmaskRegister].Covers(grid) {
		return c, fault.New(fault.Forbidden, "您可以查看该单位，但不能查看其联系人与电话", "you may see this organisation, but not whom to call there")
	}
	if c.Contact, err = b.open(contactPurpose, id.County, id.Number, contact); err != nil {
		return Clear{}, err
	}
	if c.Phone, err = b.open(phonePurpose, id.County, id.Number, phone); err != nil {
		return Clear{}, err
	}
	return c, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: grid, Action: audit.OrganisationUnmasked, Subject: "organisation:" + id.String(), Reason: mask.Text(reason)})
}
