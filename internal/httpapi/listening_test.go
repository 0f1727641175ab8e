package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// happening is an event as a browser gets it.
type happening struct{ id, name, data string }

// listening is somebody's open stream of events.
type listening struct {
	site   *site
	who    string
	events chan happening
	last   string // the id that a browser would come back with
	cut    context.CancelFunc
}

// listen opens a stream as somebody, after an event unless last is "", and reads its hello.
func (s *site) listen(who, last string) (*listening, hello) {
	s.Helper()
	l := s.open(s.http.URL, who, last)
	var h hello
	first := l.next()
	if err := json.Unmarshal([]byte(first.data), &h); err != nil || first.name != "hello" || first.id != h.Position {
		s.Fatalf("a stream begins with %+v (%v)", first, err)
	}
	return l, h
}

func (s *site) open(address, who, last string) *listening {
	s.Helper()
	ctx, cut := context.WithCancel(context.Background())
	s.Cleanup(cut)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+eventsPath, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people[who]})
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" || answer.Header.Get("Cache-Control") != "no-store" {
		s.Fatalf("%s %v", answer.Status, answer.Header)
	}
	l := &listening{site: s, who: who, events: make(chan happening, 1000), cut: cut}
	go func() {
		defer answer.Body.Close()
		defer close(l.events)
		read(answer, l.events)
	}()
	return l
}

// read parses a stream as HTML, 9.2.6, says it. An id without data counts for the next one only.
func read(answer *http.Response, to chan<- happening) {
	lines := bufio.NewScanner(answer.Body)
	var h happening
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			h.id = value
		case "event":
			h.name = value
		case "data":
			h.data = value
		case "":
			if lines.Text() == "" && h.name != "" {
				to <- h
				h = happening{id: h.id}
			}
		}
	}
}

// next waits for an event; the zero one when the stream has ended.
func (l *listening) next() happening {
	l.site.Helper()
	select {
	case h := <-l.events:
		if h.id != "" {
			l.last = h.id
		}
		return h
	case <-time.After(time.Minute):
		l.site.Fatalf("%s: no event came", l.who)
		return happening{}
	}
}

// incidents reads the ids of so many incidents; anything else that comes is a mistake.
func (l *listening) incidents(n int) (ids []string) {
	l.site.Helper()
	for range n {
		h := l.next()
		var told struct{ ID string }
		if err := json.Unmarshal([]byte(h.data), &told); err != nil || h.name != "incident" {
			l.site.Fatalf("%s: %+v, want an incident", l.who, h)
		}
		ids = append(ids, told.ID)
	}
	return ids
}

// expects checks the name of what comes next.
func (l *listening) expects(name string) {
	l.site.Helper()
	if h := l.next(); h.name != name {
		l.site.Errorf("%s: %+v, want %q", l.who, h, name)
	}
}

// ends checks that nothing more comes.
func (l *listening) ends() {
	l.site.Helper()
	if h := l.next(); h != (happening{}) {
		l.site.Errorf("%s: %+v, want the end of the stream", l.who, h)
	}
}

// news reports something that leaders in the county sees and gives its id; special is for who has the label.
func (s *site) news(lon float64, special bool) string {
	s.Helper()
	var made Incident
	b, who := fireAt(lon, 40.0005), "county"
	if special {
		b, who = fireAt(lon, 40.0005, "kind", "special-group", "special", "mental"), "special"
	}
	s.ask(who, "POST", "/api/incidents", b, 201, &made)
	return made.ID
}

const westLon, eastLon = 116.3205, 116.3245
