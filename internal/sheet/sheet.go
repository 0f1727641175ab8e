package sheet

import (
	"io"
	"time"

	"jingwei/internal/planar"
)

// Language of what is printed.
type Language int

const (
	Chinese Language = iota
	English
)

// Map is what is printed on one sheet: a community with its grids.
type Map struct {
	Title       string // the community's name
	Within      string // town and county
	Code        string // of the community
	Version     int    // 0 for a draft that isn't published
	Draft       string // what the draft is called
	PublishedAt time.Time
	PrintedAt   time.Time
	Estimated   bool // the residents are an estimate
	Grids       []Grid
	Blocks      []planar.Polygon
	Streets     []Street
	Water       []Water
	Buildings   [][]planar.Polygon
}

// Grid is one on a map.
type Grid struct {
	Code      string // 15 digits; "" for one that has none yet
	Name      string
	Sides     string // 四至
	Special   bool
	Residents int
	Houses    int
	Parts     []planar.Polygon
	Label     planar.Point
}

// Rank of what runs along a line.
type Rank int

const (
	Path Rank = iota
	Lane
	MainStreet
	Railway
	Wall
	Stream
)

// Street is a line on a map.
type Street struct {
	Rank   Rank
	Name   string
	Points []planar.Point
}

// Water is a lake or a river's bed.
type Water struct{ Parts []planar.Polygon }

// A3, lying, in mm.
const (
	pageWidth  = 420
	pageHeight = 297
)

// WritePDF prints maps, one or more pages each.
//
// Fault: Unavailable when this machine has no font with Chinese.
func WritePDF(to io.Writer, title string, maps []Map, in Language) error {
	face, err := loaded()
	if err != nil {
		return err
	}
	d := newDocument(face)
	at := time.Time{}
	for i := range maps {
		p := newPage(&maps[i], face, words[in])
		rest := p.draw(d.page(pageWidth, pageHeight))
		for len(rest) > 0 {
			rest = p.goOn(d.page(pageWidth, pageHeight), rest)
		}
		at = maps[i].PrintedAt
	}
	return d.write(to, title, at)
}

// WritePNG prints one map as a picture of an A3 page, 150 dots an inch.
//
// Fault: Unavailable when this machine has no font with Chinese.
func WritePNG(to io.Writer, m *Map, in Language) error {
	face, err := loaded()
	if err != nil {
		return err
	}
	picture := newPicture(pageWidth, pageHeight, face)
	newPage(m, face, words[in]).draw(picture)
	return picture.write(to)
}
