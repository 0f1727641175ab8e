package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Arrival is a row of people as an import brings it: that somebody lives, or lived, in a house.
type Arrival struct {
	Person
	House      HouseRef
	Household  string // 户号, "" where none is on record
	Relation   string // 与户主关系
	Stay       Stay
	Registered string // 户籍地址, "" for this house
	Since      time.Time
	Until      time.Time // zero: lives there
	Care       []string  // why they are looked after
}

// Person is what is on record of somebody. Born is a day, zero where it isn't known.
type Person struct {
	Name, Card, Phone string
	Sex               Sex
	Born              time.Time
	Nation, Education string
}

// Sex as the register knows it.
type Sex string

// The sexes.
const (
	Male    Sex = "male"
	Female  Sex = "female"
	Unknown Sex = "unknown"
)

// HouseRef is a house by its number, with the ground it is on.
type HouseRef struct{ Number, Ground int64 }

// Outcome is what became of an arrival.
type Outcome string

// The outcomes. What isn't Added or Same is a proposal: an import changes nothing of somebody who is on record.
const (
	Added     Outcome = "added"
	Same      Outcome = "same"
	Moves     Outcome = "moves"     // lives in another house by the register
	Differs   Outcome = "differs"   // something of the person is on record otherwise
	Elsewhere Outcome = "elsewhere" // is on record where the actor doesn't keep the register
	Overlaps  Outcome = "overlaps"  // lived in another house at that time by the register
)

// Prepared is arrivals with their numbers and their fields sealed, on the way into a transaction.
type Prepared struct {
	county   int32
	arrivals []Arrival
	persons  []preparedPerson // one for each person of the batch, in the order in which they first appear
	personOf []int            // by arrival: which of persons
}

type preparedPerson struct {
	id int64
	sealed
	first int // the arrival that says who they are
}

// Prepare numbers and seals a batch. It may run beside a transaction that takes another one; its own has to begin right after.
func (b *Book) Prepare(ctx context.Context, db querier, county int32, arrivals []Arrival) (*Prepared, error) {
	p := &Prepared{county: county, arrivals: arrivals, personOf: make([]int, len(arrivals))}
	known := make(map[string]int, len(arrivals))
	for i := range arrivals {
		card := cardForm(arrivals[i].Card)
		k, there := known[card]
		if !there || card == "" {
			k = len(p.persons)
			p.persons = append(p.persons, preparedPerson{first: i})
			known[card] = k
		}
		p.personOf[i] = k
	}
	rows, err := db.Query(ctx, `SELECT nextval('resident_id_seq') FROM generate_series(1, $1)`, len(p.persons))
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, err
	}
	for k := range p.persons {
		who := arrivals[p.persons[k].first]
		p.persons[k].id = ids[k]
		if p.persons[k].sealed, err = b.seal(county, ids[k], who.Name, who.Card, who.Phone); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Split divides the arrivals in two: those for which late says so are in the second. Who arrives more than once has to be all in one of them.
func (p *Prepared) Split(late func(i int) bool) (early, rest *Prepared) {
	halves := [2]*Prepared{{county: p.county}, {county: p.county}}
	moved := make(map[int]int, len(p.persons))
	for i, a := range p.arrivals {
		h := halves[0]
		if late(i) {
			h = halves[1]
		}
		k, there := moved[p.personOf[i]]
		if !there {
			k = len(h.persons)
			moved[p.personOf[i]] = k
			who := p.persons[p.personOf[i]]
			who.first = len(h.arrivals)
			h.persons = append(h.persons, who)
		}
		h.arrivals, h.personOf = append(h.arrivals, a), append(h.personOf, k)
	}
	return halves[0], halves[1]
}

// Into puts the arrivals into houses, one for each in their order.
func (p *Prepared) Into(houses []HouseRef) {
	for i := range p.arrivals {
		p.arrivals[i].House = houses[i]
	}
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}
