package city

import (
	"encoding/json"
	"fmt"
	"strings"

	recipe "jingwei/geodata/city"
)

// words are the lists of geodata/city/words.json.
type words struct {
	Towns        []string `json:"towns"`
	Rivers       []string `json:"rivers"`
	Arterials    []string `json:"arterials"`
	Streets      []string `json:"streets"`
	Lanes        []string `json:"lanes"`
	Roots        []string `json:"roots"`
	Sides        []string `json:"sides"`
	Alleys       []string `json:"alleys"`
	CompoundsOld []string `json:"compounds_old"`
	CompoundsNew []string `json:"compounds_new"`
	Syllables    []string `json:"syllables"`
	WorksUnits   []string `json:"works_units"`
	Factories    []string `json:"factories"`
	Surnames     []string `json:"surnames"`
	VillageForms []string `json:"village_forms"`
	Communities  []string `json:"communities"`
	Parks        []string `json:"parks"`
	Markets      []string `json:"markets"`
}

// namer deals names out of shuffled lists, and when a list is used up begins again with a number, so that
// no name is given twice.
type namer struct {
	words    words
	dealt    map[string]int
	used     map[string]bool
	numbered map[string]int // by name, the number that it was given last
	town     string
	river    string
	railway  string
}

func newNamer(seed uint64) (*namer, error) {
	n := &namer{dealt: map[string]int{}, used: map[string]bool{}, numbered: map[string]int{}}
	if err := json.Unmarshal(recipe.Words, &n.words); err != nil {
		return nil, fmt.Errorf("city: words.json: %w", err)
	}
	d, w := throw(seed, forNames), &n.words
	for _, list := range []*[]string{&w.Towns, &w.Rivers, &w.Arterials, &w.Streets, &w.Lanes, &w.Roots, &w.Sides, &w.Alleys,
		&w.CompoundsOld, &w.CompoundsNew, &w.Syllables, &w.WorksUnits, &w.Factories, &w.Surnames,
		&w.VillageForms, &w.Communities, &w.Parks, &w.Markets} {
		*list = shuffled(d, *list)
	}
	n.town, n.river, n.railway = w.Towns[0], w.Rivers[0], "泗滨铁路"
	return n, nil
}

// deal takes the next of a list.
func (n *namer) deal(key string, list []string) string {
	k := n.dealt[key]
	n.dealt[key]++
	return list[k%len(list)]
}

// once makes a name unlike any given before.
func (n *namer) once(make func() string) string {
	var name string
	for range 40 {
		if name = make(); !n.used[name] {
			n.used[name] = true
			return name
		}
	}
	for k := max(2, n.numbered[name]+1); ; k++ {
		if numbered := name + chineseNumber(k); !n.used[numbered] {
			n.used[numbered], n.numbered[name] = true, k
			return numbered
		}
	}
}

// from deals a list out, then makes more names of the given parts.
func (n *namer) from(key string, list []string, more func() string) string {
	return n.once(func() string {
		if k := n.dealt[key]; k >= len(list) {
			return more()
		}
		return n.deal(key, list)
	})
}

func (n *namer) rooted(kinds ...string) func() string {
	return func() string {
		kind := kinds[n.dealt["root"]/len(n.words.Roots)%len(kinds)]
		return n.deal("root", n.words.Roots) + kind
	}
}

func (n *namer) arterial() string {
	return n.from("arterial", n.words.Arterials, n.rooted("大街", "大道"))
}

func (n *namer) street() string {
	return n.from("street", n.words.Streets, n.rooted("路", "街", "中路"))
}

func (n *namer) lane() string {
	return n.from("lane", n.words.Lanes, n.rooted("街", "里", "南街", "北街"))
}

func (n *namer) park() string { return n.from("park", n.words.Parks, n.rooted("公园")) }

func (n *namer) market() string { return n.from("market", n.words.Markets, n.rooted("农贸市场")) }

func (n *namer) alley() string {
	kind := []string{"巷", "巷", "胡同", "街"}[(n.dealt["alley"]+n.dealt["side"])%4]
	name := n.from("alley", n.words.Alleys, func() string {
		return n.deal("side", n.words.Sides) + n.deal("again", n.words.Alleys)
	})
	return name + kind
}

func (n *namer) community() string {
	return n.once(func() string { return n.deal("community", n.words.Communities) + "社区" })
}

func (n *namer) village() string {
	return n.once(func() string {
		return strings.ReplaceAll(n.deal("village", n.words.VillageForms), "{n}", n.deal("surname", n.words.Surnames))
	})
}

func (n *namer) fill(form string) string {
	form = strings.ReplaceAll(form, "{s}", n.deal("syllable", n.words.Syllables))
	return strings.ReplaceAll(form, "{w}", n.deal("unit", n.words.WorksUnits))
}

func (n *namer) compound(modern bool) string {
	return n.once(func() string {
		if modern {
			return n.fill(n.deal("new", n.words.CompoundsNew))
		}
		return n.fill(n.deal("old", n.words.CompoundsOld))
	})
}

func (n *namer) factory() string {
	return n.once(func() string { return n.fill(n.deal("factory", n.words.Factories)) })
}

func (n *namer) ring(s side) string {
	return [...]string{"南外环路", "东外环路", "北外环路", "西外环路"}[s]
}

func (n *namer) bank(s side) string {
	return strings.TrimSuffix(n.river, "河") + "河" + map[side]string{south: "南路", north: "北路"}[s]
}

// railSide names the two roads beside the railway: the one on the town's side is in front of the station.
func (n *namer) railSide(railInWest, first bool) string {
	switch {
	case railInWest != first:
		return "站前路"
	case railInWest:
		return "铁西路"
	default:
		return "铁东路"
	}
}

// short is a town's or community's name without its kind.
func short(name string) string {
	for _, kind := range []string{"社区", "街道", "镇", "村"} {
		if s, ok := strings.CutSuffix(name, kind); ok {
			return s
		}
	}
	return name
}

// chineseNumber writes 1 … 9999.
func chineseNumber(n int) string {
	digits := []rune("零一二三四五六七八九")
	for _, unit := range []struct {
		size int
		sign string
	}{{1000, "千"}, {100, "百"}} {
		if n >= unit.size {
			text, rest := string(digits[n/unit.size%10])+unit.sign, n%unit.size
			switch {
			case rest == 0:
				return text
			case rest < unit.size/10:
				return text + "零" + chineseNumber(rest)
			case rest < 20:
				return text + "一" + chineseNumber(rest)
			}
			return text + chineseNumber(rest)
		}
	}
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20:
		return strings.TrimSuffix("十"+string(digits[n%10]), "零")
	default:
		return strings.TrimSuffix(string(digits[n/10])+"十"+string(digits[n%10]), "零")
	}
}
