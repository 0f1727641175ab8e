package register

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

// pairsOf are each two characters that stand side by side in a text, each once, sorted: what a fragment is looked for by. Blanks count as nothing, and
// letters as small ones, full width as half.
func pairsOf(text string) []string {
	runes := []rune(folded(text))
	var out []string
	for i := 0; i+1 < len(runes); i++ {
		out = append(out, string(runes[i:i+2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// folded is a text as fragments are compared: without blanks, small letters, half width.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		return unicode.ToLower(r)
	}, text)
}

// mostHouses is how many houses a fragment gives.
const mostHouses = 50

// bearing is the condition of houses whose address has a piece in it: $1 the county, $2 its pairs, $3 the piece. mostBearers is among how many of them the
// first ones are looked for.
const (
	bearing     = `county = $1 AND pairs @> $2 AND (cardinality($2::text[]) = 1 OR position($3 IN lower(address)) > 0)`
	mostBearers = 3000
)

// Fragment finds houses of a county by a piece of their address, of two characters at least: "号楼2单元", "文苑". It gives fifty at most, and says whether
// there are more. Whoever may see the map may ask: a house says nothing about who lives there.
//
// Faults: Invalid for less than two characters.
func (b *Book) Fragment(ctx context.Context, tx pgx.Tx, county int32, fragment string) (houses []*House, more bool, err error) {
	sought := folded(fragment)
	pairs := pairsOf(fragment)
	if len(pairs) == 0 {
		return nil, false, fault.New(fault.Invalid, "请至少输入两个字", "type two characters at least").At("fragment")
	}
	rows, err := tx.Query(ctx, `SELECT `+houseColumns+fromHouse+`JOIN (
		SELECT county, id FROM house WHERE `+bearing+` LIMIT $4) f
		ON f.county = h.county AND f.id = h.id ORDER BY h.place, h.number, h.unit, h.floor, h.room, h.address LIMIT $5`, county, pairs, sought, mostBearers, mostHouses+1)
	if err != nil {
		return nil, false, err
	}
	if houses, err = pgx.CollectRows(rows, scanHouse(ctx)); err != nil {
		return nil, false, err
	}
	if more = len(houses) > mostHouses; more {
		houses = houses[:mostHouses]
	}
	return houses, more, nil
}
