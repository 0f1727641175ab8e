package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/access"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

// The names of events, as clients know them.
const (
	IncidentEvent = "incident" // one was reported
	LayoutEvent   = "layout"   // a new version of a county's grids is live
	accessEvent   = "access"   // for the Hub's own use: somebody's rights are others now
)

// Event is one that clients may get.
type Event struct {
	Position outbox.Position
	Name     string
	Text     []byte // as it goes over the wire; the same for everybody who gets it

	incident incident.ID
	grid     int64  // of an incident
	special  string // its special group
	account  int64  // of accessEvent; 0: it may be any
}

// Frame is an event as it goes over the wire (HTML, 9.2.5). data is JSON: a line, without line ends in it.
func Frame(at outbox.Position, name string, data []byte) []byte {
	return fmt.Appendf(make([]byte, 0, len(data)+64), "id: %s\nevent: %s\ndata: %s\n\n", at, name, data)
}

// visible says whether an event is for somebody: the question that the policy of its table asks.
func (e *Event) visible(i *access.Identity) bool {
	switch e.Name {
	case IncidentEvent:
		return i.Can(access.ReadIncidents) && incident.Visible(i.Actor, e.grid, e.special)
	case LayoutEvent:
		return i.Can(access.ReadMap)
	}
	return false
}

// told is what an event tells of an incident: enough to show it on a map. What was said isn't in it.
type told struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Severity int       `json:"severity"`
	Lon      float64   `json:"lon"`
	Lat      float64   `json:"lat"`
	Grid     string    `json:"grid"`
	At       time.Time `json:"at"`
	Special  string    `json:"special,omitempty"`
}

func incidentEvent(at outbox.Position, b incident.Brief) Event {
	data, _ := json.Marshal(told{b.ID.String(), string(b.Kind), int(b.Severity), b.Lon, b.Lat, layout.Code(b.Grid).String(), b.At, b.Special}) // it always marshals
	return Event{Position: at, Name: IncidentEvent, Text: Frame(at, IncidentEvent, data), incident: b.ID, grid: b.Grid, special: b.Special}
}

func layoutEvent(o outbox.Event) Event {
	var payload struct {
		Version int `json:"version"`
	}
	_ = json.Unmarshal(o.Payload, &payload)
	data, _ := json.Marshal(map[string]int{"county": o.County, "version": payload.Version})
	return Event{Position: o.Position, Name: LayoutEvent, Text: Frame(o.Position, LayoutEvent, data)}
}

// load makes events of what the outbox says, in its order; those that are nobody's to see are left out.
func load(ctx context.Context, db *pgxpool.Pool, log *slog.Logger, from []outbox.Event) (events []Event, err error) {
	ids := make(numbers)
	reported := make([]incident.ID, len(from))
	for k, o := range from {
		if o.Kind != outbox.IncidentReported {
			continue
		}
		var payload incident.Event
		if err := json.Unmarshal(o.Payload, &payload); err != nil {
			log.Error("live: an event that says nothing sensible", "position", o.Position, "kind", o.Kind, "error", err)
			continue
		}
		reported[k] = payload.ID
		ids.add(payload.ID)
	}
	briefs, err := readBriefs(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	for k, o := range from {
		switch o.Kind {
		case outbox.IncidentReported:
			if b, there := briefs[reported[k]]; there {
				events = append(events, incidentEvent(o.Position, b))
			}
		case outbox.LayoutPublished:
			events = append(events, layoutEvent(o))
		case outbox.AccessChanged:
			events = append(events, Event{Position: o.Position, Name: accessEvent, account: access.AccountOf(o)})
		}
	}
	return events, nil
}

// numbers are those of incidents, by county.
type numbers map[int32][]int64

func (n numbers) add(id incident.ID) { n[id.County] = append(n[id.County], id.Number) }

// readBriefs reads incidents as they are now: for the hub, which shows each only to those who may see it.
func readBriefs(ctx context.Context, db *pgxpool.Pool, of numbers) (map[incident.ID]incident.Brief, error) {
	found := make(map[incident.ID]incident.Brief)
	if len(of) == 0 {
		return found, nil
	}
	ctx = everything(ctx)
	err := postgres.Snapshot(ctx, db, func(tx pgx.Tx) error {
		for county, ids := range of {
			briefs, err := incident.Briefs(ctx, tx, county, ids)
			if err != nil {
				return err
			}
			for _, b := range briefs {
				found[b.ID] = b
			}
		}
		return nil
	})
	return found, err
}

// everything is the scope that the hub reads with.
func everything(ctx context.Context) context.Context {
	scope := postgres.Scope{access.ReadIncidents: {postgres.Everywhere}}
	for _, l := range access.Labels {
		scope[access.Special(l)] = postgres.Ranges{postgres.Everywhere}
	}
	return postgres.WithActor(ctx, postgres.Actor{Scope: scope})
}
