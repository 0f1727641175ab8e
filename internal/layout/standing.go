package layout

import (
	"fmt"
	"math"
)

// What grids are measured by where a layout doesn't say.
const (
	DefaultTarget    = 600.0
	DefaultTolerance = 0.15
)

// Band is the range of residents that a grid should have, both ends included.
type Band struct {
	target       float64
	lower, upper int
}

// slack absorbs the last bit of target × (1 ± tolerance): 600 × 1.15 is 689.99… in binary.
const slack = 1e-6

// singleShare: a community under this many targets is one grid, and not coloured as a problem.
const singleShare = 1.7

// NewBand is target × (1 ± tolerance) in whole residents.
func NewBand(target, tolerance float64) Band {
	return Band{target, int(math.Ceil(target*(1-tolerance) - slack)), int(math.Floor(target*(1+tolerance) + slack))}
}

// Bounds are the ends of the band.
func (b Band) Bounds() (lower, upper int) { return b.lower, b.upper }

// Holds says whether a grid with so many residents is in band.
func (b Band) Holds(residents int) bool { return b.lower <= residents && residents <= b.upper }

// Feasible says whether ground with so many residents can be cut into grids in band: whether there is a k
// with ⌈residents/upper⌉ ≤ k ≤ ⌊residents/lower⌋.
func (b Band) Feasible(residents int) bool {
	if residents <= 0 || b.upper < 1 {
		return false
	}
	return b.lower <= 0 || (residents+b.upper-1)/b.upper <= residents/b.lower
}

// Reason says in Chinese and in English why so many residents can't be cut into grids in band.
func (b Band) Reason(residents int) (zh, en string) {
	if residents < b.lower {
		return fmt.Sprintf("共 %d 人，不足一个网格的下限 %d 人", residents, b.lower),
			fmt.Sprintf("%d residents are fewer than one grid's lower bound of %d", residents, b.lower)
	}
	k := residents / max(1, b.lower)
	return fmt.Sprintf("共 %d 人：分 %d 个网格每个约 %.0f 人，高于上限 %d；分 %d 个每个约 %.0f 人，低于下限 %d",
			residents, k, float64(residents)/float64(k), b.upper, k+1, float64(residents)/float64(k+1), b.lower),
		fmt.Sprintf("%d residents: %d grids would hold about %.0f each, over the upper bound of %d; %d would hold about %.0f, under the lower bound of %d",
			residents, k, float64(residents)/float64(k), b.upper, k+1, float64(residents)/float64(k+1), b.lower)
}

// Standing is what tells how a grid stands: what it holds of what it is measured by, and the community it is one of.
type Standing struct {
	Target, Tolerance float64
	Special           string // the kind of a special grid, "" for an ordinary one
	Measured          int    // residents, or workload where the layout is measured by that
	Grids, Total      int    // of its community, without special grids: how many, and what they hold
	Proved            bool   // that its community can't be brought into band, whatever the total says
}

// StandingColumns with StandingJoin read the standing of a grid g into Targets. StandingJoinMany does the same for
// most of a county's grids at once, where looking at each grid's community by itself would take long.
const (
	StandingColumns = `coalesce(nullif((y.settings->>'target')::float8, 0), 600), coalesce((y.settings->>'tolerance')::float8, 0.15),
		g.special, coalesce(g.workload, g.residents)::int, w.grids, w.total,
		EXISTS (SELECT FROM infeasible i WHERE i.county = g.county AND i.community = g.community)`
	standingOf   = `SELECT count(*) FILTER (WHERE special = '')::int AS grids, coalesce(sum(coalesce(workload, residents)) FILTER (WHERE special = ''), 0)::int AS total`
	StandingJoin = `
		LEFT JOIN layout y ON y.county = g.county AND y.live
		CROSS JOIN LATERAL (` + standingOf + `
			FROM grid c WHERE c.county = g.county AND c.community = g.community AND c.retired IS NULL) w `
	StandingJoinMany = `
		LEFT JOIN layout y ON y.county = g.county AND y.live
		JOIN (` + standingOf + `, county, community
			FROM grid WHERE retired IS NULL GROUP BY county, community) w ON w.county = g.county AND w.community = g.community `
)

// Targets are the places that StandingColumns are scanned into.
func (s *Standing) Targets() []any {
	return []any{&s.Target, &s.Tolerance, &s.Special, &s.Measured, &s.Grids, &s.Total, &s.Proved}
}

// Of gives a grid's deviation (what it holds/target − 1) and its band: "special" for a special grid, whose deviation is 0, as nothing is
// asked of it; "in"; "single" for the only grid of a community too small for more; "infeasible" where the community can't
// be cut into grids in band; otherwise "over" or "under".
func (s Standing) Of() (deviation float64, band string) {
	if s.Special != "" {
		return 0, "special"
	}
	b := NewBand(s.Target, s.Tolerance)
	deviation = math.Round((float64(s.Measured)/s.Target-1)*1e4) / 1e4
	switch {
	case b.Holds(s.Measured):
		band = "in"
	case s.Grids == 1 && float64(s.Total) < singleShare*s.Target:
		band = "single"
	case s.Proved || !b.Feasible(s.Total):
		band = "infeasible"
	case s.Measured > b.upper:
		band = "over"
	default:
		band = "under"
	}
	return deviation, band
}
