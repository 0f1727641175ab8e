package division

import (
	"fmt"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// Level is where in the tree a division stands.
type Level string

const (
	County    Level = "county"    // 县（市、区）
	Town      Level = "town"      // 镇街
	Community Level = "community" // 社区、村
)

// Code is a division's code: 6, 9 or 12 digits. A Code that came from ParseCode is well formed.
type Code string

// ParseCode reads a code as people and files write it: with blanks around it, as a town code padded to
// twelve digits ("110108014000" is town 110108014), as a county code padded to nine or twelve. The error is
// a fault that says what a code looks like.
func ParseCode(s string) (Code, error) {
	c := strings.TrimSpace(s)
	for _, r := range c {
		if r < '0' || r > '9' {
			return "", badCode(s, "只能含数字", "it may hold digits only")
		}
	}
	for len(c) > 6 && len(c)%3 == 0 && strings.HasSuffix(c, "000") {
		c = c[:len(c)-3]
	}
	switch {
	case len(c) != 6 && len(c) != 9 && len(c) != 12:
		return "", badCode(s,
			fmt.Sprintf("有 %d 位", len(c)), fmt.Sprintf("it has %d digits", len(c)))
	case c[0] == '0':
		return "", badCode(s, "不能以 0 开头", "it can't begin with 0")
	case strings.Contains(c[6:], "000") && len(c) == 12 && c[6:9] == "000":
		return "", badCode(s, "社区代码缺少镇街段", "it names a community of no town")
	}
	return Code(c), nil
}

func badCode(s, zh, en string) error {
	if len(s) > 40 {
		s = strings.ToValidUTF8(s[:40], "") + "…"
	}
	return fault.New(fault.Invalid,
		fmt.Sprintf("区划代码 %q 不对：%s；应为 6 位（县）、9 位（镇街）或 12 位（社区、村）数字", s, zh),
		fmt.Sprintf("division code %q is wrong: %s; a code has 6 digits (county), 9 (town) or 12 (community)", s, en))
}

// Level is the level the code's length stands for.
func (c Code) Level() Level {
	switch len(c) {
	case 6:
		return County
	case 9:
		return Town
	default:
		return Community
	}
}

// County is the 6-digit code the division lies in, as the number that keys every table.
func (c Code) County() int {
	n, _ := strconv.Atoi(string(c[:6]))
	return n
}

// CountyCode is the code of the county the division lies in.
func (c Code) CountyCode() Code { return c[:6] }

// Town is the 9-digit code of the town the division is or lies in, empty for a county.
func (c Code) Town() Code {
	if len(c) < 9 {
		return ""
	}
	return c[:9]
}

// Parent is the code one level up, empty for a county.
func (c Code) Parent() Code {
	if len(c) <= 6 {
		return ""
	}
	return c[:len(c)-3]
}

// Contains says whether d is c or lies below it.
func (c Code) Contains(d Code) bool { return strings.HasPrefix(string(d), string(c)) }

// Community is the code as a number of 12 digits: what blocks and grids carry. For a town without
// communities on record the community part is 000, for a county without towns both parts are.
func (c Code) Community() int64 {
	n, _ := strconv.ParseInt(string(c), 10, 64)
	for i := len(c); i < 12; i++ {
		n *= 10
	}
	return n
}

// CommunityRange gives the 12-digit numbers of all communities that c is or contains: low ≤ n < high.
func (c Code) CommunityRange() (low, high int64) {
	low, span := c.Community(), int64(1)
	for i := len(c); i < 12; i++ {
		span *= 10
	}
	return low, low + span
}

// FromCommunity is the inverse of Community: the shortest code with that number.
func FromCommunity(n int64) (Code, error) { return ParseCode(strconv.FormatInt(n, 10)) }

// FromCounty is the code of a county's number.
func FromCounty(n int) Code { return Code(fmt.Sprintf("%06d", n)) }
