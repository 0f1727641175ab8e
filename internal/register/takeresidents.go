package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// TakeResidents writes a batch and says of each arrival what became of it. People are known by their ID numbers; an arrival without one is somebody new.
// Who is on record already keeps what is on record of them: an arrival adds a house where they lived at another time, and everything else about it is
// a proposal.
//
// Faults: those of the database, for houses on ground that the actor doesn't keep the register of, and households that are another house's.
func (b *Book) TakeResidents(ctx context.Context, tx pgx.Tx, p *Prepared) ([]Outcome, error) {
	t := taking{Prepared: p, book: b, outcomes: make([]Outcome, len(p.arrivals)), present: make([]*onRecord, len(p.persons))}
	if err := t.lookUp(ctx, tx); err != nil {
		return nil, err
	}
	t.decide()
	for _, write := range []func(context.Context, pgx.Tx) error{t.writeHouseholds, t.writeResidents, t.writeResidencies, t.writeCare} {
		if err := write(ctx, tx); err != nil {
			return nil, err
		}
	}
	return t.outcomes, nil
}

// taking is a batch on its way into the register.
type taking struct {
	*Prepared
	book       *Book
	outcomes   []Outcome
	present    []*onRecord      // by person: who is on record already
	households map[string]int64 // by their codes
	moved      map[int64]HouseRef
}

// onRecord is what the register has of somebody who arrives.
type onRecord struct {
	id          int64 // 0: out of sight
	person      Person
	residencies []stayed
}

// stayed is a house in which somebody is on record, from when until when.
type stayed struct {
	house        int64
	since, until time.Time
}

// lookUp finds who of the batch is on record.
func (t *taking) lookUp(ctx context.Context, tx pgx.Tx) error {
	var indexes [][]byte
	for k := range t.persons {
		if t.persons[k].cardIndex == nil {
			continue
		}
		indexes = append(indexes, t.book.Vault.Indexes(cardPurpose, cardForm(t.arrivals[t.persons[k].first].Card))...)
	}
	rows, err := tx.Query(ctx, `SELECT card_index, id, mine FROM known_cards($1, $2)`, t.county, indexes)
	if err != nil {
		return err
	}
	found := map[string]int64{}
	var index []byte
	var id int64
	var mine bool
	if _, err = pgx.ForEachRow(rows, []any{&index, &id, &mine}, func() error { found[string(index)] = id; return nil }); err != nil || len(found) == 0 {
		return err
	}
	byID := map[int64]*onRecord{}
	for k := range t.persons {
		for _, index := range t.book.Vault.Indexes(cardPurpose, cardForm(t.arrivals[t.persons[k].first].Card)) {
			if id, there := found[string(index)]; there {
				t.present[k] = &onRecord{id: id}
				byID[id] = t.present[k]
			}
		}
	}
	return t.readThem(ctx, tx, byID)
}

// readThem reads what is on record of those in sight.
func (t *taking) readThem(ctx context.Context, tx pgx.Tx, byID map[int64]*onRecord) error {
	delete(byID, 0)
	ids := make([]int64, 0, len(byID))
	for id := range byID {
		ids = append(ids, id)
	}
	rows, err := tx.Query(ctx, `SELECT id, name, card, phone, sex, coalesce(born, '0001-01-01'), nation, education FROM resident WHERE county = $1 AND id = ANY ($2)`, t.county, ids)
	if err != nil {
		return err
	}
	var id int64
	var name, card, phone []byte
	var who Person
	_, err = pgx.ForEachRow(rows, []any{&id, &name, &card, &phone, &who.Sex, &who.Born, &who.Nation, &who.Education}, func() (err error) {
		for _, f := range []struct {
			to      *string
			purpose string
			sealed  []byte
		}{{&who.Name, namePurpose, name}, {&who.Card, cardPurpose, card}, {&who.Phone, phonePurpose, phone}} {
			if *f.to, err = t.book.open(t.county, id, f.purpose, f.sealed); err != nil {
				return err
			}
		}
		byID[id].person = who
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `
		SELECT resident, house, coalesce(since, '0001-01-01'), coalesce(until, '0001-01-01') FROM residency WHERE county = $1 AND resident = ANY ($2)`, t.county, ids)
	if err != nil {
		return err
	}
	var s stayed
	_, err = pgx.ForEachRow(rows, []any{&id, &s.house, &s.since, &s.until}, func() error {
		byID[id].residencies = append(byID[id].residencies, s)
		return nil
	})
	return err
}

// decide says what becomes of each arrival. Those of one person are looked at together, as a batch may bring several houses of theirs.
func (t *taking) decide() {
	t.moved = map[int64]HouseRef{}
	for i := range t.arrivals {
		a := &t.arrivals[i]
		k := t.personOf[i]
		known := t.present[k]
		switch {
		case known == nil:
			known = &onRecord{id: t.persons[k].id, person: a.Person}
			t.present[k] = known
			t.outcomes[i] = Added
		case known.id == 0:
			t.outcomes[i] = Elsewhere
			continue
		case known.person.differs(a.Person):
			t.outcomes[i] = Differs
			continue
		default:
			t.outcomes[i] = known.placed(a)
		}
		if t.outcomes[i] == Added {
			known.residencies = append(known.residencies, stayed{a.House.Number, a.Since, a.Until})
			if known.id != t.persons[k].id && a.Until.IsZero() {
				t.moved[known.id] = a.House
			}
		}
	}
}

// placed says what an arrival is to somebody who is on record: a house that is there already, one more, or one that contradicts another.
func (o *onRecord) placed(a *Arrival) Outcome {
	out := Added
	for _, s := range o.residencies {
		switch {
		case s.house == a.House.Number && s.since.Equal(a.Since) && s.until.Equal(a.Until):
			return Same
		case s.until.IsZero() && a.Until.IsZero():
			out = Moves
		case s.overlaps(a):
			if out == Added {
				out = Overlaps
			}
		}
	}
	return out
}

// overlaps says whether two stays have a day in common.
func (s stayed) overlaps(a *Arrival) bool {
	return (s.until.IsZero() || a.Since.Before(s.until)) && (a.Until.IsZero() || s.since.Before(a.Until))
}

// differs says whether somebody is on record otherwise than an arrival has them. What an arrival doesn't say isn't otherwise.
func (p Person) differs(a Person) bool {
	said := func(was, is string) bool { return is != "" && was != is }
	return said(nameForm(p.Name), nameForm(a.Name)) || said(p.Phone, a.Phone) || said(p.Nation, a.Nation) || said(p.Education, a.Education) ||
		a.Sex != Unknown && a.Sex != "" && p.Sex != a.Sex || !a.Born.IsZero() && !p.Born.Equal(a.Born)
}

// writeHouseholds writes the households of who is added.
func (t *taking) writeHouseholds(ctx context.Context, tx pgx.Tx) error {
	var codes []string
	var houses, grounds []int64
	t.households = map[string]int64{}
	for i := range t.arrivals {
		if a := &t.arrivals[i]; a.Household != "" && t.outcomes[i] == Added {
			if _, there := t.households[a.Household]; !there {
				t.households[a.Household] = 0
				codes, houses, grounds = append(codes, a.Household), append(houses, a.House.Number), append(grounds, a.House.Ground)
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		WITH given AS (SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS g (code, house, ground)),
		old AS (SELECT h.code, h.id FROM household h WHERE h.county = $1 AND h.code = ANY ($2)),
		new AS (
			INSERT INTO household (county, code, house, ground) SELECT $1, code, house, ground FROM given WHERE code NOT IN (SELECT code FROM old)
			RETURNING code, id)
		SELECT code, id FROM old UNION ALL SELECT code, id FROM new`, t.county, codes, houses, grounds)
	if err != nil {
		return err
	}
	var code string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&code, &id}, func() error { t.households[code] = id; return nil })
	return err
}

// writeResidents writes who is new, and where those on record live now.
func (t *taking) writeResidents(ctx context.Context, tx pgx.Tx) error {
	home := t.homes()
	var (
		ids, houses, grounds                   []int64
		names, nameIx, cards, cardIx, ph, phIx [][]byte
		sexes, nations, educations             []string
		borns                                  []*time.Time
	)
	for k := range t.persons {
		who := &t.persons[k]
		h, placed := home[k]
		if !placed || t.present[k].id != who.id {
			continue
		}
		a := &t.arrivals[who.first]
		sex := a.Sex
		if sex == "" {
			sex = Unknown
		}
		ids, houses, grounds = append(ids, who.id), append(houses, h.Number), append(grounds, h.Ground)
		names, nameIx = append(names, who.name), append(nameIx, who.nameIndex)
		cards, cardIx = append(cards, who.card), append(cardIx, who.cardIndex)
		ph, phIx = append(ph, who.phone), append(phIx, who.phoneIndex)
		sexes, nations, educations, borns = append(sexes, string(sex)), append(nations, a.Nation), append(educations, a.Education), append(borns, day(a.Born))
	}
	if len(ids) > 0 {
		_, err := tx.Exec(ctx, `
			INSERT INTO resident (county, id, name, name_index, card, card_index, phone, phone_index, sex, born, nation, education, house, ground)
			OVERRIDING SYSTEM VALUE
			SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::date[],
				$11::text[], $12::text[], $13::bigint[], $14::bigint[])`,
			t.county, ids, names, nameIx, cards, cardIx, ph, phIx, sexes, borns, nations, educations, houses, grounds)
		if err != nil {
			return err
		}
	}
	return t.moveThem(ctx, tx)
}

// homes is, by person, where those who are written live: the house that they haven't left, else the one they left last.
func (t *taking) homes() map[int]HouseRef {
	out := map[int]HouseRef{}
	last := map[int]time.Time{}
	for i := range t.arrivals {
		if t.outcomes[i] != Added {
			continue
		}
		a, k := &t.arrivals[i], t.personOf[i]
		until := a.Until
		if until.IsZero() {
			until = time.Unix(1<<40, 0)
		}
		if _, there := out[k]; !there || until.After(last[k]) {
			out[k], last[k] = a.House, until
		}
	}
	return out
}

// moveThem writes where people on record live who had left their last house. What they are cared for goes along with them (care_follows).
func (t *taking) moveThem(ctx context.Context, tx pgx.Tx) error {
	if len(t.moved) == 0 {
		return nil
	}
	var ids, houses, grounds []int64
	for id, h := range t.moved {
		ids, houses, grounds = append(ids, id), append(houses, h.Number), append(grounds, h.Ground)
	}
	_, err := tx.Exec(ctx, `UPDATE resident r SET house = g.house, ground = g.ground
		FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS g (id, house, ground) WHERE r.county = $1 AND r.id = g.id`, t.county, ids, houses, grounds)
	return err
}

// writeResidencies writes where those who are added live or lived.
func (t *taking) writeResidencies(ctx context.Context, tx pgx.Tx) error {
	var residents, houses, grounds []int64
	var households []*int64
	var relations, stays, registered []string
	var since, until []*time.Time
	for i := range t.arrivals {
		if t.outcomes[i] != Added {
			continue
		}
		a := &t.arrivals[i]
		var household *int64
		if id, there := t.households[a.Household]; there {
			household = &id
		}
		residents, houses, grounds = append(residents, t.present[t.personOf[i]].id), append(houses, a.House.Number), append(grounds, a.House.Ground)
		households, relations, stays = append(households, household), append(relations, a.Relation), append(stays, string(a.Stay))
		registered, since, until = append(registered, a.Registered), append(since, day(a.Since)), append(until, day(a.Until))
	}
	if len(residents) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO residency (county, resident, house, ground, household, relation, stay, registered, since, until)
		SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::date[], $10::date[])`,
		t.county, residents, houses, grounds, households, relations, stays, registered, since, until)
	return err
}

// writeCare writes why those who are added are looked after.
func (t *taking) writeCare(ctx context.Context, tx pgx.Tx) error {
	home := t.homes()
	var residents, houses, grounds []int64
	var kinds []string
	for i := range t.arrivals {
		h, there := home[t.personOf[i]]
		if !there || t.outcomes[i] != Added || !t.arrivals[i].Until.IsZero() {
			continue
		}
		for _, kind := range t.arrivals[i].Care {
			residents, houses = append(residents, t.present[t.personOf[i]].id), append(houses, h.Number)
			grounds, kinds = append(grounds, h.Ground), append(kinds, kind)
		}
	}
	if len(residents) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO care (county, resident, house, ground, kind) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
		ON CONFLICT DO NOTHING`, t.county, residents, houses, grounds, kinds)
	return err
}

// day is a day as the database has it, nil for none.
func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
