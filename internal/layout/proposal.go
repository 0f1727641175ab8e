package layout

import (
	"jingwei/internal/drawing"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// Settings are what a layout was drawn with. They are kept with its version, and what is shown as in or
// out of band is measured by them.
type Settings struct {
	Target    float64 `json:"target"`    // residents a grid
	Tolerance float64 `json:"tolerance"` // in band: |residents/target − 1| ≤ tolerance
	Seed      uint64  `json:"seed"`
	Preset    string  `json:"preset,omitempty"`
	Divide    bool    `json:"divide_small,omitempty"` // a community under 1.7 targets isn't one grid for that alone

	Special  []string          `json:"special,omitempty"`  // kinds of ground with grids of their own (SpecialKinds)
	Workload *drawing.Workload `json:"workload,omitempty"` // what target and tolerance are in; nil: residents
}

// Block is a block as a proposal sees it, whether it stands or is to be born.
type Block struct {
	ID        int64 // 0 when it is to be born
	Community int64
	Polygon   planar.Polygon
	Residents int
	Weight    int64  // what its grid is measured by: its residents, or its part of the workload
	Special   string // the kind of special ground that it is, "" for ordinary
	Homes     int    // buildings with residents on it
	Shape     ground.Shape
}

// Border is an arc between two blocks, or between a block and what isn't part of the proposal (B = -1).
type Border struct {
	A, B    int32
	Barrier ground.Barrier
	Length  float64 // m
}

// Proposal is a layout of some whole communities that isn't live yet.
type Proposal struct {
	County      int32
	Base        int              // version that was live when it was made, 0 when there was none
	Communities []int64          // every one of them replaced whole
	Born        *ground.Ground   // the ground to be born with it; nil when its blocks stand already
	Features    map[int64][]byte // what Born was made from, a digest a community
	Reshaped    []int64          // standing blocks of other communities that got vertices, beside those of Born
	BuildingIDs []int64          // row ids of the buildings that Born's parts name by index
	Blocks      []Block
	Borders     []Border
	Grid        []int32 // block → grid, dense from 0
	Grids       int
	Special     map[int32]string // grid → its kind, for special grids
	Codes       map[int32]Code   // grid → the code that it is to have, where it may (wish)
	Names       map[int32]string // grid → its name; one that isn't named keeps the name of its code
	grounds     []*specialGround // what it was made special by
	uncounted   []drawing.Warning
	Settings    Settings
	Report      drawing.Report
	Progress    func(stage string, done float64) // told while it is published; may be nil; stages: publish, cells, prove
}

func (p *Proposal) tell(stage string, done float64) {
	if p.Progress != nil {
		p.Progress(stage, done)
	}
}
