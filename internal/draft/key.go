package draft

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// Key names a grid in a draft: over 0 the code of a grid that is live or was, under 0 one that the draft made, which gets its code at publication.
type Key int64

const (
	// Nowhere is no grid: a block that is in none.
	Nowhere Key = 0
	// Gone says that there is no such block: it was cut, or its cut was undone.
	Gone Key = math.MinInt64
)

// Code is the live grid's code; false for one that the draft made.
func (k Key) Code() (layout.Code, bool) { return layout.Code(k), k > 0 }

func (k Key) String() string {
	switch {
	case k > 0:
		return fmt.Sprintf("%015d", int64(k))
	case k == Nowhere || k == Gone:
		return ""
	}
	return "new-" + strconv.FormatInt(-int64(k), 10)
}

// Short is what a grid is called within its community, as the page calls it: its number in the community, or which of the new ones it is.
func (k Key) Short() Text {
	if k > 0 {
		number := fmt.Sprintf("%03d", int64(k)%1000)
		return Text{number, number}
	}
	n := strconv.FormatInt(-int64(k), 10)
	return Text{"新" + n, "new " + n}
}

// ParseKey reads a key as String writes it, "" being Nowhere. Fault: Invalid.
func ParseKey(s string) (Key, error) {
	if s == "" {
		return Nowhere, nil
	}
	digits, fresh := strings.CutPrefix(s, "new-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 || strings.HasPrefix(digits, "+") || !fresh && len(s) != 15 || fresh && n > 1<<40 {
		return 0, fault.New(fault.Invalid, fmt.Sprintf("%.40q 不是网格：应为 15 位编码，或草案新建网格的 new-序号", s),
			fmt.Sprintf("%.40q is no grid: it is a code of 15 digits, or new- and a number for one that the draft made", s))
	}
	if fresh {
		return Key(-n), nil
	}
	return Key(n), nil
}

// MarshalText and UnmarshalText make it a string wherever it is written.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Key) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKey(string(text))
	return err
}

// ID names a draft: "370883-17".
type ID struct {
	County int32
	Number int64
}

func (i ID) String() string { return fmt.Sprintf("%06d-%d", i.County, i.Number) }

// ParseID reads an ID. Fault: NotFound for anything that can't be one.
func ParseID(s string) (ID, error) {
	county, number, ok := strings.Cut(s, "-")
	c, err1 := strconv.ParseInt(county, 10, 32)
	n, err2 := strconv.ParseInt(number, 10, 64)
	if !ok || err1 != nil || err2 != nil || len(county) != 6 || c <= 0 || n <= 0 || (ID{int32(c), n}).String() != s {
		return ID{}, noDraft(s)
	}
	return ID{int32(c), n}, nil
}

func noDraft(s string) error {
	return fault.New(fault.NotFound, fmt.Sprintf("没有编号为 %.40q 的草案，或不在您的范围内", s),
		fmt.Sprintf("there is no draft %.40q, or it isn't on your ground", s))
}

// Text is a sentence in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// say fills in a sentence in both languages. A Text among the args stands for its words in each.
func say(zh, en string, args ...any) Text {
	inZH, inEN := slices.Clone(args), slices.Clone(args)
	for i, a := range args {
		if t, both := a.(Text); both {
			inZH[i], inEN[i] = t.ZH, t.EN
		}
	}
	return Text{fmt.Sprintf(zh, inZH...), oneIsOne(fmt.Sprintf(en, inEN...))}
}

var ones = regexp.MustCompile(`(^|[^\d.,–-])1 (block|grid|problem|household|home|part|building|resident)s\b`)
var oneOfPeople = regexp.MustCompile(`(^|[^\d.,–-])1 people\b( get\b)?`)

// oneIsOne puts what a sentence counts into the singular where there is one of it.
func oneIsOne(en string) string {
	en = ones.ReplaceAllString(en, "${1}1 $2")
	return oneOfPeople.ReplaceAllStringFunc(en, func(s string) string {
		return strings.NewReplacer("people", "person", " get", " gets").Replace(s)
	})
}

func faulty(code fault.Code, zh, en string, args ...any) *fault.Error {
	t := say(zh, en, args...)
	return fault.New(code, t.ZH, t.EN)
}

func invalid(zh, en string, args ...any) error { return faulty(fault.Invalid, zh, en, args...) }

func conflict(zh, en string, args ...any) error { return faulty(fault.Conflict, zh, en, args...) }
