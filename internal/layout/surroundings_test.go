package layout

import (
	"math"
	"testing"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// at is a place on a coarse net near 40° N, x east and y north.
func at(x, y int32) planar.Point {
	return planar.Point{X: 1163200000 + 1000*x, Y: 400000000 + 1000*y}
}

func TestSurround(t *testing.T) {
	const grid = Code(110108014001002)
	got := Surround(grid, []Stretch{
		// South, from west to east: a named street over its whole length, in two classes.
		{Points: []planar.Point{at(0, 0), at(50, 0)}, Barrier: ground.MainRoad, Name: "清华东路"},
		{Points: []planar.Point{at(50, 0), at(90, 0)}, Barrier: ground.MainRoad, Name: "清华东路"},
		{Points: []planar.Point{at(90, 0), at(100, 0)}, Barrier: ground.Street, Name: "清华东路"},
		// East, northwards: a third a wall without a name, the rest a neighbour of the same community.
		{Points: []planar.Point{at(100, 0), at(100, 30)}, Barrier: ground.Wall},
		{Points: []planar.Point{at(100, 30), at(100, 90)}, Behind: 110108014001003},
		{Points: []planar.Point{at(100, 90), at(100, 100)}, Barrier: ground.Path}, // a tenth: not worth a word
		// North, westwards: a neighbour elsewhere, then the end of the ground.
		{Points: []planar.Point{at(100, 100), at(40, 100)}, Behind: 110108014002001},
		{Points: []planar.Point{at(40, 100), at(20, 100)}},
		{Points: []planar.Point{at(20, 100), at(0, 100)}, Beyond: "燕园街道"},
		// West, southwards: a river, slanting.
		{Points: []planar.Point{at(0, 100), at(-10, 50), at(0, 0)}, Barrier: ground.River, Name: "万泉河"},
	})
	if want := "东至网格 …003、围墙，南至清华东路，西至万泉河，北至网格 110108014002001、区界、燕园街道"; got.ZH != want {
		t.Errorf("in Chinese: %s\nwant:       %s", got.ZH, want)
	}
	if want := "east: grid …003, a wall; south: 清华东路; west: 万泉河; north: grid 110108014002001, the edge of the division, 燕园街道"; got.EN != want {
		t.Errorf("in English: %s\nwant:       %s", got.EN, want)
	}
	if len(got.East) != 2 || math.Abs(got.East[0].Share-0.6) > 1e-9 || math.Abs(got.East[1].Share-0.3) > 1e-9 {
		t.Errorf("east: %+v, want shares of .6 and .3", got.East)
	}
	if s := got.South[0]; s.Kind != "main-road" || s.Name != "清华东路" || s.Share < 0.9 || len(got.South) != 1 {
		t.Errorf("south: %+v", s)
	}
	if s := got.North[0]; s.Kind != "grid" || s.Name != "110108014002001" {
		t.Errorf("north: %+v", s)
	}
}

func TestSurroundNothing(t *testing.T) {
	got := Surround(1, nil)
	if got.ZH != "" || got.EN != "" || got.North == nil || len(got.North) != 0 {
		t.Errorf("an outline of nothing: %+v", got)
	}
}

// Where everything is short, the longest is still said.
func TestSurroundOfManyThings(t *testing.T) {
	var outline []Stretch
	for i := range int32(10) {
		outline = append(outline, Stretch{Points: []planar.Point{at(0, 10*i), at(0, 10*i+10)}, Barrier: ground.Street, Name: string(rune('甲' + i))})
	}
	outline[4].Points[1] = at(0, 51)
	if got := Surround(1, outline).East; len(got) != 1 || got[0].Name != string(rune('甲'+4)) {
		t.Errorf("east: %+v, want the longest alone", got)
	}
}
