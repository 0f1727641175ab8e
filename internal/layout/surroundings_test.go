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
		{Points: []planar.Point{at(100, 100), at(40, 100)}, Behind: 110108014002001, Beyond: "东楼社区"},
		{Points: []planar.Point{at(40, 100), at(20, 100)}},
		{Points: []planar.Point{at(20, 100), at(0, 100)}, Beyond: "燕园街道"},
		// West, southwards: a river, slanting.
		{Points: []planar.Point{at(0, 100), at(-10, 50), at(0, 0)}, Barrier: ground.River, Name: "万泉河"},
	})
	if want := "东与网格 003 相邻，局部至围墙；西至万泉河；南至清华东路；北与东楼社区网格 001、燕园街道相邻，局部至区界。"; got.ZH != want {
		t.Errorf("in Chinese: %s\nwant:       %s", got.ZH, want)
	}
	if want := "East adjoining grid 003, partly to a wall; west to 万泉河; south to 清华东路; north adjoining grid 001 of 东楼社区 and 燕园街道, partly to the edge of the division."; got.EN != want {
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

// A neighbour goes by its name where it has one, by its number in its own community, and by its whole code where nothing else is known.
func TestNeighboursNames(t *testing.T) {
	const grid = Code(110108014001002)
	for _, c := range []struct {
		s      Stretch
		zh, en string
	}{
		{Stretch{Behind: 110108014001003}, "网格 003", "grid 003"},
		{Stretch{Behind: 110108014001003, Called: "西区"}, "西区网格", "grid 西区"},
		{Stretch{Behind: 110108014001003, Called: "西区网格"}, "西区网格", "西区网格"},
		{Stretch{Behind: 110108014002003, Called: "西区", Beyond: "东楼社区"}, "东楼社区西区网格", "grid 西区 of 东楼社区"},
		{Stretch{Behind: 110108014002003, Beyond: "东楼社区"}, "东楼社区网格 003", "grid 003 of 东楼社区"},
		{Stretch{Behind: 110108014002003}, "网格 110108014002003", "grid 110108014002003"},
	} {
		if got := c.s.side(grid); got.ZH != c.zh || got.EN != c.en || got.Name != c.s.Behind.String() || got.Kind != "grid" {
			t.Errorf("%+v is %+v, want %s, %s", c.s, got, c.zh, c.en)
		}
	}
}

// A long side that leans isn't what lies round the corner; one that runs straight between two directions belongs to both.
func TestSurroundLeaningSides(t *testing.T) {
	const k = 0.766 // a step east is so much of a step north here
	street := func(name string, from, to planar.Point) Stretch {
		return Stretch{Points: []planar.Point{from, to}, Barrier: ground.Street, Name: name}
	}
	leaning := Surround(1, []Stretch{
		street("南街", at(0, 0), at(100, 0)), street("东街", at(100, 0), at(160, 500)), street("北街", at(160, 500), at(60, 500)), street("西街", at(60, 500), at(0, 0)),
	})
	if len(leaning.South) != 1 || leaning.South[0].Name != "南街" || len(leaning.North) != 1 || leaning.North[0].Name != "北街" {
		t.Errorf("south %+v, north %+v", leaning.South, leaning.North)
	}
	diagonal := Surround(1, []Stretch{street("斜街", at(0, 0), at(1000, int32(1000*k)))}) // the ground lies north-west of it
	if len(diagonal.East) != 1 || len(diagonal.South) != 1 || diagonal.East[0].Name != "斜街" || diagonal.South[0].Name != "斜街" || len(diagonal.North)+len(diagonal.West) != 0 {
		t.Errorf("%+v", diagonal)
	}
}

// A wall is called after what it encloses.
func TestWallsNames(t *testing.T) {
	for name, want := range map[string][2]string{"": {"围墙", "a wall"}, "实验小学": {"实验小学围墙", "the wall of 实验小学"}, "老城墙": {"老城墙", "老城墙"}} {
		if got := (Stretch{Barrier: ground.Wall, Name: name}).side(1); got.ZH != want[0] || got.EN != want[1] || got.Name != name || got.Kind != "wall" {
			t.Errorf("%q is %+v", name, got)
		}
	}
}

// Of many things the longest three are said, whatever they are; what is corrected goes before what the program writes.
func TestSurroundingsWords(t *testing.T) {
	side := func(kind, name string) Side { return Side{Kind: kind, Name: name, ZH: name, EN: name} }
	s := Surroundings{
		East:  []Side{side("street", "甲路"), side("street", "乙路"), side("wall", "围墙"), side("street", "丙路")},
		South: []Side{side("river", "小河"), side("grid", "网格 001")},
	}
	if want := "东至甲路、乙路、围墙等；南至小河，局部与网格 001 相邻。"; s.chinese() != want {
		t.Errorf("%s, want %s", s.chinese(), want)
	}
	if want := "East to 甲路, 乙路, 围墙 and others; south to 小河, partly adjoining 网格 001."; s.english() != want {
		t.Errorf("%s, want %s", s.english(), want)
	}
	s.ZH, s.EN = s.chinese(), s.english()
	s.Hand = &Correction{ZH: "东至甲路"}
	if zh, en := s.Words(); zh != "东至甲路" || en != s.EN {
		t.Errorf("%s, %s", zh, en)
	}
	s.Hand.EN = "East to A Road"
	if _, en := s.Words(); en != "East to A Road" {
		t.Error(en)
	}
}
