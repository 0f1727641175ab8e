package layout

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
)

// MicroKey names a micro-grid: its number within its grid. The zero key is none.
type MicroKey struct {
	Grid   Code
	Number int
}

// Compare orders micro-grids by grid and number.
func (k MicroKey) Compare(o MicroKey) int {
	return cmp.Or(cmp.Compare(k.Grid, o.Grid), cmp.Compare(k.Number, o.Number))
}

// MicroLayout is which home is in which micro-grid, and what those are called that have a name.
type MicroLayout struct {
	In    map[HomeKey]MicroKey
	Names map[MicroKey]string
}

// MicroAt reads the micro-grids of communities as they were at a version; 0 is what is live.
func MicroAt(ctx context.Context, tx pgx.Tx, county int32, communities []int64, version int) (*MicroLayout, error) {
	m := &MicroLayout{In: make(map[HomeKey]MicroKey), Names: make(map[MicroKey]string)}
	homes := `SELECT block, building, entrance, grid, number FROM micro_home ` + ofCommunities
	grids := `SELECT grid, number, name FROM micro_grid ` + ofCommunities
	args := []any{county, communities}
	if version > 0 {
		homes += ` AND since <= $3 UNION ALL SELECT block, building, entrance, grid, number FROM micro_home_past ` + ofCommunities + ` AND since <= $3 AND until > $3`
		grids += ` AND since <= $3 UNION ALL SELECT grid, number, name FROM micro_grid_past ` + ofCommunities + ` AND since <= $3 AND until > $3`
		args = append(args, version)
	}
	rows, err := tx.Query(ctx, homes, args...)
	if err != nil {
		return nil, err
	}
	var h HomeKey
	var k MicroKey
	if _, err = pgx.ForEachRow(rows, []any{&h.Block, &h.Building, &h.Entrance, &k.Grid, &k.Number}, func() error {
		m.In[h] = k
		return nil
	}); err != nil {
		return nil, err
	}
	if rows, err = tx.Query(ctx, grids, args...); err != nil {
		return nil, err
	}
	var name string
	_, err = pgx.ForEachRow(rows, []any{&k.Grid, &k.Number, &name}, func() error {
		if name != "" {
			m.Names[k] = name
		}
		return nil
	})
	return m, err
}

// ofCommunities are rows of county $1 whose grid lies in one of the communities $2. The lateral join lets the index on grids serve.
const ofCommunities = `JOIN unnest($2::bigint[]) AS c (community) ON grid >= c.community * 1000 AND grid < (c.community + 1) * 1000 WHERE county = $1`

// leaveMicroGrids ends, at a publication, what homes are in micro-grids of a grid that their block is no longer in, and micro-grids that nobody is left
// in. Whoever publishes: the database would refuse it otherwise.
func leaveMicroGrids(ctx context.Context, tx pgx.Tx, p *Proposal, version int) error {
	_, err := tx.Exec(ctx, `
		WITH gone AS (
			DELETE FROM micro_home h USING unnest($2::bigint[]) AS c (community)
			WHERE h.county = $1 AND h.grid >= c.community * 1000 AND h.grid < (c.community + 1) * 1000
			  AND NOT EXISTS (SELECT FROM grid_block b WHERE b.county = h.county AND b.block = h.block AND b.grid = h.grid)
			RETURNING h.block, h.building, h.entrance, h.grid, h.number, h.since)
		INSERT INTO micro_home_past (county, block, building, entrance, grid, number, since, until)
		SELECT $1, block, building, entrance, grid, number, since, $3 FROM gone`, p.County, p.Communities, version)
	if err != nil {
		return err
	}
	return endEmptyMicroGrids(ctx, tx, p.County, p.Communities, version)
}

func endEmptyMicroGrids(ctx context.Context, tx pgx.Tx, county int32, communities []int64, version int) error {
	_, err := tx.Exec(ctx, `
		WITH gone AS (
			DELETE FROM micro_grid m USING unnest($2::bigint[]) AS c (community)
			WHERE m.county = $1 AND m.grid >= c.community * 1000 AND m.grid < (c.community + 1) * 1000
			  AND NOT EXISTS (SELECT FROM micro_home h WHERE h.county = m.county AND h.grid = m.grid AND h.number = m.number)
			RETURNING m.grid, m.number, m.name, m.since)
		INSERT INTO micro_grid_past (county, grid, number, name, since, until)
		SELECT $1, grid, number, name, since, $3 FROM gone WHERE since < $3`, county, communities, version)
	return err
}

// StoreMicroGrids puts micro-grids in place of those that communities have, as of a version that is being published. What stays as it was keeps the
// version that it is so since. Every home of m has to stand on a block of its grid: the database refuses it at commit otherwise.
func StoreMicroGrids(ctx context.Context, tx pgx.Tx, county int32, communities []int64, m *MicroLayout, version int) error {
	homes := make([]HomeKey, 0, len(m.In))
	used := make(map[MicroKey]bool)
	for h, k := range m.In {
		homes = append(homes, h)
		used[k] = true
	}
	slices.SortFunc(homes, HomeKey.Compare)
	blocks, buildings, entrances := make([]int64, len(homes)), make([]int64, len(homes)), make([]string, len(homes))
	grids, numbers := make([]int64, len(homes)), make([]int32, len(homes))
	for i, h := range homes {
		k := m.In[h]
		blocks[i], buildings[i], entrances[i], grids[i], numbers[i] = h.Block, h.Building, h.Entrance, int64(k.Grid), int32(k.Number)
	}
	if err := nameMicroGrids(ctx, tx, county, used, m.Names, version); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		WITH wanted AS (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::int[]) AS w (block, building, entrance, grid, number)),
		gone AS (
			DELETE FROM micro_home h USING unnest($2::bigint[]) AS c (community)
			WHERE h.county = $1 AND h.grid >= c.community * 1000 AND h.grid < (c.community + 1) * 1000
			  AND NOT EXISTS (SELECT FROM wanted w WHERE (w.block, w.building, w.entrance, w.grid, w.number) = (h.block, h.building, h.entrance, h.grid, h.number))
			RETURNING h.block, h.building, h.entrance, h.grid, h.number, h.since)
		INSERT INTO micro_home_past (county, block, building, entrance, grid, number, since, until)
		SELECT $1, block, building, entrance, grid, number, since, $8 FROM gone`,
		county, communities, blocks, buildings, entrances, grids, numbers, version)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO micro_home (county, block, building, entrance, grid, number, since)
		SELECT $1, block, building, entrance, grid, number, $7 FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::int[]) AS w (block, building, entrance, grid, number)
		ON CONFLICT DO NOTHING`, county, blocks, buildings, entrances, grids, numbers, version)
	if err != nil {
		return err
	}
	return endEmptyMicroGrids(ctx, tx, county, communities, version)
}

// nameMicroGrids brings forth micro-grids, and gives those that stand the names that they are to have.
func nameMicroGrids(ctx context.Context, tx pgx.Tx, county int32, used map[MicroKey]bool, names map[MicroKey]string, version int) error {
	var grids []int64
	var numbers []int32
	var called []string
	for k := range used {
		grids, numbers, called = append(grids, int64(k.Grid)), append(numbers, int32(k.Number)), append(called, names[k])
	}
	_, err := tx.Exec(ctx, `
		WITH wanted AS (SELECT * FROM unnest($2::bigint[], $3::int[], $4::text[]) AS w (grid, number, name))
		INSERT INTO micro_grid_past (county, grid, number, name, since, until)
		SELECT m.county, m.grid, m.number, m.name, m.since, $5 FROM wanted w JOIN micro_grid m ON m.county = $1 AND m.grid = w.grid AND m.number = w.number
		WHERE m.name <> w.name AND m.since < $5`, county, grids, numbers, called, version)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO micro_grid (county, grid, number, name, since) SELECT $1, grid, number, name, $5 FROM unnest($2::bigint[], $3::int[], $4::text[]) AS w (grid, number, name)
		ON CONFLICT (county, grid, number) DO UPDATE SET name = excluded.name, since = excluded.since WHERE micro_grid.name <> excluded.name`,
		county, grids, numbers, called, version)
	return err
}

// Store is what publishes a plan: with the layout as it stands (AsItStands), whose new version the micro-grids are of.
func (m *MicroGrids) Store(ctx context.Context, tx pgx.Tx, p *Proposal, done *Publication) error {
	l := &MicroLayout{In: make(map[HomeKey]MicroKey, len(m.Homes))}
	for _, h := range m.Homes {
		l.In[h.HomeKey] = MicroKey{h.Grid, h.Micro}
	}
	return StoreMicroGrids(ctx, tx, p.County, p.Communities, l, done.Version)
}

// AsItStands is a proposal that leaves every block in its grid: for what is published with a layout and isn't of blocks.
func (g *Ground) AsItStands() *Proposal {
	p := g.Proposal
	place := make(map[Code]int32)
	p.Grid, p.Special = make([]int32, len(p.Blocks)), make(map[int32]string)
	for i, code := range g.In {
		n, seen := place[code]
		if !seen {
			n = int32(len(place))
			place[code] = n
			if kind := g.Grids[code].Special; kind != "" {
				p.Special[n] = kind
			}
		}
		p.Grid[i] = n
	}
	p.Grids = len(place)
	s := p.Settings
	p.Report = drawing.Measure(p.Problem(), p.Grid, drawing.Options{Target: s.Target, Tolerance: s.Tolerance, Preset: s.Preset})
	return p
}
