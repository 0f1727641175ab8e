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
	Rights bool            // its rights may be others now: identify it again before it gets more
}

// Begin begins where the outbox is now.
func (h *Hub) Begin(ctx context.Context) (*Stream, error) {
	now, err := outbox.Now(ctx, h.reader)
	if err != nil {
		return nil, err
	}
	return &Stream{hub: h, at: now}, nil
}

// Resume goes on after a position. known is false when it isn't one of this database's any more: then the client has to begin anew.
func (h *Hub) Resume(ctx context.Context, at outbox.Position) (s *Stream, known bool, err error) {
	if known, err = h.known(ctx, at); err != nil || !known {
		return nil, known, err
	}
	return &Stream{hub: h, at: at}, true, nil
}

// At is how far the client has got.
func (s *Stream) At() outbox.Position { return s.at }

// Next gives what happened since the last call that the identity may see, at once, without waiting: an empty batch when nothing did. Wait waits.
func (s *Stream) Next(ctx context.Context, i *access.Identity) (Batch, error) {
	events, end, more, kept := s.hub.after(s.at)
	s.more = more
	if !kept {
		var err error
		if events, end, err = s.hub.older(ctx, s.at); err != nil {
			return Batch{}, err
		}
	}
	b := Batch{At: end}
	for k := range events {
		e := &events[k]
		switch {
		case e.Name == accessEvent && (e.account == 0 || e.account == i.Account.ID):
			// What comes after this may have to be judged by other rights: stop here.
			b.Rights, b.At = true, e.Position
			s.at = b.At
			return b, nil
		case e.visible(i):
			b.Events = append(b.Events, *e)
		}
	}
	s.at = end
	return b, nil
}

// Behind says whether there is more to read at once: a client that catches up from the database does it in several steps.
func (s *Stream) Behind() bool {
	events, _, _, kept := s.hub.after(s.at)
	return !kept || len(events) > 0
}

// More is closed when there is more than the last Next gave.
func (s *Stream) More() <-chan struct{} { return s.more }
