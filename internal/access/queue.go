package access

import (
	"context"
	"sync"
	"time"

	"jingwei/internal/fault"
)

// queue lets passwords be checked one after another, because a check costs memory and a core: without it, whoever sends many of them
// stops the server. A browser that is known has a lane of its own. The others queue by where they come from: each network has one check
// under way, is held back for a while after a wrong one, and takes turns with the rest; so a flood delays itself.
type queue struct {
	known   chan struct{}
	unknown chan struct{}

	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is one network's, as long as somebody is in it.
type lane struct {
	turn   chan struct{}
	inside int
}

const (
	mostWaiting  = 16                     // of one network; more are turned away at once
	mostNetworks = 256                    // as many networks at a time
	pace         = 150 * time.Millisecond // after a wrong password
)

func newQueue() *queue {
	return &queue{known: make(chan struct{}, 1), unknown: make(chan struct{}, 1), lanes: make(map[string]*lane)}
}

// wait waits for the turn of somebody from a network. Call leave when the check is done, saying whether the password was right.
// Fault: TooManyTries when too many wait there already.
func (q *queue) wait(ctx context.Context, network string, known bool) (leave func(right bool), err error) {
	if known {
		if err := enter(ctx, q.known); err != nil {
			return nil, err
		}
		return func(bool) { <-q.known }, nil
	}
	l, err := q.join(network)
	if err != nil {
		return nil, err
	}
	if err := enter(ctx, l.turn); err != nil {
		q.quit(network, l)
		return nil, err
	}
	done := func() { <-l.turn; q.quit(network, l) }
	if err := enter(ctx, q.unknown); err != nil {
		done()
		return nil, err
	}
	return func(right bool) {
		<-q.unknown
		if right {
			done()
			return
		}
		time.AfterFunc(pace, done)
	}, nil
}

func enter(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *queue) join(network string) (*lane, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lanes[network]
	if l == nil {
		if len(q.lanes) >= mostNetworks {
			return nil, busy()
		}
		l = &lane{turn: make(chan struct{}, 1)}
		q.lanes[network] = l
	}
	if l.inside >= mostWaiting {
		return nil, busy()
	}
	l.inside++
	return l, nil
}

func (q *queue) quit(network string, l *lane) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l.inside--; l.inside == 0 {
		delete(q.lanes, network)
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
