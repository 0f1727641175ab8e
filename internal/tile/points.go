package tile

// Property is a property of a feature: text, a whole number or a number.
type Property struct {
	Key   string
	Value any // string, int, int64 or float64; "" is left out
}

// Point is a feature of a layer that isn't rendered from the ground but from what somebody may see.
type Point struct {
	ID         uint64 // no two of a tile's have the same
	Lon, Lat   float64
	Rank       float64 // those of least rank are dropped from a tile that is too large
	Properties []Property
}

// Points makes a tile of one layer from points that lie in it, in their order. Nothing of it is kept: it is for layers that depend on who asks.
// Faults: NotFound when there is no such tile.
func (s *Server) Points(at Address, layer string, points []Point) (*Tile, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	b := newBuilder(layer)
	for _, p := range points {
		tags := make([]tag, len(p.Properties))
		for i, t := range p.Properties {
			tags[i] = tag{t.Key, t.Value}
		}
		pen := newPen(at)
		pen.point(pixelOf(p.Lon, p.Lat, at.Z))
		b.add(p.ID, typePoint, pen.out, p.Rank, tags...)
	}
	return s.pack([]*builder{b})
}
