package register

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
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

// Clear is a person's numbers in clear, "" for what isn't on record.
type Clear struct{ Name, Card, Phone string }

// Unmask shows one person's numbers. The reason goes into the trail in the same transaction, numbers in it masked: what is shown without a commit isn't
// to be shown.
//
// Faults: Invalid without a reason; NotFound when there is nobody that the actor may see; Forbidden when the actor may see them but not their numbers;
// Unavailable when they can't be opened.
func (b *Book) Unmask(ctx context.Context, tx pgx.Tx, id ID, reason string) (c Clear, err error) {
	if reason, err = typed.Text("reason", "查看原因", reason, leastReason, mostReason); err != nil {
		return c, err
	}
	var name, card, phone []byte
	var grid int64
	err = tx.QueryRow(ctx, `
		SELECT r.name, r.card, r.phone, gb.grid FROM resident r JOIN house h ON h.county = r.county AND h.id = r.house
		JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block WHERE r.county = $1 AND r.id = $2`, id.County, id.Number).Scan(&name, &card, &phone, &grid)
	if err == pgx.ErrNoRows {
		return c, nobody(id)
	}
	if err != nil {
		return c, err
	}
	if !postgres.ActorOf(ctx).Scope[access.UnmaskRegister].Covers(grid) {
		return c, fault.New(fault.Forbidden, "您可以查看此人，但不能查看其证件号码与电话", "you may see this person, but not their numbers")
	}
	for _, f := range []struct {
		to      *string
		purpose string
		sealed  []byte
	}{{&c.Name, namePurpose, name}, {&c.Card, cardPurpose, card}, {&c.Phone, phonePurpose, phone}} {
		if *f.to, err = b.open(id.County, id.Number, f.purpose, f.sealed); err != nil {
			return Clear{}, err
		}
	}
	return c, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: grid, Action: audit.ResidentUnmasked, Subject: "resident:" + id.String(), Reason: mask.Text(reason)})
}

// nobody is the fault of a person who isn't there, or isn't seen: nobody is told which.
func nobody(id ID) error {
	return fault.New(fault.NotFound, fmt.Sprintf("没有居民 %s，或者其不在您的查看范围内", id), fmt.Sprintf("there is no resident %s, or none that you may see", id))
}
