package tile

import "jingwei/internal/ground"

// The layers of the sources' features, each of which stands for itself and may be simplified by itself.

// lineTolerance is how far a line may lie from where it is, in units: a screen's pixel has eight of them.
func lineTolerance(zoom int) float64 {
	if zoom >= 16 {
		return 0.5
	}
	return 3
}

// renderStreets shows the more of the streets the nearer one looks: by the classes of OpenStreetMap where
// the source has them, otherwise by how strong a barrier a street is.
func renderStreets(r *rendering) {
	classes := []string{"motorway", "trunk", "primary", "motorway_link", "trunk_link", "primary_link"}
	least := ground.River + 1 // by class alone
	switch z := r.at.Z; {
	case z >= 14:
		least = ground.Nothing
	case z == 13:
		least = ground.Street
	case z == 12:
		least, classes = ground.MainRoad, append(classes, "tertiary", "tertiary_link")
	case z == 11:
		least = ground.MainRoad
	case z == 10:
		classes = append(classes, "secondary")
	}
	r.lines(Streets, r.layer(string(Streets)), `kind = 'street' AND (barrier >= $5 OR class = ANY($6))`, int(least), classes)
}

func renderRail(r *rendering) {
	r.lines(Rail, r.layer(string(Rail)), `kind = 'rail'`)
}

func renderWalls(r *rendering) {
	r.lines(Walls, r.layer(string(Walls)), `kind = 'wall'`)
}

// renderWater shows lakes and river beds, and watercourses as lines: the rivers and canals first.
func renderWater(r *rendering) {
	water := r.layer(string(Water))
	r.areas(Water, water, `kind = 'water'`)
	if r.at.Z < 10 {
		return
	}
	which := `kind = 'water'`
	if r.at.Z < 14 {
		which += ` AND class IN ('river', 'canal')`
	}
	r.lines(Water, water, which)
}

func renderLanduse(r *rendering) {
	r.areas(Landuse, r.layer(string(Landuse)), `kind = 'landuse'`)
}

// lines adds the line features that a condition picks. Its parameters begin at $5.
func (r *rendering) lines(layer Layer, b *builder, which string, args ...any) {
	var id int64
	var class, name string
	var barrier int16
	var geom []byte
	r.ask(layer, []any{&id, &class, &name, &barrier, &geom}, func() error {
		s, err := readShape(geom, r.at.Z)
		if err != nil {
			return err
		}
		commands, extent := r.line(s, lineTolerance(r.at.Z))
		tags := []tag{{"class", class}, {"name", name}}
		if layer == Streets {
			tags = append(tags, tag{"barrier", ground.Barrier(barrier).String()})
		}
		// A main road is worth more than a path of the same length.
		b.add(uint64(id), typeLine, commands, extent*float64(1+barrier), tags...)
		return nil
	}, `
		SELECT id, class, name, barrier, ST_AsBinary(geom, 'NDR') FROM line_feature
		WHERE `+which+` AND `+nearby("geom")+` ORDER BY county, id`, args...)
}

// leastArea is what an area must have of the screen to be shown: a pixel's worth of units.
const leastArea = 64

func (r *rendering) areas(layer Layer, b *builder, which string) {
	var id int64
	var class, name string
	var geom []byte
	r.ask(layer, []any{&id, &class, &name, &geom}, func() error {
		commands, extent, named, err := r.area(geom)
		if !named {
			name = ""
		}
		b.add(uint64(id), typePolygon, commands, extent, tag{"class", class}, tag{"name", name})
		return err
	}, `
		SELECT id, class, name, ST_AsBinary(geom, 'NDR') FROM area_feature
		WHERE `+which+` AND `+nearby("geom")+` ORDER BY county, id`)
}

// area encodes a polygon that shares its border with nobody, and says whether this tile is the one that names it.
func (r *rendering) area(geom []byte) (commands []uint32, extent float64, named bool, err error) {
	s, err := readShape(geom, r.at.Z)
	if err != nil {
		return nil, 0, false, err
	}
	named = r.own.holds(s.middle())
	for _, rings := range s.polygons {
		for i, ring := range rings {
			if len(ring) > 8 {
				closed := simplifyLine(append(ring, ring[0]), lineTolerance(r.at.Z)/2)
				rings[i] = closed[:len(closed)-1]
			}
		}
	}
	commands, extent = r.polygon(s, leastArea)
	return commands, extent, named, nil
}

// renderBuildings shows footprints. Who lives in them isn't in a tile.
func renderBuildings(r *rendering) {
	b := r.layer(string(Buildings))
	var id int64
	var use, name string
	var levels float32
	var geom []byte
	r.ask(Buildings, []any{&id, &use, &levels, &name, &geom}, func() error {
		commands, extent, named, err := r.area(geom)
		tags := []tag{{"use", use}, {"levels", float64(levels)}}
		if named && r.at.Z >= 15 {
			tags = append(tags, tag{"name", name})
		}
		b.add(uint64(id), typePolygon, commands, extent, tags...)
		return err
	}, `SELECT id, use, levels, name, ST_AsBinary(geom, 'NDR') FROM building WHERE `+nearby("geom")+` ORDER BY county, id`)
}
