package bench

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jingwei/internal/drawing"
)

// drawWithMetis draws every community with gpmetis, with as many grids as the drawing `like` has there. The
// time is that of its runs.
func drawWithMetis(b *testing.B, p *drawing.Problem, like []int32, weigh func(length, along float64) float64) ([]int32, time.Duration) {
	b.Helper()
	blocks := make([][]int32, len(p.Within))
	wanted := make([]map[int32]bool, len(p.Within))
	for i, block := range p.Blocks {
		blocks[block.Within] = append(blocks[block.Within], int32(i))
		if wanted[block.Within] == nil {
			wanted[block.Within] = map[int32]bool{}
		}
		wanted[block.Within][like[i]] = true
	}
	around := neighbours(p, weigh)
	file := filepath.Join(b.TempDir(), "community.graph")
	grid := make([]int32, len(p.Blocks))
	var base int32
	var took time.Duration
	for c := range p.Within {
		k := len(wanted[c])
		if k > 1 {
			part, t := runMetis(b, file, p, blocks[c], around, k)
			took += t
			for i, block := range blocks[c] {
				grid[block] = base + part[i]
			}
		} else {
			for _, block := range blocks[c] {
				grid[block] = base
			}
		}
		base += int32(k)
	}
	return dense(grid), took
}

// dense numbers grids anew where gpmetis left one empty.
func dense(grid []int32) []int32 {
	number := map[int32]int32{}
	for i, g := range grid {
		n, seen := number[g]
		if !seen {
			n = int32(len(number))
			number[g] = n
		}
		grid[i] = n
	}
	return grid
}

// neighbours gives for each block what its borders weigh, in tenths of a metre, those with one block together.
func neighbours(p *drawing.Problem, weigh func(length, along float64) float64) []map[int32]float64 {
	around := make([]map[int32]float64, len(p.Blocks))
	for i := range around {
		around[i] = map[int32]float64{}
	}
	for _, e := range p.Borders {
		if p.Blocks[e.A].Within == p.Blocks[e.B].Within {
			w := 10 * weigh(e.Length, e.Along)
			around[e.A][e.B] += w
			around[e.B][e.A] += w
		}
	}
	return around
}

// runMetis draws one community: contiguous where it is connected, as it comes where it isn't (which gpmetis
// can't keep contiguous; what is broken then is counted).
func runMetis(b *testing.B, file string, p *drawing.Problem, blocks []int32, around []map[int32]float64, k int) ([]int32, time.Duration) {
	b.Helper()
	if err := os.WriteFile(file, metisGraph(p, blocks, around), 0o644); err != nil {
		b.Fatal(err)
	}
	args := []string{"-contig", "-ufactor=100", "-seed=1", file, strconv.Itoa(k)}
	began := time.Now()
	out, err := exec.Command(gpmetis(), args...).CombinedOutput()
	if err != nil {
		began = time.Now()
		out, err = exec.Command(gpmetis(), args[1:]...).CombinedOutput()
	}
	took := time.Since(began)
	if err != nil {
		b.Fatalf("gpmetis: %v\n%s", err, out)
	}
	text, err := os.ReadFile(fmt.Sprintf("%s.part.%d", file, k))
	if err != nil {
		b.Fatal(err)
	}
	var part []int32
	for _, word := range strings.Fields(string(text)) {
		n, err := strconv.Atoi(word)
		if err != nil {
			b.Fatal(err)
		}
		part = append(part, int32(n))
	}
	if len(part) != len(blocks) {
		b.Fatalf("gpmetis gave %d parts for %d blocks", len(part), len(blocks))
	}
	return part, took
}

// metisGraph is the program's input: a line a block, its weight, then its neighbours (from 1) with the weights.
func metisGraph(p *drawing.Problem, blocks []int32, around []map[int32]float64) []byte {
	local, edges := map[int32]int{}, 0
	for i, block := range blocks {
		local[block] = i + 1
		edges += len(around[block])
	}
	var w bytes.Buffer
	fmt.Fprintf(&w, "%d %d 011\n", len(blocks), edges/2)
	for _, block := range blocks {
		fmt.Fprintf(&w, "%d", p.Blocks[block].Weight)
		var next []int32
		for n := range around[block] {
			next = append(next, n)
		}
		slices.Sort(next)
		for _, n := range next {
			fmt.Fprintf(&w, " %d %d", local[n], int(math.Max(1, math.Round(around[block][n]))))
		}
		w.WriteByte('\n')
	}
	return w.Bytes()
}
