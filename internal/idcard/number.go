package idcard

import (
	"strconv"
	"strings"
	"time"

	"jingwei/internal/fault"
)

// Number is a number that Parse or Make has found right: 17 digits and a digit or X.
type Number string

// Invented is the first-level code of people who don't exist (see the package's comment).
const Invented = "79"

// provinces are the first-level codes of GB/T 2260.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"

// length is of a number; oldLength of those that were given out until 1999 and are void since 2013.
const (
	length    = 18
	oldLength = 15
)

// weights of the first 17 digits: 2^(17-i) modulo 11.
var weights = [length - 1]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// checks are the check characters by the weighted sum modulo 11.
const checks = "10X98765432"

// Parse takes a number as people write it (full-width digits, a small x, blanks and hyphens between) and finds it right, or says what is
// wrong with it (a *fault.Error, Invalid). The number itself is in no message: those are logged.
func Parse(s string) (Number, error) {
	var b [length]byte
	n := 0
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '０' && r <= '９':
			r -= '０' - '0'
		case r == 'x', r == 'Ｘ', r == 'ｘ':
			r = 'X'
		case r == ' ', r == '　', r == '-':
			continue
		}
		switch {
		case n == length:
			return "", wrong("身份证号多于 18 位", "the ID number has more than 18 characters")
		case r == 'X' && n != length-1, r != 'X' && (r < '0' || r > '9'):
			return "", wrong("身份证号第 "+strconv.Itoa(n+1)+" 位不是数字（仅末位可为 X）", "character "+strconv.Itoa(n+1)+" of the ID number is no digit (only the last may be an X)")
		}
		b[n] = byte(r)
		n++
	}
	switch {
	case n == 0:
		return "", wrong("身份证号为空", "the ID number is empty")
	case n == oldLength:
		return "", wrong("身份证号是 15 位旧号，2013 年起已停用；请填 18 位号码", "this is an old ID number of 15 digits, void since 2013: give the one of 18")
	case n < length:
		return "", wrong("身份证号只有 "+strconv.Itoa(n)+" 位，应为 18 位", "the ID number has "+strconv.Itoa(n)+" characters, not 18")
	}
	return check(Number(b[:]))
}

// check finds a number of the right form right.
func check(n Number) (Number, error) {
	if !n.division() {
		return "", wrong("身份证号开头的区划代码不存在："+n.Division(), "no division has the code that the ID number begins with: "+n.Division())
	}
	if _, err := time.Parse(day, string(n[6:14])); err != nil || n[6:8] < "18" || n[6:8] > "20" {
		return "", wrong("身份证号第 7 至 14 位不是出生日期", "characters 7 to 14 of the ID number are no date of birth")
	}
	if want := Check(string(n[:length-1])); n[length-1] != want {
		return "", wrong("身份证号校验码不符：按前 17 位末位应为 "+string(want)+"，有一位写错了", "the ID number's check character doesn't fit: by the other 17 it is "+string(want)+", so one of the 18 is wrong")
	}
	return n, nil
}

func wrong(zh, en string) error { return fault.New(fault.Invalid, zh, en).At("id") }

const day = "20060102"

// Check is the check character of 17 digits.
func Check(digits string) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return checks[sum%11]
}

// Make writes the number of somebody born on a day, with a sequence of 1 to 999, under a division of six digits.
func Make(division string, born time.Time, sequence int) (Number, error) {
	b := make([]byte, 0, length)
	b = append(b, division...)
	b = born.AppendFormat(b, day)
	b = append(b, byte('0'+sequence/100%10), byte('0'+sequence/10%10), byte('0'+sequence%10))
	if len(b) != length-1 || sequence < 1 || sequence > 999 || strings.Trim(division, "0123456789") != "" {
		return "", wrong("区划代码应为 6 位数字，顺序码应为 1 至 999", "a division has six digits, a sequence is 1 to 999")
	}
	return check(Number(append(b, Check(string(b)))))
}

// Division is the code of the county where the number was given out first; it may have been given up since.
func (n Number) Division() string { return string(n[:6]) }

// division tells whether the first-level code is one of the standard's or the invented one. Permits of foreigners have a 9 before the code.
func (n Number) division() bool {
	return known(string(n[:2])) || n[:2] == "83" || n[:2] == Invented || n[0] == '9' && known(string(n[1:3]))
}

func known(code string) bool { return strings.Contains(provinces, code) }

// Province tells whether two digits are a first-level code of GB/T 2260.
func Province(code string) bool {
	return len(code) == 2 && code[0] != ' ' && code[1] != ' ' && known(code)
}

// Invented tells whether the number is that of somebody who doesn't exist.
func (n Number) Invented() bool { return n[:2] == Invented }

// Born is the day of birth, at midnight UTC.
func (n Number) Born() time.Time {
	t, _ := time.Parse(day, string(n[6:14])) // Parse has read it
	return t
}

// Sex is what the sequence says.
type Sex string

const (
	Male   Sex = "男"
	Female Sex = "女"
)

// Sex is male for an odd sequence.
func (n Number) Sex() Sex {
	if (n[16]-'0')%2 == 1 {
		return Male
	}
	return Female
}
