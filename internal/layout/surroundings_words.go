package layout

import "strings"

// mostNamed is how many things of one kind a direction names; more than that nobody reads.
const mostNamed = 3

// adjoins says whether a side is ground that begins there, and not something that runs along the border: one reaches a street, and adjoins a grid.
func (s Side) adjoins() bool { return s.Kind == "grid" || s.Kind == "outside" && s.Name != "" }

// split parts what faces a direction into what runs along and what adjoins. first says that what runs along is longer.
func split(sides []Side) (along, beside []Side, first bool) {
	for _, s := range sides {
		if s.adjoins() {
			beside = append(beside, s)
		} else {
			along = append(along, s)
		}
	}
	return along, beside, len(sides) > 0 && !sides[0].adjoins()
}

// chinese writes 四至 in the order in which they are read out, 东西南北: "东至平阳路，西与网格 003 相邻，南至清华东路，北至万泉河。", and with semicolons where a
// direction needs a comma of its own: "西与网格 003 相邻，局部至围墙；"
func (s *Surroundings) chinese() string {
	var parts []string
	between := "，"
	for _, d := range []struct {
		name  string
		sides []Side
	}{{"东", s.East}, {"西", s.West}, {"南", s.South}, {"北", s.North}} {
		along, beside, first := split(d.sides)
		reaches, adjoins := "至"+listZH(along), "与"+spaced(listZH(beside))+"相邻"
		switch {
		case len(d.sides) == 0:
		case len(beside) == 0:
			parts = append(parts, d.name+reaches)
		case len(along) == 0:
			parts = append(parts, d.name+adjoins)
		case first:
			parts, between = append(parts, d.name+reaches+"，局部"+adjoins), "；"
		default:
			parts, between = append(parts, d.name+adjoins+"，局部"+reaches), "；"
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, between) + "。"
}

// english writes the same: "East to 平阳路; west adjoining grid 003 and partly to a wall; south to 清华东路; north to 万泉河."
func (s *Surroundings) english() string {
	var parts []string
	for _, d := range []struct {
		name  string
		sides []Side
	}{{"east", s.East}, {"west", s.West}, {"south", s.South}, {"north", s.North}} {
		along, beside, first := split(d.sides)
		reaches, adjoins := "to "+listEN(along), "adjoining "+listEN(beside)
		switch {
		case len(d.sides) == 0:
		case len(beside) == 0:
			parts = append(parts, d.name+" "+reaches)
		case len(along) == 0:
			parts = append(parts, d.name+" "+adjoins)
		case first:
			parts = append(parts, d.name+" "+reaches+", partly "+adjoins)
		default:
			parts = append(parts, d.name+" "+adjoins+", partly "+reaches)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, "; ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

// listZH joins what things are called: 平阳路、围墙; of more than three the longest, and 等.
func listZH(sides []Side) string {
	words, more := named(sides, func(s Side) string { return s.ZH })
	if more {
		return strings.Join(words, "、") + "等"
	}
	return strings.Join(words, "、")
}

// spaced leaves room after a number.
func spaced(s string) string {
	if s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' {
		return s + " "
	}
	return s
}

// listEN joins what things are called: "平阳路, a wall and a path"; of more than three the longest, "and others".
func listEN(sides []Side) string {
	words, more := named(sides, func(s Side) string { return s.EN })
	if more {
		return strings.Join(words, ", ") + " and others"
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func named(sides []Side, word func(Side) string) (words []string, more bool) {
	for i, s := range sides {
		if i == mostNamed {
			return words, true
		}
		words = append(words, word(s))
	}
	return words, false
}
