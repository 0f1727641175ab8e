package responder

import (
	"fmt"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// ID names a responder: "110108-12" is number 12 of county 110108. Its zero value is nobody.
type ID struct {
	County int32
	Number int64
}

func (id ID) String() string {
	if id == (ID{}) {
		return ""
	}
	return fmt.Sprintf("%06d-%d", id.County, id.Number)
}

// MarshalText makes it a string in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// subject names it in the trail.
func (id ID) subject() string { return "responder:" + id.String() }

// ParseID reads an id as String writes it, nobody from nothing. Fault: NotFound, as there is no such responder.
func ParseID(s string) (ID, error) {
	if s == "" {
		return ID{}, nil
	}
	county, number, found := strings.Cut(s, "-")
	c, err1 := strconv.ParseInt(county, 10, 32)
	n, err2 := strconv.ParseInt(number, 10, 64)
	id := ID{int32(c), n}
	if !found || err1 != nil || err2 != nil || c <= 0 || n <= 0 || id.String() != s {
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("没有处置人员 %.40q；编号形如 110108-12", s),
			fmt.Sprintf("there is no responder %.40q; a responder's number looks like 110108-12", s))
	}
	return id, nil
}
