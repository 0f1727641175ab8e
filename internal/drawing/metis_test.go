package drawing

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// metis draws every part of a problem with gpmetis, contiguous, on the same graph, with as many grids as the engine
// makes. weigh gives the weight of a border. The seconds are those of the programs alone, one after the other.
func metis(b testing.TB, p *Problem, o Options, weigh func(h half) float64, args ...string) ([]int32, float64) {
	program, err := exec.LookPath("gpmetis")
	if err != nil {
		b.Skip("gpmetis (Debian: metis) isn't installed: nothing to compare with")
	}
	o, _ = o.filled()
	bound := newBand(o.Target, o.Tolerance)
	g := newGraph(p)
	parts := p.split(g)
	grid := make([]int32, len(p.Blocks))
	var base int32
	var seconds float64
	dir := b.TempDir()
	for _, q := range parts {
		k := int32(min(bound.grids(q.weight), int64(len(q.blocks))))
		if k > 1 {
			file := filepath.Join(dir, "part.graph")
			q.writeMetis(b, file, g, weigh)
			began := time.Now()
			all := append([]string{"-contig", "-ufactor=100", "-seed=1"}, args...)
			out, err := exec.CommandContext(context.Background(), program, append(all, file, strconv.Itoa(int(k)))...).CombinedOutput()
			seconds += time.Since(began).Seconds()
			if err != nil {
				b.Fatalf("gpmetis: %v\n%s", err, out)
			}
			q.readMetis(b, fmt.Sprintf("%s.part.%d", file, k), grid, base)
		} else {
			for _, block := range q.blocks {
				grid[block] = base
			}
		}
		base += k
	}
	return grid, seconds
}

func (q *part) writeMetis(b testing.TB, file string, g *graph, weigh func(h half) float64) {
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	local := map[int32]int{}
	for i, block := range q.blocks {
		local[block] = i + 1
	}
	fmt.Fprintf(w, "%d %d 011\n", len(q.blocks), len(q.edges)/2)
	for i, block := range q.blocks {
		fmt.Fprintf(w, "%d", q.mass[i].w)
		for _, h := range g.around(block) {
			fmt.Fprintf(w, " %d %d", local[h.to], int(math.Max(1, math.Round(weigh(h)))))
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

func (q *part) readMetis(b testing.TB, file string, grid []int32, base int32) {
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for _, block := range q.blocks {
		if !lines.Scan() {
			b.Fatal("gpmetis: too few lines")
		}
		g, err := strconv.Atoi(lines.Text())
		if err != nil {
			b.Fatal(err)
		}
		grid[block] = base + int32(g)
	}
}
