package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// table is one topic of the page.
type table struct {
	place  int // on the page
	title  string
	about  string // above the table
	header []string
	rows   [][]string
	below  []string // remarks on single figures
}

// page is what the benchmarks of this process found. They run one after the other.
var page struct {
	began    time.Time
	load     string // of the machine before anything of ours ran
	database string // versions
	tables   []*table
}

// tableAt gives the topic at a place of the page, a new one if there is none. A benchmark may be run again, and
// several may fill one topic.
func tableAt(place int, title string, header ...string) *table {
	for _, t := range page.tables {
		if t.place == place && t.title == title {
			return t
		}
	}
	t := &table{place: place, title: title, header: header}
	page.tables = append(page.tables, t)
	return t
}

// say is what stands above the table.
func (t *table) say(format string, args ...any) { t.about = fmt.Sprintf(format, args...) }

// remark adds what stands below it.
func (t *table) remark(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(t.below, text) {
		t.below = append(t.below, text)
	}
}

// row adds a line: what, ours, baseline, ratio and whatever else the header names.
func (t *table) row(b *testing.B, cells ...string) {
	b.Helper()
	if len(cells) != len(t.header) {
		b.Fatalf("%s: a row of %d cells under %d headings: %q", t.title, len(cells), len(t.header), cells)
	}
	t.rows = slices.DeleteFunc(t.rows, func(r []string) bool { return r[0] == cells[0] })
	t.rows = append(t.rows, cells)
	b.Logf("%s: %s", t.title, strings.Join(cells, " | "))
}

func (t *table) markdown(w *strings.Builder) {
	fmt.Fprintf(w, "\n## %s\n\n%s\n", t.title, t.about)
	if len(t.rows) > 0 {
		fmt.Fprintf(w, "\n| %s |\n|%s\n", strings.Join(t.header, " | "), strings.Repeat(" --- |", len(t.header)))
	}
	for _, r := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(r, " | "))
	}
	for _, p := range t.below {
		fmt.Fprintf(w, "\n%s\n", p)
	}
}

// TestMain writes the page where JINGWEI_BENCH_PAGE says, when every benchmark came to its end.
func TestMain(m *testing.M) {
	page.began, page.load = time.Now(), os.Getenv("JINGWEI_BENCH_LOAD")
	if page.load == "" {
		page.load = loadAverage()
	}
	status := m.Run()
	if file := os.Getenv("JINGWEI_BENCH_PAGE"); file != "" && status == 0 && len(page.tables) > 0 {
		if err := os.WriteFile(file, []byte(written()), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

func written() string {
	var w strings.Builder
	fmt.Fprint(&w, "# Measurements\n\nWritten by `make bench`; don't edit. Speeds are ratios to a baseline in the same run: "+
		"× 20 means that ours takes a twentieth of the baseline's time. Times are medians where a row says how often it was run.\n\n")
	fmt.Fprintf(&w, "| | |\n| --- | --- |\n| date | %s |\n| machine | %s, %d cores, %s |\n| system | %s |\n| Go | %s, GOMAXPROCS %d |\n| database | %s, with fsync off |\n| load before | %s |\n| took | %.0f s (without compiling) |\n",
		page.began.Format("2006-01-02 15:04 MST"), processor(), runtime.NumCPU(), memory(), system(), runtime.Version(), runtime.GOMAXPROCS(0),
		page.database, page.load, time.Since(page.began).Seconds())
	if skipped := os.Getenv("JINGWEI_BENCH_SKIP"); skipped != "" {
		fmt.Fprintf(&w, "\nLeft out of this run: `%s`.\n", strings.ReplaceAll(skipped, "|", "`, `"))
	}
	if busy(page.load) {
		fmt.Fprint(&w, "\n**The machine had other work during this run**: seconds are longer than they would be, and ratios less certain.\n")
	}
	slices.SortStableFunc(page.tables, func(a, b *table) int { return a.place - b.place })
	for _, t := range page.tables {
		t.markdown(&w)
	}
	return w.String()
}

// busy says whether more than half a core was taken by others.
func busy(load string) bool {
	var one float64
	_, err := fmt.Sscan(load, &one)
	return err == nil && one > 0.5
}

func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if f := strings.Fields(string(text)); len(f) > 3 {
		return strings.Join(f[:3], " ")
	}
	return "not known"
}

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.SplitSeq(string(text), "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func memory() string {
	text, _ := os.ReadFile("/proc/meminfo")
	var kilobytes int
	if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kilobytes); err != nil {
		return "memory not known"
	}
	return fmt.Sprintf("%.0f GiB", float64(kilobytes)/(1<<20))
}

func system() string {
	text, _ := os.ReadFile("/etc/os-release")
	for line := range strings.SplitSeq(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
			return strings.Trim(value, `"`)
		}
	}
	return runtime.GOOS
}

// versionsOf notes which database was measured against.
func versionsOf(b *testing.B, pool *pgxpool.Pool) {
	b.Helper()
	err := pool.QueryRow(context.Background(), `
		SELECT format('PostgreSQL %s, PostGIS %s, GEOS %s', split_part(current_setting('server_version'), ' ', 1),
			postgis_lib_version(), split_part(postgis_geos_version(), '-', 1))`).Scan(&page.database)
	if err != nil {
		b.Fatal(err)
	}
}

// gpmetis is the program's path, "" when it isn't installed.
func gpmetis() string {
	path, _ := exec.LookPath("gpmetis")
	return path
}
