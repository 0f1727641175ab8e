package ingest

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"jingwei/internal/planar"
)

// coordinates is a nested list of positions: points at the lowest level, parts above it.
type coordinates struct {
	points []planar.Point
	parts  []coordinates
}

func (c coordinates) rings() []planar.Ring {
	rings := make([]planar.Ring, len(c.parts))
	for i, p := range c.parts {
		rings[i] = planar.Ring(p.points)
	}
	return rings
}

// coordinateReader reads nested lists of positions. A generic decoder would read null as zero.
type coordinateReader struct {
	b     []byte
	place placer
	note  *note
}

func (r *coordinateReader) fail(zh, en string) {
	if r.note == nil {
		r.note = refuse(kindCoordinates, zh, en)
	}
}

func (r *coordinateReader) blank() {
	for len(r.b) > 0 && (r.b[0] == ' ' || r.b[0] == '\n' || r.b[0] == '\t' || r.b[0] == '\r') {
		r.b = r.b[1:]
	}
}

func (r *coordinateReader) eat(c byte) bool {
	r.blank()
	if len(r.b) > 0 && r.b[0] == c {
		r.b = r.b[1:]
		return true
	}
	return false
}

// read reads levels nested lists; a list of positions is level 2, a position level 1.
func (r *coordinateReader) read(levels int) (c coordinates) {
	if levels == 1 {
		if p, ok := r.position(); ok {
			c.points = append(c.points, p)
		}
		return c
	}
	if !r.eat('[') {
		r.fail("坐标的层次不对", "its coordinates are nested wrongly")
		return c
	}
	if r.eat(']') {
		return c
	}
	for r.note == nil {
		if levels == 2 {
			p, _ := r.position()
			c.points = append(c.points, p)
		} else {
			c.parts = append(c.parts, r.read(levels-1))
		}
		if r.eat(']') {
			return c
		}
		if !r.eat(',') {
			r.fail("坐标的层次不对", "its coordinates are nested wrongly")
		}
	}
	return c
}

func (r *coordinateReader) position() (planar.Point, bool) {
	if !r.eat('[') {
		r.fail("坐标的层次不对", "its coordinates are nested wrongly")
		return planar.Point{}, false
	}
	var v [2]float64
	for i := 0; r.note == nil; i++ {
		x, ok := r.number()
		if !ok {
			r.fail("坐标不是数字", "a coordinate isn't a number")
			return planar.Point{}, false
		}
		if i < 2 {
			v[i] = x
		}
		if r.eat(']') {
			if i < 1 {
				r.fail("坐标少于两个数", "a position has fewer than two numbers")
				return planar.Point{}, false
			}
			break
		}
		if !r.eat(',') {
			r.fail("坐标不是数字", "a coordinate isn't a number")
		}
	}
	if r.note != nil {
		return planar.Point{}, false
	}
	p, n := r.place(v[0], v[1])
	if n != nil {
		r.note = n
		return planar.Point{}, false
	}
	return p, true
}

func (r *coordinateReader) number() (float64, bool) {
	r.blank()
	i := 0
	for i < len(r.b) && strings.IndexByte("+-.0123456789eE", r.b[i]) >= 0 {
		i++
	}
	v, err := strconv.ParseFloat(string(r.b[:i]), 64)
	r.b = r.b[i:]
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}
