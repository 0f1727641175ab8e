package ground

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"jingwei/internal/planar"
)

// A random town near 116.3° E 40° N: communities in a row, streets across and along, lakes, and buildings of
// all kinds of awkwardness.

const metre = 90 // steps, near enough

var townCorner = planar.FromDegrees(116.3, 40)

func at(x, y float64) planar.Point {
	return planar.Point{X: townCorner.X + int32(math.Round(x*metre)), Y: townCorner.Y + int32(math.Round(y*metre))}
}

// rectangle is a building of w × h metres round x, y, turned by an angle.
func rectangle(x, y, w, h, angle float64) planar.Polygon {
	sin, cos := math.Sincos(angle)
	corner := func(u, v float64) planar.Point {
		return at(x+u*w/2*cos-v*h/2*sin, y+u*w/2*sin+v*h/2*cos)
	}
	return planar.Polygon{{corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}}
}

// withCourt cuts a courtyard into a rectangle.
func withCourt(p planar.Polygon, x, y, w, h, angle float64) planar.Polygon {
	hole := rectangle(x, y, w/2, h/2, angle)[0]
	hole.Reverse()
	return planar.Polygon{p[0], hole}
}

func building(i int, use string, people int, parts ...planar.Polygon) Building {
	return Building{Source: fmt.Sprintf("building/%d", i), Use: use, People: people, Polygons: parts}
}

func drawTown(t *rapid.T) Input {
	in := Input{Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
	wide := rapid.Float64Range(60, 400).Draw(t, "wide")
	high := rapid.Float64Range(60, 400).Draw(t, "high")
	communities := rapid.IntRange(1, 3).Draw(t, "communities")
	bend := rapid.Float64Range(-20, 20)
	edge := make([][2]float64, communities+1) // how each border between communities leans
	for i := range edge {
		edge[i] = [2]float64{float64(i)*wide + bend.Draw(t, "lean"), float64(i)*wide + bend.Draw(t, "lean")}
	}
	for i := range communities {
		// Each draws its own border, with a vertex in the middle that the neighbour doesn't have.
		ring := planar.Ring{at(edge[i][0], 0), at(edge[i+1][0], 0), at(edge[i+1][1], high), at(edge[i][1], high)}
		if rapid.Bool().Draw(t, "vertex") {
			m := planar.Point{X: ring[0].X + (ring[3].X-ring[0].X)/2, Y: ring[0].Y + (ring[3].Y-ring[0].Y)/2}
			ring = append(ring, m)
		}
		in.Territories = append(in.Territories, Territory{
			Code: fmt.Sprintf("1101080140%02d", i+1), Community: 110108014001 + int64(i), Name: fmt.Sprintf("社区%d", i+1),
			Residents: rapid.IntRange(-1, 3000).Draw(t, "residents"), Polygons: []planar.Polygon{{ring}},
		})
	}
	drawStreets(t, &in, wide*float64(communities), high)
	drawBuildings(t, &in, wide*float64(communities), high)
	return in
}

func drawStreets(t *rapid.T, in *Input, wide, high float64) {
	x, y := rapid.Float64Range(-30, wide+30), rapid.Float64Range(-30, high+30)
	for i := range rapid.IntRange(0, 8).Draw(t, "streets") {
		line := Line{
			Source: fmt.Sprintf("way/%d", i), Barrier: Barrier(rapid.IntRange(0, int(River)).Draw(t, "barrier")),
			Name: fmt.Sprintf("街%d", i),
		}
		for range rapid.IntRange(2, 4).Draw(t, "points") {
			p := at(x.Draw(t, "x"), y.Draw(t, "y"))
			if n := len(line.Points); n == 0 || line.Points[n-1] != p {
				line.Points = append(line.Points, p)
			}
		}
		if len(line.Points) > 1 {
			in.Features.Lines = append(in.Features.Lines, line)
			if rapid.IntRange(0, 3).Draw(t, "doubled") == 0 { // a second carriageway, a metre or two beside it
				twin := line
				twin.Source += "b"
				twin.Points = nil
				for _, p := range line.Points {
					twin.Points = append(twin.Points, planar.Point{X: p.X + 100, Y: p.Y + 70})
				}
				in.Features.Lines = append(in.Features.Lines, twin)
			}
		}
	}
	if rapid.Bool().Draw(t, "lake") {
		in.Features.Areas = append(in.Features.Areas, Area{Source: "lake", Water: true, Barrier: River, Name: "湖",
			Polygons: []planar.Polygon{rectangle(x.Draw(t, "x"), y.Draw(t, "y"), 40, 30, 0)}})
	}
}

func drawBuildings(t *rapid.T, in *Input, wide, high float64) {
	x, y := rapid.Float64Range(-10, wide+10), rapid.Float64Range(-10, high+10)
	size := rapid.Float64Range(3, 60)
	uses := rapid.SampledFrom([]string{"residential", "dormitory", "bungalow", "yes", "school"})
	for i := range rapid.IntRange(0, 12).Draw(t, "buildings") {
		cx, cy, w, h, a := x.Draw(t, "x"), y.Draw(t, "y"), size.Draw(t, "w"), size.Draw(t, "h"), rapid.Float64Range(0, 3).Draw(t, "angle")
		p := rectangle(cx, cy, w, h, a)
		if rapid.IntRange(0, 3).Draw(t, "court") == 0 {
			p = withCourt(p, cx, cy, w, h, a)
		}
		people := -1
		if rapid.IntRange(0, 4).Draw(t, "known") == 0 {
			people = rapid.IntRange(0, 2000).Draw(t, "people")
		}
		b := building(i, uses.Draw(t, "use"), people, p)
		if rapid.IntRange(0, 5).Draw(t, "second part") == 0 {
			b.Polygons = append(b.Polygons, rectangle(cx+w+h+5, cy, w, h, a))
		}
		in.Features.Buildings = append(in.Features.Buildings, b)
		if rapid.IntRange(0, 4).Draw(t, "twin") == 0 {
			twin := b
			twin.Source += "twin"
			in.Features.Buildings = append(in.Features.Buildings, twin)
		}
		if rapid.IntRange(0, 3).Draw(t, "terrace") == 0 { // wall to wall with the next one
			sin, cos := math.Sincos(a)
			in.Features.Buildings = append(in.Features.Buildings,
				building(1000+i, "residential", -1, rectangle(cx+w*cos, cy+w*sin, w, h, a)))
		}
	}
}
