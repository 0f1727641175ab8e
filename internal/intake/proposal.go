package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/register"
)

const samePurpose = "proposal.same"

func aboutProposal(county int32, id int64) string {
	return fmt.Sprintf("proposal.details:%d:%d", county, id)
}

// kindsOf are the kinds of proposals by what an arrival turned out to be.
var kindsOf = map[register.Outcome]string{register.Moves: "move", register.Differs: "differs", register.Elsewhere: "elsewhere", register.Overlaps: "overlaps"}

// details are a row as a proposal keeps it, sealed.
type details struct {
	Kind       string
	Name       string
	Card       string
	Phone      string
	Sex        register.Sex
	Born       time.Time
	Nation     string
	Education  string
	House      int64
	Household  string
	Relation   string
	Stay       register.Stay
	Registered string
	Since      time.Time
	Until      time.Time
	Care       []string
}

func detailsOf(kind string, a *register.Arrival) details {
	return details{kind, a.Name, a.Card, a.Phone, a.Sex, a.Born, a.Nation, a.Education, a.House.Number, a.Household, a.Relation, a.Stay, a.Registered, a.Since, a.Until, a.Care}
}

func (d *details) arrival(house register.HouseRef) register.Arrival {
	return register.Arrival{Person: register.Person{Name: d.Name, Card: d.Card, Phone: d.Phone, Sex: d.Sex, Born: d.Born, Nation: d.Nation, Education: d.Education},
		House: house, Household: d.Household, Relation: d.Relation, Stay: d.Stay, Registered: d.Registered, Since: d.Since, Until: d.Until, Care: d.Care}
}

// propose writes what rows would change of people on record. What was proposed before, by whatever import, isn't again: whoever refused it has said so.
func (in *Intake) propose(ctx context.Context, tx pgx.Tx, job ID, all []proposed) error {
	if len(all) == 0 {
		return nil
	}
	cards := make([]string, len(all))
	for i, p := range all {
		cards[i] = p.arrival.Card
	}
	known, err := in.Book.Known(ctx, tx, job.County, cards)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT nextval('proposal_id_seq') FROM generate_series(1, $1)`, len(all))
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	n := len(all)
	lines, kinds, residents := make([]int32, n), make([]string, n), make([]*int64, n)
	houses, grounds, sealed, same := make([]int64, n), make([]int64, n), make([][]byte, n), make([][]byte, n)
	for i, p := range all {
		kinds[i], lines[i] = kindsOf[p.outcome], int32(p.line)
		text, err := json.Marshal(detailsOf(kinds[i], p.arrival))
		if err != nil {
			return err
		}
		if id, there := known[p.arrival.Card]; there {
			residents[i] = &id
		}
		houses[i], grounds[i] = p.arrival.House.Number, p.arrival.House.Ground
		if sealed[i], err = in.Book.Vault.Seal(text, aboutProposal(job.County, ids[i])); err != nil {
			return err
		}
		same[i] = in.Book.Vault.Index(samePurpose, string(text))
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO proposal (county, job, id, line, kind, resident, house, ground, details, same) OVERRIDING SYSTEM VALUE
		SELECT $1, $2, * FROM unnest($3::bigint[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[])
		ON CONFLICT (county, same) DO NOTHING`, job.County, job.Number, ids, lines, kinds, residents, houses, grounds, sealed, same)
	return err
}
