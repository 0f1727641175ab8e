package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Shapes that share an id are told apart by names that nothing else in the file has: nobody who lives in them is lost.
func TestIdsThatComeAgainTakeFreeNames(t *testing.T) {
	t.Parallel()
	house := func(id string, x, people int) string {
		return featureOf(fmt.Sprintf(`"id":"%s","building":"yes","residents":%d`, id, people), "Polygon", "["+box4(x, 0, 10, 10)+"]")
	}
	file := write(t, "b.geojson", collection(house("x", 0, 1), house("x", 20, 2), house("x~2", 40, 3), house("x", 60, 4), house("x~4", 80, 5), house("x~2", 100, 6)))
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{file}})
	stored := func() []string {
		return query(t, db, `SELECT source || ' ' || residents FROM building ORDER BY source COLLATE "C"`)
	}
	want := []string{"b.geojson/x 1", "b.geojson/x~2 3", "b.geojson/x~2~2 6", "b.geojson/x~3 2", "b.geojson/x~4 5", "b.geojson/x~5 4"}
	if got := stored(); !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q\n%s", got, want, dump(r))
	}
	if again := importGround(t, db, GroundInput{Files: []string{file}}); !again.Same() || !slices.Equal(stored(), want) {
		t.Errorf("the same again: %+v, %q", again.Total, stored())
	}
}

// So are the entrances of one building, which take after each other in refs.
func TestRefsThatComeAgainTakeFreeNames(t *testing.T) {
	t.Parallel()
	doors := []string{featureOf(`"id":"h","building":"yes","residents":28`, "Polygon", "["+box4(0, 0, 50, 50)+"]")}
	for i, ref := range []string{"Z", "Z", "Z~2", "Z"} {
		doors = append(doors, featureOf(fmt.Sprintf(`"id":"e%d","entrance":"yes","ref":"%s","residents":7`, i, ref), "Point", at(10*i+5, 0)))
	}
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{write(t, "b.geojson", collection(doors...))}})
	got := query(t, db, `SELECT ref || ' ' || residents FROM entrance ORDER BY ref COLLATE "C"`)
	if want := []string{"Z 7", "Z~2 7", "Z~3 7", "Z~4 7"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q\n%s", got, want, strings.TrimSpace(dump(r)))
	}
}
