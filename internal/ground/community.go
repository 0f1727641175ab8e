package ground

import (
	"context"
	"fmt"

	"jingwei/internal/planar"
)

// community makes the blocks of one community. It is worked on by one goroutine and shares nothing that
// is written to.
type community struct {
	territory *Territory
	border    []planar.Polygon
	outer     []planar.Polygon // the border as noding left it
	features  *Features
	settings  Settings
	plane     plane
	lines     []planar.Line // barriers that meet its box, as noding wants them; Source as names numbers them
	buildings []int         // that belong here

	people  populace
	units   []unit
	streets *planar.Coverage // faces between streets
	inside  []bool           // by street face
	floor   *floor
	lanes   segmentIndex // streets that end inside a street face; owner indexes ends
	ends    []planar.Edge
	roots   map[planar.Point]bool // by vertex of a lane: whether it lies on a street face's border
	nearest []*nearestGround      // by street face; nil where fewer than two units stand
	shared  []bool                // by street face: a verge, shared out among the units behind its walls
	only    []int32               // by street face: the one unit that stands there, -1 for none
	fine    *planar.Coverage      // everything noded together
	crossed bool                  // stitching spoilt it: it is made again
	blocks  []Block
	arcs    []planar.Arc // borders: Mark is the barrier, Source the name, faces are blocks
	report  TerritoryReport
}

// make runs all the steps. A *stopError says why there are no blocks.
func (c *community) make(ctx context.Context) error {
	c.settlePeople()
	for _, step := range []func(context.Context) error{
		c.cutTooBig, c.faceStreets, c.placeUnits, c.shareGround, c.arrange, c.readBlocks,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	// What is left are blocks and borders: a county's arrangements would be large.
	c.streets, c.floor, c.nearest, c.fine, c.units, c.lines, c.ends = nil, nil, nil, nil, nil, nil, nil
	c.lanes = segmentIndex{}
	return nil
}

// stopError stops one community and no other.
type stopError struct{ Warning }

func (e *stopError) Error() string { return e.EN }

func (c *community) stop(kind, zh, en string, args ...any) error {
	return &stopError{Warning{
		Kind: kind,
		ZH:   fmt.Sprintf("%s（%s）：", c.territory.Name, c.territory.Code) + fmt.Sprintf(zh, args...),
		EN:   fmt.Sprintf("%s (%s): ", c.territory.Name, c.territory.Code) + fmt.Sprintf(en, args...),
	}}
}

func (c *community) warn(kind, zh, en string, args ...any) {
	c.report.Warnings = append(c.report.Warnings, Warning{kind, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)})
}

// sources names buildings for the report.
func (c *community) sources(buildings []int) (names []string) {
	for _, b := range buildings {
		names = append(names, c.features.Buildings[b].Source)
	}
	return names
}

func (c *community) settlePeople() {
	standing := make([]*Building, len(c.buildings))
	for i, b := range c.buildings {
		standing[i] = &c.features.Buildings[b]
	}
	c.people = settle(standing, c.territory.Residents)
	c.warnEntrances(standing)
	c.report.Buildings = len(c.buildings)
	c.report.TotalOnRecord = c.territory.Residents
	c.report.KnownResidents = c.people.known
	if c.people.disagrees {
		c.warn(kindKnownDiffers, "按楼登记 %d 人，总数 %d 人，以登记为准", "%d people are known by building, the total says %d: the known ones count",
			c.people.known, c.territory.Residents)
	}
	if c.people.anyone {
		c.warn(kindNoDwellings, "没有住宅建筑，%d 人按全部建筑的建筑面积分摊", "no building is known to be a dwelling: %d people are spread over all of them",
			c.territory.Residents-c.people.known)
	}
	if c.people.homeless > 0 {
		zh, en := "没有建筑", "there are no buildings"
		if n := len(c.buildings); n > 0 {
			zh, en = fmt.Sprintf("%d 栋建筑都登记为无人居住", n), fmt.Sprintf("nobody lives in any of its %d building(s), as they say", n)
		}
		c.warn(kindNoBuildings, zh+"，总数中的 %d 人按面积分摊到基本单元", en+": the %d people of its total are spread over the blocks by area",
			c.people.homeless)
	}
}

// stoppedPeople adds to the reason why there are no blocks how many people get none. Who lives in the buildings has
// been settled, or is settled now.
func (c *community) stoppedPeople() {
	if c.people.people == nil && c.people.homeless == 0 {
		c.settlePeople()
	}
	c.report.Unplaced = c.people.sum()
	w := *c.report.Stopped // one overlap stops several
	w.ZH += fmt.Sprintf("；其 %d 人未分到任何新的基本单元", c.report.Unplaced)
	w.EN += fmt.Sprintf("; no blocks are made for its %d people", c.report.Unplaced)
	c.report.Stopped = &w
}

// cutTooBig makes the units: whole buildings, and the parts of those with more people than a grid holds.
func (c *community) cutTooBig(ctx context.Context) error {
	for i, at := range c.buildings {
		b, people, source := &c.features.Buildings[at], c.people.people[i], c.people.source[i]
		if people <= c.settings.Upper {
			c.units = append(c.units, wholeUnit(at, b, people, source))
			continue
		}
		parts, err := cutBuilding(ctx, at, b, people, source, c.settings)
		if err != nil {
			return c.stop(kindBadBuilding, "楼栋 %s 无法分割：%v", "building %s can't be cut: %v", b.Source, err)
		}
		c.report.CutBuildings = append(c.report.CutBuildings, b.Source)
		c.report.Parts += len(parts)
		c.units = append(c.units, parts...)
	}
	return nil
}

// faceStreets nodes the border with everything that is a barrier and finds the faces between.
func (c *community) faceStreets(ctx context.Context) error {
	lines := append(planar.Lines(c.border, markBorder, noName), c.lines...)
	cov, err := polygonise(ctx, lines)
	if err != nil {
		return c.stop(kindBadGround, "道路无法成面：%v", "its streets can't be noded: %v", err)
	}
	inside, ok := insideOf(cov, markBorder)
	if !ok {
		return c.stop(kindBadBorder, "边界自身重叠或过于狭窄，请检查区划面", "its border touches itself along a line, or is too narrow: check the division's polygon")
	}
	c.streets, c.inside = cov, inside
	c.floor = newFloor(cov)
	c.findLanes()
	for _, in := range inside {
		if in {
			c.report.Faces++
		}
	}
	return nil
}

func polygonise(ctx context.Context, lines []planar.Line) (*planar.Coverage, error) {
	edges, err := planar.Node(ctx, lines)
	if err != nil {
		return nil, err
	}
	return planar.Polygonise(edges)
}

// placeUnits gives each unit the street face that most of it stands on.
func (c *community) placeUnits(ctx context.Context) error {
	for i := range c.units {
		u := &c.units[i]
		shares, err := c.floor.shares(ctx, u.polygons)
		if err != nil {
			return c.stop(kindBadBuilding, "楼栋 %s 的轮廓无法使用：%v", "the outline of building %s can't be used: %v",
				c.features.Buildings[u.building].Source, err)
		}
		u.face = planar.Outside
		for _, s := range shares {
			if s.face >= 0 && c.inside[s.face] {
				u.face = s.face
				break
			}
		}
	}
	return nil
}
