// Package outbox tells what happened, in the transaction in which it happened, to followers on every node.
//
// Sequence numbers are given out before transactions commit, so a slow one may commit a smaller number after a
// follower has read a larger; one that asks for id > last loses it. Here an event carries its transaction's id
// as well, and a follower reads only events of transactions below the oldest one still running, in the order
// (transaction, event): nothing can be added in front of what it has read. The price is that an event waits
// for every older writing transaction on the server.
//
// The order is that in which transactions began to write. So an event says "look again at this", and what holds
// now is read from the tables: of two transactions of one county that waited for each other, the one that began
// first may have ended last.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of events.
const (
	LayoutPublished   = "layout.published"   // payload: version, and what it touched
	GroundImported    = "ground.imported"    // payload: what was imported
	DivisionsImported = "divisions.imported" // payload: what was imported
	IncidentReported  = "incident.reported"  // payload: its id, and nothing of what was said
	AccessChanged     = "access.changed"     // payload: the account whose sessions, grants or labels are others now
)

// channel is the one that wakes followers. A notification says only that there may be something to read.
const channel = "jingwei_outbox"

// Position is a place in the order of events. Its zero value lies before the first.
type Position struct {
	Transaction uint64 `json:"transaction"`
	ID          int64  `json:"id"`
}

// After says whether the position comes later than another.
func (p Position) After(other Position) bool {
	return p.Transaction > other.Transaction || p.Transaction == other.Transaction && p.ID > other.ID
}

func (p Position) String() string { return fmt.Sprintf("%d-%d", p.Transaction, p.ID) }

// ParsePosition reads what String writes.
func ParsePosition(s string) (p Position, ok bool) {
	transaction, id, cut := strings.Cut(s, "-")
	var errs [2]error
	p.Transaction, errs[0] = strconv.ParseUint(transaction, 10, 64)
	p.ID, errs[1] = strconv.ParseInt(id, 10, 64)
	return p, cut && errs == [2]error{} && p.ID >= 0
}

// Event is something that happened.
type Event struct {
	Position
	County  int
	Kind    string
	Payload json.RawMessage
	At      time.Time
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
