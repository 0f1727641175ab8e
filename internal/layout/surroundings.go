package layout

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// Stretch is a piece of a grid's outline along which one thing runs and behind which one grid lies.
type Stretch struct {
	Points  []planar.Point // with the grid on the left
	Barrier ground.Barrier
	Name    string // of what runs along it, "" when it has none
	Behind  Code   // the grid on the other side, 0 when there is none
	Called  string // that grid's name, "" when nobody has named it
	English string // the same in English, "" where it is the same
	Loose   bool   // ground in no grid lies on the other side, as in a draft it may
	Beyond  string // the division on the other side: of the grid, or where there is none; "" when none is on record
}

// Surroundings are 四至: what a grid borders on in each direction, the longest first.
type Surroundings struct {
	North, East, South, West []Side
	ZH, EN                   string      // all four in words, as the program writes them
	Hand                     *Correction // as somebody has put them right, nil when nobody has
}

// Words are the surroundings in words: as somebody has put them right, otherwise as the program writes them.
func (s *Surroundings) Words() (zh, en string) {
	if s.Hand == nil {
		return s.ZH, s.EN
	}
	if s.Hand.EN == "" {
		return s.Hand.ZH, s.EN
	}
	return s.Hand.ZH, s.Hand.EN
}

// Side is one thing that a grid borders on in one direction.
type Side struct {
	Kind   string  // path, street, main-road, wall, rail, river; where nothing runs along: grid, outside
	Name   string  // of what runs along; the code of a grid; a division beyond; "" when there is none
	Share  float64 // of the outline in that direction
	ZH, EN string
}

// leastShare is the share of a direction under which a thing isn't worth a word.
const leastShare = 0.15

// Surround says what runs along a grid's outline in each direction. Going along the outline with the grid on
// the left, what lies to the right of a step northwards is the east: so a stretch counts for a direction with
// the share of its length that faces it: by the square of the cosine, so that one that runs straight north-east counts half for either, while a long side
// that leans by ten degrees says next to nothing of the short one round the corner. A thing with a name is called by it wherever it
// runs, one without by its kind, and where nothing runs along it is the grid behind that is named. Things of
// less than 15 % of a direction are left out.
func Surround(grid Code, outline []Stretch) Surroundings {
	var facing [4]map[Side]float64 // metres, or as good as; in the order of directions
	for i := range facing {
		facing[i] = make(map[Side]float64)
	}
	for _, s := range outline {
		side := s.side(grid)
		for i := 1; i < len(s.Points); i++ {
			east, north := step(s.Points[i-1], s.Points[i])
			length := math.Hypot(east, north)
			if length == 0 {
				continue
			}
			facing[0][side] += max(0, north) * max(0, north) / length
			facing[1][side] += max(0, east) * max(0, east) / length
			facing[2][side] += max(0, -north) * max(0, -north) / length
			facing[3][side] += max(0, -east) * max(0, -east) / length
		}
	}
	out := Surroundings{East: rank(facing[0]), South: rank(facing[1]), West: rank(facing[2]), North: rank(facing[3])}
	out.ZH, out.EN = out.chinese(), out.english()
	return out
}

// step is how far b lies east and north of a, in lattice steps of latitude.
func step(a, b planar.Point) (east, north float64) {
	_, lat := a.Degrees()
	return float64(int64(b.X)-int64(a.X)) * math.Cos(lat*math.Pi/180), float64(int64(b.Y) - int64(a.Y))
}

// rank gives what faces a direction, the longest first, with their shares. What is called the same is one
// thing (a street that is a main road for a while), of the kind that it is for longest.
func rank(facing map[Side]float64) []Side {
	total := 0.0
	found := []Side{}
	for side, length := range facing {
		total += length
		if side.Share = length; length > 0 {
			found = append(found, side)
		}
	}
	longest := func(a, b Side) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
	}
	slices.SortFunc(found, longest)
	out := []Side{}
	for _, side := range found {
		side.Share /= total
		if i := slices.IndexFunc(out, func(s Side) bool { return s.ZH == side.ZH }); i >= 0 {
			out[i].Share += side.Share
		} else {
			out = append(out, side)
		}
	}
	slices.SortFunc(out, longest)
	for i := len(out) - 1; i > 0 && out[i].Share < leastShare; i-- {
		out = out[:i]
	}
	return out
}

// kinds are the words for what runs along a border and has no name.
var kinds = map[ground.Barrier][2]string{
	ground.Path:     {"小路", "a path"},
	ground.Street:   {"街巷", "a street"},
	ground.MainRoad: {"干道", "a main road"},
	ground.Wall:     {"围墙", "a wall"},
	ground.Rail:     {"铁路", "a railway"},
	ground.River:    {"河道", "a river"},
}

// side says what a stretch is called; its share stays open.
func (s Stretch) side(grid Code) Side {
	if words, ok := kinds[s.Barrier]; ok {
		out := Side{Kind: s.Barrier.String(), Name: s.Name, ZH: words[0], EN: words[1]}
		switch {
		case s.Barrier == ground.Wall && s.Name != "" && !strings.HasSuffix(s.Name, "墙"): // it is called after what it encloses
			out.ZH, out.EN = s.Name+"围墙", "the wall of "+s.Name
		case s.Name != "":
			out.ZH, out.EN = s.Name, s.Name
		}
		return out
	}
	if s.Loose {
		return Side{Kind: "grid", ZH: "未划入网格的地面", EN: "ground in no grid"}
	}
	if s.Behind == 0 && s.Beyond != "" {
		return Side{Kind: "outside", Name: s.Beyond, ZH: s.Beyond, EN: s.Beyond}
	}
	if s.Behind == 0 {
		return Side{Kind: "outside", ZH: "区界", EN: "the edge of the division"}
	}
	return s.neighbour(grid)
}

// neighbour is the grid on the other side: by its name, or by its number where that is enough to know it, with its community's name where that
// is another one.
func (s Stretch) neighbour(grid Code) Side {
	out := Side{Kind: "grid", Name: s.Behind.String(), ZH: s.Called, EN: s.Called}
	away := s.Behind.Community() != grid.Community()
	if s.Called == "" {
		number := fmt.Sprintf("%03d", s.Behind.Sequence())
		if away && s.Beyond == "" {
			number = s.Behind.String()
		}
		out.ZH, out.EN = "网格 "+number, "grid "+number
	} else if !strings.HasSuffix(s.Called, "网格") {
		out.ZH, out.EN = s.Called+"网格", "grid "+cmp.Or(s.English, s.Called)
	}
	if away && s.Beyond != "" {
		out.ZH, out.EN = s.Beyond+out.ZH, out.EN+" of "+s.Beyond
	}
	return out
}
