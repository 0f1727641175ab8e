package tile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"jingwei/internal/outbox"
)

// Change is what an event says of where tiles are no longer true. It is the part of an event's payload that
// tiles look at.
type Change struct {
	Bounds []Bounds `json:"bounds"` // rectangles around the old and new shapes; none: everywhere
	Layers []Layer  `json:"layers"` // none: those that such an event concerns
}

// concerns are the layers that an event changes where it names none.
var concerns = map[string][]Layer{
	outbox.LayoutPublished:   {Grids, Blocks, Population},
	outbox.GroundImported:    {Streets, Rail, Walls, Water, Landuse, Buildings, Facilities},
	outbox.DivisionsImported: {Divisions},
}

// Drop forgets every tile that a change touches and no other, and says how many that were. A tile is touched
// when one of its layers is, and one of the rectangles meets the tile or its buffer.
func (s *Server) Drop(c Change) int {
	var layers Layers
	for i, d := range descriptions {
		if len(c.Layers) == 0 || slices.Contains(c.Layers, d.layer) {
			layers |= 1 << i
		}
	}
	return s.kept.drop(func(k key) bool {
		if k.layers&layers == 0 {
			return false
		}
		if len(c.Bounds) == 0 {
			return true
		}
		near := k.at.bounds(float64(buffer+1) / Extent)
		return slices.ContainsFunc(c.Bounds, near.meets)
	})
}

// Follow keeps the tiles true until ctx ends: it reads the outbox from where it was when since was taken (see
// Position), on this node as on every other, and drops what each event touches.
func (s *Server) Follow(ctx context.Context, since outbox.Position) error {
	return outbox.Follow(ctx, s.db, s.log, since, func(e outbox.Event) error {
		layers, ours := concerns[e.Kind]
		if !ours {
			return nil
		}
		var c Change
		if err := json.Unmarshal(e.Payload, &c); err != nil {
			// What can't be read may concern every tile.
			s.log.Warn("tile: payload of an event can't be read, dropping all tiles", "kind", e.Kind, "error", err)
			c = Change{}
		}
		if len(c.Layers) == 0 {
			c.Layers = layers
		}
		if e.Kind == outbox.LayoutPublished && s.measuredAnew(ctx, e.County) {
			c.Bounds = nil
		}
		n := s.Drop(c)
		s.log.Debug("tile: dropped", "kind", e.Kind, "county", e.County, "tiles", n)
		return nil
	})
}

// Position is where the outbox is now: take it before the first tile is rendered.
func (s *Server) Position(ctx context.Context) (outbox.Position, error) {
	return outbox.Now(ctx, s.db)
}

// measuredAnew says whether the live version of a county has another target or tolerance than the one before
// it: then how every grid of the county stands has changed, not only those that were published. When that
// can't be found out it has.
func (s *Server) measuredAnew(ctx context.Context, county int) bool {
	var anew bool
	err := s.db.QueryRow(ctx, `
		SELECT count(*) = 2 AND count(DISTINCT (settings->>'target', settings->>'tolerance')) > 1
		FROM (SELECT settings FROM layout WHERE county = $1 ORDER BY version DESC LIMIT 2) l`, county).Scan(&anew)
	if err != nil {
		s.log.Warn("tile: settings of a county can't be read", "county", fmt.Sprintf("%06d", county), "error", err)
		return true
	}
	return anew
}
