package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// office is a town as its office is called, where people call it so.
func office(town string) string {
	if strings.HasSuffix(town, "街道") {
		return town + "办事处"
	}
	return town
}

// committee is a community as its committee is called.
func committee(name string, r *rand.Rand) string {
	switch short := stem(name); {
	case strings.HasSuffix(name, "社区"):
		return pick(r, []string{short + "居委会", name + "居委会", short + "社区居民委员会"})
	case strings.HasSuffix(name, "村"):
		return pick(r, []string{name + "委会", name + "民委员会", name + "村委会"})
	}
	return name
}

// asCompound adds 小区 to a name that says neither that nor anything like it.
func asCompound(place string) string {
	for _, kind := range []string{"小区", "新村", "家属院", "宿舍", "村"} {
		if strings.Contains(place, kind) {
			return place
		}
	}
	if endsInNumeral(place) {
		return place
	}
	return place + "小区"
}

const tenSigns = "零一二三四五六七八九"

func endsInNumeral(s string) bool {
	a := []rune(s)
	return len(a) > 0 && strings.ContainsRune(tenSigns+"十百〇两", a[len(a)-1])
}

// spelled reads a number figure by figure: 501 is 五零一 or 五〇一.
func spelled(number string, r *rand.Rand) string {
	zero, signs := pick(r, []string{"零", "〇"}), []rune(tenSigns)
	var w strings.Builder
	for _, c := range number {
		switch {
		case c == '0':
			w.WriteString(zero)
		case c > '0' && c <= '9':
			w.WriteRune(signs[c-'0'])
		default:
			w.WriteRune(c)
		}
	}
	return w.String()
}

// counted writes a number up to 9999 as it is said: 186 is 一百八十六.
func counted(number string) string {
	var n int
	if _, err := fmt.Sscan(number, &n); err != nil || n <= 0 || n > 9999 {
		return number
	}
	signs, units := []rune(tenSigns), []string{"", "十", "百", "千"}
	var w strings.Builder
	gap := false
	for at := len(fmt.Sprint(n)) - 1; at >= 0; at-- {
		figure := n
		for range at {
			figure /= 10
		}
		if figure %= 10; figure == 0 {
			gap = true
			continue
		}
		if gap && w.Len() > 0 {
			w.WriteRune('零')
		}
		gap = false
		if figure != 1 || at != 1 || w.Len() > 0 { // 十二, but 一百一十二
			w.WriteRune(signs[figure])
		}
		w.WriteString(units[at])
	}
	return w.String()
}

// padded has zeros in front, those of 6-3 in front of the 6.
func padded(number string, width int) string {
	first, rest, found := strings.Cut(number, "-")
	if found {
		return number
	}
	return strings.Repeat("0", max(width-len(first), 0)) + first + rest
}

// widened writes figures and dashes in full width.
func widened(text string, _ *rand.Rand) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '-' {
			return c + ('０' - '0')
		}
		return c
	}, text)
}

// separated puts another separator for the commas.
func separated(text string, r *rand.Rand) string {
	return strings.ReplaceAll(text, ",", pick(r, []string{",", "，", "/", "、", ";", "\t", ", "}))
}

// leftover puts words around that were in the field as well.
func leftover(text string, r *rand.Rand) string {
	front := pick(r, []string{"地址：", "家庭住址:", "现住址：", "收货地址: ", "住址 ", "现住", "暂住", "", ""})
	behind := pick(r, []string{"(东门)", "（自住）", "，放门口", "（出租）", "(南门进)", "（请打电话）", "。", "", " （房东）"})
	return front + text + behind
}
