package sheet

import (
	"slices"

	"jingwei/internal/planar"
)

// drawLabels writes into every grid the end of its code, its name and its residents; what doesn't fit stands nearby. It gives the room that they take.
func (p *page) drawLabels(on canvas) (taken [][4]float64) {
	for _, g := range p.Grids {
		lines := []string{p.words.people(g.Residents)}
		if g.Name != "" {
			lines = append([]string{g.Name}, lines...)
		}
		head := g.Code
		if len(head) == 15 {
			head = head[12:] // the community's code stands in the heading
		}
		const big, small, gap = 5.0, 3.2, 1.1
		width := p.face.width(head, big)
		for _, line := range lines {
			width = max(width, p.face.width(line, small))
		}
		height := big + float64(len(lines))*(small+gap)
		at := p.view.at(g.Label)
		box := place([4]float64{at.x - width/2 - 1, at.y - height/2 - 1, at.x + width/2 + 1, at.y + height/2 + 1}, taken)
		taken = append(taken, box)
		on.fill([][]spot{rectangle(box[0], box[1], box[2], box[3])}, white)
		on.stroke([][]spot{frame(box[0], box[1], box[2], box[3])}, .12, grey)
		middle := (box[0] + box[2]) / 2
		y := box[1] + big*.9 + .6
		on.text(spot{middle - p.face.width(head, big)/2, y}, big, head, gridEdge)
		for _, line := range lines {
			y += small + gap
			on.text(spot{middle - p.face.width(line, small)/2, y}, small, line, black)
		}
	}
	return taken
}

// place moves a box within the frame and down until it covers no other.
func place(box [4]float64, taken [][4]float64) [4]float64 {
	move := func(dx, dy float64) {
		box[0], box[2], box[1], box[3] = box[0]+dx, box[2]+dx, box[1]+dy, box[3]+dy
	}
	move(max(0, margin+1-box[0])-max(0, box[2]-mapRight+1), max(0, mapTop+1-box[1])-max(0, box[3]-mapBottom+1))
	for range 12 {
		clash := false
		for _, t := range taken {
			if meet(box, t) {
				move(0, t[3]-box[1]+.3)
				clash = true
			}
		}
		if !clash {
			break
		}
	}
	return box
}

func meet(a, b [4]float64) bool { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3] }

// drawNames writes each street's name once, at the middle of its longest stretch, unless something else is written there.
func (p *page) drawNames(on canvas, taken [][4]float64) {
	type stretch struct {
		length float64
		at     planar.Point
	}
	longest := make(map[string]stretch)
	var order []string
	for _, s := range p.Streets {
		if s.Name == "" || s.Rank == Path || s.Rank == Wall {
			continue
		}
		at, length := p.inside(s.Points)
		old, seen := longest[s.Name]
		if !seen {
			order = append(order, s.Name)
		}
		if length > old.length {
			longest[s.Name] = stretch{length, at}
		}
	}
	for _, name := range order {
		const height = 2.7
		s := longest[name]
		if s.length < p.face.width(name, height) {
			continue
		}
		at, width := p.view.at(s.at), p.face.width(name, height)
		box := [4]float64{at.x - width/2 - .3, at.y - height/2 - .2, at.x + width/2 + .3, at.y + height/2 + .3}
		if slices.ContainsFunc(taken, func(t [4]float64) bool { return meet(box, t) }) {
			continue
		}
		taken = append(taken, box)
		on.fill([][]spot{rectangle(box[0], box[1], box[2], box[3])}, white)
		on.text(spot{at.x - width/2, at.y + height*.36}, height, name, color{90, 80, 60})
	}
}

// inside gives the middle one of a line's vertices within the frame, and how long the line is there, in mm.
func (p *page) inside(points []planar.Point) (at planar.Point, length float64) {
	var within []planar.Point
	for i, q := range points {
		s := p.view.at(q)
		if s.x < margin+5 || s.x > mapRight-5 || s.y < mapTop+5 || s.y > mapBottom-5 {
			continue
		}
		if i > 0 && len(within) > 0 {
			length += distance(p.view.at(points[i-1]), s)
		}
		within = append(within, q)
	}
	if len(within) == 0 {
		return points[0], 0
	}
	if len(within) == 2 {
		return planar.Point{X: within[0].X/2 + within[1].X/2, Y: within[0].Y/2 + within[1].Y/2}, length
	}
	return within[len(within)/2], length
}

// drawLegend says what the signs mean, and gives where it ends.
func (p *page) drawLegend(on canvas, y float64) float64 {
	on.text(spot{column, y + 2}, 4.6, p.words.legend, black)
	y += 6
	wavy := func(y float64) []spot { return []spot{{column, y}, {column + 14, y}} }
	for _, sign := range []struct {
		text string
		draw func(y float64)
	}{
		{p.words.gridBorder, func(y float64) {
			on.fill([][]spot{rectangle(column, y-1.8, column+14, y+1.8)}, palette[2])
			on.stroke([][]spot{frame(column, y-1.8, column+14, y+1.8)}, .6, gridEdge)
		}},
		{p.words.edge, func(y float64) { on.stroke(dashes(wavy(y), 5, 1.2, 1, 1.2), .9, black) }},
		{p.words.block, func(y float64) { on.stroke([][]spot{wavy(y)}, .1, color{140, 140, 140}) }},
		{p.words.street, func(y float64) {
			on.stroke([][]spot{wavy(y)}, 2, color{165, 160, 152})
			on.stroke([][]spot{wavy(y)}, 1.5, color{255, 242, 200})
		}},
		{p.words.lane, func(y float64) {
			on.stroke([][]spot{wavy(y - .9)}, 1.1, color{165, 160, 152})
			on.stroke([][]spot{wavy(y - .9)}, .75, white)
			on.stroke(dashes(wavy(y+1.2), 1.2, .8), .2, color{140, 120, 90})
		}},
		{p.words.rail, func(y float64) {
			on.stroke([][]spot{wavy(y)}, .7, color{70, 70, 70})
			on.stroke(dashes(wavy(y), 2, 2), .45, white)
		}},
		{p.words.water, func(y float64) { on.fill([][]spot{rectangle(column, y-1.5, column+14, y+1.5)}, blueFill) }},
		{p.words.building, func(y float64) {
			on.fill([][]spot{rectangle(column+4, y-1.8, column+10, y+1.8)}, built)
			on.stroke([][]spot{frame(column+4, y-1.8, column+10, y+1.8)}, .08, builtRim)
		}},
	} {
		sign.draw(y)
		on.text(spot{column + 18, y + 1.2}, 3.4, sign.text, black)
		y += 5.6
	}
	return y
}
