package sheet

// canvas is what a page is drawn on, in mm from its top left. There are two: a page of a PDF and a picture.
type canvas interface {
	// fill fills what the rings enclose; holes run the other way round.
	fill(rings [][]spot, c color)
	// stroke draws lines of a width.
	stroke(lines [][]spot, width float64, c color)
	// text writes on a base line that begins at a place.
	text(at spot, height float64, s string, c color)
}

// color is red, green and blue.
type color [3]uint8

var (
	black = color{20, 20, 20}
	grey  = color{110, 110, 110}
	white = color{255, 255, 255}
)

func rectangle(x0, y0, x1, y1 float64) []spot {
	return []spot{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}
}

// frame is a rectangle as a closed line.
func frame(x0, y0, x1, y1 float64) []spot { return append(rectangle(x0, y0, x1, y1), spot{x0, y0}) }

// dashes cuts a line into pieces: on, off, on, off … in mm.
func dashes(line []spot, pattern ...float64) (out [][]spot) {
	if len(line) < 2 {
		return nil
	}
	at, left := 0, pattern[0]
	piece := []spot{line[0]}
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		length := distance(p, q)
		for length > left {
			stop := spot{p.x + (q.x-p.x)*left/length, p.y + (q.y-p.y)*left/length}
			if at%2 == 0 {
				out = append(out, append(piece, stop))
			}
			piece = []spot{stop}
			length -= left
			p = stop
			at++
			left = pattern[at%len(pattern)]
		}
		left -= length
		piece = append(piece, q)
	}
	if at%2 == 0 && len(piece) > 1 {
		out = append(out, piece)
	}
	return out
}
