package bench

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// instance is the name of a benchmark of internal/drawing: how many blocks, and who draws them how.
var instance = regexp.MustCompile(`^BenchmarkDrawVoronoi([0-9]+)/(metis-)?(.+)$`)

// drawn says in words what such a benchmark is, "" for any other.
func drawn(name string) string {
	m := instance.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	blocks, how := m[1], "ours, preset "+m[3]
	if m[2] != "" {
		how = "gpmetis, " + m[3]
	} else if weight, ok := strings.CutPrefix(m[3], "plain-"); ok {
		how = "plain annealer, streets weighed " + weight
	}
	if n := len(blocks); n > 3 {
		blocks = blocks[:n-3] + "," + blocks[n-3:]
	}
	return blocks + " Voronoi blocks: " + how
}

// BenchmarkVoronoi takes over what `go test -bench` said in internal/drawing, whose instances are made there.
// JINGWEI_BENCH_DRAWING names the file with its output.
func BenchmarkVoronoi(b *testing.B) {
	file := os.Getenv("JINGWEI_BENCH_DRAWING")
	if file == "" {
		b.Skip("JINGWEI_BENCH_DRAWING names no file: scripts/bench.sh makes it")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	found := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		name, metrics := benchLine(line)
		what := drawn(name)
		if strings.Contains(line, "stopped by the clock") {
			drawingTable().remark("A drawing of Voronoi blocks was stopped by the clock: the machine was too busy for all of its moves.")
		}
		if what == "" {
			continue
		}
		found++
		drawingTable().row(b, what, fmt.Sprintf("%.0f", metrics["grids"]), fmt.Sprintf("%.1f %%", metrics["%inband"]), fmt.Sprintf("%.0f", metrics["broken"]),
			fmt.Sprintf("%.3f / %.3f", metrics["compact"], metrics["p05"]), fmt.Sprintf("%.0f %%", metrics["%streets"]), fmt.Sprintf("%.1f", metrics["s"]), orDash(metrics["first"]))
	}
	if found == 0 {
		b.Fatalf("%s holds no benchmark that is known here:\n%s", file, text)
	}
}

// benchLine reads a line of the testing package: a name, how often it was run, then pairs of value and unit.
func benchLine(line string) (name string, metrics map[string]float64) {
	f := strings.Fields(line)
	if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
		return "", nil
	}
	name = f[0]
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	metrics = map[string]float64{}
	for i := 2; i+1 < len(f); i += 2 {
		if v, err := strconv.ParseFloat(f[i], 64); err == nil {
			metrics[f[i+1]] = v
		}
	}
	return name, metrics
}
