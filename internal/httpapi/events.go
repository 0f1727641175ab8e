package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/live"
	"jingwei/internal/outbox"
)

const (
	eventsPath = "/api/events"
	heartbeat  = 15 * time.Second // proxies close what is silent; a client hears that the line is dead
	lookEvery  = 4                // heartbeats between two looks at whether the session is still good; changes of rights are heard of at once

	// A client that takes nothing for so long is cut off, and comes back when it can. Less than shutdownTimeout: who stops isn't kept waiting.
	writePatience = shutdownTimeout - 2*time.Second
	atOnce        = 64          // events that are written before a client gets that long anew
	lookAgain     = time.Second // when nobody can be asked whether the rights are others now

	// Clients come back after so long, not all in the same moment when the server was started anew.
	leastRetry, mostRetry = 1000, 3000 // milliseconds
)

// eventRoutes streams what happens (server-sent events). It is a plain handler: an answer without an end.
func (s *Server) eventRoutes() {
	s.echo.GET(eventsPath, s.events)
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "events", Method: http.MethodGet, Path: eventsPath, Tags: []string{"events"}, Summary: "What happens, as it happens (server-sent events)",
		Description: "hello comes first: where the stream begins, and how many events follow at once because the client was away. incident: one was reported that the caller may see. " +
			"layout: a county's grids are a new version. access: the caller's own rights are others now. out: the session has ended, and so does the stream. " +
			"reset: what the client missed can't be told any more, load everything anew. Events come in the order of commits, the same for all; " +
			"a client that comes back with the id of the last one misses none and gets none twice.",
		Parameters: []*huma.Param{
			{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: "string"}, Description: "Go on after this event"},
			{Name: "last_event_id", In: "query", Schema: &huma.Schema{Type: "string"}, Description: "The same, for clients that can't set headers"},
		},
		Responses: map[string]*huma.Response{"200": {Description: "The stream", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}},
	})
}

// hello is what a stream begins with.
type hello struct {
	Position string `json:"position" doc:"Where it begins"`
	Resumed  bool   `json:"resumed" doc:"It goes on where the client was"`
	Missed   int    `json:"missed" doc:"Events that follow at once because the client was away"`
}

// listener is one client of the stream.
type listener struct {
	server *Server
	c      echo.Context
	who    *access.Identity
	doubt  bool // the rights may be others now: nothing more is told before they are known
	stream *live.Stream
	out    *http.ResponseController
	w      io.Writer
	beats  int
}

func (s *Server) events(c echo.Context) error {
	ctx := c.Request().Context()
	l := &listener{server: s, c: c, who: access.IdentityOf(ctx), out: http.NewResponseController(c.Response()), w: c.Response()}
	known, resumed, err := l.place(ctx)
	if err != nil {
		return err
	}
	// Who asks was remembered, perhaps: a change of rights that lies before the place in the stream must be in it.
	if err := l.look(ctx); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx
	c.Response().WriteHeader(http.StatusOK)
	s.metrics.listeners.Inc()
	defer s.metrics.listeners.Dec()
	if err := l.begin(ctx, known, resumed); err == nil {
		err = l.run(ctx)
		if err != nil && ctx.Err() == nil {
			s.Logger.DebugContext(ctx, "a stream of events was cut off", "request", requestID(ctx), "error", err)
		}
	}
	return nil // the client is gone, or comes back
}

// place finds where the client's stream begins: after the event that it names, or now. known is false when it names one that can't be gone on after.
func (l *listener) place(ctx context.Context) (known, resumed bool, err error) {
	last := l.c.Request().Header.Get("Last-Event-ID")
	if last == "" {
		last = l.c.QueryParam("last_event_id")
	}
	if last == "" {
		l.stream, err = l.server.Live.Begin(ctx)
		return true, false, err
	}
	if at, ok := outbox.ParsePosition(last); ok {
		l.stream, known, err = l.server.Live.Resume(ctx, at)
		if err != nil || known {
			return known, known, err
		}
	}
	l.stream, err = l.server.Live.Begin(ctx)
	return false, false, err
}

// begin says hello, how much the client has missed, and when that can't be told.
func (l *listener) begin(ctx context.Context, known, resumed bool) (err error) {
	h := hello{Position: l.stream.At().String(), Resumed: resumed}
	if resumed {
		if h.Missed, err = l.stream.Missed(ctx, l.who); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(l.w, "retry: %d\n", leastRetry+rand.IntN(mostRetry-leastRetry)); err != nil {
		return err
	}
	if err := l.say("hello", h); err != nil || known {
		return err
	}
	return l.say("reset", struct{}{})
}

// run passes events on until the client or the server goes, or the session ends. What it returns is why the client was cut off; nil when it
// was told, or has gone.
func (l *listener) run(ctx context.Context) error {
	beat := time.NewTimer(rand.N(l.server.heartbeat)) // not everybody's at once
	defer beat.Stop()
	due := false
	for {
		select { // first: there may always be something to tell
		case <-ctx.Done():
			return nil
		case <-l.server.stopping:
			return nil
		case <-beat.C:
			due = true
		default:
		}
		if due {
			due = false
			beat.Reset(l.server.heartbeat)
			if err := l.beat(ctx); err != nil {
				return err
			}
		}
		if time.Now().After(l.who.Ends) {
			return l.say("out", struct{}{})
		}
		more, err := l.tell(ctx)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.server.stopping:
			return nil
		case <-more:
		case <-beat.C:
			due = true
		}
	}
}

var errOut = fault.New(fault.SignedOut, "登录已结束", "the session has ended")

// now is a channel that is closed: there is more to tell at once.
var now = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// tell gives the client what comes next, and a channel that is closed when there is more.
func (l *listener) tell(ctx context.Context) (more <-chan struct{}, err error) {
	if l.doubt {
		if err := l.again(ctx); err != nil {
			if fault.CodeOf(err) == fault.SignedOut {
				return nil, err
			}
			return after(lookAgain), nil
		}
	}
	b, err := l.stream.Next(ctx, l.who)
	if err != nil {
		return nil, err
	}
	if err := l.give(b); err != nil {
		return nil, err
	}
	switch {
	case b.Lost:
		if l.stream, err = l.server.Live.Begin(ctx); err != nil {
			return nil, err
		}
		return now, l.say("reset", struct{}{})
	case b.Rights:
		l.doubt = true
		return now, nil
	case l.stream.Behind():
		return now, nil
	}
	return l.stream.More(), nil
}

func after(d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	time.AfterFunc(d, func() { close(c) })
	return c
}

// give writes a batch.
func (l *listener) give(b live.Batch) error {
	for i := range b.Events {
		if i%atOnce == 0 {
			_ = l.out.SetWriteDeadline(time.Now().Add(l.server.patience))
		}
		if _, err := l.w.Write(b.Events[i].Text); err != nil {
			return err
		}
	}
	if len(b.Events) == 0 {
		return nil
	}
	return l.out.Flush()
}

// look finds out who the client is by now. Fault: SignedOut, when the session has ended or may read nothing any more.
func (l *listener) look(ctx context.Context) error {
	i, err := l.server.Doors.Reread(ctx, l.who)
	if err != nil {
		return err
	}
	if i.Stage != access.Open || !i.Can(access.ReadMap) {
		return errOut
	}
	l.who, l.doubt = i, false
	return nil
}

// again looks, and tells the client what came of it. Fault: SignedOut.
func (l *listener) again(ctx context.Context) error {
	err := l.look(ctx)
	switch {
	case err == nil:
		return l.say("access", struct{}{})
	case fault.CodeOf(err) == fault.SignedOut:
		_ = l.say("out", struct{}{})
	}
	return err
}

// beat keeps the line open, and tells the client how far it is: the id counts without an event. Now and then it looks whether the session is still
// good: sessions end by themselves, too. When the database can't be asked at the moment, there is nothing to tell either.
func (l *listener) beat(ctx context.Context) error {
	if l.beats++; l.beats%lookEvery == 0 && !l.doubt {
		if err := l.look(ctx); fault.CodeOf(err) == fault.SignedOut {
			_ = l.say("out", struct{}{})
			return err
		}
	}
	_ = l.out.SetWriteDeadline(time.Now().Add(l.server.patience))
	if _, err := fmt.Fprintf(l.w, ": still here\nid: %s\n\n", l.stream.At()); err != nil {
		return err
	}
	return l.out.Flush()
}

// say tells the client something of its own.
func (l *listener) say(event string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	_ = l.out.SetWriteDeadline(time.Now().Add(l.server.patience))
	if _, err := l.w.Write(live.Frame(l.stream.At(), event, text)); err != nil {
		return err
	}
	return l.out.Flush()
}
