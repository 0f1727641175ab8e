package live

import (
	"context"
	"log/slog"
	"sort"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

// Hub follows the outbox on one node and keeps the last events. Any number of goroutines may stream from it.
type Hub struct {
	app, reader *pgxpool.Pool
	log         *slog.Logger

	mu      sync.RWMutex
	events  []Event         // the last ones, in order, without a gap
	before  outbox.Position // nothing after this one and before events[0] is missing from events
	end     outbox.Position // how far the outbox was read
	changed chan struct{}   // closed when events were added, and replaced
	ready   bool            // it follows; nothing can be streamed before
}

// keep is how many events are kept, between this and twice as many: some minutes of the busiest county.
const keep = 10_000

// New makes a hub that reads the outbox as the reader and incidents as the application role. Follow feeds it.
func New(app, reader *pgxpool.Pool, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Hub{app: app, reader: reader, log: log, changed: make(chan struct{})}
}

// Follow reads the outbox until ctx ends.
func (h *Hub) Follow(ctx context.Context) error {
	since, err := outbox.Now(ctx, h.reader)
	if err != nil {
		return err
	}
	h.mu.Lock()
	if !h.ready {
		h.before, h.end, h.ready = since, since, true
		h.wake()
	}
	h.mu.Unlock()
	return outbox.FollowBatches(ctx, h.reader, h.log, since, func(told []outbox.Event) error {
		events, err := load(ctx, h.app, told)
		if err != nil {
			return err
		}
		h.add(events, told[len(told)-1].Position)
		return nil
	})
}

// add appends events. The slice is never written to where somebody may read: it grows, or is replaced by a new one.
func (h *Hub) add(events []Event, end outbox.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, events...)
	h.end = end
	if len(h.events) > 2*keep {
		gone := len(h.events) - keep
		h.before = h.events[gone-1].Position
		h.events = append(make([]Event, 0, 2*keep), h.events[gone:]...)
	}
	h.wake()
}

func (h *Hub) wake() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// after gives the events after a position, how far that reaches, and a channel that is closed when there are more. kept is false when
// the hub no longer has all of them.
func (h *Hub) after(at outbox.Position) (events []Event, end outbox.Position, more <-chan struct{}, kept bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if !h.ready {
		return nil, at, h.changed, true
	}
	if h.before.After(at) {
		return nil, at, h.changed, false
	}
	first := sort.Search(len(h.events), func(i int) bool { return h.events[i].Position.After(at) })
	end = h.end
	if at.After(end) {
		end = at
	}
	return h.events[first:], end, h.changed, true
}

// older reads events after a position from the database, for who comes back after the hub has forgotten. end is how far that reaches.
func (h *Hub) older(ctx context.Context, at outbox.Position) (events []Event, end outbox.Position, err error) {
	var told []outbox.Event
	err = postgres.Snapshot(ctx, h.reader, func(tx pgx.Tx) (err error) {
		told, err = outbox.Since(ctx, tx, at)
		return err
	})
	if err != nil {
		return nil, at, err
	}
	if len(told) == 0 { // what there was isn't in the outbox any more: the hub's own events go on from here
		return nil, h.start(), nil
	}
	events, err = load(ctx, h.app, told)
	return events, told[len(told)-1].Position, err
}

func (h *Hub) start() outbox.Position {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.before
}

// known says whether a position that a client brings can be one of this database's: it isn't when an older backup was put back since.
func (h *Hub) known(ctx context.Context, at outbox.Position) (known bool, err error) {
	err = postgres.Snapshot(ctx, h.reader, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT $1 <= coalesce(max(number), 0) FROM outbox WHERE number IS NOT NULL`, at).Scan(&known)
	})
	return known, err
}
