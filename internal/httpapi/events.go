package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	eventsPath    = "/api/events"
	heartbeat     = 15 * time.Second // proxies close what is silent; a client hears that the line is dead
	writePatience = 20 * time.Second // a client that takes nothing for so long is cut off, and comes back when it can
	retryMillis   = 1000
)

// eventRoutes streams what happens (server-sent events). It is a plain handler: an answer without an end.
func (s *Server) eventRoutes() {
	s.echo.GET(eventsPath, s.events)
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "events", Method: http.MethodGet, Path: eventsPath, Tags: []string{"events"}, Summary: "What happens, as it happens (server-sent events)",
		Description: "incident: one was reported that the caller may see. layout: a county's grids are a new version. access: the caller's own rights are others now. " +
			"out: the session has ended. reset: the position is unknown here, load everything anew. hello comes first. Events come in the order of commits; " +
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
	stream *live.Stream
	out    *http.ResponseController
	w      io.Writer
}

func (s *Server) events(c echo.Context) error {
	ctx := c.Request().Context()
	l := &listener{server: s, c: c, who: access.IdentityOf(ctx), out: http.NewResponseController(c.Response()), w: c.Response()}
	known, resumed, err := l.place(ctx)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx
	c.Response().WriteHeader(http.StatusOK)
	s.metrics.listeners.Inc()
	defer s.metrics.listeners.Dec()
	if err := l.begin(ctx, known, resumed); err != nil {
		return nil // the client is gone
	}
	l.run(ctx)
	return nil
}

// place finds where the client's stream begins: after the event that it names, or now.
func (l *listener) place(ctx context.Context) (known, resumed bool, err error) {
	last := l.c.Request().Header.Get("Last-Event-ID")
	if last == "" {
		last = l.c.QueryParam("last_event_id")
	}
	if last == "" {
		l.stream, err = l.server.Live.Begin(ctx)
		return true, false, err
	}
	at, ok := outbox.ParsePosition(last)
	if ok {
		l.stream, known, err = l.server.Live.Resume(ctx, at)
		if err != nil || known {
			return known, known, err
		}
	}
	l.stream, err = l.server.Live.Begin(ctx)
	return false, false, err
}

// begin says hello, and how much the client has missed.
func (l *listener) begin(ctx context.Context, known, resumed bool) error {
	if _, err := fmt.Fprintf(l.w, "retry: %d\n", retryMillis); err != nil {
		return err
	}
	if !known {
		return l.say("reset", l.stream.At().String(), struct{}{})
	}
	h := hello{Position: l.stream.At().String(), Resumed: resumed}
	var first live.Batch
	if resumed {
		var err error
		if first, err = l.stream.Next(ctx, l.who); err != nil {
			return err
		}
		h.Missed = len(first.Events)
	}
	if err := l.say("hello", h.Position, h); err != nil {
		return err
	}
	return l.give(ctx, first)
}

// run passes events on until the client or the server goes, or the session ends.
func (l *listener) run(ctx context.Context) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		b, err := l.stream.Next(ctx, l.who)
		if err != nil {
			return
		}
		if err := l.give(ctx, b); err != nil {
			return
		}
		if b.Rights || l.stream.Behind() {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-l.server.stopping:
			return
		case <-l.stream.More():
		case <-beat.C:
			if !l.again(ctx) || l.comment() != nil {
				return
			}
		}
	}
}

// give writes a batch, in one go, and looks anew at the client's rights when they may have changed.
func (l *listener) give(ctx context.Context, b live.Batch) error {
	if len(b.Events) > 0 {
		_ = l.out.SetWriteDeadline(time.Now().Add(writePatience))
		for i := range b.Events {
			e := &b.Events[i]
			if _, err := fmt.Fprintf(l.w, "id: %s\nevent: %s\ndata: %s\n\n", e.Position, e.Name, e.Data); err != nil {
				return err
			}
		}
		if err := l.out.Flush(); err != nil {
			return err
		}
	}
	if b.Rights {
		l.server.Doors.Forget(l.who.Account.ID) // this node may not have heard of it yet
		if !l.again(ctx) {
			return fault.New(fault.SignedOut, "登录已结束", "the session has ended")
		}
		return l.say("access", b.At.String(), struct{}{})
	}
	return nil
}

// again finds out anew who the client is; false, and told to it, when the session has ended.
func (l *listener) again(ctx context.Context) bool {
	i, err := l.server.identity(l.c, false)
	if err == nil && i != nil && i.Stage == access.Open && i.Can(access.ReadMap) {
		l.who = i
		return true
	}
	if err == nil || fault.CodeOf(err) == fault.SignedOut {
		_ = l.say("out", l.stream.At().String(), struct{}{})
	}
	return false
}

func (l *listener) say(event, id string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	_ = l.out.SetWriteDeadline(time.Now().Add(writePatience))
	if _, err := fmt.Fprintf(l.w, "id: %s\nevent: %s\ndata: %s\n\n", id, event, text); err != nil {
		return err
	}
	return l.out.Flush()
}

// comment keeps the line open, and tells the client how far it is: the id counts without an event.
func (l *listener) comment() error {
	_ = l.out.SetWriteDeadline(time.Now().Add(writePatience))
	if _, err := fmt.Fprintf(l.w, ": still here\nid: %s\n\n", l.stream.At()); err != nil {
		return err
	}
	return l.out.Flush()
}
