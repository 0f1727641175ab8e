package register

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/idcard"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Sought is whom somebody looks for: by an ID number, by a telephone number, or by a name with a house, a community or a date of birth beside it.
type Sought struct {
	County    int32
	Card      string
	Phone     string
	Name      string
	House     ID
	Community string // code of a town, a community or a grid
	Born      time.Time
}

// mostFound is how many people a search gives: whoever gets more than a few has to say more.
const mostFound = 50

// Found is somebody who was looked for: who they are, and the house they live in, or lived in last.
type Found struct {
	Occupant
	Home House
}

// Find looks for people, and writes that into the trail: tx can write. What was looked for isn't written, only how, and how many were found.
//
// Faults: Invalid when too little is given, or an ID number or telephone number that can't be one; Unavailable when a field can't be opened.
func (b *Book) Find(ctx context.Context, tx pgx.Tx, s Sought) ([]Found, error) {
	where, args, how, err := b.conditions(ctx, s)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT r.id, r.house FROM resident r WHERE `+where+` ORDER BY r.id LIMIT `+strconv.Itoa(mostFound+1), args...)
	if err != nil {
		return nil, err
	}
	type home struct{ Resident, House int64 }
	homes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[home])
	if err != nil {
		return nil, err
	}
	if len(homes) > mostFound {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("符合条件的人超过 %d 位，请再给出社区、房屋或出生日期", mostFound),
			fmt.Sprintf("more than %d people fit; name a community, a house or a date of birth as well", mostFound)).At("name")
	}
	residents, houses := make([]int64, len(homes)), make([]int64, len(homes))
	for i, h := range homes {
		residents[i], houses[i] = h.Resident, h.House
	}
	found, err := b.atHome(ctx, tx, s.County, residents, houses)
	if err != nil {
		return nil, err
	}
	return found, b.Trail.Write(ctx, tx, audit.Entry{County: int(s.County), Place: int64(s.County) * 1e9, Action: audit.ResidentSought,
		Details: map[string]any{"by": how, "found": len(found)}})
}

// atHome are people with the house that they live in, or lived in last.
func (b *Book) atHome(ctx context.Context, tx pgx.Tx, county int32, residents, houses []int64) ([]Found, error) {
	if len(residents) == 0 {
		return []Found{}, nil
	}
	byID, err := b.housesByID(ctx, tx, county, houses)
	if err != nil {
		return nil, err
	}
	// Of each the residency that goes on, else the last.
	stays, err := b.occupants(ctx, tx, `x.county = $1 AND x.resident = ANY ($2) AND x.house = r.house`, county, residents)
	if err != nil {
		return nil, err
	}
	out := []Found{}
	seen := make(map[int64]bool, len(residents))
	for _, o := range stays {
		if !seen[o.Resident.Number] {
			seen[o.Resident.Number] = true
			out = append(out, Found{o, *byID[o.House.Number]})
		}
	}
	return out, nil
}

// conditions are what a search asks of a resident.
func (b *Book) conditions(ctx context.Context, s Sought) (where string, args []any, how string, err error) {
	ask := func(condition string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args)))
	}
	if s.Name, err = typed.Text("name", "姓名", s.Name, 0, 60); err != nil { // as it was entered
		return "", nil, "", err
	}
	args, where = []any{s.County}, "r.county = $1"
	switch {
	case s.Card != "":
		card, err := idcard.Parse(s.Card)
		if err != nil {
			return "", nil, "", err
		}
		ask("r.card_index = ANY (?)", b.Vault.Indexes(cardPurpose, string(card)))
		return where, args, "card", nil
	case s.Phone != "":
		phone, err := typed.Phone("phone", "手机号", s.Phone)
		if err != nil {
			return "", nil, "", err
		}
		ask("r.phone_index = ANY (?)", b.Vault.Indexes(phonePurpose, typed.Digits(phone)))
		return where, args, "phone", nil
	case nameForm(s.Name) == "":
		return "", nil, "", fault.New(fault.Invalid, "请给出身份证号、手机号，或姓名", "give an ID number, a telephone number, or a name").At("name")
	case s.House == ID{} && s.Community == "" && s.Born.IsZero():
		return "", nil, "", fault.New(fault.Invalid, "按姓名查找时，请再给出房屋、社区或出生日期之一", "to look for a name, give a house, a community or a date of birth as well").At("name")
	}
	ask("r.name_index = ANY (?)", b.Vault.Indexes(namePurpose, nameForm(s.Name)))
	how = "name"
	if s.House != (ID{}) {
		ask("r.house = ?", s.House.Number)
		how += "+house"
	}
	if !s.Born.IsZero() {
		ask("r.born = ?", s.Born)
		how += "+born"
	}
	if s.Community != "" {
		g := postgres.GroundOf(s.Community)
		if len(g) == 0 || len(s.Community) > 12 {
			return "", nil, "", fault.New(fault.Invalid, "社区编码应为 6、9 或 12 位数字", "a division's code has 6, 9 or 12 digits").At("community")
		}
		ask("r.ground >= ?", g[0].Low)
		ask("r.ground <= ?", g[0].High)
		how += "+community"
	}
	// A name is sought where the actor may see people at all: the policy would look at every bearer of it in the county.
	if low, high, some := reach(ctx, s.County); some {
		ask("r.ground >= ?", low)
		ask("r.ground <= ?", high)
	}
	return where, args, how, nil
}

// reach is the narrowest range of communities in which the actor may see people.
func reach(ctx context.Context, county int32) (low, high int64, some bool) {
	first := int64(county) * 1e9
	low, high = first+1e9, first-1
	for _, r := range postgres.ActorOf(ctx).Scope[access.ReadRegister] {
		l, h := max(r.Low, first), min(r.High, first+1e9-1)
		if l <= h {
			low, high, some = min(low, l/1000*1000), max(high, h), true
		}
	}
	return low, high, some
}
