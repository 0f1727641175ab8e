package city

import (
	"fmt"
	"time"

	"jingwei/internal/creditcode"
	"jingwei/internal/idcard"
)

// PhoneSeries begins the telephone numbers of invented people. 154 is no network's: the numbering plan (电信网编号计划) keeps 13 to 19 for mobiles
// and gives the third digit out series by series; 154 hasn't been. libphonenumber's pattern for China, which follows what is given out, leaves it out
// in its older editions ("5[0-35-9]") and in the newest seen ("[59][0-35-9]").
const PhoneSeries = "154"

// PlateSeries begins their plates. The letter after the province names the authority that gives a plate out, and I is none's: plates have no I, which
// is taken for a 1 (GA 36).
const PlateSeries = "鲁I"

// InventedName ends the names of invented organisations: theirs may otherwise be somebody's.
const InventedName = "（示例）"

// firstDay is before anybody of the register was born.
var firstDay = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// day counts from firstDay.
type day int32

var today = day(AsOf.Sub(firstDay) / (24 * time.Hour))

func (d day) date() time.Time { return firstDay.AddDate(0, 0, int(d)) }

// at is the day so many years ago.
func yearsAgo(years float64) day { return today - day(years*365.2425) }

// age in years.
func (d day) age() float64 { return float64(today-d) / 365.2425 }

// issuer gives out numbers that nobody else of the place has. They follow from how many were given out before, so the order of the buildings is what
// keeps a place the same.
type issuer struct {
	born   [][2]uint16 // of each day, how many women and men have a number
	phones uint64
	plates uint64
	codes  uint64
}

func newIssuer() *issuer { return &issuer{born: make([][2]uint16, today+1)} }

// aDay is how many sequences one sex has a day: 2 … 998 and 1 … 997.
const aDay = 499

// id is the number of somebody born on a day, under the division, or when a day's are used up under one that stands in for it.
func (s *issuer) id(division string, born day, man bool) idcard.Number {
	sex := 0
	if man {
		sex = 1
	}
	k := int(s.born[born][sex])
	s.born[born][sex]++
	if k >= aDay {
		division = fmt.Sprintf("%s9%03d", idcard.Invented, k/aDay)
	}
	sequence := 2 * ((k*137+int(born)*31)%aDay + 1)
	if man {
		sequence--
	}
	n, err := idcard.Make(division, born.date(), sequence)
	if err != nil {
		panic(err) // none of it comes from outside
	}
	return n
}

// credit is the next credit code of a department and class, under the division that nobody has.
func (s *issuer) credit(kind string) creditcode.Code {
	s.codes++
	c, err := creditcode.Make(kind, home, int(s.codes*61_803_399%100_000_000))
	if err != nil {
		panic(err) // none of it comes from outside
	}
	return c
}

// phone scatters the numbers of the series: the factor shares no divisor with their count.
func (s *issuer) phone() string {
	const count = 100_000_000
	s.phones++
	b := append(make([]byte, 0, 11), PhoneSeries...)
	return string(digits(b, (s.phones*61_803_399+27_182_818)%count, 8))
}

// digits writes n with leading zeros.
func digits(b []byte, n uint64, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// plateSigns are those of a plate's serial number: no I and no O.
const plateSigns = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// plate is the next of the series; those of electric cars have a D more.
func (s *issuer) plate(electric bool) string {
	const count = 34 * 34 * 34 * 34 * 34
	n := s.plates * 16_180_339 % count
	s.plates++
	b := append(make([]byte, 0, 12), PlateSeries...)
	if electric {
		b = append(b, 'D')
	}
	for range 5 {
		b = append(b, plateSigns[n%34])
		n /= 34
	}
	return string(b)
}
