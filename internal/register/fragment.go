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

// Fragment finds houses of a county by a piece of their address, of two characters at least: "号楼2单元", "文苑". It gives fifty at most, and says whether
// there are more. Whoever may see the map may ask: a house says nothing about who lives there.
//
// Faults: Invalid for less than two characters; Unavailable while the addresses aren't in memory. A house that was entered some seconds ago may be missing.
func (b *Book) Fragment(ctx context.Context, tx pgx.Tx, county int32, fragment string) (houses []*House, more bool, err error) {
	if len(pairsOf(fragment)) == 0 {
		return nil, false, fault.New(fault.Invalid, "请至少输入两个字", "type two characters at least").At("fragment")
	}
	m, err := b.Addresses.of(county)
	if err != nil {
		return nil, false, err
	}
	found := m.pieces.find(fragment, mostHouses+1)
	if more = len(found) > mostHouses; more {
		found = found[:mostHouses]
	}
	rows, err := tx.Query(ctx, `SELECT `+houseColumns+fromHouse+`WHERE h.county = $1 AND h.id = ANY ($2) ORDER BY h.place, h.number, h.unit, h.floor, h.room, h.address`, county, found)
	if err != nil {
		return nil, false, err
	}
	houses, err = pgx.CollectRows(rows, scanHouse(ctx))
	return houses, more, err
}
