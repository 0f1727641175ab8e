package live

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/access"
	"jingwei/internal/incident"
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
	Data     []byte // JSON

	grid    int64  // of an incident
	special string // its special group
	account int64  // of accessEvent
}

// visible says whether an event is for somebody: the question that the policy of its table asks.
func (e *Event) visible(i *access.Identity) bool {
	switch e.Name {
	case IncidentEvent:
		return i.CanAt(access.ReadIncidents, e.grid) && (e.special == "" || i.CanAt(access.Special(access.Label(e.special)), e.grid))
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

// everything is the scope that the Hub reads with: what it reads it shows only to those who may see it.
func everything(ctx context.Context) context.Context {
	scope := postgres.Scope{access.ReadIncidents: {postgres.Everywhere}}
	for _, l := range access.Labels {
		scope[access.Special(l)] = postgres.Ranges{postgres.Everywhere}
	}
	return postgres.WithActor(ctx, postgres.Actor{Scope: scope})
}

// load makes events of what the outbox says, in its order; those that are nobody's to see are left out.
func load(ctx context.Context, db *pgxpool.Pool, from []outbox.Event) (events []Event, err error) {
	ids := make(map[int][]int64) // by county
	for _, o := range from {
		if o.Kind == outbox.IncidentReported {
			if id, ok := incidentOf(o); ok {
				ids[o.County] = append(ids[o.County], id)
			}
		}
	}
	found, err := readIncidents(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	for _, o := range from {
		e := Event{Position: o.Position}
		switch o.Kind {
		case outbox.IncidentReported:
			id, _ := incidentOf(o)
			row, there := found[key{o.County, id}]
			if !there {
				continue
			}
			e.Name, e.Data, e.grid, e.special = IncidentEvent, row.data, row.grid, row.special
		case outbox.LayoutPublished:
			e.Name, e.Data = LayoutEvent, layoutData(o)
		case outbox.AccessChanged:
			e.Name, e.account = accessEvent, access.AccountOf(o)
		default:
			continue
		}
		events = append(events, e)
	}
	return events, nil
}

func incidentOf(o outbox.Event) (int64, bool) {
	var payload incident.Event
	err := json.Unmarshal(o.Payload, &payload)
	return payload.ID.Number, err == nil
}

func layoutData(o outbox.Event) []byte {
	var payload struct {
		Version int `json:"version"`
	}
	_ = json.Unmarshal(o.Payload, &payload)
	data, _ := json.Marshal(map[string]int{"county": o.County, "version": payload.Version})
	return data
}

type key struct {
	county int
	id     int64
}

type row struct {
	data    []byte
	grid    int64
	special string
}

func readIncidents(ctx context.Context, db *pgxpool.Pool, ids map[int][]int64) (map[key]row, error) {
	found := make(map[key]row)
	if len(ids) == 0 {
		return found, nil
	}
	err := postgres.Snapshot(everything(ctx), db, func(tx pgx.Tx) error {
		for county, of := range ids {
			rows, err := tx.Query(ctx, `
				SELECT id, county || '-' || id, kind, severity, ST_X(geom), ST_Y(geom), lpad(grid::text, 15, '0'), reported_at, coalesce(special, ''), grid
				FROM incident WHERE county = $1 AND id = ANY ($2)`, county, of)
			if err != nil {
				return err
			}
			var id, grid int64
			var i told
			_, err = pgx.ForEachRow(rows, []any{&id, &i.ID, &i.Kind, &i.Severity, &i.Lon, &i.Lat, &i.Grid, &i.At, &i.Special, &grid}, func() error {
				data, err := json.Marshal(i)
				found[key{county, id}] = row{data, grid, i.Special}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}
