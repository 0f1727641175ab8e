package gridnet

// Kind says what is wrong with a net somewhere.
type Kind string

const (
	Overlap   Kind = "overlap"        // ground that several polygons claim
	Gap       Kind = "gap"            // ground of the division in no polygon
	Sliver    Kind = "sliver"         // an overlap or a gap so small or thin that it is a line drawn twice
	Stray     Kind = "stray"          // a polygon, or a part of one, that lies outside of the division or far from the rest
	Mended    Kind = "invalid"        // an outline that crossed itself, and the like
	SameCode  Kind = "duplicate-code" // one code on several polygons
	Foreign   Kind = "foreign-code"   // a code of another community than the one that the polygon lies in
	BadCode   Kind = "bad-code"       // a code that can't be a grid's, or none
	UsedCode  Kind = "used-code"      // the code of a grid that is no more
	Across    Kind = "across"         // a polygon that lies in several communities
	CutOff    Kind = "cut-off"        // a part of a grid that doesn't hang together with the rest
	NoBlock   Kind = "no-block"       // a polygon to which no block goes
	Uncovered Kind = "uncovered"      // a community without any polygon: it is left as it is
)

// Flaw is one thing that is wrong, and how it was resolved.
type Flaw struct {
	Kind        Kind     `json:"kind"`
	Of          Kind     `json:"of,omitempty"` // of a sliver: overlap or gap
	Polygons    []int    `json:"polygons"`     // of the net, by their place
	Codes       []string `json:"codes"`        // of those polygons, "" for one without
	Communities []string `json:"communities"`  // 12-digit codes of those on whose ground it lies
	AreaM2      float64  `json:"area_m2"`
	Residents   int      `json:"residents"`
	Pieces      int      `json:"pieces"`
	Bounds      Bounds   `json:"bounds"`
	Blocks      []int64  `json:"blocks"`    // those that it takes a part of
	Decisions   []int    `json:"decisions"` // what a person has to decide about it, by place in Result.Decisions; none: it is resolved
	What        Words    `json:"what"`
	Done        Words    `json:"done"` // what became of it by itself
}

// Open says that a person has to decide something about it.
func (f *Flaw) Open() bool { return len(f.Decisions) > 0 }

// Ask says what a decision is about.
type Ask string

const (
	AskBlocks Ask = "blocks" // which grid some blocks go to
	AskPart   Ask = "part"   // what becomes of a part that is cut off
	AskCode   Ask = "code"   // which polygon keeps a code
)

// OwnGrid is a candidate that is no polygon of the net: a grid of its own. Together is one too, for a code: all its polygons are one grid. LeftOut is one for
// a gap: its blocks go to no grid. A layout has none such, so somebody gives them to one before it is published.
const (
	OwnGrid  = -1
	Together = -2
	LeftOut  = -3
)

// Candidate is one way to decide.
type Candidate struct {
	Polygon   int     `json:"polygon"` // place in the net; OwnGrid, Together, LeftOut
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	Residents int     `json:"residents"` // of what is to be decided, those that it holds
	AreaM2    float64 `json:"area_m2"`
	Share     float64 `json:"share"` // of the people, or of the area where nobody lives
	BorderM   float64 `json:"border_m"`
}

// Decision is what a person has to decide. The first candidate is what holds as long as nobody has.
type Decision struct {
	Ask        Ask         `json:"ask"`
	Community  string      `json:"community"`
	Blocks     []int64     `json:"blocks"`
	Code       string      `json:"code,omitempty"`
	Residents  int         `json:"residents"`
	AreaM2     float64     `json:"area_m2"`
	Bounds     Bounds      `json:"bounds"`
	Candidates []Candidate `json:"candidates"`
	What       Words       `json:"what"`
	members    []int32     // the blocks by their place
}

// Answers are what a person has decided.
type Answers struct {
	Blocks map[int64]int  // block → polygon, OwnGrid or LeftOut
	Codes  map[string]int // code → the polygon that keeps it, or Together
}

// MadeGrid is one of the result: a connected set of blocks of one community.
type MadeGrid struct {
	Polygon   int     `json:"polygon"` // place in the net, OwnGrid for none
	Code      string  `json:"code"`    // the one that it should bear, "" for a new one
	Name      string  `json:"name"`
	Special   string  `json:"special,omitempty"`
	Community string  `json:"community"`
	Blocks    int     `json:"blocks"`
	Residents int     `json:"residents"`
	AreaM2    float64 `json:"area_m2"`
}

// Assigned is a block with its grid.
type Assigned struct {
	Block int64 `json:"block"`
	Grid  int32 `json:"grid"` // place in Result.Grids
}

// Result is what a net comes to on the ground.
type Result struct {
	Net       string     `json:"net"`
	Polygons  int        `json:"polygons"`
	Flaws     []Flaw     `json:"flaws"`
	Decisions []Decision `json:"decisions"`
	Grids     []MadeGrid `json:"grids"`
	Assigned  []Assigned `json:"assigned"` // in the order of the ground's blocks
	LeftAlone []string   `json:"left_alone"`
	LeftOut   []int64    `json:"left_out"` // blocks that somebody decided to leave in no grid
}

// Count is how many flaws there are of a kind.
func (r *Result) Count(k Kind) (n int) {
	for i := range r.Flaws {
		if r.Flaws[i].Kind == k {
			n++
		}
	}
	return n
}
