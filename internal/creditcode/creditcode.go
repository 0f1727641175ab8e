// Package creditcode reads and makes the unified social credit code (统一社会信用代码) of GB 32100-2015: department 1, class 1, division 6, organisation
// code of GB 11714-1997 9 (its last character is a check by itself), and a check character over the 17 before it. It is pure.
//
// Codes under the first-level division 79 belong to invented organisations, as ID numbers do to invented people (idcard).
package creditcode

import (
	"strconv"
	"strings"

	"jingwei/internal/fault"
	"jingwei/internal/idcard"
)

// Code is a code that Parse or Make has found right: 18 characters.
type Code string

const length = 18

// signs are the characters of a code by their values: no I, O, S, V and Z, which are taken for figures.
const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// departments are who registers: 1 staffing authorities, 2 foreign affairs, 3 justice, 4 culture, 5 civil affairs, 6 tourism, 7 religion, 8 trade unions,
// 9 market regulation, A the army's staffing, N agriculture, Y others.
const departments = "123456789ANY"

// weights of the first 17 characters: 3^(i-1) modulo 31; and of the first 8 of an organisation code.
var (
	weights = [length - 1]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	inner   = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// Parse takes a code as people write it (full-width, small letters, blanks and hyphens between) and finds it right, or says what is wrong with it (a
// *fault.Error, Invalid).
func Parse(s string) (Code, error) {
	var b [length]byte
	n := 0
	for _, r := range strings.TrimSpace(s) {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch {
		case r == ' ', r == '-':
			continue
		case n == length:
			return "", wrong("统一社会信用代码多于 18 位", "the credit code has more than 18 characters")
		case r > 'Z' || value(byte(r)) < 0:
			return "", wrong("统一社会信用代码第 "+strconv.Itoa(n+1)+" 位不是数字，也不是 I、O、S、V、Z 以外的字母",
				"character "+strconv.Itoa(n+1)+" of the credit code is no digit and no letter that codes have (they have no I, O, S, V and Z)")
		}
		b[n] = byte(r)
		n++
	}
	switch {
	case n == 0:
		return "", wrong("统一社会信用代码为空", "the credit code is empty")
	case n < length:
		return "", wrong("统一社会信用代码只有 "+strconv.Itoa(n)+" 位，应为 18 位", "the credit code has "+strconv.Itoa(n)+" characters, not 18")
	}
	return check(Code(b[:]))
}

// check finds a code of the right form right.
func check(c Code) (Code, error) {
	if !strings.Contains(departments, string(c[:1])) || c[1] < '1' || c[1] > '9' {
		return "", wrong("统一社会信用代码前两位（登记管理部门、机构类别）不存在", "no registering department and class have the first two characters of the credit code")
	}
	if d := c.Division(); strings.Trim(d, "0123456789") != "" || d[:2] != "10" && d[:2] != idcard.Invented && !idcard.Province(d[:2]) { // 100000 is the country itself
		return "", wrong("统一社会信用代码第 3 至 8 位的区划代码不存在："+d, "no division has the code in characters 3 to 8 of the credit code: "+d)
	}
	if want := checkOf(string(c[8:16])); want != c[16] {
		return "", wrong("统一社会信用代码第 17 位（组织机构代码的校验码）不符，第 9 至 17 位中有一位写错了", "character 17 of the credit code, the check of its organisation code, doesn't fit: one of the characters 9 to 17 is wrong")
	}
	if want := Check(string(c[:length-1])); c[length-1] != want {
		return "", wrong("统一社会信用代码校验码不符：按前 17 位末位应为 "+string(want)+"，有一位写错了", "the credit code's check character doesn't fit: by the other 17 it is "+string(want)+", so one of the 18 is wrong")
	}
	return c, nil
}

func wrong(zh, en string) error { return fault.New(fault.Invalid, zh, en).At("code") }

func value(c byte) int { return strings.IndexByte(signs, c) }

// Check is the check character of 17 characters.
func Check(s string) byte {
	sum := 0
	for i, w := range weights {
		sum += w * value(s[i])
	}
	return signs[(31-sum%31)%31]
}

// checkOf is that of the first eight characters of an organisation code, whose letters are worth 10 to 35 in their order.
func checkOf(s string) byte {
	sum := 0
	for i, w := range inner {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum += w * v
	}
	return "0123456789X"[(11-sum%11)%11]
}

// Make writes the code of the organisation with a serial number of up to eight digits under a division of six, registered by a department in a class: "91"
// for a company.
func Make(kind, division string, serial int) (Code, error) {
	s := strconv.Itoa(serial)
	if len(kind) != 2 || len(division) != 6 || serial < 0 || len(s) > 8 {
		return "", wrong("机构类别应为 2 位，区划代码应为 6 位数字，序号不超过 8 位", "a department and class have two characters, a division has six digits, a serial number eight at most")
	}
	s = strings.Repeat("0", 8-len(s)) + s
	s = kind + division + s + string(checkOf(s))
	if strings.ContainsFunc(s, func(r rune) bool { return r > 'Z' || value(byte(r)) < 0 }) {
		return "", wrong("机构类别应为 2 位，区划代码应为 6 位数字，序号不超过 8 位", "a department and class have two characters, a division has six digits, a serial number eight at most")
	}
	return check(Code(s + string(Check(s))))
}

// Division is the code of the division where it was registered, 100000 for the country.
func (c Code) Division() string { return string(c[2:8]) }

// Invented tells whether the code is that of an organisation that doesn't exist.
func (c Code) Invented() bool { return c[2:4] == idcard.Invented }
