package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// voronoiNames say what the benchmarks of internal/drawing measure; those of gpmetis are its own lines there.
var voronoiNames = map[string]string{
	"BenchmarkDrawVoronoi20000":              "20,000 Voronoi blocks, 16 communities: ours",
	"BenchmarkDrawVoronoi250000":             "250,000 Voronoi blocks, 200 communities: ours",
	"BenchmarkDrawMetis250000/length":        "250,000 Voronoi blocks: gpmetis, shortest borders",
	"BenchmarkDrawMetis250000/streets-half":  "250,000 Voronoi blocks: gpmetis, streets at half",
	"BenchmarkDrawMetis250000/streets-tenth": "250,000 Voronoi blocks: gpmetis, streets at a tenth",
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
		what := voronoiNames[name]
		if what == "" {
			continue
		}
		found++
		drawingTable().row(b, what, fmt.Sprintf("%.0f", metrics["grids"]), fmt.Sprintf("%.1f %%", metrics["%inband"]), fmt.Sprintf("%.0f", metrics["broken"]),
			fmt.Sprintf("%.3f / %.3f", metrics["compact"], metrics["p05"]), fmt.Sprintf("%.0f %%", metrics["%streets"]), fmt.Sprintf("%.1f", metrics["s"]))
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
