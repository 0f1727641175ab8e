package ingest

import (
	"path/filepath"
	"slices"
	"testing"
)

// Whoever is counted at a node of an OSM file is stored behind a door, once, or counted out in the report.
func TestPeopleAtNodesOfOSM(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "o.osm.pbf")
	writePBF(t, path, true, func(p *pbfWriter) {
		p.node(1, place(0, 0), "entrance", "yes", "ref", "1", "residents", "10")
		p.node(2, place(20, 0), "entrance", "yes", "ref", "1", "residents", "20") // the same ref elsewhere on the building
		p.node(3, place(20, 20), "entrance", "exit", "residents", "30")           // no ref, and a door that nobody should live behind
		p.node(4, place(0, 20), "entrance", "yes", "ref", "2", "residents", "many")
		p.node(5, place(40, 0))
		p.node(6, place(40, 20))
		p.node(7, place(30, 20), "entrance", "yes", "ref", "9", "residents", "40") // on a street too
		p.node(8, place(10, 10), "entrance", "yes", "ref", "3", "residents", "50") // on no outline, but in the house
		p.node(9, place(300, 300), "entrance", "yes", "ref", "4", "residents", "60")
		p.node(10, place(310, 300), "building", "house", "residents", "70")
		p.node(11, place(320, 300), "shop", "bakery", "residents", "80")
		p.node(12, place(500, 0), "entrance", "yes", "ref", "1", "residents", "90") // its building lacks a node
		p.node(13, place(520, 0))
		p.way(1, []int64{1, 2, 3, 4, 1}, "building", "apartments")
		p.way(2, []int64{2, 5, 6, 7, 3, 2}, "building", "apartments") // shares a wall with the first, two doors in it
		p.way(3, []int64{7, 8}, "highway", "footway")
		p.way(4, []int64{12, 13, 999, 12}, "building", "house")
		p.way(5, []int64{5, 6}, "highway", "service", "residents", "100")
	})
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{path}})
	want := []string{"way/1 1 10", "way/1 1~2 20", "way/1 2 -1", "way/1 3 50", "way/1 node/3 30", "way/2 1 -1", "way/2 9 40", "way/2 node/3 -1"}
	stored := func() []string {
		return query(t, db, `SELECT format('%s %s %s', b.source, e.ref, coalesce(e.residents, -1)) FROM entrance e
			JOIN building b ON b.county = e.county AND b.id = e.building ORDER BY b.source, e.ref COLLATE "C"`)
	}
	if got := stored(); !slices.Equal(got, want) {
		t.Errorf("entrances %q\nwant %q", got, want)
	}
	wantPeople := map[string]Census{
		"entrance": {Read: 300, Stored: 150, Refused: 150, Uncounted: 1}, "building": {Read: 70, Refused: 70}, "other": {Read: 180, Refused: 180},
	}
	for of, c := range wantPeople {
		if r.People[of] != c {
			t.Errorf("people of %s: %+v, want %+v", of, r.People[of], c)
		}
	}
	if len(r.People) != len(wantPeople) {
		t.Errorf("people %+v", r.People)
	}
	again := importGround(t, db, GroundInput{Files: []string{path}})
	if got := stored(); !again.Same() || !slices.Equal(got, want) {
		t.Errorf("the same again: %+v\n%q", again.Total, got)
	}
}
