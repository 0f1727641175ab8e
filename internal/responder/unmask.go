package responder

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// What a reason has to have, in characters.
const (
	leastReason = 4
	mostReason  = 200
)

// Unmask shows one responder's telephone number. The reason goes into the trail in the same transaction, numbers in it masked: what is shown without
// a commit isn't to be shown.
//
// Faults: Invalid without a reason; NotFound when there is no responder that the actor may see, or no number; Forbidden when the actor may see them but
// not call; Unavailable when it can't be opened.
func (r *Roll) Unmask(ctx context.Context, tx pgx.Tx, id ID, reason string) (name, phone string, err error) {
	if reason, err = typed.Text("reason", "查看原因", reason, leastReason, mostReason); err != nil {
		return "", "", err
	}
	found, err := r.Find(ctx, tx, id)
	if err != nil {
		return "", "", err
	}
	if !found.Calls(postgres.ActorOf(ctx)) {
		return "", "", fault.New(fault.Forbidden, "您可以查看该处置人员，但不能查看其电话", "you may see this responder, but not their telephone number")
	}
	if found.Phone == "" {
		return "", "", fault.New(fault.NotFound, found.Name+" 没有登记电话", found.Name+" has no telephone number on record")
	}
	var sealed []byte
	if err := tx.QueryRow(ctx, `SELECT phone FROM responder WHERE county = $1 AND id = $2`, id.County, id.Number).Scan(&sealed); err != nil {
		return "", "", err
	}
	if phone, err = open(r.Vault, id, sealed); err != nil {
		return "", "", err
	}
	e := audit.Entry{County: int(id.County), Place: postgres.GroundOf(found.Division)[0].Low, Action: audit.ResponderUnmasked, Subject: id.subject(),
		Reason: mask.Text(strings.TrimSpace(reason))}
	return found.Name, phone, r.Trail.Write(ctx, tx, e)
}
