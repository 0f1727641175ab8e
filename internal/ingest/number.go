package ingest

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Numbers in files made by people: "6", "6层", "5-6", "六层", "６", "-1".

const (
	maxLevels = 200     // the tallest building there is has 163 storeys
	maxPeople = 100_000 // in one building
	maxTotal  = 1e8     // in one division

	// maxFootprint, in m², is above that of any building there is. One polygon too many, an estate's outline or a
	// town's with a building's tag, would make all the ground under it one block.
	maxFootprint = 2e6
)

// parseLevels reads a number of storeys above ground. ok says that it could be read at all, exact that it
// was a plain number. A range gives its middle; a number below one (a cellar) gives 0, not known.
func parseLevels(s string) (levels float64, ok, exact bool) {
	plain := halfWidth(strings.TrimSpace(s))
	if v, err := strconv.ParseFloat(plain, 64); err == nil {
		return boundLevels(v)
	}
	text := strings.TrimPrefix(plain, "地上")
	for _, unit := range []string{"层", "楼", "storeys", "levels", "floors", "F", "f", "L"} {
		text = strings.TrimSuffix(strings.TrimSpace(text), unit)
	}
	text = strings.TrimSpace(text)
	if v, good := decimal(text); good {
		levels, ok, _ = boundLevels(v)
		return levels, ok, false
	}
	for _, sep := range []string{"-", "~", "～", "—", "–", ";", "；", "/", "至", "、", ","} {
		a, b, found := strings.Cut(text, sep)
		if !found {
			continue
		}
		low, ok1 := decimal(strings.TrimSpace(a))
		high, ok2 := decimal(strings.TrimSpace(b))
		if ok1 && ok2 && low > 0 && high >= low {
			levels, ok, _ = boundLevels((low + high) / 2)
			return levels, ok, false
		}
	}
	return 0, false, false
}

func boundLevels(v float64) (float64, bool, bool) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || v > maxLevels:
		return 0, false, false
	case v == 0:
		return 0, true, true
	case v < 0:
		return 0, true, false
	}
	return math.Round(v*10) / 10, true, true
}

// parsePeople reads a count of residents: "12", "12人", "12.0"; "12.4", which models give, is rounded, and exact is
// then false. It returns -1 and false for what isn't one.
func parsePeople(s string) (n int, ok, exact bool) {
	return peopleUpTo(s, maxPeople)
}

func peopleUpTo(s string, most float64) (n int, ok, exact bool) {
	text := halfWidth(strings.TrimSpace(s))
	for _, unit := range []string{"人", "口"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, unit))
	}
	v, ok := decimal(text)
	if !ok {
		v, ok = plainFloat(text)
	}
	if !ok || !(v >= 0 && v <= most) {
		return -1, false, false
	}
	n, exact = wholePeople(v)
	return n, true, exact
}

// plainFloat reads a number as programs write it: "1e3", "120.00000000000001".
func plainFloat(s string) (float64, bool) {
	if len(s) > 40 || strings.ContainsAny(s, "xX_iInN") {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// decimal reads a plain decimal number or a small Chinese one (一 to 九十九).
func decimal(s string) (float64, bool) {
	if s == "" || len(s) > 12 {
		return 0, false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && r != '.' {
			return chinese(s)
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func chinese(s string) (float64, bool) {
	digit := func(r rune) int {
		if r == '两' {
			return 2
		}
		for i, d := range []rune("零一二三四五六七八九") {
			if r == d {
				return i
			}
		}
		return -1
	}
	if utf8.RuneCountInString(s) > 3 {
		return 0, false
	}
	total, tens := 0, false
	for i, r := range []rune(s) {
		d := digit(r)
		switch {
		case r == '十' && !tens:
			tens = true
			if i == 0 {
				total = 1
			}
			total *= 10
		case d < 0, i > 0 && !tens, total%10 != 0:
			return 0, false
		default:
			total += d
		}
	}
	return float64(total), total > 0
}

// halfWidth turns full-width digits, minus and point into ASCII ones.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' && r != '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}
