package draft

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
)

// away is after how long somebody who said nothing counts as gone.
const away = 15 * time.Second

// Here is where somebody looks.
type Here struct {
	Center [2]float64 `json:"center"`
	Zoom   float64    `json:"zoom"`
	Doing  string     `json:"doing"`
}

// Other is a colleague at the same draft.
type Other struct {
	Person
	Here
	Seen time.Time `json:"seen"`
}

// Presence is who else is at a draft, and what has become of it.
type Presence struct {
	Revision int     `json:"revision"`
	State    State   `json:"state"`
	Live     int     `json:"live"`
	Others   []Other `json:"others"`
}

// BeHere notes where the actor looks, and gives who else is there.
func (r *Room) BeHere(ctx context.Context, id ID, at Here) (*Presence, error) {
	who, err := me(ctx)
	if err != nil {
		return nil, err
	}
	if at.Doing, err = oneLine("doing", "正在做什么", at.Doing, 0, 60); err != nil {
		return nil, err
	}
	if math.Abs(at.Center[0]) > 180 || math.Abs(at.Center[1]) > 90 {
		return nil, invalid("center（%v，%v）不是经纬度", "center (%v, %v) is no longitude and latitude", at.Center[0], at.Center[1])
	}
	out := &Presence{Others: []Other{}}
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		h, err := find(ctx, tx, id, false)
		if err != nil {
			return err
		}
		out.Revision, out.State, out.Live = h.Revision, h.State, h.Live
		_, err = tx.Exec(ctx, `INSERT INTO draft_presence (county, draft, account, name, display, lon, lat, zoom, doing) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (county, draft, account) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, zoom = excluded.zoom, doing = excluded.doing, seen_at = clock_timestamp()`,
			id.County, id.Number, postgres.ActorOf(ctx).Account, who.Name, who.Display, at.Center[0], at.Center[1], at.Zoom, at.Doing)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT name, display, lon, lat, zoom, doing, seen_at FROM draft_presence
			WHERE county = $1 AND draft = $2 AND account <> $3 AND seen_at > clock_timestamp() - make_interval(secs => $4) ORDER BY display`,
			id.County, id.Number, postgres.ActorOf(ctx).Account, away.Seconds())
		if err != nil {
			return err
		}
		out.Others, err = pgx.AppendRows(out.Others, rows, func(row pgx.CollectableRow) (o Other, err error) {
			err = row.Scan(&o.Name, &o.Display, &o.Center[0], &o.Center[1], &o.Zoom, &o.Doing, &o.Seen)
			return o, err
		})
		return err
	})
	return out, err
}
