package live

import (
	"context"
	"log/slog"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

const (
	keepEvents    = 10_000 // some minutes of the busiest county, some days of a quiet one
	farthest      = 50_000 // who is farther behind loads everything anew: that is less work for both sides
	mostOlder     = 3      // clients that read from the database at a time: the pools have other work
	readyPatience = 5 * time.Second
	firstPause    = 100 * time.Millisecond
	lastPause     = 5 * time.Second
)

// Config is what a hub is made of.
type Config struct {
	App    *pgxpool.Pool // of the application role: incidents
	Reader *pgxpool.Pool // of the reader: the outbox
	Logger *slog.Logger  // nil: silent
	Keep   int           // how many events are kept, between this and twice as many; 0: 10,000
}

// Hub follows the outbox on one node and keeps the last events. Any number of goroutines may stream from it.
type Hub struct {
	app, reader *pgxpool.Pool
	log         *slog.Logger
	keep        int
	older       chan struct{} // who reads from the database has a place in it

	mu      sync.RWMutex
	events  []Event         // the last ones, in order, without a gap
	before  outbox.Position // nothing after this one and before events[0] is missing from events
	end     outbox.Position // how far the outbox was read
	changed chan struct{}   // closed when events were added, and replaced

	ready chan struct{} // closed once it has what there was when it began to follow; nothing is streamed before
	first outbox.Position
}

// New makes a hub. Follow feeds it.
func New(c Config) *Hub {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Keep == 0 {
		c.Keep = keepEvents
	}
	return &Hub{app: c.App, reader: c.Reader, log: c.Logger, keep: c.Keep, older: make(chan struct{}, mostOlder), changed: make(chan struct{}), ready: make(chan struct{})}
}

// Follow reads the outbox until ctx ends, beginning with the last events there are: after a restart everybody comes back at once, and finds
// in memory what they missed. What can't be read is read again until it can: an event that is left out nobody would miss.
func (h *Hub) Follow(ctx context.Context) error {
	var since outbox.Position
	err := postgres.Snapshot(ctx, h.reader, func(tx pgx.Tx) error {
		first, last, err := outbox.Span(ctx, tx)
		since, h.first = max(first, last-outbox.Position(h.keep)), last
		return err
	})
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.before, h.end = since, since
	h.isReady()
	h.mu.Unlock()
	return outbox.FollowBatches(ctx, h.reader, h.log, since, func(told []outbox.Event) error { return h.take(ctx, told) })
}

// take adds what the outbox told. An error is ctx's.
func (h *Hub) take(ctx context.Context, told []outbox.Event) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		kept, err := h.moved(ctx, told)
		if err == nil {
			var events []Event
			if events, err = load(ctx, h.app, h.log, told); err == nil {
				h.add(kept, events, told[len(told)-1].Position)
				return nil
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h.log.Warn("live: events can't be read, trying again", "error", err, "in", pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// moved gives what is kept as it is now, nil when nothing can be different: a publication takes incidents along to other grids, and so to
// others who may see them.
func (h *Hub) moved(ctx context.Context, told []outbox.Event) ([]Event, error) {
	var counties []int32
	for _, o := range told {
		if o.Kind == outbox.LayoutPublished {
			counties = append(counties, int32(o.County))
		}
	}
	if counties == nil {
		return nil, nil
	}
	ids := make(numbers)
	for i := range h.events { // nobody else writes to it
		if e := &h.events[i]; e.Name == IncidentEvent && slices.Contains(counties, e.incident.County) {
			ids.add(e.incident)
		}
	}
	briefs, err := readBriefs(ctx, h.app, ids)
	if err != nil {
		return nil, err
	}
	fresh := make([]Event, 0, 2*h.keep)
	for _, e := range h.events {
		if e.Name == IncidentEvent && slices.Contains(counties, e.incident.County) {
			b, there := briefs[e.incident]
			if !there {
				continue
			}
			e = incidentEvent(e.Position, b)
		}
		fresh = append(fresh, e)
	}
	return fresh, nil
}

// add appends events, after putting kept in the place of those that are there, unless it is nil. The slice is never written to where somebody
// may read: it grows, or is replaced by a new one.
func (h *Hub) add(kept, events []Event, end outbox.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if kept != nil {
		h.events = kept
	}
	h.events = append(h.events, events...)
	h.end = end
	if len(h.events) > 2*h.keep {
		gone := len(h.events) - h.keep
		h.before = h.events[gone-1].Position
		h.events = append(make([]Event, 0, 2*h.keep), h.events[gone:]...)
	}
	h.isReady()
	close(h.changed)
	h.changed = make(chan struct{})
}

// isReady lets those in who wait for the hub, once it has come so far. The caller holds mu.
func (h *Hub) isReady() {
	select {
	case <-h.ready:
	default:
		if h.end >= h.first {
			close(h.ready)
		}
	}
}

// wait waits until the hub is ready. Fault: Unavailable when that takes long.
func (h *Hub) wait(ctx context.Context) error {
	select {
	case <-h.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(readyPatience):
		return fault.New(fault.Unavailable, "实时事件尚未就绪，请稍后再试", "events aren't ready yet; try again in a while")
	}
}

// after gives the events after a position, how far that reaches, and a channel that is closed when there are more. kept is false when
// the hub no longer has all of them.
func (h *Hub) after(at outbox.Position) (events []Event, end outbox.Position, more <-chan struct{}, kept bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.before.After(at) {
		return nil, at, h.changed, false
	}
	first := sort.Search(len(h.events), func(i int) bool { return h.events[i].Position.After(at) })
	return h.events[first:], max(at, h.end), h.changed, true
}

// readOlder reads events after a position from the database, for who is farther behind than what is kept; not all at once. end is how far that
// reaches; there is false when the outbox doesn't have them any more either.
func (h *Hub) readOlder(ctx context.Context, at outbox.Position) (events []Event, end outbox.Position, there bool, err error) {
	select {
	case h.older <- struct{}{}:
		defer func() { <-h.older }()
	case <-ctx.Done():
		return nil, at, false, ctx.Err()
	}
	var told []outbox.Event
	err = postgres.Snapshot(ctx, h.reader, func(tx pgx.Tx) (err error) {
		if there, err = reaches(ctx, tx, at); err == nil && there {
			told, err = outbox.Since(ctx, tx, at)
		}
		return err
	})
	if err != nil || !there || len(told) == 0 {
		return nil, at, there && len(told) > 0, err
	}
	events, err = load(ctx, h.app, h.log, told)
	return events, told[len(told)-1].Position, true, err
}

// known says whether a stream can go on after a position that a client brings. It can't when the database was put back to an older state since, when
// the outbox doesn't reach so far back, and when that would be too much.
func (h *Hub) known(ctx context.Context, at outbox.Position) (known bool, err error) {
	h.mu.RLock()
	kept := !h.before.After(at) && !at.After(h.end)
	h.mu.RUnlock()
	if kept {
		return true, nil
	}
	err = postgres.Snapshot(ctx, h.reader, func(tx pgx.Tx) error {
		known, err = reaches(ctx, tx, at)
		return err
	})
	return known, err
}

func reaches(ctx context.Context, tx pgx.Tx, at outbox.Position) (bool, error) {
	first, last, err := outbox.Span(ctx, tx)
	return at >= first && at <= last && last-at <= farthest, err
}
