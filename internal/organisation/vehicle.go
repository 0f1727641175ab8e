package organisation

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/register"
)

// What the fields of a vehicle are sealed for.
const (
	platePurpose = "vehicle.plate"
	ownerPurpose = "vehicle.owner"
)

// NewVehicle is a vehicle as an import brings it.
type NewVehicle struct {
	Plate  string // as ParsePlate gives it
	Kind   string // 小型汽车
	Colour string
	Owner  string // the name of a resident or an organisation of the house, or somebody's; "" for none on record
	House  register.HouseRef
}

// Vehicle is one on record.
type Vehicle struct {
	ID           register.ID
	Plate        string // masked
	Kind, Colour string
	Owner        string      // masked, "" for none on record
	Resident     register.ID // who that is; zero where it isn't known
	Organisation register.ID // likewise
	House        register.ID
	Address      string // of the house
	Grid         int64
}

var plates = regexp.MustCompile(`^\p{Han}{0,4}[0-9A-Z]{4,9}\p{Han}?$`)

// ParsePlate reads a plate as people write it, of a car or of what towns give plates to besides. Fault: Invalid; the plate isn't in it.
func ParsePlate(s string) (string, error) {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		}
		if strings.ContainsRune(" -·•.", r) {
			return -1
		}
		return r
	}, s))
	if !plates.MatchString(s) {
		return "", fault.New(fault.Invalid, "号牌号码不对：应如 鲁A12345，由汉字、字母与数字组成", "that is no plate: plates look like 鲁A12345, of characters, letters and figures").At("plate")
	}
	return s, nil
}

const (
	vehicleShown = `v.county, v.id, v.plate, v.kind, v.colour, v.owner, coalesce(v.resident, 0), coalesce(v.organisation, 0), v.house, h.address, coalesce(gb.grid, 0)`
	fromVehicle  = ` FROM vehicle v JOIN house h ON h.county = v.county AND h.id = v.house LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block `
)

// Vehicles are those kept at a house.
func (b *Book) Vehicles(ctx context.Context, tx pgx.Tx, house register.ID) ([]Vehicle, error) {
	return b.readVehicles(ctx, tx, `v.county = $1 AND v.house = $2 ORDER BY v.id`, house.County, house.Number)
}

// FindVehicle looks for a vehicle by its whole plate, and writes that into the trail, not which: tx can write. Nil for none that the actor may see. Fault:
// Invalid for what is no plate.
func (b *Book) FindVehicle(ctx context.Context, tx pgx.Tx, county int32, text string) (*Vehicle, error) {
	plate, err := ParsePlate(text)
	if err != nil {
		return nil, err
	}
	found, err := b.readVehicles(ctx, tx, `v.county = $1 AND v.plate_index = ANY ($2)`, county, b.Vault.Indexes(platePurpose, plate))
	if err != nil {
		return nil, err
	}
	err = b.Trail.Write(ctx, tx, audit.Entry{County: int(county), Place: int64(county) * 1e9, Action: audit.ResidentSought, Details: map[string]any{"by": "plate", "found": len(found)}})
	if len(found) == 0 || err != nil {
		return nil, err
	}
	return &found[0], nil
}

func (b *Book) readVehicles(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Vehicle, error) {
	rows, err := tx.Query(ctx, `SELECT `+vehicleShown+fromVehicle+`WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Vehicle, err error) {
		var plate, owner []byte
		err = row.Scan(&v.ID.County, &v.ID.Number, &plate, &v.Kind, &v.Colour, &owner, &v.Resident.Number, &v.Organisation.Number, &v.House.Number, &v.Address, &v.Grid)
		if err != nil {
			return v, err
		}
		for _, id := range []*register.ID{&v.Resident, &v.Organisation, &v.House} {
			if id.Number != 0 {
				id.County = v.ID.County
			}
		}
		if v.Plate, err = b.open(platePurpose, v.ID.County, v.ID.Number, plate); err != nil {
			return v, err
		}
		v.Owner, err = b.open(ownerPurpose, v.ID.County, v.ID.Number, owner)
		v.Plate, v.Owner = mask.Plate(v.Plate), mask.Name(v.Owner)
		return v, err
	})
}

// ClearVehicle is a vehicle's plate and its owner's name in clear.
type ClearVehicle struct{ Plate, Owner string }

// UnmaskVehicle shows a plate and whose it is, as Unmask shows whom to ask for.
func (b *Book) UnmaskVehicle(ctx context.Context, tx pgx.Tx, id register.ID, reason string) (ClearVehicle, error) {
	two, err := b.unmask(ctx, tx, id, reason, unmasking{
		read: `SELECT v.plate, v.owner, coalesce(gb.grid, 0)` + fromVehicle + `WHERE v.county = $1 AND v.id = $2`, purposes: [2]string{platePurpose, ownerPurpose},
		subject: "vehicle", action: audit.VehicleUnmasked,
		none:      fault.New(fault.NotFound, fmt.Sprintf("没有车辆 %s，或者其不在您的查看范围内", id), fmt.Sprintf("there is no vehicle %s, or none that you may see", id)),
		forbidden: fault.New(fault.Forbidden, "您可以查看该车辆，但不能查看其号牌与车主", "you may see this vehicle, but not its plate and owner"),
	})
	return ClearVehicle{two[0], two[1]}, err
}
