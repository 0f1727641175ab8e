package incident

import (
	"fmt"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// ID names an incident: "110108-123" is number 123 of county 110108.
type ID struct {
	County int32
	Number int64
}

func (id ID) String() string { return fmt.Sprintf("%06d-%d", id.County, id.Number) }

// MarshalText makes it a string in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseID(string(text))
	return err
}

// subject names it in the trail.
func (id ID) subject() string { return "incident:" + id.String() }

// ParseID reads an id as String writes it. Fault: NotFound, as there is no such incident.
func ParseID(s string) (ID, error) {
	county, number, found := strings.Cut(s, "-")
	c, err1 := strconv.ParseInt(county, 10, 32)
	n, err2 := strconv.ParseInt(number, 10, 64)
	id := ID{int32(c), n}
	if !found || err1 != nil || err2 != nil || c <= 0 || n <= 0 || id.String() != s {
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("没有事件 %.40q；事件编号形如 110108-123", s),
			fmt.Sprintf("there is no incident %.40q; an incident's number looks like 110108-123", s))
	}
	return id, nil
}
