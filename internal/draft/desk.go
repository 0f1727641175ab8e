package draft

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// desk is a draft in memory at one revision: the ground, and which grid each block is in. It is used by one goroutine at a time.
type desk struct {
	id       ID
	revision int
	live     *layout.Ground // of the version that stood when it was laid out
	band     layout.Band

	blocks  []block
	index   map[int64]int32
	grid    []Key                   // block → grid, Gone for one that isn't
	borders []border                // all, also of blocks that are gone
	around  [][]int32               // block → borders
	sheets  map[int64]*ground.Sheet // communities that have been cut; others when asked for

	cuts     map[int32]*cut
	named    map[Key]Naming // grids with a name or kind of their own
	locked   map[Key]bool
	held     map[int64]bool // locked blocks
	micro    *micros
	places   map[int64]string // what communities are called
	compound map[int64]string // standing block → housing compound, once asked for
	lost     []int64          // blocks that the draft moved or cut and that are live no longer: their ground was made anew
	workers  map[Key]string   // who works in which live grid, as of staffed
	staffed  time.Time
	patience int           // how many times as long the engine looks, 0 as 1
	numbers  map[Key]int32 // grid → its number in the proposal that is being published
	fresh    Key           // the last key that was given to a new grid
	piece    int64         // the last key that was given to a piece
	last     int32         // the last cut
}

// block is a block as a draft sees it: one that stands, or a piece.
type block struct {
	key       int64
	community int64
	base      Key   // the live grid that it lies in; a piece's is that of what it was cut from
	root      int64 // the standing block that it is, or is a piece of
	residents int
	weight    int64
	homes     int
	source    string
	shape     ground.Shape
	parts     []part // the buildings on it
	at        planar.Point
	box       [2]planar.Point
	cut       int32 // that made the piece, 0 for a block that stands
}

// part is a building on a block, by its row id, with the people counted there.
type part struct {
	building  int64
	residents int
}

type border struct {
	a, b    int32 // b is −1 where no block of the draft lies
	barrier ground.Barrier
	name    string  // of the street or river
	length  float64 // m
}

// cut is a block that was divided along a line.
type cut struct {
	id        int32
	community int64
	block     int64
	line      []planar.Point
	pieces    []int64
	active    bool
}

// layOut reads a draft as it stands in the database.
func layOut(ctx context.Context, tx pgx.Tx, h *Head) (*desk, error) {
	communities, err := communitiesOf(ctx, tx, h.Division.Code)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, conflict("%s（%s）已没有自己的基本单元，可能已并入别的区划：请撤回草案，为现在的区划另行起草",
			"%s (%s) has no ground of its own any more, it may have become part of another division: withdraw the draft and begin one of the division as it is now", h.Division.Name, h.Division.Code)
	}
	if err != nil {
		return nil, err
	}
	live, err := layout.LoadGround(ctx, tx, h.id.County, communities)
	if err != nil {
		return nil, err
	}
	d := &desk{id: h.id, revision: h.Revision, live: live, band: layout.NewBand(live.Settings.Target, live.Settings.Tolerance),
		index: make(map[int64]int32, len(live.Blocks)), sheets: make(map[int64]*ground.Sheet), cuts: make(map[int32]*cut),
		named: make(map[Key]Naming), locked: make(map[Key]bool), held: make(map[int64]bool)}
	d.stand()
	if err := d.nameCommunities(ctx, tx); err != nil {
		return nil, err
	}
	if err := d.standMicro(ctx, tx); err != nil {
		return nil, err
	}
	if h.State == Published { // what it kept is live, under the codes that the publication gave: laid over that it would be a map that never was
		d.fence()
		return d, nil
	}
	return d, d.load(ctx, tx)
}

// communitiesOf are the communities of a division that have ground.
func communitiesOf(ctx context.Context, tx pgx.Tx, code string) ([]int64, error) {
	c, err := division.ParseCode(code)
	if err != nil {
		return nil, err
	}
	low, high := c.CommunityRange()
	rows, err := tx.Query(ctx, `SELECT community FROM territory WHERE county = $1 AND community >= $2 AND community < $3 ORDER BY community`, c.County(), low, high)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err == nil && len(all) == 0 {
		return nil, fault.New(fault.NotFound, "区划 "+code+" 还没有基本单元：请先导入地物并划分（jingwei draw）", "division "+code+" has no ground yet: import it and draw it first (jingwei draw)")
	}
	return all, err
}

// stand puts the live blocks on the desk.
func (d *desk) stand() {
	l := d.live
	for i := range l.Blocks {
		b, g := &l.Blocks[i], &l.Live.Blocks[i]
		parts := make([]part, len(g.Parts))
		for j, p := range g.Parts {
			parts[j] = part{l.Live.Buildings[p.Building], p.Residents}
		}
		d.put(block{key: b.ID, community: b.Community, base: Key(l.In[i]), root: b.ID, residents: b.Residents, weight: b.Weight, homes: b.Homes,
			source: g.Source, shape: b.Shape, parts: parts, box: boxOf(b.Polygon)}, Key(l.In[i]))
	}
}

// fence puts the borders on the desk: those of the live ground, and in a community that was cut those of its sheet.
func (d *desk) fence() {
	for _, e := range d.live.Live.Borders {
		if d.sheets[d.blocks[e.A].community] != nil && (e.B < 0 || d.sheets[d.blocks[e.B].community] != nil) {
			continue // the sheet of either side has it, cut where it was cut
		}
		d.join(border{e.A, e.B, e.Barrier, e.Name, e.Length})
	}
	for _, community := range slices.Sorted(maps.Keys(d.sheets)) {
		for _, arc := range d.sheets[community].Arcs() {
			d.joinArc(arc, d.sheets[community].Length(arc.Points))
		}
	}
}

// put adds a block in a grid.
func (d *desk) put(b block, in Key) int32 {
	i := int32(len(d.blocks))
	d.blocks, d.grid, d.around = append(d.blocks, b), append(d.grid, in), append(d.around, nil)
	d.index[b.key] = i
	return i
}

func (d *desk) join(e border) {
	i := int32(len(d.borders))
	d.borders = append(d.borders, e)
	d.around[e.a] = append(d.around[e.a], i)
	if e.b >= 0 {
		d.around[e.b] = append(d.around[e.b], i)
	}
}

// joinArc adds an arc of a sheet. Of a border between two communities that both have sheets, each side adds its own half: as an outer border.
func (d *desk) joinArc(arc ground.SheetArc, length float64) {
	a := d.index[arc.Left]
	b := int32(-1)
	if i, here := d.index[arc.Right]; here && arc.Right != 0 {
		b = i
	}
	d.join(border{a, b, arc.Barrier, arc.Name, length})
}

// other is the block across a border, −1 for none.
func (e *border) other(i int32) int32 {
	if e.a == i {
		return e.b
	}
	return e.a
}

// standing is what a grid bears in the live layout.
func (d *desk) standing(k Key) layout.NamedGrid {
	if code, live := k.Code(); live {
		return d.live.Grids[code]
	}
	return layout.NamedGrid{}
}

// name and special are what a grid bears in the draft.
func (d *desk) name(k Key) string {
	if n, own := d.named[k]; own {
		return n.Name
	}
	return d.standing(k).Name
}

func (d *desk) special(k Key) string {
	if n, own := d.named[k]; own {
		return n.Special
	}
	return d.standing(k).Special
}

// members are the blocks of each of some grids, in the order of their keys' first blocks.
func (d *desk) members(of map[Key]bool) map[Key][]int32 {
	out := make(map[Key][]int32, len(of))
	for i, g := range d.grid {
		if of[g] {
			out[g] = append(out[g], int32(i))
		}
	}
	return out
}

// keys are the grids that have blocks, by community and code, new ones last.
func (d *desk) keys() []Key {
	seen := make(map[Key]int64)
	for i, g := range d.grid {
		if g != Nowhere && g != Gone {
			seen[g] = d.blocks[i].community
		}
	}
	out := make([]Key, 0, len(seen))
	for k := range seen {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Key) int {
		return cmp.Or(cmp.Compare(seen[a], seen[b]), cmp.Compare(b2i(a < 0), b2i(b < 0)), cmp.Compare(abs(a), abs(b)))
	})
	return out
}

// freshKey is a key for a new grid.
func (d *desk) freshKey() Key {
	d.fresh--
	return d.fresh
}

// apply carries a patch out. The caller has seen to it that it fits.
func (d *desk) apply(p *Patch) {
	for _, m := range p.Moves {
		if i, here := d.index[m.Block]; here {
			d.grid[i] = m.To
		}
		if m.To < 0 && m.To != Gone {
			d.fresh = min(d.fresh, m.To)
		}
	}
	for _, l := range p.Locks {
		if l.Block != 0 {
			setTo(d.held, l.Block, l.On)
		} else {
			setTo(d.locked, Key(l.Grid), l.On)
		}
	}
	for _, n := range p.Names {
		if s := d.standing(Key(n.Grid)); s.Name == n.Name && s.Special == n.Special {
			delete(d.named, Key(n.Grid))
		} else {
			d.named[Key(n.Grid)] = n
		}
	}
	d.applyMicro(p)
	for _, id := range p.Cuts {
		d.cuts[id].active = true
	}
	for _, id := range p.Uncuts {
		d.cuts[id].active = false
	}
}

func setTo[K comparable](m map[K]bool, k K, on bool) {
	if on {
		m[k] = true
	} else {
		delete(m, k)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func abs(k Key) Key {
	if k < 0 {
		return -k
	}
	return k
}

func boxOf(p planar.Polygon) (box [2]planar.Point) {
	box[0], box[1] = p[0][0], p[0][0]
	for _, v := range p[0] {
		box[0] = planar.Point{X: min(box[0].X, v.X), Y: min(box[0].Y, v.Y)}
		box[1] = planar.Point{X: max(box[1].X, v.X), Y: max(box[1].Y, v.Y)}
	}
	return box
}
