package main

import (
	"path/filepath"
	"strings"
	"testing"

	"jingwei/internal/city"
	"jingwei/internal/ingest"
)

// A town goes the whole way: files, imports, blocks, grids, a publication, another one, its people, the proof.
func TestATownFromFilesToProof(t *testing.T) {
	t.Parallel()
	d, dir := newDesk(t), t.TempDir()
	const people = 6000
	var town city.Manifest
	d.do(&town, "city", dir, "--people", "6000", "--seed", "3", "--people-files")
	d.do(nil, "import", "divisions", filepath.Join(dir, "divisions.geojson"), "--code-field", "code", "--name-field", "name")
	ground := []string{"import", "ground"}
	for _, f := range town.Files {
		if f.Name != divisionsFile {
			ground = append(ground, filepath.Join(dir, f.Name))
		}
	}
	var report ingest.Report
	d.do(&report, ground...)
	if report.Refused.Count != 0 {
		t.Fatalf("the town's own files were refused: %v", report.Refused.Listed)
	}
	d.do(&report, ground...)
	if !report.Same() {
		t.Fatalf("the same import twice changed something: %+v", report.Total)
	}

	var first, again, replaced drawn
	d.do(&first, "draw", "--division", town.Code, "--time", "1s")
	if first.Version != 1 || first.Residents != people || first.Broken != 0 || first.Crossing != 0 || len(first.Stopped) != 0 {
		t.Fatalf("first drawing: version %d, %d residents (want %d), %d broken, %d crossing, stopped %v",
			first.Version, first.Residents, people, first.Broken, first.Crossing, first.Stopped)
	}
	d.prove()

	d.do(&again, "draw", "--division", town.Code)
	if again.Version != 0 || len(again.LeftAlone) != len(town.Communities) {
		t.Fatalf("a live layout wasn't left alone: %+v", again)
	}
	d.do(&replaced, "draw", "--division", town.Code, "--replace", "--seed", "9", "--time", "1s")
	if replaced.Version != 2 || replaced.Residents != people || replaced.Blocks != first.Blocks {
		t.Fatalf("replaced: version %d, %d residents, %d blocks (were %d)", replaced.Version, replaced.Residents, replaced.Blocks, first.Blocks)
	}
	d.prove()

	d.bringPeople(dir, town.Code)

	// One community alone: the others keep their grids, and the borders between still fit.
	d.do(&replaced, "draw", "--division", town.Communities[0].Code, "--replace", "--seed", "4", "--time", "1s")
	if replaced.Version != 3 || replaced.Residents != town.Communities[0].People {
		t.Fatalf("one community: version %d, %d residents, want %d", replaced.Version, replaced.Residents, town.Communities[0].People)
	}
	d.prove()
}

// prove runs verify, which must find nothing and have looked at something.
func (d *desk) prove() {
	d.t.Helper()
	status, out, errs := d.try("verify")
	if status != 0 {
		d.t.Fatalf("verify: exit status %d\n%s%s", status, out, errs)
	}
	if !strings.Contains(out, `"checks"`) {
		d.t.Fatalf("verify reported no checks:\n%s", out)
	}
}
