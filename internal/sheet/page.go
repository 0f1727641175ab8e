package sheet

import (
	"fmt"
	"time"
)

// page is a sheet: the map in its frame, and a column beside it with the legend, the list of grids and what the map is.
type page struct {
	*Map
	face  *typeface
	words phrases
	view  view
}

// Where things stand, in mm.
const (
	margin    = 10.0
	mapTop    = 26.0
	mapRight  = 306.0
	mapBottom = 287.0
	column    = 312.0 // where the column begins
	columnEnd = pageWidth - margin
)

func newPage(m *Map, face *typeface, words phrases) *page {
	return &page{Map: m, face: face, words: words, view: viewOf(m, margin, mapTop, mapRight, mapBottom)}
}

// draw draws the sheet and gives the grids that its list had no room for.
func (p *page) draw(on canvas) (rest []Grid) {
	p.drawMap(on)
	// What reaches out of the frame is covered.
	const beyond = 5 // the paper's edge, which rounding may move
	for _, r := range [][]spot{rectangle(-beyond, -beyond, pageWidth+beyond, mapTop), rectangle(-beyond, mapBottom, pageWidth+beyond, pageHeight+beyond),
		rectangle(-beyond, -beyond, margin, pageHeight+beyond), rectangle(mapRight, -beyond, pageWidth+beyond, pageHeight+beyond)} {
		on.fill([][]spot{r}, white)
	}
	on.stroke([][]spot{frame(margin, mapTop, mapRight, mapBottom)}, .4, black)
	p.heading(on)
	p.arrow(on, columnEnd-8, mapTop+2)
	y := p.drawLegend(on, mapTop+4)
	p.foot(on)
	return p.list(on, p.Grids, y+6, mapBottom-34, true)
}

// goOn lists grids on a page of their own.
func (p *page) goOn(on canvas, grids []Grid) (rest []Grid) {
	p.heading(on)
	return p.list(on, grids, mapTop, mapBottom, false)
}

func (p *page) heading(on canvas) {
	title := p.Title + " " + p.words.title
	on.text(spot{margin, 18}, 9, title, black)
	after := margin + p.face.width(title, 9) + 5
	on.text(spot{after, 18}, 4.2, p.Within+"  "+p.Code, grey)
	right := p.words.version(p.Version)
	if p.Draft != "" {
		right = p.words.draft(p.Draft)
	}
	on.text(spot{columnEnd - p.face.width(right, 5.5), 18}, 5.5, right, black)
}

// foot says how large the map is, and of what day.
func (p *page) foot(on canvas) {
	y := mapBottom - 30.0
	on.text(spot{column, y}, 3.6, fmt.Sprintf("%s 1:%d", p.words.scale, p.view.scale), black)
	p.bar(on, column, y+3)
	lines := []string{}
	if !p.PublishedAt.IsZero() {
		lines = append(lines, p.words.published+" "+day(p.PublishedAt))
	}
	lines = append(lines, p.words.printed+" "+day(p.PrintedAt), p.words.source)
	if p.Estimated {
		lines = append(lines, p.words.estimate)
	}
	for i, line := range lines {
		on.text(spot{column, y + 14 + float64(i)*4.8}, 3.2, line, grey)
	}
}

var china = time.FixedZone("UTC+8", 8*3600)

func day(t time.Time) string { return t.In(china).Format("2006-01-02") }

// bar draws a scale bar of four fields, of a round length.
func (p *page) bar(on canvas, x, y float64) {
	const most = 80 // mm
	step := 1.0     // m of a field
	for _, s := range []float64{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000} {
		if 4*s*1000/float64(p.view.scale) <= most {
			step = s
		}
	}
	field := step * 1000 / float64(p.view.scale)
	for i := range 4 {
		box := rectangle(x+float64(i)*field, y, x+float64(i+1)*field, y+2)
		c := white
		if i%2 == 0 {
			c = black
		}
		on.fill([][]spot{box}, c)
	}
	on.stroke([][]spot{frame(x, y, x+4*field, y+2)}, .25, black)
	for i, at := range []float64{0, 2, 4} {
		text := fmt.Sprintf("%g", at*step)
		if i == 2 {
			text += " m"
		}
		on.text(spot{x + at*field - p.face.width(fmt.Sprintf("%g", at*step), 3)/2, y + 6}, 3, text, black)
	}
}

// arrow points north: up.
func (p *page) arrow(on canvas, x, y float64) {
	on.text(spot{x - p.face.width(p.words.north, 4)/2, y + 4}, 4, p.words.north, black)
	on.fill([][]spot{{{x, y + 6}, {x, y + 17}, {x - 4, y + 20}}}, black)
	on.stroke([][]spot{{{x, y + 6}, {x + 4, y + 20}, {x, y + 17}, {x, y + 6}}}, .3, black)
}

// list writes the grids, each with its residents and its bounds, and gives those for which there is no room.
func (p *page) list(on canvas, grids []Grid, y, bottom float64, narrow bool) (rest []Grid) {
	left, right := margin, columnEnd
	if narrow {
		left = column
	}
	residents := 0
	for _, g := range p.Grids {
		residents += g.Residents
	}
	on.text(spot{left, y}, 3.8, p.words.gridsOf(len(p.Grids), residents), black)
	y += 3
	on.stroke([][]spot{{{left, y}, {right, y}}}, .3, black)
	for i, g := range grids {
		var sides []string
		if g.Sides != "" {
			sides = p.face.fold(p.words.sides+" "+g.Sides, 2.9, right-left-7)
		}
		height := 5.2 + 4*float64(len(sides))
		if y+height > bottom {
			return grids[i:]
		}
		on.fill([][]spot{rectangle(left, y+1.4, left+4, y+4.6)}, p.colorOf(g.Code))
		on.stroke([][]spot{frame(left, y+1.4, left+4, y+4.6)}, .25, gridEdge)
		on.text(spot{left + 6, y + 4.6}, 3.3, g.Code, black)
		figures := p.words.people(g.Residents)
		on.text(spot{right - p.face.width(figures, 3.3), y + 4.6}, 3.3, figures, black)
		name := g.Name
		if g.Special {
			name += "（" + p.words.special + "）"
		}
		room := right - left - 8 - p.face.width(g.Code, 3.3) - p.face.width(figures, 3.3)
		if short := p.face.fold(name, 3, room-3); len(short) > 0 && room > 8 {
			on.text(spot{left + 8 + p.face.width(g.Code, 3.3), y + 4.6}, 3, short[0], grey)
		}
		for k, line := range sides {
			on.text(spot{left + 6, y + 8.6 + 4*float64(k)}, 2.9, line, grey)
		}
		y += height
	}
	return nil
}
