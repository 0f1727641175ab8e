package access

import (
	"context"
	"sync"
	"time"

	"jingwei/internal/fault"
)

// queue lets passwords be checked one after another, because a check costs memory and a core: without it, whoever sends many of them
// stops the server. Everybody queues by where they come from: each network, and each browser that is known, has one try under way and is held
// back for a while after one that came to nothing, and all take turns with the checks; so a flood delays itself. Known browsers take theirs among
// themselves. Who is turned away has cost nothing yet, not a look into the database either.
type queue struct {
	known, unknown *hall
}

// hall is where some queue for the same checks.
type hall struct {
	check chan struct{} // who checks a password
	most  int           // lanes at a time

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is one network's or one browser's, as long as somebody is in it.
type lane struct {
	turn   chan struct{}
	inside int
	wrong  int // passwords since the last right one, while the lane was never empty
}

const (
	mostWaiting  = 16                     // of one network; more are turned away at once
	mostNetworks = 256                    // as many networks at a time
	mostBrowsers = 4096                   // as many known browsers
	firstPace    = 150 * time.Millisecond // after a try that came to nothing …
	lastPace     = 600 * time.Millisecond // … and after many of them
)

// paceAfter is how long a lane is held after so many wrong passwords in a row.
func paceAfter(wrong int) time.Duration {
	pace := firstPace
	for n := freeTries; n < wrong && pace < lastPace; n++ {
		pace *= 2
	}
	return min(pace, lastPace)
}

func newQueue() *queue { return &queue{newHall(mostBrowsers), newHall(mostNetworks)} }

func newHall(most int) *hall {
	return &hall{check: make(chan struct{}, 1), most: most, lanes: make(map[string]*lane)}
}

// turn is somebody's turn in a lane.
type turn struct {
	hall  *hall
	from  string
	lane  *lane
	tried bool // a password was looked at
}

// wait waits for the turn of somebody who comes from a network, or with a known browser when device isn't "". Call leave when the try is over.
// Fault: TooManyTries when too many wait there already.
func (q *queue) wait(ctx context.Context, network, device string) (*turn, error) {
	h, from := q.unknown, network
	if device != "" {
		h, from = q.known, device
	}
	l, err := h.join(from)
	if err != nil {
		return nil, err
	}
	if err := enter(ctx, l.turn); err != nil {
		h.quit(from, l)
		return nil, err
	}
	return &turn{hall: h, from: from, lane: l}, nil
}

// try runs a check of a password, when it is its turn among those of the other lanes.
func (t *turn) try(ctx context.Context, check func() error) error {
	if err := enter(ctx, t.hall.check); err != nil {
		return err
	}
	defer func() { <-t.hall.check }()
	t.tried = true
	return check()
}

// leave lets the next one in, at once when the password was right.
func (t *turn) leave(right bool) {
	done := func() { <-t.lane.turn; t.hall.quit(t.from, t.lane) }
	if right {
		t.lane.wrong = 0
		done()
		return
	}
	if t.tried {
		t.lane.wrong++ // whose turn it is has the lane alone
	}
	time.AfterFunc(paceAfter(t.lane.wrong), done)
}

func enter(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hall) join(from string) (*lane, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.lanes[from]
	if l == nil {
		if len(h.lanes) >= h.most {
			return nil, busy()
		}
		l = &lane{turn: make(chan struct{}, 1)}
		h.lanes[from] = l
	}
	if l.inside >= mostWaiting {
		return nil, busy()
	}
	l.inside++
	return l, nil
}

func (h *hall) quit(from string, l *lane) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.inside--; l.inside == 0 {
		delete(h.lanes, from)
	}
}

func busy() error { return tooMany(3 * time.Second) }

// Wait is a fault TooManyTries that says how long.
type Wait struct {
	Fault *fault.Error
	For   time.Duration
}

func (w *Wait) Error() string { return w.Fault.Error() }

// Unwrap makes it the fault it is.
func (w *Wait) Unwrap() error { return w.Fault }

func tooMany(wait time.Duration) error {
	seconds := int64((wait + time.Second - 1) / time.Second)
	zh, en := duration(seconds)
	return &Wait{fault.New(fault.TooManyTries, "尝试过多，请 "+zh+" 后再试", "too many tries; wait "+en+" before the next"), wait}
}
