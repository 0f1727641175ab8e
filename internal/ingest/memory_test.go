package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

const (
	childFile = "JINGWEI_TEST_IMPORT_FILE"
	childURL  = "JINGWEI_TEST_IMPORT_DATABASE"
)

// TestMain lets the test binary be the import of its own, whose memory TestPeakMemory measures.
func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		os.Exit(importChild(file, os.Getenv(childURL)))
	}
	os.Exit(m.Run())
}

func importChild(file, url string) int {
	ctx := context.Background()
	db, err := postgres.Open(ctx, postgres.Config{URL: url})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer db.Close()
	r, err := Ground(ctx, db, GroundInput{Files: []string{file}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindStringSubmatch(string(status))[1])
	_ = json.NewEncoder(os.Stdout).Encode(r)
	return 0
}

// TestPeakMemory imports a PBF of 300 MB in a process of its own and reads how much memory that ever held:
// under 512 MB. The file is mostly nodes, a sixth of them in a million buildings, of which 10,000 stand in the
// division; there are more references than are held at a time. It isn't compressed, so that writing it is quick.
func TestPeakMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 300 MB")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc to read the peak from")
	}
	path := filepath.Join(t.TempDir(), "large.osm.pbf")
	const inside, buildings, loose = 10_000, 1_000_000, 45_000_000
	writePBF(t, path, false, func(p *pbfWriter) {
		id := int64(0)
		for i := range buildings {
			at := corner0(i)
			for _, d := range [4]planar.Point{{X: 0, Y: 0}, {X: 300, Y: 0}, {X: 300, Y: 200}, {X: 0, Y: 200}} {
				id++
				p.node(id, planar.Point{X: at.X + d.X, Y: at.Y + d.Y})
			}
		}
		for i := range loose {
			id++
			p.node(id, planar.Point{X: 1_170_000_000 + int32(i%4000)*9000, Y: 390_000_000 + int32(i/4000)*9000 + int32(i*7919%40000)})
		}
		for i := range buildings {
			n := int64(i)*4 + 1
			p.way(int64(i)+1, []int64{n, n + 1, n + 2, n + 3, n}, "building", "residential", "building:levels", strconv.Itoa(i%30+1))
		}
	})
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if st.Size() < 300<<20 {
		t.Fatalf("the file has only %d MB", st.Size()>>20)
	}
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	importDivisions(t, db, DivisionsInput{File: write(t, "bounds.geojson", extractBounds), CodeField: "code", NameField: "name"})

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+path, childURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the import failed: %v", err)
	}
	kb, text, _ := strings.Cut(string(out), "\n")
	peak, err := strconv.Atoi(kb)
	if err != nil {
		t.Fatalf("no peak in %q", out)
	}
	var r Report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB read with a peak of %d MB: %d features, %d in the division, %d outside", st.Size()>>20, peak>>10, r.Read, r.Total.Added, r.Outside)
	if peak > 512<<10 {
		t.Errorf("peak memory is %d MB", peak>>10)
	}
	if r.Read != buildings || r.Total.Added != inside || r.Outside != buildings-inside {
		t.Errorf("%d read, %d added, %d outside; want %d, %d, %d", r.Read, r.Total.Added, r.Outside, buildings, inside, buildings-inside)
	}
}

// corner0 is the south-west corner of the i-th building of the large file: a hundred to a row, the first
// ten thousand in the division and the others far east of it.
func corner0(i int) planar.Point {
	if i < 10_000 {
		return planar.Point{X: 1_163_450_000 + int32(i%100)*1000, Y: 399_980_000 + int32(i/100)*800}
	}
	i -= 10_000
	return planar.Point{X: 1_180_000_000 + int32(i%1000)*1000, Y: 399_800_000 + int32(i/1000)*1000}
}
