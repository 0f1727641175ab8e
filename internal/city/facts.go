package city

import (
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"

	"jingwei/geodata/zoucheng"
	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// facts are what is real about the county: codes, names and an outline.
type facts struct {
	code, name string
	towns      []townFact
	border     planar.Polygon // WGS 84, one ring
}

// townFact is a town (镇) or a street (街道) of the county with its communities, in the order of their codes.
type townFact struct {
	code, name  string
	communities []communityFact
	seat        [2]float64 // invented: degrees; zero for a street that shares the county seat
}

type communityFact struct{ code, name string }

// urban tells a residents' committee (居委会) from a village's (村委会) by its code.
func (c communityFact) urban() bool { return c.code[9] < '2' }

// plainName is what people call it: 孟庄社区居委会 is 孟庄社区, 香城村民委员会 is 香城村.
func plainName(official string) string {
	for _, kind := range [][2]string{{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"居民委员会", "社区"}, {"居委会", "社区"}, {"村村民委员会", "村"}, {"村民委员会", "村"}, {"村委会", "村"}} {
		if s, ok := strings.CutSuffix(official, kind[0]); ok {
			return s + kind[1]
		}
	}
	return official
}

func readFacts() (*facts, error) {
	f := &facts{}
	rows, err := table(zoucheng.Divisions)
	if err != nil {
		return nil, fmt.Errorf("city: divisions.csv: %w", err)
	}
	for _, r := range rows {
		code, name := r[0], r[1]
		switch len(code) {
		case 6:
			f.code, f.name = code, name
		case 9:
			f.towns = append(f.towns, townFact{code: code, name: name})
		default:
			for i := range f.towns {
				if t := &f.towns[i]; strings.HasPrefix(code, t.code) {
					t.communities = append(t.communities, communityFact{code, plainName(name)})
				}
			}
		}
	}
	if rows, err = table(zoucheng.Seats); err != nil {
		return nil, fmt.Errorf("city: seats.csv: %w", err)
	}
	for _, r := range rows {
		at, err := numbers(r[1:])
		if err != nil {
			return nil, fmt.Errorf("city: seats.csv: %w", err)
		}
		for i := range f.towns {
			if f.towns[i].code == r[0] {
				f.towns[i].seat = [2]float64{at[0], at[1]}
			}
		}
	}
	f.border, err = readOutline()
	return f, err
}

// outlineUnit is the lattice of the outline's file, in parts of a degree.
const outlineUnit = 1024

// readOutline brings the outline from GCJ-02 to WGS 84 and onto our lattice, counter-clockwise.
func readOutline() (planar.Polygon, error) {
	rows, err := table(zoucheng.Outline)
	if err != nil {
		return nil, fmt.Errorf("city: outline.csv: %w", err)
	}
	var ring planar.Ring
	for _, r := range rows[:len(rows)-1] { // the last repeats the first
		at, err := numbers(r)
		if err != nil {
			return nil, fmt.Errorf("city: outline.csv: %w", err)
		}
		p := planar.FromDegrees(crs.GCJ02.ToWGS84(at[0]/outlineUnit, at[1]/outlineUnit))
		if len(ring) == 0 || ring[len(ring)-1] != p {
			ring = append(ring, p)
		}
	}
	parts, err := planar.MakeValid([]planar.Ring{ring})
	if err != nil {
		return nil, fmt.Errorf("city: outline.csv: %w", err)
	}
	best, size := planar.Polygon(nil), int64(math.MinInt64)
	for _, p := range parts { // where its coarse lattice makes it touch itself, the largest part is the county
		if a := p[0].Area2(); a > size {
			best, size = p, a
		}
	}
	return best, nil
}

// table reads a CSV without its head.
func table(text string) ([][]string, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}

func numbers(fields []string) ([]float64, error) {
	out := make([]float64, len(fields))
	for i, s := range fields {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}
