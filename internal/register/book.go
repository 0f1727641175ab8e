package register

import (
	"fmt"
	"strconv"
	"strings"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/vault"
)

// Book is the register, with what it needs to open and to note things.
type Book struct {
	Vault     *vault.Vault
	Trail     *audit.Trail
	Addresses *Gazetteers // for Fragment and Buildings; nil: nothing is found by a piece of its address
}

// ID names a house or a resident: "370883-12" is number 12 of county 370883. Its zero value is none.
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

// ParseID reads what String wrote. Fault: NotFound, as there is nothing of that name.
func ParseID(s string) (ID, error) {
	county, number, found := strings.Cut(s, "-")
	c, err1 := strconv.ParseInt(county, 10, 32)
	n, err2 := strconv.ParseInt(number, 10, 64)
	id := ID{int32(c), n}
	if !found || err1 != nil || err2 != nil || c <= 0 || n <= 0 || id.String() != s {
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("没有编号 %.40q；编号形如 370883-12", s), fmt.Sprintf("nothing has the number %.40q; numbers look like 370883-12", s))
	}
	return id, nil
}
