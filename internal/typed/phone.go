package typed

import (
	"strings"

	"jingwei/internal/fault"
)

// Phone takes what can be dialled: mobile and landline numbers, short numbers, extensions. The number isn't in the message: that is
// logged and shown where the number isn't.
func Phone(what, whatZH, s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '＋':
			return '+'
		case r == '－' || r == '—' || r == '–':
			return '-'
		}
		return r
	}, strings.TrimSpace(s))
	if s == "" {
		return "", nil
	}
	n := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r == '+' && i == 0, strings.ContainsRune(" -()（）#*,", r):
		default:
			n = -100
		}
	}
	if n < 3 || n > 20 || len(s) > 40 {
		return "", fault.New(fault.Invalid, whatZH+"不对：应为 3 至 20 位数字，可含空格、-、+、括号",
			"the phone number is wrong: 3 to 20 digits, with blanks, hyphens, brackets and a leading + allowed").At(what)
	}
	return s, nil
}

// Digits are a phone number as it is looked up: without what separates, and without the prefix of China.
func Digits(phone string) string {
	d := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	for _, prefix := range []string{"0086", "86"} {
		if rest, found := strings.CutPrefix(d, prefix); found && (prefix == "0086" || strings.HasPrefix(phone, "+") || len(d) == 13 && rest[0] == '1') {
			return rest
		}
	}
	return d
}
