package ground

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"jingwei/internal/planar"
)

// picture writes the ground as an SVG for people to look at, when JINGWEI_PICTURE names a file.
// JINGWEI_PICTURE_BOX may hold a part of it: minLon,minLat,maxLon,maxLat.
func picture(t testing.TB, in Input, g *Ground) {
	path := os.Getenv("JINGWEI_PICTURE")
	if path == "" {
		return
	}
	extent := nowhere
	for _, m := range g.Territories {
		extent = extent.union(boxOfPolygons(m.Border))
	}
	if text := os.Getenv("JINGWEI_PICTURE_BOX"); text != "" {
		var a, b, c, d float64
		if _, err := fmt.Sscanf(text, "%f,%f,%f,%f", &a, &b, &c, &d); err != nil {
			t.Fatal(err)
		}
		extent = boxOf(planar.FromDegrees(a, b), planar.FromDegrees(c, d))
	}
	f := frameAt(planar.Point{X: extent.minX, Y: extent.maxY})
	wide := f.flat(planar.Point{X: extent.maxX, Y: extent.minY})
	const pixels = 2000
	scale := pixels / max(wide.x, -wide.y)
	at := func(p planar.Point) string {
		s := f.flat(p)
		return fmt.Sprintf("%.2f,%.2f", s.x*scale, -s.y*scale)
	}
	draw := func(b *strings.Builder, parts []planar.Polygon, style string) {
		b.WriteString("<path d='")
		for _, part := range parts {
			for _, ring := range part {
				for i, p := range ring {
					b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + at(p))
				}
				b.WriteString("Z")
			}
		}
		b.WriteString("' " + style + "/>\n")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f'><rect width='100%%' height='100%%' fill='white'/>\n", wide.x*scale, -wide.y*scale)
	palette := []string{"#fde8d7", "#e3f0dc", "#dcebf5", "#f6e3ef", "#fbf6d3", "#e8e2f4", "#d9f0ee"}
	for i := range g.Blocks {
		draw(&b, []planar.Polygon{g.Blocks[i].Polygon}, fmt.Sprintf("fill='%s'", palette[i%len(palette)]))
	}
	for i := range in.Features.Buildings {
		house := &in.Features.Buildings[i]
		fill := "#b9b9b9"
		if Dwells(house.Use) {
			fill = "#8d7f76"
		}
		draw(&b, house.Polygons, fmt.Sprintf("fill='%s' fill-rule='evenodd'", fill))
	}
	for i := range g.Borders {
		style := map[Barrier]string{Nothing: "stroke='#c22' stroke-width='1'", Path: "stroke='#26a' stroke-width='1'",
			Street: "stroke='#123' stroke-width='2'", MainRoad: "stroke='#000' stroke-width='3'"}[g.Borders[i].Barrier]
		points := make([]string, len(g.Borders[i].Points))
		for k, p := range g.Borders[i].Points {
			points[k] = at(p)
		}
		fmt.Fprintf(&b, "<polyline points='%s' fill='none' %s/>\n", strings.Join(points, " "), style)
	}
	for i := range in.Features.Lines {
		points := make([]string, len(in.Features.Lines[i].Points))
		for k, p := range in.Features.Lines[i].Points {
			points[k] = at(p)
		}
		fmt.Fprintf(&b, "<polyline points='%s' fill='none' stroke='#2a2' stroke-width='.5' stroke-dasharray='4 3'/>\n", strings.Join(points, " "))
	}
	b.WriteString("</svg>\n")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
