package incident

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Unmasked is what a report says in clear.
type Unmasked struct {
	Contact
	Text string
}

// Unmask shows whom to call about one incident, and its text as it was written. The reason goes into the trail in the same transaction, numbers
// in it masked: what is shown without a commit isn't to be shown.
//
// Faults: Invalid without a reason; NotFound when there is no incident that the actor may see; Forbidden when the actor may see it but
// not whom to call; Unavailable when it can't be opened.
func (d *Desk) Unmask(ctx context.Context, tx pgx.Tx, id ID, reason string) (*Unmasked, error) {
	reason, err := typed.Text("reason", "查看原因", reason, leastReason, mostReason)
	if err != nil {
		return nil, err
	}
	i, err := d.visible(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !postgres.ActorOf(ctx).Scope[access.UnmaskContacts].Covers(int64(i.Grid)) {
		return nil, fault.New(fault.Forbidden, "您可以查看该事件，但不能查看联系方式", "you may see this incident, but not whom to call about it")
	}
	var s sealed
	err = tx.QueryRow(ctx, `SELECT details, contact FROM incident WHERE county = $1 AND id = $2`, id.County, id.Number).Scan(&s.details, &s.contact)
	if err != nil {
		return nil, err
	}
	out := new(Unmasked)
	text, contact, err := s.open(d.Vault, id)
	if err != nil {
		return nil, err
	}
	if out.Text = text; contact != nil {
		out.Contact = *contact
	}
	return out, d.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: int64(i.Grid),
		Action: audit.IncidentUnmasked, Subject: id.subject(), Reason: mask.Text(reason)})
}
