package main

import (
	"cmp"
	"math"
	"net/http"
	"slices"

	"jingwei/internal/draft"
)

// board is a draft as a planner's page has it: read once, and kept up to date by the patches of the answers.
type board struct {
	revision  int
	releases  int // publications that the storm had asked for when it was read
	units     map[int64]*draft.GroundUnit
	home      map[int64]string // block → community
	around    map[int64][]int64
	box       map[int64][4]float64 // degrees: west, south, east, north
	undo      bool
	redo      bool
	everybody int
}

// read reads a draft's ground afresh. nil when the draft can't be read any more.
func (s *storm) read(cookie, id string) *board {
	releases := int(s.releasing.Load())
	var g draft.Ground
	if status, _, _ := s.insist(cookie, "GET", "/api/drafts/"+id+"/ground", nil, &g); status != http.StatusOK {
		return nil
	}
	b := &board{revision: g.Revision, releases: releases, units: make(map[int64]*draft.GroundUnit), home: make(map[int64]string), around: make(map[int64][]int64),
		box: make(map[int64][4]float64)}
	for _, c := range g.Communities {
		for i := range c.Blocks {
			u := &c.Blocks[i]
			b.units[u.Key], b.home[u.Key] = u, c.Code
			b.everybody += u.Residents
		}
		for _, a := range c.Arcs {
			if a.Left != 0 && a.Right != 0 {
				b.around[a.Left] = append(b.around[a.Left], a.Right)
				b.around[a.Right] = append(b.around[a.Right], a.Left)
			}
			b.stretch(a)
		}
	}
	return b
}

func (b *board) stretch(a draft.Arc) {
	x, y := int32(0), int32(0)
	for i := 0; i+1 < len(a.Points); i += 2 {
		x, y = x+a.Points[i], y+a.Points[i+1]
		lon, lat := float64(x)/1e7, float64(y)/1e7
		for _, k := range [2]int64{a.Left, a.Right} {
			if k == 0 {
				continue
			}
			box, seen := b.box[k]
			if !seen {
				box = [4]float64{lon, lat, lon, lat}
			}
			b.box[k] = [4]float64{math.Min(box[0], lon), math.Min(box[1], lat), math.Max(box[2], lon), math.Max(box[3], lat)}
		}
	}
}

// take brings the board to what an act's answer says; false when the ground has to be read again.
func (b *board) take(a *draft.Acted) bool {
	b.undo, b.redo = a.Undo != nil, a.Redo != nil
	for _, c := range append(slices.Clone(a.Patches), a.Patch) {
		if len(c.Reground) > 0 {
			return false
		}
		for _, m := range c.Blocks {
			if u := b.units[m.Key]; u != nil {
				u.Grid = m.Grid
			}
		}
	}
	b.revision = a.Revision
	return true
}

// grids are the blocks of each grid.
func (b *board) grids() map[draft.Key][]int64 {
	out := make(map[draft.Key][]int64)
	for _, k := range b.keys() {
		if g := b.units[k].Grid; g != draft.Nowhere {
			out[g] = append(out[g], k)
		}
	}
	return out
}

func (b *board) keys() []int64 {
	out := make([]int64, 0, len(b.units))
	for k := range b.units {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (b *board) people(blocks []int64) (n int) {
	for _, k := range blocks {
		n += b.units[k].Residents
	}
	return n
}

// neighbours are the grids that touch some blocks.
func (b *board) neighbours(of draft.Key, blocks []int64) (out []draft.Key) {
	for _, k := range blocks {
		for _, o := range b.around[k] {
			if u := b.units[o]; u != nil && u.Grid != of && u.Grid != draft.Nowhere && !slices.Contains(out, u.Grid) {
				out = append(out, u.Grid)
			}
		}
	}
	slices.SortFunc(out, cmp.Compare)
	return out
}

// connected says whether blocks hang together.
func (b *board) connected(blocks []int64) bool {
	if len(blocks) == 0 {
		return false
	}
	left := make(map[int64]bool, len(blocks))
	for _, k := range blocks {
		left[k] = true
	}
	queue := []int64{blocks[0]}
	delete(left, blocks[0])
	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		for _, o := range b.around[k] {
			if left[o] {
				delete(left, o)
				queue = append(queue, o)
			}
		}
	}
	return len(left) == 0
}

// bounds are the box of some blocks.
func (b *board) bounds(blocks []int64) (box [4]float64) {
	box = b.box[blocks[0]]
	for _, k := range blocks {
		o := b.box[k]
		box = [4]float64{math.Min(box[0], o[0]), math.Min(box[1], o[1]), math.Max(box[2], o[2]), math.Max(box[3], o[3])}
	}
	return box
}
