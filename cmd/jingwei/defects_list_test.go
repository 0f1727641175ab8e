package main

// defect is one thing that is wrong with a county's files.
type defect struct {
	name   string
	inject func(m *mixed)
}

// refusedHome is a building with people that can't be taken.
func refusedHome(kind string, geometry string, coordinates func(m *mixed) any) func(m *mixed) {
	return func(m *mixed) {
		n := m.some("people")
		m.turnedDown("building", n)
		m.found(kind)
		m.add("buildings", geometry, coordinates(m), map[string]any{"id": m.id(), "building": "house", "residents": n})
	}
}

// uncounted is a home with a number that can't be one.
func uncounted(people any) func(m *mixed) {
	return func(m *mixed) {
		m.home(m.anywhere(), struct{ any }{people})
		rows := m.rows["buildings"]
		rows[len(rows)-1]["properties"].(map[string]any)["residents"] = people
		m.people["building"].Uncounted++
		m.found("residents")
	}
}

var defects = []defect{
	{"community without a polygon", func(m *mixed) {
		m.place("370883001011", "无界社区", 0, 0, m.some("total"))
		m.foundDivision("no-ground")
		m.warn("370883001011", "no-ground")
	}},
	{"community in two pieces", func(m *mixed) {
		const code = "370883001012"
		m.place(code, "两片社区", 0, 12, -1, outline{m.ring(0, 12, 10, 20)}, outline{m.ring(15, 15, 18, 18)})
		m.add("streets", "LineString", [][]float64{m.at(0, 19), m.at(10, 19)}, map[string]any{"id": "s12", "highway": "residential"})
		m.add("streets", "LineString", [][]float64{m.at(15, 17), m.at(18, 17)}, map[string]any{"id": "s13", "highway": "residential"})
		m.home(code, m.some("people"))
		m.building(code, m.id(), outline{m.ring(16, 16, 16.4, 16.3)}, m.some("people"))
		m.warn(code, "disconnected")
	}},
	{"exclave", func(m *mixed) {
		m.add("streets", "LineString", [][]float64{m.at(16, 8), m.at(19, 8)}, map[string]any{"id": "s11", "highway": "residential"})
		m.building(west, m.id(), outline{m.ring(17, 7.5, 17.4, 7.8)}, m.some("people"))
		m.warn(west, "disconnected")
	}},
	{"communities overlap", func(m *mixed) {
		for _, code := range []string{third, fourth} {
			m.communities[code].stopped = true
			m.warn(code, "overlap")
		}
		n := m.some("people")
		m.counted("building", n)
		m.add("buildings", "Polygon", outline{m.ring(30.2, 8, 30.5, 8.3)}, map[string]any{"id": m.id(), "building": "house", "residents": n})
		m.warn("370883", "outside")
	}},
	{"people without a building", func(m *mixed) {
		m.place("370883001013", "无楼社区", 20, 12, m.some("total"), outline{m.ring(20, 12, 24, 14)})
	}},
	{"people without a dwelling", func(m *mixed) {
		m.place("370883001014", "无住宅社区", 26, 12, m.some("total"), outline{m.ring(26, 12, 36, 20)})
		m.home("370883001014", 0)
		m.home("370883001014", 0)
	}},
	{"people with a school only", func(m *mixed) {
		const code = "370883001015"
		m.place(code, "学校社区", 40, 0, m.some("total"), outline{m.ring(40, 0, 44, 4)})
		m.add("buildings", "Polygon", outline{m.ring(41, 1, 42, 2)}, map[string]any{"id": m.id(), "building": "school"})
		m.communities[code].guessed++
		m.warn(code, "no-dwellings")
	}},
	{"empty community", func(m *mixed) {
		m.place("370883001016", "空社区", 40, 12, -1, outline{m.ring(40, 12, 44, 14)})
	}},
	{"total in words", func(m *mixed) {
		m.place("370883001017", "字数社区", 40, 16, "很多", outline{m.ring(40, 16, 50, 22)})
		m.home("370883001017", m.some("people"))
		m.people["division"].Uncounted++
		m.foundDivision("population")
	}},
	{"total with a fraction", func(m *mixed) {
		n := m.some("total")
		m.place("370883001018", "小数社区", 46, 0, float64(n)-.5, outline{m.ring(46, 0, 50, 4)})
		m.communities["370883001018"].total = n
		m.counted("division", n)
		m.foundDivision("fraction")
	}},
	{"division in two features", func(m *mixed) {
		a, b := m.some("total"), m.some("total")
		if b%3 == 0 {
			b = a
		}
		const code = "370883001019"
		m.place(code, "分块社区", 0, 22, a, outline{m.ring(0, 22, 4, 24)})
		m.division(map[string]any{"code": code, "name": "分块社区", "people": b}, outline{m.ring(4, 22, 8, 24)})
		m.foundDivision("code-twice")
		if a == b {
			m.people["division"].Read += int64(b)
			m.people["division"].Twice += int64(b)
		} else {
			m.counted("division", b)
			m.communities[code].total += b
		}
	}},
	{"division with its total on one part", func(m *mixed) {
		const code = "370883001020"
		n := m.some("total")
		m.place(code, "半数社区", 10, 22, -1, outline{m.ring(10, 22, 14, 24)})
		m.division(map[string]any{"code": code, "name": "半数社区", "people": n}, outline{m.ring(14, 22, 18, 24)})
		m.communities[code].total = n
		m.counted("division", n)
		m.foundDivision("code-twice")
	}},
	{"division with a wrong code", func(m *mixed) {
		n := m.some("total")
		m.division(map[string]any{"code": "37088'; DROP TABLE division; --", "name": "<b>错码</b>", "people": n}, outline{m.ring(20, 22, 24, 24)})
		m.turnedDown("division", n)
		m.foundDivision("bad-code")
	}},
	{"one code for two", func(m *mixed) {
		a, b := m.some("total"), m.some("total")
		m.division(map[string]any{"code": "370883001021", "name": "甲", "people": a}, outline{m.ring(26, 22, 28, 24)})
		m.division(map[string]any{"code": "370883001021", "name": "乙", "people": b}, outline{m.ring(28, 22, 30, 24)})
		m.turnedDown("division", a+b)
		m.foundDivision("code-twice")
		m.foundDivision("code-twice")
	}},

	{"building in two communities", func(m *mixed) {
		m.building(west, m.id(), outline{m.ring(9.7, 3, 10.1, 3.3)}, m.some("people"))
		m.warn(west, "two-communities")
	}},
	{"building outside", func(m *mixed) {
		n := m.some("people")
		m.people["building"].Read += int64(n)
		m.people["building"].Outside += int64(n)
		m.found("outside")
		m.add("buildings", "Polygon", outline{m.ring(70, 70, 70.4, 70.3)}, map[string]any{"id": m.id(), "building": "house", "residents": n})
	}},
	{"building in the town and in no community", func(m *mixed) {
		m.division(map[string]any{"code": "370883001", "name": "城关镇"}, outline{m.ring(-1, -1, 55, 30)})
		n := m.some("people")
		m.counted("building", n)
		m.add("buildings", "Polygon", outline{m.ring(53, 5, 53.4, 5.3)}, map[string]any{"id": m.id(), "building": "house", "residents": n})
		m.warn("370883", "outside")
	}},
	{"ground that nobody reaches", func(m *mixed) {
		m.add("streets", "LineString", m.ring(6, 7, 9, 9), map[string]any{"id": "w1", "barrier": "wall"})
		m.building(west, m.id(), outline{m.ring(7, 7.5, 7.4, 7.8)}, m.some("people"))
		m.warn(west, "unreachable")
	}},
	{"buildings overlap", func(m *mixed) {
		code := east
		x, y := m.slot(code)
		m.building(code, m.id(), outline{m.ring(x, y, x+.4, y+.3)}, m.some("people"))
		m.building(code, m.id(), outline{m.ring(x+.2, y+.1, x+.5, y+.35)}, m.some("people"))
		m.warn(code, "overlapping")
	}},
	{"outline that crosses itself", func(m *mixed) {
		code := m.anywhere()
		x, y := m.slot(code)
		m.building(code, m.id(), outline{{m.at(x, y), m.at(x+.4, y+.3), m.at(x+.4, y), m.at(x, y+.3), m.at(x, y)}}, m.some("people"))
		m.found("self-crossing")
	}},
	{"no geometry", refusedHome("no-geometry", "", func(*mixed) any { return nil })},
	{"no area", refusedHome("no-extent", "Polygon", func(m *mixed) any { return outline{{m.at(1, 1), m.at(2, 1), m.at(1, 1)}} })},
	{"metres", refusedHome("not-degrees", "Polygon", func(*mixed) any {
		return outline{{{448000, 4428000}, {448020, 4428000}, {448020, 4428020}, {448000, 4428000}}}
	})},
	{"latitude first", refusedHome("outside-china", "Polygon", func(*mixed) any { return outline{{{35.4, 117}, {35.4, 117.1}, {35.5, 117.1}, {35.4, 117}}} })},
	{"giant coordinates", refusedHome("not-degrees", "Polygon", func(*mixed) any { return outline{{{1e300, 1}, {1, -1e300}, {2, 2}, {1e300, 1}}} })},
	{"NaN", refusedHome("coordinates", "Polygon", func(*mixed) any {
		return [][][]any{{{"NaN", 35.4}, {117.01, 35.4}, {117.01, 35.41}, {"NaN", 35.4}}}
	})},
	{"a point for a building", func(m *mixed) {
		n := m.some("people")
		m.turnedDown("building", n)
		m.found("no-polygon")
		m.elsewhere("Point", m.at(3, 3), map[string]any{"id": m.id(), "building": "apartments", "residents": n})
	}},
	{"people on a meadow", func(m *mixed) {
		n := m.some("people")
		m.turnedDown("other", n)
		m.found("no-home")
		m.elsewhere("Polygon", outline{m.ring(3, 4, 3.2, 4.2)}, map[string]any{"id": m.id(), "landuse": "grass", "residents": n})
	}},
	{"people below zero", uncounted(-5)},
	{"people without end", uncounted(1e18)},
	{"people in words", uncounted("许多")},
	{"people in fractions", func(m *mixed) {
		code, n := m.anywhere(), m.some("people")
		m.home(code, struct{ any }{})
		rows := m.rows["buildings"]
		rows[len(rows)-1]["properties"].(map[string]any)["residents"] = float64(n) - .25
		m.communities[code].guessed--
		m.communities[code].known += n
		m.counted("building", n)
		m.found("fraction")
	}},

	{"one id for two buildings", func(m *mixed) {
		code, id := m.anywhere(), m.home(m.anywhere(), m.some("people"))
		x, y := m.slot(code)
		m.building(code, id, outline{m.ring(x, y, x+.4, y+.3)}, m.some("people"))
		m.found("same-id")
	}},
	{"a building twice", func(m *mixed) {
		n := m.some("people")
		m.home(m.anywhere(), n)
		rows := m.rows["buildings"]
		m.rows["buildings"] = append(rows, rows[len(rows)-1])
		m.people["building"].Read += int64(n)
		m.people["building"].Twice += int64(n)
		m.found("same-id")
	}},
	{"a building under two ids", func(m *mixed) {
		n := m.some("people")
		m.home(m.anywhere(), n)
		rows := m.rows["buildings"]
		m.rows["buildings"] = append(rows, map[string]any{"type": "Feature", "geometry": rows[len(rows)-1]["geometry"],
			"properties": map[string]any{"id": m.id(), "building": "apartments", "residents": n}})
		m.people["building"].Read += int64(n)
		m.people["building"].Twice += int64(n)
		m.found("duplicate")
	}},

	{"entrance without a building", func(m *mixed) {
		n := m.some("people")
		m.stairs("nowhere", "1", n)
		m.turnedDown("entrance", n)
		m.found("no-building")
	}},
	{"entrances that disagree", func(m *mixed) {
		code, a, b := m.anywhere(), m.some("people"), m.some("people")
		m.stairs(m.home(code, a+b+7), "1", a, b)
		m.counted("entrance", a+b)
		m.warn(code, "entrances-differ")
	}},
	{"entrances of a building of nobody", func(m *mixed) {
		a := m.some("people")
		m.stairs(m.home(fourth, 0), "1", a, 0)
		m.communities[fourth].known += a
		m.counted("entrance", a)
		m.warn(fourth, "entrances-differ")
	}},
	{"entrances half counted", func(m *mixed) {
		code, a := m.anywhere(), m.some("people")
		m.stairs(m.home(code, nil), "1", a, -1)
		m.communities[code].guessed--
		m.communities[code].known += a
		m.counted("entrance", a)
		m.warn(code, "entrances-unknown")
	}},
	{"entrance without a number", func(m *mixed) {
		code, a := m.anywhere(), m.some("people")
		m.stairs(m.home(code, nil), "", a)
		m.communities[code].guessed--
		m.communities[code].known += a
		m.counted("entrance", a)
		m.found("no-ref")
	}},
	{"two entrances of one number", func(m *mixed) {
		code, a, b := m.anywhere(), m.some("people"), m.some("people")
		id := m.home(code, nil)
		m.stairs(id, "东", a)
		m.stairs(id, "东", b)
		m.communities[code].guessed--
		m.communities[code].known += a + b
		m.counted("entrance", a+b)
		m.found("same-ref")
	}},
}
