package intake

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jingwei/internal/fault"
	"jingwei/internal/register"
	"jingwei/internal/typed"
)

// Problem is something wrong with a row: in which column, of which kind, in words. What is in the cell isn't in them.
type Problem struct {
	Column string `json:"column"` // as the file calls it; "" for the whole row
	Code   string `json:"code"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// The kinds of problems.
const (
	BadQuotes   = "quotes"     // a line whose quotes don't match
	BadWidth    = "width"      // more cells than columns
	BadEncoding = "encoding"   // characters that aren't any
	BadControl  = "control"    // line breaks, what isn't seen
	BadFormula  = "formula"    // a formula instead of a value
	Missing     = "missing"    // empty, and needed
	TooLong     = "too-long"   // more characters than the field takes
	BadNumber   = "number"     // no number, or out of bounds
	BadDate     = "date"       // no date
	FutureDate  = "future"     // a day that hasn't come
	BadOrder    = "order"      // moved out before moved in, moved in before birth
	BadCard     = "card"       // an ID number that can't be one
	Mangled     = "mangled"    // a number of which a spreadsheet lost the last digits
	BadPhone    = "phone"      // nothing that can be dialled
	BadSex      = "sex"        // neither sex
	SexDiffers  = "sex-card"   // another one than the ID number says
	BornDiffers = "born-card"  // another day than the ID number says
	UnknownStay = "stay"       // a kind of residence that isn't known
	UnknownUse  = "use"        // a use of a house that isn't known
	UnknownKind = "kind"       // a kind of organisation or facility that isn't known
	BadCredit   = "credit"     // no unified social credit code
	BadPlate    = "plate"      // no plate
	UnknownCare = "care"       // a label that isn't known
	SpecialCare = "special"    // a label of a special group
	BadCode     = "code"       // a division's code that isn't one
	BadPosition = "position"   // no position, or none in China
	NoGround    = "no-ground"  // a position on no grid
	OtherGround = "community"  // a position in another community than the one given
	Foreign     = "foreign"    // outside of what the import is for, or of who brought it
	NoBuilding  = "building"   // a building that isn't there
	NoPlace     = "no-place"   // neither a position nor a building nor an address that says where
	NoHouse     = "no-house"   // a house that isn't there
	NoAddress   = "no-address" // an address that leads to no house for sure
	Twice       = "twice"      // the same house or person on another line
	Refused     = "refused"    // by the database
)

// reading is a row on its way in: its cells by fields, and what is wrong with them.
type reading struct {
	row      Row
	layout   *columnLayout
	problems []Problem
	unplaced string // an address that leads to no house for sure
}

// columnLayout is which column is what.
type columnLayout struct {
	columns []string
	fields  []Field
	at      map[string]int
	today   time.Time
	care    []register.CareKind // of the county; nil: those that every county has
}

func newLayout(k Kind, columns []string, mapping map[string]int, care []register.CareKind) *columnLayout {
	return &columnLayout{columns: columns, fields: FieldsOf(k), at: mapping, today: today(), care: care}
}

// today is the day in China, at midnight UTC, as days are kept.
func today() time.Time {
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// column is what the file calls a field's column.
func (l *columnLayout) column(field string) string {
	if i, there := l.at[field]; there {
		return l.columns[i]
	}
	for _, f := range l.fields {
		if f.Name == field {
			return f.ZH
		}
	}
	return field
}

func (r *reading) wrong(field, code, zh, en string) {
	column := ""
	if field != "" {
		column = r.layout.column(field)
	}
	r.problems = append(r.problems, Problem{column, code, zh, en})
}

// sound looks at the row as a whole; false for one that can't be read further.
func (r *reading) sound() bool {
	if r.row.Broken {
		r.wrong("", BadQuotes, "引号不配对，这一行分不清各列", "its quotes don't match, so its cells can't be told apart")
		return false
	}
	cells := r.row.Cells
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if n := len(r.layout.columns); len(cells) > n {
		r.wrong("", BadWidth, fmt.Sprintf("有 %d 列，表头只有 %d 列：内容中是否有未加引号的分隔符？", len(cells), n),
			fmt.Sprintf("it has %d cells, the header %d columns: is there a separator without quotes in one?", len(cells), n))
		return false
	}
	return true
}

// text reads a cell: tidied, without anything that could do harm; "" when it is empty or wrong. most is in characters.
func (r *reading) text(field string, most int) string {
	i, there := r.layout.at[field]
	if !there || i >= len(r.row.Cells) {
		return ""
	}
	s := r.row.Cells[i]
	if plain(s) {
		if len(s) > most {
			r.tooLong(field, s, most)
			return ""
		}
		return s
	}
	s = dropped(tidy(s))
	switch {
	case s == "":
	case !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError):
		r.wrong(field, BadEncoding, "有无法识别的字符（乱码）", "it has characters that can't be read")
		return ""
	case strings.ContainsFunc(s, unseen):
		r.wrong(field, BadControl, "有换行或不可见的控制字符", "it has line breaks or characters that can't be seen")
		return ""
	case formula(s):
		r.wrong(field, BadFormula, "是公式，不是内容；请粘贴为值", "it is a formula and no value: paste it as a value")
		return ""
	case utf8.RuneCountInString(s) > most:
		r.tooLong(field, s, most)
		return ""
	}
	return s
}

func (r *reading) tooLong(field, s string, most int) {
	n := utf8.RuneCountInString(s)
	r.wrong(field, TooLong, fmt.Sprintf("有 %d 个字，最多 %d 个", n, most), fmt.Sprintf("it has %d characters; there may be %d", n, most))
}

// needed is text that has to be there.
func (r *reading) needed(field string, most int) string {
	before := len(r.problems)
	s := r.text(field, most)
	if s == "" && len(r.problems) == before {
		r.wrong(field, Missing, "没有填写", "it is empty")
	}
	return s
}

// plain is a text of letters, digits and hyphens alone, of which nothing needs to be looked at closer.
func plain(s string) bool {
	if s == "" || s[0] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// tidy takes away blanks around a text, and the signs that sheets put before a number to keep it text: '370883 and ="370883".
func tidy(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
	if rest, found := strings.CutPrefix(s, `="`); found && strings.HasSuffix(rest, `"`) && !strings.Contains(rest[:len(rest)-1], `"`) {
		s = rest[:len(rest)-1]
	}
	if rest, found := strings.CutPrefix(s, "'"); found {
		s = rest
	}
	return strings.TrimSpace(s)
}

func unseen(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029'
}

// dropped takes away what nobody sees in a cell and texts from web pages are full of. What turns the direction of writing round was put there by somebody:
// that is said (BadControl).
func dropped(s string) string {
	hidden := func(r rune) bool { return typed.Hidden(r) && !unseen(r) }
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s))
}

// formula tells what a spreadsheet would compute: what begins with = or @, or with + or - and isn't a number.
func formula(s string) bool {
	switch s[0] {
	case '=', '@':
		return true
	case '+', '-':
		return strings.Trim(s[1:], "0123456789.- ()") != ""
	}
	return false
}

// number reads a number within bounds, 0 for an empty cell.
func (r *reading) number(field, zh, en string, low, high float64, units ...string) (v float64, given bool) {
	s := r.text(field, 30)
	if s == "" {
		return 0, false
	}
	s = halfWidth(s)
	for _, u := range units {
		s = strings.TrimSpace(strings.TrimSuffix(s, u))
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= low && v <= high) {
		r.wrong(field, BadNumber, zh, en)
		return 0, false
	}
	return v, true
}

func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// date reads a day that has come, zero for an empty cell.
func (r *reading) date(field string) time.Time {
	s := r.text(field, 40)
	if s == "" {
		return time.Time{}
	}
	d, ok := parseDate(s)
	switch {
	case !ok:
		r.wrong(field, BadDate, "不是日期；可写作 2026-07-01、2026/7/1、20260701、2026年7月1日", "it is no date: write 2026-07-01, 2026/7/1, 20260701 or 2026年7月1日")
	case d.After(r.layout.today):
		r.wrong(field, FutureDate, "日期还没有到", "that day hasn't come yet")
	default:
		return d
	}
	return time.Time{}
}

// The first day of sheets, and the days that they can mean here.
var (
	sheetEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	firstDay   = time.Date(1880, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay    = time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)
)

// parseDate reads a day as people and sheets write it.
func parseDate(s string) (time.Time, bool) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		if d, err := time.Parse(time.DateOnly, s); err == nil {
			return within(d)
		}
	}
	s = halfWidth(s)
	if i := strings.IndexAny(s, " T"); i >= 8 { // 2026-07-01 00:00:00
		s = s[:i]
	}
	if strings.Trim(s, "0123456789.") == "" && strings.Count(s, ".") <= 1 && (len(s) == 5 || len(s) > 5 && s[5] == '.') {
		days, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return time.Time{}, false
		}
		return within(sheetEpoch.AddDate(0, 0, int(days)))
	}
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		d, err := time.Parse("20060102", s)
		if err != nil {
			return time.Time{}, false
		}
		return within(d)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "日"), "号")
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/.年月", r) })
	if len(parts) != 3 || len(parts[0]) != 4 {
		return time.Time{}, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil {
			return time.Time{}, false
		}
		n[i] = v
	}
	d := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if d.Day() != n[2] || int(d.Month()) != n[1] { // 30 February
		return time.Time{}, false
	}
	return within(d)
}

func within(d time.Time) (time.Time, bool) {
	return d, !d.Before(firstDay) && !d.After(lastDay)
}

// said notes what a fault says about a field.
func (r *reading) said(field, code string, err error) {
	var f *fault.Error
	if errors.As(err, &f) {
		r.wrong(field, code, f.ZH, f.EN)
	}
}
