package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
)

// Stack is a building as storeys and entrances (楼盘表): every house of it in its place, with who lives there in brief.
type Stack struct {
	Building int64
	Name     string   // 文苑悦府6号楼, 解放路82号
	Units    []string // entrances from left to right, "" for houses without one
	Floors   []int    // from the top down, 0 for houses whose storey isn't known
	Rooms    []Room   // in the order of floors, units and numbers
	Seen     bool     // the actor sees the register of all of it
}

// Room is a house of a building, and who lives there in brief.
type Room struct {
	House     House
	Names     []string // masked
	Residents int
	Floating  int // of them registered outside of the county
	Care      []string
}

// Stack reads a building, and writes that into the trail: tx can write.
//
// Faults: NotFound when no house is on record in the building; Unavailable when a field can't be opened.
func (b *Book) Stack(ctx context.Context, tx pgx.Tx, county int32, building int64) (*Stack, error) {
	rows, err := tx.Query(ctx, `SELECT `+houseColumns+fromHouse+`WHERE h.county = $1 AND h.building = $2 ORDER BY h.floor DESC NULLS LAST, h.unit, h.room, h.id`, county, building)
	if err != nil {
		return nil, err
	}
	houses, err := pgx.CollectRows(rows, scanHouse(ctx))
	if err != nil {
		return nil, err
	}
	if len(houses) == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("楼栋 %d 没有登记房屋", building), fmt.Sprintf("no house is on record in building %d", building))
	}
	s := &Stack{Building: building, Seen: true}
	at := make(map[int64]int, len(houses))
	for i, h := range houses {
		at[h.ID.Number] = i
		s.Rooms = append(s.Rooms, Room{House: *h})
		s.Seen = s.Seen && h.Seen
		s.Units, s.Floors = append(s.Units, h.Unit), append(s.Floors, h.Floor)
	}
	slices.SortFunc(s.Units, byNumber)
	slices.Sort(s.Floors)
	slices.Reverse(s.Floors)
	s.Units, s.Floors = slices.Compact(s.Units), slices.Compact(s.Floors)
	s.Name = buildingName(houses[0].Place, houses[0].Number, houses[0].Address, houses[0].Community)
	if err := b.fill(ctx, tx, s, county, building, at); err != nil {
		return nil, err
	}
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	for _, h := range houses {
		if mine.Covers(h.Grid) {
			return s, b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: h.Grid, Action: audit.HouseLooked, Subject: fmt.Sprintf("building:%06d-%d", county, building)})
		}
	}
	return s, nil
}

// byNumber compares names as people do: 2单元 before 10单元.
func byNumber(a, b string) int {
	return cmp.Or(cmp.Compare(leading(a), leading(b)), strings.Compare(a, b))
}

// leading is the number that a name begins with, 0 for none.
func leading(name string) int {
	digits := name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]
	n, _ := strconv.Atoi(digits)
	return n
}

// fill puts who lives in the building into its rooms.
func (b *Book) fill(ctx context.Context, tx pgx.Tx, s *Stack, county int32, building int64, at map[int64]int) error {
	rows, err := tx.Query(ctx, `
		SELECT x.house, r.id, r.name, x.stay = 'floating', (SELECT array_agg(c.kind ORDER BY c.kind) FROM care c WHERE c.county = x.county AND c.resident = x.resident)
		FROM house h JOIN residency x ON x.county = h.county AND x.house = h.id AND x.until IS NULL JOIN resident r ON r.county = x.county AND r.id = x.resident
		WHERE h.county = $1 AND h.building = $2 ORDER BY x.household, x.relation <> '户主', r.born, x.id`, county, building)
	if err != nil {
		return err
	}
	var house, resident int64
	var name []byte
	var floating bool
	var care []string
	_, err = pgx.ForEachRow(rows, []any{&house, &resident, &name, &floating, &care}, func() error {
		plain, err := b.open(county, resident, namePurpose, name)
		if err != nil {
			return err
		}
		room := &s.Rooms[at[house]]
		room.Names, room.Residents = append(room.Names, mask.Name(plain)), room.Residents+1
		if floating {
			room.Floating++
		}
		for _, kind := range care {
			if !slices.Contains(room.Care, kind) {
				room.Care = append(room.Care, kind)
			}
		}
		care = nil
		return nil
	})
	return err
}
