package tile

import (
	"fmt"
	"slices"
	"testing"

	"jingwei/internal/postgres/pgtest"
)

// kindsAt are the kinds and names of a tile's facilities, in order.
func kindsAt(t *testing.T, s *Server, at Address) []string {
	t.Helper()
	var out []string
	_, layers := decode(t, raw(t, get(t, s, "facilities", at)))
	for _, l := range layers {
		for _, f := range l.Features {
			text := fmt.Sprint(f.Properties["kind"])
			if name, named := f.Properties["name"]; named {
				text += " " + fmt.Sprint(name)
			}
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

func TestFacilitiesByZoom(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	change(t, db, `INSERT INTO facility (county, source, kind, name, digest, geom)
		SELECT 110108, kind, kind, name, '', ST_SetSRID(ST_MakePoint(116.3205, 40.0005), 4326)
		FROM (VALUES ('school', '实验小学'), ('clinic', '卫生室'), ('pharmacy', ''), ('hydrant', '')) f (kind, name)`)
	s := newServer(t, db)
	all := []string{"clinic 卫生室", "hydrant", "pharmacy", "school 实验小学"}
	for zoom, want := range map[int][]string{
		12: nil, 13: {"school 实验小学"}, 14: {"clinic 卫生室", "school 实验小学"}, 15: {"clinic 卫生室", "pharmacy", "school 实验小学"}, 16: all, 18: all,
	} {
		if got := kindsAt(t, s, tileAt(116.3205, 40.0005, zoom)); !slices.Equal(got, want) {
			t.Errorf("zoom %d: %v, not %v", zoom, got, want)
		}
	}
	if got := kindsAt(t, s, tileAt(116.3275, 40.0025, 16)); len(got) != 0 {
		t.Errorf("in another tile: %v", got)
	}
}

// An import drops the kept tile of where a facility came to be.
func TestFacilitiesConcernImports(t *testing.T) {
	t.Parallel()
	if !slices.Contains(concerns["ground.imported"], Facilities) {
		t.Error("an import of ground leaves the facilities' tiles as they were")
	}
	if slices.Contains(concerns["layout.published"], Facilities) {
		t.Error("a publication changes no facility")
	}
}
