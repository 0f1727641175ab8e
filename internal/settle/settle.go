// Package settle puts the invented people of an invented place into the register: each into the house that the place has for them, over the ground that
// was imported and drawn from the same place.
//
// Its one idea: the place is invented, what is about a person is sealed, and both are written, side by side; whoever is in a house is there as an import
// would have brought them.
package settle

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jingwei/internal/city"
	"jingwei/internal/idcard"
	"jingwei/internal/layout"
	"jingwei/internal/locate"
	"jingwei/internal/organisation"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// batch is how many houses are written at once.
const batch = 1500

// Settled is how many there are: houses, people who live in them, organisations, vehicles.
type Settled struct{ Houses, People, Organisations, Vehicles int }

// All settles everybody of a place, in one transaction: whoever interrupts it leaves nobody behind. The context's actor keeps the register of the whole county,
// whose grids are published. progress is told the share of those who are settled.
//
// Faults: those of the database; Internal when the place isn't the one on whose ground the houses should stand.
func All(ctx context.Context, db *postgres.DB, book *register.Book, o city.Options, progress func(done float64)) (Settled, error) {
	m := moving{db: db, book: book, organisations: &organisation.Book{Vault: book.Vault, Trail: book.Trail}, progress: progress, total: o.People}
	err := db.InTx(ctx, func(tx pgx.Tx) error { return m.all(ctx, tx, o) })
	if err != nil {
		return Settled{}, err
	}
	_, err = db.Owner.Exec(ctx, `ANALYZE house, resident, residency, household, care, occupancy, organisation, vehicle, visit`)
	return m.Settled, err
}

// moving is the place on its way into the register.
type moving struct {
	db            *postgres.DB
	book          *register.Book
	organisations *organisation.Book
	progress      func(float64)
	county        int32
	ground        *locate.Live
	buildings     map[string]int64
	total         int
	Settled
}

// load is some houses with everybody who lives, or lived, in them.
type load struct {
	houses   []register.NewHouse
	codes    []string // by arrival
	arrivals []register.Arrival
	prepared *register.Prepared

	vehicles      []organisation.NewVehicle
	kept          []string // of each vehicle the code of the house where it is
	organisations []organisation.New
	inside        []string // of each organisation the code of its house, "" where it has a building
}

// all goes through the place once: it is invented, sealed and written side by side.
func (m *moving) all(ctx context.Context, tx pgx.Tx, o city.Options) error {
	if err := m.lookAround(ctx, tx); err != nil {
		return err
	}
	invented, sealed := make(chan *load, 1), make(chan *load, 1)
	g, within := errgroup.WithContext(ctx)
	g.Go(func() error { defer close(invented); return m.invent(within, o, invented) })
	g.Go(func() error {
		defer close(sealed)
		for b := range invented {
			var err error
			if b.prepared, err = m.book.Prepare(within, m.db.App, m.county, b.arrivals); err != nil {
				return err
			}
			if err := send(within, sealed, b); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		for b := range sealed {
			if err := m.write(within, tx, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return m.visits(ctx, tx)
}

func send[T any](ctx context.Context, to chan<- T, x T) error {
	select {
	case to <- x:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lookAround reads what the houses are tied to.
func (m *moving) lookAround(ctx context.Context, tx pgx.Tx) error {
	err := tx.QueryRow(ctx, `SELECT county FROM layout WHERE live`).Scan(&m.county)
	if err != nil {
		return err
	}
	if err := register.Hold(ctx, tx, m.county); err != nil {
		return err
	}
	if m.ground, err = new(layout.Locators).Fresh(ctx, tx); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT split_part(source, '/', 2), id FROM building WHERE county = $1`, m.county)
	if err != nil {
		return err
	}
	m.buildings = map[string]int64{}
	var source string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&source, &id}, func() error { m.buildings[source] = id; return nil })
	return err
}

// invent hands over the place in batches.
func (m *moving) invent(ctx context.Context, o city.Options, out chan<- *load) error {
	b := new(load)
	err := city.Register(ctx, o, city.Takers{
		House: func(h city.House, residents []city.Resident) error {
			if len(b.houses) >= batch { // what is in the last of them has come
				full := b
				b = new(load)
				if err := send(ctx, out, full); err != nil {
					return err
				}
			}
			return m.add(b, h, residents)
		},
		Organisation: func(o city.Organisation) error { return m.found(b, o) },
		Vehicle: func(v city.Vehicle) error {
			b.vehicles = append(b.vehicles, organisation.NewVehicle{Plate: v.Plate, Kind: v.Kind, Colour: v.Colour, Owner: v.Owner})
			b.kept = append(b.kept, v.House)
			return nil
		},
	})
	if err != nil || len(b.houses)+len(b.organisations) == 0 {
		return err
	}
	return send(ctx, out, b)
}

func (m *moving) add(b *load, h city.House, residents []city.Resident) error {
	kind, occupancy, known := register.ParseUse(h.Use)
	_, place, found := m.ground.At(h.At)
	if !known || !found {
		return fmt.Errorf("house %s: use %q known %t, on the ground %t", h.Number, h.Use, known, found)
	}
	b.houses = append(b.houses, register.NewHouse{Code: h.Number, Building: m.buildings[h.Source], Entrance: h.Entrance, Place: h.Place, Number: h.Building, Unit: h.Unit, Floor: h.Floor,
		Room: h.Room, Address: h.Address, Kind: kind, Occupancy: occupancy, Area: h.Area, At: h.At, Block: place.Block, Community: place.Grid / 1000})
	for i := range residents {
		a, err := arrivalOf(&residents[i])
		if err != nil {
			return err
		}
		b.arrivals, b.codes = append(b.arrivals, a), append(b.codes, h.Number)
	}
	return nil
}

// found puts an organisation into its house, or where its building stands.
func (m *moving) found(b *load, o city.Organisation) error {
	kind, known := organisation.ParseKind(o.Kind)
	n := organisation.New{Code: string(o.Code), Name: o.Name, Kind: kind, Address: o.Address, Staff: o.Employees, Contact: o.Contact, Phone: o.Phone}
	if o.House == "" {
		_, place, found := m.ground.At(o.At)
		known = known && found
		n.Building, n.At, n.Block, n.Community = m.buildings[o.Source], o.At, place.Block, place.Grid/1000
	}
	if !known {
		return fmt.Errorf("organisation %s of kind %q has no place", o.Name, o.Kind)
	}
	b.organisations, b.inside = append(b.organisations, n), append(b.inside, o.House)
	return nil
}

// arrivalOf is an invented resident as an import would bring them.
func arrivalOf(r *city.Resident) (register.Arrival, error) {
	stay, known := register.ParseStay(r.Stay)
	if !known {
		return register.Arrival{}, fmt.Errorf("stay %q of somebody invented", r.Stay)
	}
	a := register.Arrival{Person: register.Person{Name: r.Name, Card: string(r.ID), Phone: r.Phone, Sex: register.Male, Born: r.Born, Nation: r.Nation, Education: r.Education},
		Household: r.Household, Relation: r.Relation, Stay: stay, Since: r.Since, Until: r.Until}
	if r.Sex == idcard.Female {
		a.Sex = register.Female
	}
	if stay != register.Registered {
		a.Registered = r.Registered
	}
	for _, label := range r.Labels {
		if kind, known := register.ParseCare(label); known {
			a.Care = append(a.Care, kind)
		}
	}
	return a, nil
}

func (m *moving) write(ctx context.Context, tx pgx.Tx, b *load) error {
	if _, err := m.book.TakeHouses(ctx, tx, m.county, b.houses); err != nil {
		return err
	}
	codes := make([]string, len(b.houses), len(b.houses)+len(b.inside))
	for i, h := range b.houses {
		codes[i] = h.Code
	}
	codes = append(append(codes, b.inside...), b.kept...)
	refs, err := m.book.Refs(ctx, tx, m.county, codes)
	if err != nil {
		return err
	}
	into := make([]register.HouseRef, len(b.codes))
	for i, code := range b.codes {
		into[i] = refs[code]
	}
	b.prepared.Into(into)
	outcomes, err := m.book.TakeResidents(ctx, tx, b.prepared)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o != register.Added {
			return fmt.Errorf("somebody invented in house %s: %s", b.codes[i], o)
		}
		if b.arrivals[i].Until.IsZero() {
			m.People++
		}
	}
	for i, code := range b.inside {
		b.organisations[i].House = refs[code]
	}
	if _, err := m.organisations.Take(ctx, tx, m.county, b.organisations); err != nil {
		return err
	}
	for i, code := range b.kept {
		b.vehicles[i].House = refs[code]
	}
	if _, err := m.organisations.TakeVehicles(ctx, tx, m.county, b.vehicles); err != nil {
		return err
	}
	m.Houses, m.Organisations, m.Vehicles = m.Houses+len(b.houses), m.Organisations+len(b.organisations), m.Vehicles+len(b.vehicles)
	m.progress(float64(m.People) / float64(max(m.total, 1)))
	return nil
}
