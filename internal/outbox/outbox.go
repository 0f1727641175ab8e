// Package outbox tells what happened, in the transaction in which it happened, to followers on every node.
//
// Ids are given out before transactions commit, so a slow one may commit a smaller id after a follower has read a larger; one that asks
// for id > last loses it. So an event gets a number of its own once it is committed, by whichever follower comes first (number_outbox of
// the migrations, one at a time), and followers go by that: nothing can be added in front of what they have read, and nobody waits for an
// older transaction that still runs. Of two transactions of which one began after the other had committed, the first has the smaller
// number; two that ran side by side may have either.
//
// So an event says "look again at this", and what holds now is read from the tables.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of events.
const (
	LayoutPublished   = "layout.published"   // payload: version, and what it touched
	GroundImported    = "ground.imported"    // payload: what was imported
	DivisionsImported = "divisions.imported" // payload: what was imported
	HousesChanged     = "houses.changed"     // payload: how many; none of what is about persons
	IncidentReported  = "incident.reported"  // payload: its id, and nothing of what was said
	AccessChanged     = "access.changed"     // payload: the account whose sessions, grants or labels are others now
)

// channel is the one that wakes followers. A notification says only that there may be something to read.
const channel = "jingwei_outbox"

// Position is a place in the order of events: the number of the last one before it. Its zero value lies before the first.
type Position int64

// After says whether the position comes later than another.
func (p Position) After(other Position) bool { return p > other }

func (p Position) String() string { return strconv.FormatInt(int64(p), 10) }

// ParsePosition reads what String writes.
func ParsePosition(s string) (p Position, ok bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return Position(n), err == nil && n >= 0
}

// Span gives the positions that one can go on after: from before the first event that is kept to after the last one that has a number.
func Span(ctx context.Context, tx pgx.Tx) (first, last Position, err error) {
	err = tx.QueryRow(ctx, `SELECT greatest(coalesce(min(number), 0) - 1, 0), coalesce(max(number), 0) FROM outbox WHERE number IS NOT NULL`).Scan(&first, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("outbox: how far it reaches: %w", err)
	}
	return first, last, nil
}

// Event is something that happened.
type Event struct {
	Position Position
	ID       int64
	County   int
	Kind     string
	Payload  json.RawMessage
	At       time.Time
}

// Write records an event of a county (6-digit code) in the transaction; followers see it when that commits, and
// never when it doesn't. The payload is marshalled to JSON and holds nothing about a person.
func Write(ctx context.Context, tx pgx.Tx, county int, kind string, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("outbox: payload of %s: %w", kind, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO outbox (county, kind, payload) VALUES ($1, $2, $3)`, county, kind, text)
	if err != nil {
		return fmt.Errorf("outbox: write %s: %w", kind, err)
	}
	if _, err := tx.Exec(ctx, `SELECT pg_notify($1, '')`, channel); err != nil {
		return fmt.Errorf("outbox: notify: %w", err)
	}
	return nil
}
