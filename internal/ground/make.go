package ground

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// MakeBlocks cuts the ground of communities into blocks. It is pure, and the result doesn't depend on the
// number of workers.
//
// What is wrong with one community stops that one, and stands in its report; the other ones get their
// blocks. Errors: a *fault.Error of code Invalid when two territories have one community or a community to
// be made has no territory, one of code Internal when the result isn't a partition, and ctx.Err().
func MakeBlocks(ctx context.Context, in Input) (*Ground, error) {
	in.Settings = in.Settings.orDefaults()
	wanted, err := in.wanted()
	if err != nil {
		return nil, err
	}
	if len(in.Territories) == 0 {
		return &Ground{}, nil
	}
	m := &making{in: &in, wanted: wanted, territories: slices.Clone(in.Territories)}
	m.indexLines()
	for round := 0; ; round++ {
		if m.county, err = nodeBorders(ctx, &in, m.territories, wanted); err != nil {
			return nil, err
		}
		if round == 0 {
			m.found = m.county
			if err := m.assignBuildings(ctx); err != nil {
				return nil, err
			}
		}
		if err := m.makeAll(ctx); err != nil {
			return nil, err
		}
		settled, err := m.stitch(ctx, round == stitchRounds)
		if err != nil {
			return nil, err
		}
		if settled || round == stitchRounds {
			return m.finish()
		}
	}
}

// stitchRounds is how often borders are noded anew because vertices from both sides got in each other's way:
// that happens where two of them come within some steps of each other, and the second time they are
// there before anything is made.
const stitchRounds = 4

// wanted gives the indices of the territories to be made, ascending.
func (in *Input) wanted() ([]int, error) {
	at := map[int64]int{}
	for i := range in.Territories {
		t := &in.Territories[i]
		if _, twice := at[t.Community]; twice {
			return nil, fault.New(fault.Invalid,
				fmt.Sprintf("社区 %d 出现了两次，请先合并或更正代码", t.Community),
				fmt.Sprintf("community %d occurs twice: merge the two or correct the code", t.Community))
		}
		at[t.Community] = i
	}
	var out []int
	if in.Make == nil {
		for i := range in.Territories {
			out = append(out, i)
		}
		return out, nil
	}
	for _, community := range in.Make {
		i, ok := at[community]
		if !ok {
			return nil, fault.New(fault.Invalid,
				fmt.Sprintf("社区 %d 没有边界，请先导入区划", community),
				fmt.Sprintf("community %d has no border: import its division first", community))
		}
		out = append(out, i)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// making is the work on one Input.
type making struct {
	in          *Input
	territories []Territory // with the borders as the round before left them
	county      *county     // of this round
	found       *county     // of the first round: what was overlapping, and whom it stopped
	wanted      []int
	boxes       segmentIndex // of lines and of areas' rings, as diagonals
	barriers    []barrierLine
	buildings   map[int][]int // by territory
	cut         map[int][]int // by territory: buildings that the border runs through
	outside     []int         // buildings in no territory
	done        []*community  // as wanted
}

// barrierLine is a line, or a ring of an area, along which borders may run.
type barrierLine struct {
	points []planar.Point
	mark   uint32
	name   int32
}

// indexLines collects what is a barrier. A name's number is the line's index, or the number of lines plus
// the area's.
func (m *making) indexLines() {
	f := &m.in.Features
	for i := range f.Lines {
		if l := &f.Lines[i]; l.Barrier != Nothing && len(l.Points) > 1 {
			m.barriers = append(m.barriers, barrierLine{l.Points, markOf(l.Barrier), int32(i)})
		}
	}
	for i := range f.Areas {
		a := &f.Areas[i]
		if a.Barrier == Nothing {
			continue
		}
		for _, l := range planar.Lines(a.Polygons, markOf(a.Barrier), int32(len(f.Lines)+i)) {
			m.barriers = append(m.barriers, barrierLine{l.Points, l.Mark, l.Source})
		}
	}
	for i, l := range m.barriers {
		b := boxOf(l.points...)
		m.boxes.add(planar.Point{X: b.minX, Y: b.minY}, planar.Point{X: b.maxX, Y: b.maxY}, int32(i))
	}
	m.boxes.build()
}

// linesNear gives the runs of barriers' segments that meet a box.
func (m *making) linesNear(b box) []planar.Line {
	var found []int32
	m.boxes.near(b, func(s int32) { found = append(found, s) })
	slices.Sort(found)
	var out []planar.Line
	for _, i := range found {
		l := &m.barriers[i]
		for from := 0; from+1 < len(l.points); {
			to := from
			for to+1 < len(l.points) && boxOf(l.points[to], l.points[to+1]).meets(b) {
				to++
			}
			if to > from {
				out = append(out, planar.Line{Points: l.points[from : to+1], Mark: l.mark, Source: l.name})
			}
			from = to + 1
		}
	}
	return out
}

// assignBuildings gives each building to the community in which most of it stands.
func (m *making) assignBuildings(ctx context.Context) error {
	m.buildings, m.cut = map[int][]int{}, map[int][]int{}
	floor := newFloor(m.county.cover)
	for i := range m.in.Features.Buildings {
		b := &m.in.Features.Buildings[i]
		if boxOfPolygons(b.Polygons).empty() {
			m.outside = append(m.outside, i)
			continue
		}
		shares, err := floor.shares(ctx, b.Polygons)
		if err != nil {
			return fault.Wrap(err, fault.Invalid,
				fmt.Sprintf("楼栋 %s 的轮廓无法使用，请检查其坐标", b.Source),
				fmt.Sprintf("the outline of building %s can't be used: check its coordinates", b.Source))
		}
		home := -1
		for _, s := range shares {
			if s.face < 0 {
				continue
			}
			if home < 0 {
				home = int(s.face)
			}
			if len(shares) > 1 {
				m.cut[int(s.face)] = append(m.cut[int(s.face)], i)
			}
		}
		if home < 0 {
			m.outside = append(m.outside, i)
			continue
		}
		m.buildings[home] = append(m.buildings[home], i)
	}
	return nil
}

// makeAll makes the communities, several at once.
func (m *making) makeAll(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := m.in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var made []*community
	before := m.done
	m.done = make([]*community, len(m.wanted))
	for i, t := range m.wanted {
		if before != nil && before[i].fits(m.county.borders[t]) {
			m.done[i] = before[i]
			continue
		}
		m.done[i] = m.community(t)
		made = append(made, m.done[i])
	}
	todo := make(chan *community)
	var group sync.WaitGroup
	var lock sync.Mutex
	finished := 0
	for range workers {
		group.Go(func() {
			for c := range todo {
				if err := c.makeOrStop(ctx); err != nil {
					cancel(err)
				}
				lock.Lock()
				finished++
				if m.in.Progress != nil {
					m.in.Progress(finished+len(m.done)-len(made), len(m.done))
				}
				lock.Unlock()
			}
		})
	}
	for _, c := range made {
		todo <- c
	}
	close(todo)
	group.Wait()
	return context.Cause(ctx)
}

func (m *making) community(at int) *community {
	c := &community{
		territory: &m.in.Territories[at],
		border:    m.county.borders[at],
		features:  &m.in.Features,
		settings:  m.in.Settings,
		plane:     planeOf(m.county.borders[at]),
		buildings: m.buildings[at],
	}
	c.report.CutByBorder = c.sources(m.cut[at])
	c.warnAstride(m.cut[at])
	if w := m.found.stopped[at]; w != nil {
		c.report.Stopped = w
		c.stoppedPeople()
		return c
	}
	c.lines = m.linesNear(boxOfPolygons(c.border))
	return c
}

// makeOrStop makes one community. What is wrong with it stands in its report; the error is for what
// concerns all.
func (c *community) makeOrStop(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.report.Stopped != nil {
		return nil
	}
	err := c.make(ctx)
	var stop *stopError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &stop):
		c.report.Stopped = &stop.Warning
		c.stoppedPeople()
		c.blocks, c.arcs = nil, nil
		return nil
	}
	return err
}
