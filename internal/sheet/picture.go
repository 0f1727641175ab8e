package sheet

import (
	"image"
	stdcolor "image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// dots is how fine a picture is: 150 a inch, in dots a mm.
const dots = 150 / 25.4

// picture is a canvas of dots.
type picture struct {
	dots *image.RGBA
	face *typeface
	pen  vector.Rasterizer
}

func newPicture(width, height float64, face *typeface) *picture {
	p := &picture{dots: image.NewRGBA(image.Rect(0, 0, int(width*dots+.5), int(height*dots+.5))), face: face}
	draw.Draw(p.dots, p.dots.Bounds(), image.White, image.Point{}, draw.Src)
	return p
}

func (p *picture) write(to io.Writer) error { return png.Encode(to, p.dots) }

func (p *picture) fill(rings [][]spot, c color) {
	low, high := spot{math.Inf(1), math.Inf(1)}, spot{math.Inf(-1), math.Inf(-1)}
	for _, ring := range rings {
		for _, s := range ring {
			low, high = spot{min(low.x, s.x), min(low.y, s.y)}, spot{max(high.x, s.x), max(high.y, s.y)}
		}
	}
	p.paint(low, high, c, func(move, line func(spot), _ func(a, b, c spot)) {
		for _, ring := range rings {
			for i, s := range ring {
				if i == 0 {
					move(s)
				} else {
					line(s)
				}
			}
		}
	})
}

// paint fills an outline that lies between two corners.
func (p *picture) paint(low, high spot, c color, outline func(move, line func(spot), curve func(a, b, c spot))) {
	box := image.Rect(int(math.Floor(low.x*dots)), int(math.Floor(low.y*dots)), int(math.Ceil(high.x*dots))+1, int(math.Ceil(high.y*dots))+1).Intersect(p.dots.Bounds())
	if box.Empty() {
		return
	}
	p.pen.Reset(box.Dx(), box.Dy())
	at := func(s spot) (float32, float32) {
		return float32(s.x*dots) - float32(box.Min.X), float32(s.y*dots) - float32(box.Min.Y)
	}
	open := false
	outline(func(s spot) {
		if open {
			p.pen.ClosePath()
		}
		open = true
		p.pen.MoveTo(at(s))
	}, func(s spot) { p.pen.LineTo(at(s)) }, func(a, b, c spot) {
		ax, ay := at(a)
		bx, by := at(b)
		cx, cy := at(c)
		p.pen.CubeTo(ax, ay, bx, by, cx, cy)
	})
	if open {
		p.pen.ClosePath()
	}
	p.pen.Draw(p.dots, box, image.NewUniform(stdcolor.RGBA{c[0], c[1], c[2], 255}), image.Point{})
}

// stroke fills a band along each line: a quadrangle for each of its edges and a disc at each corner, all the same way round.
func (p *picture) stroke(lines [][]spot, width float64, c color) {
	half := max(width, .9/dots) / 2
	for _, line := range lines {
		var bands [][]spot
		for i, s := range line {
			bands = append(bands, disc(s, half))
			if i > 0 {
				if band := bandOf(line[i-1], s, half); band != nil {
					bands = append(bands, band)
				}
			}
		}
		p.fill(bands, c)
	}
}

func bandOf(a, b spot, half float64) []spot {
	length := distance(a, b)
	if length == 0 {
		return nil
	}
	nx, ny := -(b.y-a.y)/length*half, (b.x-a.x)/length*half
	return []spot{{a.x + nx, a.y + ny}, {a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}}
}

func disc(middle spot, radius float64) []spot {
	const corners = 10
	out := make([]spot, corners)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		out[i] = spot{middle.x + radius*cos, middle.y + radius*sin}
	}
	return out
}

func (p *picture) text(at spot, height float64, s string, c color) {
	for _, r := range s {
		g := p.face.glyph(r)
		scale := height / em
		place := func(q spot) spot { return spot{at.x + q.x*scale, at.y - q.y*scale} }
		p.paint(spot{at.x - height, at.y - 1.5*height}, spot{at.x + 2*height, at.y + height}, c, func(move, line func(spot), curve func(a, b, c spot)) {
			for _, seg := range g.outline {
				switch seg.kind {
				case 'M':
					move(place(seg.at[0]))
				case 'L':
					line(place(seg.at[0]))
				case 'C':
					curve(place(seg.at[0]), place(seg.at[1]), place(seg.at[2]))
				}
			}
		})
		at.x += g.advance * scale
	}
}

func distance(a, b spot) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }
