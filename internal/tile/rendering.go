package tile

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rendering is one tile while it is made.
type rendering struct {
	ctx    context.Context
	server *Server
	at     Address
	near   Bounds // what to ask the database for: the tile and its buffer
	own    frame  // the tile
	outer  frame  // the tile and its buffer
	layers []*builder

	batch pgx.Batch      // what the layers ask the database, all at once
	then  []func() error // what is left to do when the answers are there
}

func newRendering(ctx context.Context, s *Server, at Address) *rendering {
	return &rendering{
		ctx: ctx, server: s, at: at,
		near: at.bounds(float64(buffer+1) / Extent), own: frameOf(at, 0), outer: frameOf(at, buffer),
	}
}

// layer begins a layer; the features are added to what it returns.
func (r *rendering) layer(name string) *builder {
	b := newBuilder(name)
	r.layers = append(r.layers, b)
	return b
}

// ask has the database asked, with what the other layers want to know; row is called for each row of the
// answer, scanned into the targets. $1 to $4 of the statement are west, south, east and north of what is near the tile.
func (r *rendering) ask(layer Layer, targets []any, row func() error, sql string, args ...any) {
	r.askAnywhere(layer, targets, row, sql, append([]any{r.near[0], r.near[1], r.near[2], r.near[3]}, args...)...)
}

// askAnywhere is ask for a statement that doesn't look for what is near.
func (r *rendering) askAnywhere(layer Layer, targets []any, row func() error, sql string, args ...any) {
	r.batch.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		if _, err := pgx.ForEachRow(rows, targets, row); err != nil {
			return fmt.Errorf("reading %s: %w", layer, err)
		}
		return nil
	})
}

// read sends what was asked in one go, in a transaction that sees one state of the database, so that the
// layers belong together, and does what is left to do.
func (r *rendering) read(ctx context.Context, pool *pgxpool.Pool) error {
	if r.batch.Len() == 0 {
		return nil
	}
	begin := &pgx.QueuedQuery{SQL: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`}
	r.batch.QueuedQueries = append([]*pgx.QueuedQuery{begin}, r.batch.QueuedQueries...)
	r.batch.Queue(`COMMIT`)
	// A connection whose transaction failed on the way isn't used again: the pool looks.
	if err := pool.SendBatch(ctx, &r.batch).Close(); err != nil {
		return err
	}
	for _, f := range r.then {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// nearby is the condition that a geometry column lies near the tile.
func nearby(column string) string {
	return column + ` && ST_MakeEnvelope($1, $2, $3, $4, 4326)`
}

// polygon encodes polygons as a feature's geometry, clipped; extent is the area of what is left, in square
// units. A polygon of which less than least square units are left is left out, 0 for a coverage, of which no part may be.
func (r *rendering) polygon(s shape, least int64) (commands []uint32, extent float64) {
	p := newPen(r.at)
	var total int64
	for _, rings := range s.polygons {
		for i, from := range rings {
			clipped := clipRing(from, r.own, r.outer)
			area := clipped.area2()
			if area == 0 || i == 0 && abs(area) < 2*least {
				if i == 0 {
					break
				}
				continue
			}
			// A shell has a positive area, a hole a negative one; the pixels' y points down.
			if (area > 0) != (i == 0) {
				reverse(clipped)
				area = -area
			}
			total += area
			p.ring(clipped)
		}
	}
	return p.out, float64(total) / 2
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

func reverse(r ring) {
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
}

// line encodes lines as a feature's geometry, simplified and clipped; extent is the length left, in units.
func (r *rendering) line(s shape, tolerance float64) (commands []uint32, extent float64) {
	p := newPen(r.at)
	for _, l := range s.lines {
		for _, piece := range clipLine(simplifyLine(l, tolerance), r.outer) {
			for i := 1; i < len(piece); i++ {
				extent += math.Hypot(float64(piece[i].x-piece[i-1].x), float64(piece[i].y-piece[i-1].y))
			}
			p.line(piece)
		}
	}
	return p.out, extent
}

// simplifyLine thins a line that no other shares (Douglas and Peucker): no vertex left out lies farther than
// the tolerance from what stays, in units.
func simplifyLine(l ring, tolerance float64) ring {
	if len(l) < 3 || tolerance <= 0 {
		return l
	}
	keep := make([]bool, len(l))
	keep[0], keep[len(l)-1] = true, true
	stack := [][2]int{{0, len(l) - 1}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		far, at := tolerance, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if d := distance(l[i], l[s[0]], l[s[1]]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			stack = append(stack, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	out := make(ring, 0, len(l))
	for i, p := range l {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// distance of p from the segment ab, in units.
func distance(p, a, b pixel) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	px, py := float64(p.x-a.x), float64(p.y-a.y)
	t := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		t = min(1, max(0, (px*dx+py*dy)/n))
	}
	return math.Hypot(px-t*dx, py-t*dy)
}
