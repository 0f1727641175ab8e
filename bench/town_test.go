package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/ingest"
)

const (
	townPeople   = 45_000
	countyPeople = 850_000
	townLook     = 10 * time.Second // what the drawing engine is given
)

// BenchmarkTown takes the demo's town from its files to its tiles.
func BenchmarkTown(b *testing.B) {
	dir := b.TempDir()
	m, err := city.Generate(context.Background(), city.Options{Seed: 1, People: townPeople, Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	var files []string
	for _, f := range m.Files {
		if f.Name != "divisions.geojson" {
			files = append(files, filepath.Join(dir, f.Name))
		}
	}
	town := bringIn(b, "demo town", m.Code, ingest.DivisionsInput{
		File: filepath.Join(dir, "divisions.geojson"), CodeField: "code", NameField: "name", CRS: crs.WGS84,
	}, files)
	measureImport(town)
	measureBlocks(town)
	measureDrawing(town)
	measureRealDissolve(town)
	measureVerify(town)
	measureTiles(town, m.Bounds)
}

// BenchmarkCounty takes the demo's county from its files to its grids.
func BenchmarkCounty(b *testing.B) {
	dir := b.TempDir()
	var m *city.Manifest
	made := once(func() {
		var err error
		if m, err = city.Generate(context.Background(), city.Options{City: city.Zoucheng, Seed: 1, People: countyPeople, Dir: dir}); err != nil {
			b.Fatal(err)
		}
	})
	wholeTable().remark("The demo county's files are made in %s.", seconds(made))
	measurePeople(b)
	var files []string
	for _, f := range m.Files {
		if f.Name != "divisions.geojson" {
			files = append(files, filepath.Join(dir, f.Name))
		}
	}
	county := bringIn(b, "demo county", m.Code, ingest.DivisionsInput{
		File: filepath.Join(dir, "divisions.geojson"), CodeField: "code", NameField: "name", ParentNameField: "county", CRS: crs.WGS84,
	}, files)
	measureBlocks(county)
	measureDrawing(county)
	measureVerify(county)
	measureLocate(county)
	measureCountyDraft(county)
	measureReports(county)
}

// BenchmarkQinghuayuan takes 清华园街道 in Beijing from its files to its grids, where the real data is.
func BenchmarkQinghuayuan(b *testing.B) {
	dir := realData()
	if dir == "" {
		for _, t := range []*table{blocksTable(), drawingTable(), wholeTable()} {
			t.remark("清华园街道 wasn't measured: the real data isn't here (JINGWEI_REALDATA names its folder).")
		}
		b.Skip("the real data isn't here: set JINGWEI_REALDATA to its folder")
	}
	dir = filepath.Join(dir, "qinghuayuan")
	street := bringIn(b, "清华园街道", "110108014", ingest.DivisionsInput{
		File: filepath.Join(dir, "boundary.geojson"), CodeField: "code9", NameField: "name", PopulationField: "pop_worldpop", CRS: crs.WGS84,
	}, []string{filepath.Join(dir, "buildings.geojson"), filepath.Join(dir, "streets.geojson")})
	measureBlocks(street)
	measureDrawing(street)
}

func wholeTable() *table {
	t := tableAt(30, "From files to grids", "what", "blocks", "import", "blocks and drawing", "publishing", "all")
	t.say("What `jingwei import` and `jingwei draw` do, with the engine given %.0f s to look; publishing includes the "+
		"database's own check at commit. There is no baseline: nothing else does the whole of it.", townLook.Seconds())
	return t
}

// whole adds the line of a county that was drawn.
func (c *county) whole() {
	imports := c.imported.divisions + c.imported.ground
	wholeTable().row(c.B, fmt.Sprintf("%s (%d residents)", c.name, c.residents()), fmt.Sprint(len(c.outcome.Proposal.Blocks)),
		seconds(imports), seconds(c.planned), seconds(c.published), seconds(imports+c.planned+c.published))
}

func (c *county) residents() (n int) {
	for _, block := range c.outcome.Proposal.Blocks {
		n += block.Residents
	}
	return n
}
