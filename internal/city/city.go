package city

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// Where the invented town is said to lie, and under which code: the county is 邹城市, Shandong; the number
// 199 of a town in it has not been issued.
const (
	CountyCode = "370883"
	TownCode   = CountyCode + "199"
	townLon    = 116.97
	townLat    = 35.40
)

// MinPeople and MaxPeople bound the size of a town and of the county.
const (
	MinPeople = 1_000
	MaxPeople = 10_000_000
)

// The cities that can be generated.
const (
	Town     = "town"
	Zoucheng = "zoucheng"
)

// leastPlan is how many people a town of the county is planned for at least, whoever lives there.
const leastPlan = 2500

// Options say which town to make and where to write it.
type Options struct {
	City     string // "town", also when empty, or "zoucheng", a whole county
	Seed     uint64
	People   int                              // residents, MinPeople … MaxPeople
	Dir      string                           // is made when missing; files in it are replaced
	Progress func(stage string, part float64) // may be nil; part goes from 0 to 1 within a stage

	PeopleFiles bool   // write houses.csv, residents.csv, organisations.csv and vehicles.csv, too
	Takers      Takers // are handed the register while the files are written

	nothing bool // write no file
}

// Generate invents a town and writes its import files and manifest.json into o.Dir. The same seed and
// size give the same bytes, on any number of cores. It returns a *fault.Error (Invalid) for a size out of
// bounds, and the context's error when cancelled.
func Generate(ctx context.Context, o Options) (*Manifest, error) {
	if o.Progress == nil {
		o.Progress = func(string, float64) {}
	}
	if o.City != "" && o.City != Town && o.City != Zoucheng {
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("没有名为 %.40q 的示例城市：可选 %s（镇）或 %s（县）。", o.City, Town, Zoucheng),
			fmt.Sprintf("there is no demo city %.40q: choose %s or %s (a county).", o.City, Town, Zoucheng))
	}
	if err := CheckPeople(o.People); err != nil {
		return nil, err
	}
	if o.City == Zoucheng {
		return generateCounty(ctx, o)
	}
	t, err := invent(ctx, o, site{globe: newGlobe(townLon, townLat)})
	if err != nil {
		return nil, err
	}
	r, err := newRegistrar(o, t.wheres())
	if err != nil {
		return nil, err
	}
	defer r.stop()
	m := t.manifest(o)
	if !o.nothing {
		if err := t.write(ctx, o, m); err != nil {
			return nil, err
		}
	}
	if err := r.place(t, t.community()); err != nil {
		return nil, err
	}
	if m.PeopleFiles, err = r.close(); err != nil {
		return nil, err
	}
	return m, m.write(o)
}

// CheckPeople refuses (Invalid) a number of residents that no place can be invented for.
func CheckPeople(n int) error {
	if n < MinPeople || n > MaxPeople {
		return fault.New(fault.Invalid,
			fmt.Sprintf("人口数 %d 超出范围：示例镇、示例县的人口应在 %d 到 %d 之间。", n, MinPeople, MaxPeople),
			fmt.Sprintf("%d residents are out of bounds: choose %d to %d.", n, MinPeople, MaxPeople))
	}
	return nil
}

// town is a finished one: a plan, what is built on it, and its communities.
type town struct {
	*plan
	globe       globe
	built       []*built
	buildings   []building
	communities []*community
	border      planar.Polygon
	sides       map[lineID][]sideSpan
}

// invent plans towns until one has room for the people: about nine homes in ten lived in.
func invent(ctx context.Context, o Options, s site) (*town, error) {
	least := MinPeople
	if s.inCounty {
		least = leastPlan
	}
	area := float64(max(o.People, least)) * 74
	var best *town
	var bestWeights []float64
	miss := math.Inf(1)
	for try := range 7 {
		o.Progress("plan", float64(try)/7)
		t, err := construct(ctx, o, s, area)
		if err != nil {
			return nil, err
		}
		weights := weigh(o.Seed, t.buildings)
		room := 0.0
		for _, w := range weights {
			room += w
		}
		fill := float64(o.People) / math.Max(room, 1)
		if m := math.Abs(math.Log(fill)); m < miss {
			best, bestWeights, miss = t, weights, m
		}
		if miss < .05 || o.People < least { // a handful still get a whole street
			break
		}
		area *= math.Pow(clamp(fill, .4, 2.5), .8)
	}
	best.people(o, bestWeights)
	return best, nil
}

// construct makes the plan and builds its wards in parallel.
func construct(ctx context.Context, o Options, s site, area float64) (*town, error) {
	names, err := newNamer(o.Seed)
	if err != nil {
		return nil, err
	}
	if s.name != "" {
		names.town, names.river, names.railway = s.name, s.river, s.railway
	}
	p := newPlan(o.Seed, area, names, s)
	p.assign(o.People)
	p.divide(o.People)
	p.net.settle()
	t := &town{plan: p, globe: s.globe, built: make([]*built, len(p.wards))}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, w := range p.wards {
		if w.taken {
			g.Go(func() error {
				t.built[i] = p.build(w)
				return ctx.Err()
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	t.sides = t.sideSpans()
	t.tidy()
	for _, b := range t.built {
		if b != nil {
			t.buildings = append(t.buildings, b.buildings...)
		}
	}
	return t, nil
}

// people forms the communities and says who lives where, as numbers.
func (t *town) people(o Options, weights []float64) {
	room := make([]float64, len(t.wards))
	for i, b := range t.buildings {
		room[b.ward] += weights[i]
	}
	t.communities = t.formCommunities(room)
	settlePeople(o.Seed, o.People, t.communities, t.buildings, weights, t.site.inCounty)
	var all []int
	for _, c := range t.communities {
		c.rings = t.outline(t.globe, c.wards)
	}
	for _, w := range t.wards {
		if w.taken {
			all = append(all, w.id)
		}
	}
	t.border = t.outline(t.globe, all)
	t.sides = t.sideSpans()
}
