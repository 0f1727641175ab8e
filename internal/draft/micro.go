package draft

import (
	"context"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Micro names a micro-grid in a draft: its number within a grid. The zero value is none.
type Micro struct {
	Grid   Key `json:"grid"`
	Number int `json:"number"`
}

// micros are a draft's micro-grids: the live ones and what differs.
//
// A home keeps the micro-grid that it was put into last, and is in it as long as its block is in that grid. So an act that moves blocks says nothing
// of their homes: they are out of their micro-grid by that alone, and in it again when the act is taken back.
type micros struct {
	live   *layout.MicroLayout
	in     map[layout.HomeKey]Micro // a piece's home that isn't here is where the home on the block was that it was cut from
	names  map[Micro]string
	last   map[Key]int // highest number that a grid's micro-grids bear or bore
	homes  []layout.Home
	loaded bool
}

// dwelling is a home on a block of the desk; its key names a piece where the block was cut.
type dwelling struct {
	layout.Home
	at int32 // place of its block
}

// any says whether there are micro-grids at all: a county without them is spared the rest.
func (m *micros) any() bool { return len(m.in) > 0 }

// put notes where a home is.
func (m *micros) put(h layout.HomeKey, to Micro) {
	m.in[h] = to
	m.last[to.Grid] = max(m.last[to.Grid], to.Number)
}

func (m *micros) call(k Micro, name string) {
	if name == "" {
		delete(m.names, k)
	} else {
		m.names[k] = name
	}
}

// asLive is where a home is in the live layout.
func (m *micros) asLive(h layout.HomeKey) Micro {
	k := m.live.In[h]
	return Micro{Key(k.Grid), k.Number}
}

// standMicro puts the live micro-grids on the desk.
func (d *desk) standMicro(ctx context.Context, tx pgx.Tx) error {
	live, err := layout.MicroAt(ctx, tx, d.id.County, d.live.Communities, 0)
	if err != nil {
		return err
	}
	last, err := layout.LastMicroNumbers(ctx, tx, d.id.County, d.live.Communities)
	if err != nil {
		return err
	}
	m := &micros{live: live, in: make(map[layout.HomeKey]Micro, len(live.In)), names: make(map[Micro]string), last: make(map[Key]int)}
	d.micro = m
	for code, n := range last {
		m.last[Key(code)] = n
	}
	for h := range live.In {
		m.in[h] = m.asLive(h)
	}
	for k, name := range live.Names {
		m.names[Micro{Key(k.Grid), k.Number}] = name
	}
	return nil
}

// loadMicro puts over them what the draft does to them.
func (d *desk) loadMicro(ctx context.Context, tx pgx.Tx) error {
	m := d.micro
	rows, err := tx.Query(ctx, `SELECT block, building, entrance, grid, number FROM draft_micro_home WHERE county = $1 AND draft = $2`, d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	var h layout.HomeKey
	var to Micro
	if _, err = pgx.ForEachRow(rows, []any{&h.Block, &h.Building, &h.Entrance, &to.Grid, &to.Number}, func() error {
		m.put(h, to)
		return nil
	}); err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT grid, number, name FROM draft_micro_grid WHERE county = $1 AND draft = $2`, d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	var name string
	_, err = pgx.ForEachRow(rows, []any{&to.Grid, &to.Number, &name}, func() error {
		m.call(to, name)
		return nil
	})
	return err
}

// placed is the micro-grid that a home was put into last, whether it is still in that grid or not.
func (d *desk) placed(h layout.HomeKey) Micro {
	for {
		if k, said := d.micro.in[h]; said {
			return k
		}
		i, here := d.index[h.Block]
		if !here || h.Block > 0 {
			return Micro{}
		}
		h.Block = d.cuts[d.blocks[i].cut].block
	}
}

// number is that of the micro-grid that a home is in, 0 for none.
func (d *desk) number(h *dwelling) int {
	if k := d.placed(h.HomeKey); k.Grid == d.grid[h.at] {
		return k.Number
	}
	return 0
}

// dwellings are the homes of the draft: those that stand, and on blocks that were cut those of their pieces.
func (d *desk) dwellings(ctx context.Context, tx pgx.Tx) ([]dwelling, error) {
	if !d.micro.loaded {
		homes, err := layout.LoadHomes(ctx, tx, d.id.County, d.live.Communities)
		if err != nil {
			return nil, err
		}
		d.micro.homes, d.micro.loaded = homes, true
	}
	out := make([]dwelling, 0, len(d.micro.homes))
	cut := make(map[int64][]layout.Home)
	var roots []int64
	for _, h := range d.micro.homes {
		i, here := d.index[h.Block]
		switch {
		case !here:
		case d.grid[i] != Gone:
			out = append(out, dwelling{h, i})
		default:
			if cut[h.Block] == nil {
				roots = append(roots, h.Block)
			}
			cut[h.Block] = append(cut[h.Block], h)
		}
	}
	if len(roots) == 0 {
		return out, nil
	}
	pieces := make(map[int64][]int32)
	for i := range d.blocks {
		if b := &d.blocks[i]; b.key < 0 && d.grid[i] != Gone {
			pieces[b.root] = append(pieces[b.root], int32(i))
		}
	}
	for _, root := range roots {
		out = append(out, d.shareHomes(cut[root], pieces[root])...)
	}
	return out, nil
}

// shareHomes puts the homes of a block that was cut onto its pieces, as the database will find them there: an entrance on the nearest piece with
// people of its building, a building without entrances on each of them.
func (d *desk) shareHomes(homes []layout.Home, pieces []int32) (out []dwelling) {
	byBuilding := make(map[int64][]layout.Home)
	var buildings []int64
	for _, h := range homes {
		if byBuilding[h.Building] == nil {
			buildings = append(buildings, h.Building)
		}
		byBuilding[h.Building] = append(byBuilding[h.Building], h)
	}
	for _, building := range buildings {
		residents := make(map[int32]int) // of the building, on each piece
		var on []int32
		for _, i := range pieces {
			if n := d.peopleOf(i, building); n > 0 {
				residents[i] = n
				on = append(on, i)
			}
		}
		if len(on) == 0 {
			continue
		}
		mine := byBuilding[building]
		doors := make(map[int32][]layout.Home)
		for _, h := range mine {
			if h.Entrance != "" {
				i := d.nearest(on, planar.FromDegrees(h.Lon, h.Lat))
				doors[i] = append(doors[i], h)
			}
		}
		var made []dwelling
		for _, i := range on {
			made = append(made, d.homesOn(i, mine[0], doors[i], residents[i])...)
		}
		shareAll(made, mine)
		out = append(out, made...)
	}
	return out
}

// peopleOf are the people of a building on a piece; building 0 is whom no building has.
func (d *desk) peopleOf(i int32, building int64) (n int) {
	rest := d.blocks[i].residents
	for _, p := range d.blocks[i].parts {
		rest -= p.residents
		if p.building == building {
			n += p.residents
		}
	}
	if building == 0 {
		return rest
	}
	return n
}

// homesOn are a building's homes on a piece: the entrances there with the building's people on it, or the building itself.
func (d *desk) homesOn(i int32, building layout.Home, doors []layout.Home, residents int) []dwelling {
	key := d.blocks[i].key
	if len(doors) == 0 {
		building.Block, building.Entrance, building.Residents = key, "", residents
		building.Lon, building.Lat = d.inside(i).Degrees()
		return []dwelling{{building, i}}
	}
	sum := 0
	for _, h := range doors {
		sum += h.Residents
	}
	shares := make([]float64, len(doors))
	for n, h := range doors {
		shares[n] = float64(residents) / float64(len(doors))
		if sum > 0 {
			shares[n] = float64(residents) * float64(h.Residents) / float64(sum)
		}
	}
	out := make([]dwelling, len(doors))
	for n, people := range drawing.RoundTogether(shares) {
		h := doors[n]
		h.Block, h.Residents = key, int(people)
		out[n] = dwelling{h, i}
	}
	return out
}

// shareAll gives a building's households to its homes on the pieces, as their residents are.
func shareAll(made []dwelling, of []layout.Home) {
	households, residents := 0, 0
	for _, h := range of {
		households += h.Households
	}
	for _, h := range made {
		residents += h.Residents
	}
	shares := make([]float64, len(made))
	for n, h := range made {
		if residents > 0 {
			shares[n] = float64(households) * float64(h.Residents) / float64(residents)
		}
	}
	for n, k := range drawing.RoundTogether(shares) {
		made[n].Households = int(k)
	}
}

// nearest is the piece that a point lies on, or the one whose corner is nearest.
func (d *desk) nearest(pieces []int32, p planar.Point) int32 {
	best, least := pieces[0], math.Inf(1)
	for _, i := range pieces {
		polygon := d.polygon(i)
		if planar.Contains([]planar.Polygon{polygon}, p) {
			return i
		}
		for _, v := range polygon[0] {
			if far := math.Hypot(float64(v.X-p.X), float64(v.Y-p.Y)); far < least {
				best, least = i, far
			}
		}
	}
	return best
}

// inGrid are the homes of a grid, in the order of their blocks.
func (d *desk) inGrid(ctx context.Context, tx pgx.Tx, k Key) ([]dwelling, error) {
	all, err := d.dwellings(ctx, tx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(h dwelling) bool { return d.grid[h.at] != k }), nil
}
