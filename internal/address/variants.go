package address

import (
	"strings"
	"unicode/utf8"
)

// grade says how good a name is for its place.
type grade uint8

const (
	own      grade = iota // the name itself
	learned               // an alias
	official              // the same name in another official form: 村委会 for 村
	phased                // its numeral counts phases, or doesn't: 明珠小区二期 for 明珠小区二
	stem                  // without its kind: 明珠 for 明珠小区
)

type variant struct {
	text  string
	grade grade
}

// villageEnds are characters that villages' names end with when they don't say 村.
const villageEnds = "庄沟屯寨堡营铺店岭河湾楼集坡埠疃洼泉村峪崖山"

// shortName is a division's name as it is said: 北关社区 for 北关社区居委会, 镇头村 for 镇头村民委员会.
func shortName(name string, l Level) string {
	if l != Community {
		return name
	}
	for _, c := range []struct{ long, short string }{{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"社区村委会", "社区"}, {"村村民委员会", "村"}, {"村民委员会", "村"}, {"村委会", "村"},
		{"居民委员会", "社区"}, {"居委会", "社区"}} {
		if s, ok := strings.CutSuffix(name, c.long); ok && s != "" {
			return s + c.short
		}
	}
	return name
}

// variants are the forms in which a place's name is written.
func variants(name string, l Level) []variant {
	out := []variant{{name, own}}
	add := func(g grade, texts ...string) {
		for _, t := range texts {
			if utf8.RuneCountInString(t) >= 2 {
				out = append(out, variant{t, g})
			}
		}
	}
	cut := func(words ...string) (string, string) {
		for _, w := range words {
			if s, ok := strings.CutSuffix(name, w); ok && (s != "" || w == "沿街商铺") {
				return s, w
			}
		}
		return name, ""
	}
	switch l {
	case Province:
		s, _ := cut("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")
		add(stem, s)
	case Prefecture, County:
		s, _ := cut("自治州", "地区", "市", "县", "区", "旗")
		add(official, name+"人民政府", name+"城区", s+"城区", s+"市区")
		add(stem, s)
	case Town:
		s, w := cut("街道办事处", "街道", "镇", "乡")
		switch w {
		case "街道", "街道办事处":
			add(official, s+"街道", s+"街道办事处", s+"街道办", s+"街办", s+"办事处", s+"办")
		case "镇", "乡":
			add(official, name+"人民政府", name+"政府", s+"公社", s+"人民公社")
		}
		add(stem, s)
	case Community:
		name = shortName(name, l)
		switch s, w := cut("社区", "村"); w {
		case "社区":
			add(official, name, s+"社区居委会", s+"社区居民委员会", s+"居委会", s+"居民委员会", s+"社区村委会", s+"居委", s+"社区居委", s+"居")
			add(stem, s, s+"村", s+"自然村")
		case "村":
			g := stem
			if last, _ := utf8.DecodeLastRuneInString(s); strings.ContainsRune(villageEnds, last) {
				g = official
			}
			add(official, name, s+"大队", s+"村委会", s+"村民委员会", s+"行政村", s+"自然村", name+"自然村", name+"民委员会", name+"村委会", name+"居委会", name+"村民委员会", s+"村委", name+"委", s+"居委", s+"居")
			add(g, s)
			add(stem, s+"社区")
		default:
			add(official, name+"村", name+"自然村", name+"村委会", name+"社区", name+"居委会")
		}
	case Street:
		switch s, w := cut("大街", "大道", "沿街商铺"); w {
		case "大街":
			add(stem, s+"街")
		case "沿街商铺": // 沿街2号商铺
			add(stem, s+"沿街")
		}
	case Compound:
		switch s, w := cut("住宅小区", "小区", "社区", "家属院", "宿舍", "新村", "村"); w {
		case "村": // a village inside its community
			add(official, s+"自然村", name+"自然村", name+"小区", s+"大队")
			add(stem, s)
		case "", "新村":
			add(official, name+"小区")
			add(stem, compoundStem(name))
		case "家属院", "宿舍":
			add(stem, s+"家属院", s+"宿舍", s+"家属楼", s+"家属区", s+"宿舍楼", name+"小区")
		default:
			add(stem, s)
			if w == "住宅小区" {
				add(official, s+"小区")
			}
		}
	}
	return out
}

// compoundStem is a compound's name without the word for what it is, where two characters and more are left.
func compoundStem(name string) string {
	if s := particular(name); utf8.RuneCountInString(s) >= 2 {
		return s
	}
	return ""
}

// phases are the forms of a compound's name that ends with a numeral: 明珠小区二 is also 明珠小区二期 and 明珠小区二区, and either of these 明珠小区二.
func phases(name string) []string {
	runes := []rune(name)
	last, kind := len(runes)-1, ' '
	if last > 0 && has("期区", runes[last]) {
		kind = runes[last]
		last--
	}
	first := last
	for first >= 0 && (numeralDigits[runes[first]] != 0 || numeralUnits[runes[first]] == 10 || digit(runes[first])) {
		first--
	}
	switch {
	case first == last || first < 1:
		return nil
	case kind == ' ':
		return []string{name + "期", name + "区"}
	}
	return []string{string(runes[:last+1])}
}
