package exchange

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// Ground is the ground of a division as nets are laid over it.
type Ground struct {
	*gridnet.Ground
	Division division.Division
	County   int32
	codes    []int64 // of the communities
}

// LoadGround reads the blocks that stand in a division, with the buildings that people live in.
//
// Faults: NotFound when there is no such division, or nothing has been drawn in it: blocks come with the first drawing.
func LoadGround(ctx context.Context, tx pgx.Tx, code division.Code) (*Ground, error) {
	d, err := division.Get(ctx, tx, code)
	if err != nil {
		return nil, err
	}
	g := &Ground{Ground: &gridnet.Ground{Gone: map[string]bool{}}, Division: d, County: int32(code.County())}
	if err := g.loadCommunities(ctx, tx); err != nil {
		return nil, err
	}
	if len(g.codes) == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("%s（%s）还没有基本单元：请先划分一次（jingwei draw --division %s），再导入现有网格", d.Name, code, code),
			fmt.Sprintf("%s (%s) has no blocks yet: draw it once (jingwei draw --division %s), then import its net", d.Name, code, code))
	}
	live, err := ground.LoadBlocks(ctx, tx, g.County, g.codes)
	if err != nil {
		return nil, err
	}
	homes, err := loadHomes(ctx, tx, g.County, live)
	if err != nil {
		return nil, err
	}
	g.take(live, homes)
	return g, g.loadGone(ctx, tx)
}

func (g *Ground) loadCommunities(ctx context.Context, tx pgx.Tx) error {
	low, high := g.Division.Code.CommunityRange()
	rows, err := tx.Query(ctx, `
		SELECT t.community, d.name, ST_AsBinary(t.geom) FROM territory t JOIN division d ON d.code = t.division
		WHERE t.county = $1 AND t.community >= $2 AND t.community < $3 AND NOT ST_IsEmpty(t.geom) AND EXISTS (
			SELECT FROM block b WHERE b.county = $1 AND b.community = t.community AND b.retired IS NULL)
		ORDER BY t.community`, g.County, low, high)
	if err != nil {
		return err
	}
	var code int64
	var name string
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&code, &name, &geom}, func() error {
		parts, err := planar.ParsePolygons(geom)
		if err != nil {
			return fmt.Errorf("territory %012d: %w", code, err)
		}
		g.codes = append(g.codes, code)
		g.Communities = append(g.Communities, gridnet.Community{Code: fmt.Sprintf("%012d", code), Name: name, Parts: parts})
		return nil
	})
	return err
}

func (g *Ground) take(live *ground.Live, homes map[int64][]planar.Polygon) {
	for i, b := range live.Blocks {
		at, _ := slices.BinarySearch(g.codes, b.Community)
		block := gridnet.Block{ID: live.IDs[i], Community: at, Polygon: b.Polygon, Residents: b.Residents, AreaM2: b.Shape.Area}
		for _, part := range b.Parts {
			if shape := homes[live.Buildings[part.Building]]; part.Residents > 0 && shape != nil {
				block.Homes = append(block.Homes, gridnet.Home{Parts: shape, Residents: part.Residents})
			}
		}
		g.Blocks = append(g.Blocks, block)
	}
	for _, e := range live.Borders {
		if e.B >= 0 {
			g.Borders = append(g.Borders, gridnet.Border{A: e.A, B: e.B, Length: e.Length})
		}
	}
}

// loadHomes reads the outlines of the buildings in which somebody lives.
func loadHomes(ctx context.Context, tx pgx.Tx, county int32, live *ground.Live) (map[int64][]planar.Polygon, error) {
	lived := make(map[int64]bool)
	for _, b := range live.Blocks {
		for _, part := range b.Parts {
			if part.Residents > 0 {
				lived[live.Buildings[part.Building]] = true
			}
		}
	}
	ids := make([]int64, 0, len(lived))
	for id := range lived {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rows, err := tx.Query(ctx, `SELECT id, ST_AsBinary(geom) FROM building WHERE county = $1 AND id = ANY($2)`, county, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]planar.Polygon, len(ids))
	var id int64
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &geom}, func() (err error) {
		out[id], err = planar.ParsePolygons(geom)
		return err
	})
	return out, err
}

func (g *Ground) loadGone(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT lpad(code::text, 15, '0') FROM grid WHERE county = $1 AND community = ANY($2) AND retired IS NOT NULL`, g.County, g.codes)
	if err != nil {
		return err
	}
	var code string
	_, err = pgx.ForEachRow(rows, []any{&code}, func() error {
		g.Gone[code] = true
		return nil
	})
	return err
}

// middle is a longitude in the middle of the ground.
func (g *Ground) middle() float64 {
	if len(g.Blocks) == 0 {
		return 0
	}
	lon, _ := g.Blocks[len(g.Blocks)/2].Polygon[0][0].Degrees()
	return lon
}
