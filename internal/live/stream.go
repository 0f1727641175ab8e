package live

import (
	"context"

	"jingwei/internal/access"
	"jingwei/internal/outbox"
)

// Stream is one client's place among the events. It belongs to one goroutine.
type Stream struct {
	hub  *Hub
	at   outbox.Position
	more <-chan struct{}
}

// Batch is what a client gets next.
type Batch struct {
	Events []Event         // those it may see
	At     outbox.Position // how far that reaches: a client that comes back with it misses nothing and gets nothing twice
	Rights bool            // its rights may be others now: identify it anew before it gets more
	Lost   bool            // what comes next is in the database no longer: it has to begin anew
}

// Begin begins where the outbox is now. Fault: Unavailable while the hub isn't ready.
func (h *Hub) Begin(ctx context.Context) (*Stream, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	now, err := outbox.Now(ctx, h.reader)
	if err != nil {
		return nil, err
	}
	return &Stream{hub: h, at: now}, nil
}

// Resume goes on after a position. known is false when that can't be: then the client has to begin anew. Fault: Unavailable
// while the hub isn't ready.
func (h *Hub) Resume(ctx context.Context, at outbox.Position) (s *Stream, known bool, err error) {
	if err := h.wait(ctx); err != nil {
		return nil, false, err
	}
	if known, err = h.known(ctx, at); err != nil || !known {
		return nil, known, err
	}
	return &Stream{hub: h, at: at}, true, nil
}

// At is how far the client has got.
func (s *Stream) At() outbox.Position { return s.at }

// Next gives what happened since the last call that the identity may see, at once, without waiting: an empty batch when nothing did. More says when
// to call it again.
func (s *Stream) Next(ctx context.Context, i *access.Identity) (Batch, error) {
	events, end, more, kept := s.hub.after(s.at)
	s.more = more
	if !kept {
		var there bool
		var err error
		if events, end, there, err = s.hub.readOlder(ctx, s.at); err != nil || !there {
			return Batch{At: s.at, Lost: err == nil}, err
		}
	}
	b := Batch{}
	for k := range events {
		e := &events[k]
		switch {
		case e.Name == accessEvent && (e.account == 0 || e.account == i.Account.ID):
			// What comes after this may have to be judged by other rights: stop here.
			b.Rights, end = true, e.Position
		case e.visible(i):
			b.Events = append(b.Events, *e)
		}
		if b.Rights {
			break
		}
	}
	s.at, b.At = end, end
	return b, nil
}

// Missed counts what Next would give at this moment, call after call, with the rights as they are.
func (s *Stream) Missed(ctx context.Context, i *access.Identity) (n int, err error) {
	ahead := *s
	for ahead.Behind() {
		b, err := ahead.Next(ctx, i)
		if err != nil || b.Lost {
			return n, err
		}
		n += len(b.Events)
	}
	return n, nil
}

// Behind says whether there is more to read at once.
func (s *Stream) Behind() bool {
	events, _, _, kept := s.hub.after(s.at)
	return !kept || len(events) > 0
}

// More is closed when there is more than the last Next gave.
func (s *Stream) More() <-chan struct{} { return s.more }
