package register

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

// TakeByHand is TakeResidents for arrivals whose house somebody has pointed at: each that is added is an act besides, which takes it back. acts are by
// arrival, 0 where nothing was added.
//
// Faults: those of TakeResidents.
func (b *Book) TakeByHand(ctx context.Context, tx pgx.Tx, p *Prepared) (outcomes []Outcome, acts []int64, err error) {
	if outcomes, err = b.TakeResidents(ctx, tx, p); err != nil {
		return nil, nil, err
	}
	came, err := b.cameIn(ctx, tx, p, outcomes)
	if err != nil {
		return nil, nil, err
	}
	acts = make([]int64, len(outcomes))
	entered := map[int64]bool{}
	for i, c := range came {
		if c.residency == 0 {
			continue
		}
		a := &acting{book: b, tx: tx, county: p.county}
		if who := p.persons[p.personOf[i]].id; c.resident == who && !entered[who] { // they weren't on record
			entered[who] = true
			a.made("resident", who)
			if err := a.madeCare(ctx, who); err != nil {
				return nil, nil, err
			}
		}
		until, err := asText(nil)
		if !p.arrivals[i].Until.IsZero() {
			until, err = asText(p.arrivals[i].Until)
		}
		if err != nil {
			return nil, nil, err
		}
		a.changes = append(a.changes, change{Table: "residency", ID: c.residency, Is: map[string]any{"until": until}})
		id, err := a.write(ctx, MovedIn, c.resident, p.arrivals[i].House)
		if err != nil {
			return nil, nil, err
		}
		acts[i] = id.Number
	}
	return outcomes, acts, nil
}

// camein is who came by an arrival, and the residency that was made of it.
type camein struct{ resident, residency int64 }

// cameIn finds what was made of the arrivals that were added; zero for the others.
func (b *Book) cameIn(ctx context.Context, tx pgx.Tx, p *Prepared, outcomes []Outcome) ([]camein, error) {
	var cards []string
	for i, o := range outcomes {
		if o == Added && p.arrivals[i].Card != "" {
			cards = append(cards, p.arrivals[i].Card)
		}
	}
	known, err := b.Known(ctx, tx, p.county, cards)
	if err != nil {
		return nil, err
	}
	out := make([]camein, len(outcomes))
	var residents []int64
	for i, o := range outcomes {
		if o != Added {
			continue
		}
		out[i].resident = p.persons[p.personOf[i]].id
		if id, there := known[p.arrivals[i].Card]; there {
			out[i].resident = id
		}
		residents = append(residents, out[i].resident)
	}
	rows, err := tx.Query(ctx, `SELECT id, resident, house, coalesce(since, '0001-01-01') FROM residency WHERE county = $1 AND resident = ANY ($2) ORDER BY id`, p.county, residents)
	if err != nil {
		return nil, err
	}
	type stay struct {
		resident, house int64
		since           time.Time
	}
	last := map[stay]int64{}
	var s stay
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&id, &s.resident, &s.house, &s.since}, func() error { last[s] = id; return nil }); err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		if a := &p.arrivals[i]; o == Added {
			out[i].residency = last[stay{out[i].resident, a.House.Number, a.Since}]
		}
	}
	return out, nil
}

// madeCare notes why somebody who is new is looked after.
func (a *acting) madeCare(ctx context.Context, resident int64) error {
	rows, err := a.tx.Query(ctx, `SELECT id FROM care WHERE county = $1 AND resident = $2 ORDER BY id`, a.county, resident)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range ids {
		a.made("care", id)
	}
	return err
}

// TakeBack undoes an act of TakeByHand, if nothing has happened since to what it wrote: true also where it was undone before. A household that nobody is
// left in goes with them. False leaves the transaction as it was.
func (b *Book) TakeBack(ctx context.Context, tx pgx.Tx, act ID) (back bool, err error) {
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		var households []int64
		err := tx.QueryRow(ctx, `
			SELECT a.undone_by IS NOT NULL, ARRAY (SELECT x.household FROM jsonb_array_elements(a.patch) c JOIN residency x ON x.county = a.county AND x.id = (c->>'id')::bigint
				WHERE c->>'table' = 'residency' AND x.household IS NOT NULL)
			FROM register_act a WHERE a.county = $1 AND a.id = $2 FOR UPDATE`, act.County, act.Number).Scan(&back, &households)
		if err == pgx.ErrNoRows { // out of sight
			return nil
		}
		if err != nil || back {
			return err
		}
		if _, err := b.Undo(ctx, tx, act); err != nil {
			return err
		}
		back = true
		_, err = tx.Exec(ctx, `DELETE FROM household h WHERE h.county = $1 AND h.id = ANY ($2) AND NOT EXISTS (SELECT FROM residency x WHERE x.county = h.county AND x.household = h.id)`,
			act.County, households)
		return err
	})
	switch fault.CodeOf(err) {
	case fault.Conflict, fault.Forbidden, fault.NotFound:
		return false, nil
	}
	return back, err
}
