package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
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

// Proposal is what an import would change of somebody on record, for who keeps the register where it would bring them.
type Proposal struct {
	ID      register.ID
	Job     ID
	Line    int
	Kind    string // move, differs, elsewhere, overlaps
	State   string // open, accepted, refused
	MadeAt  time.Time
	Arrival Arriving
	Home    *register.Found // who they are on record, and where; nil out of the actor's sight
}

// Arriving is somebody as a file has them, numbers masked.
type Arriving struct {
	Name, Card, Phone string
	Sex               register.Sex
	Born              time.Time
	Nation, Education string
	Household         string
	Relation          string
	Stay              register.Stay
	Registered        string
	Since, Until      time.Time
	Care              []string
	House             register.ID
	Address           string
}

// mostProposals is how many proposals a list gives.
const mostProposals = 50

// Proposals lists what is to be decided in a county, of one import alone when job isn't zero, the oldest first, those after a number; and how many there
// are. Who they are about is looked at with that, and the trail hears of it: tx can write.
func (in *Intake) Proposals(ctx context.Context, tx pgx.Tx, county int32, job int64, after int64) (out []Proposal, all int, err error) {
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM proposal WHERE county = $1 AND state = 'open' AND ($2 = 0 OR job = $2)`, county, job).Scan(&all); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, `
		SELECT p.id, coalesce(p.job, 0), p.line, p.kind, p.state, p.made_at, p.details, h.address FROM proposal p JOIN house h ON h.county = p.county AND h.id = p.house
		WHERE p.county = $1 AND p.state = 'open' AND ($2 = 0 OR p.job = $2) AND p.id > $3 ORDER BY p.id LIMIT $4`, county, job, after, mostProposals)
	if err != nil {
		return nil, 0, err
	}
	cards := map[int]string{}
	out = []Proposal{}
	var p Proposal
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&p.ID.Number, &p.Job.Number, &p.Line, &p.Kind, &p.State, &p.MadeAt, &sealed, &p.Arrival.Address}, func() error {
		d, err := in.open(county, p.ID.Number, sealed)
		if err != nil {
			return err
		}
		p.ID.County, p.Job.County = county, county
		cards[len(out)] = d.Card
		p.Arrival = d.shown(county, p.Arrival.Address)
		out = append(out, p)
		return nil
	})
	if err != nil || len(out) == 0 {
		return out, all, err
	}
	return out, all, in.fillHomes(ctx, tx, county, out, cards)
}

// fillHomes puts to each proposal who it is about, on record.
func (in *Intake) fillHomes(ctx context.Context, tx pgx.Tx, county int32, out []Proposal, cards map[int]string) error {
	some := make([]string, 0, len(cards))
	for _, card := range cards {
		some = append(some, card)
	}
	known, err := in.Book.Known(ctx, tx, county, some)
	if err != nil {
		return err
	}
	numbers := make([]int64, 0, len(known))
	for _, id := range known {
		numbers = append(numbers, id)
	}
	homes, err := in.Book.AtHome(ctx, tx, county, numbers)
	if err != nil {
		return err
	}
	for i := range out {
		if h, there := homes[known[cards[i]]]; there {
			out[i].Home = &h
		}
	}
	return nil
}

func (in *Intake) open(county int32, id int64, sealed []byte) (d details, err error) {
	text, err := in.Book.Vault.Open(sealed, aboutProposal(county, id))
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(text, &d)
}

func (d *details) shown(county int32, address string) Arriving {
	return Arriving{d.Name, mask.ID(d.Card), mask.Phone(d.Phone), d.Sex, d.Born, d.Nation, d.Education, d.Household, d.Relation, d.Stay, d.Registered, d.Since, d.Until, d.Care,
		register.ID{County: county, Number: d.House}, address}
}

// Decide accepts a proposal, which makes true what the file says, or refuses it. left is the day on which somebody leaves their old house, zero for the
// day on which they came into the new one.
//
// Faults: NotFound; Conflict when somebody else decided otherwise; Forbidden and Invalid as register.Settle.
func (in *Intake) Decide(ctx context.Context, tx pgx.Tx, id register.ID, accept bool, left time.Time) error {
	var state string
	var sealed []byte
	err := tx.QueryRow(ctx, `SELECT state, details FROM proposal WHERE county = $1 AND id = $2 FOR UPDATE`, id.County, id.Number).Scan(&state, &sealed)
	if err == pgx.ErrNoRows {
		return fault.New(fault.NotFound, fmt.Sprintf("没有待确认事项 %s，或者不在您的登记范围内", id), fmt.Sprintf("there is no proposal %s, or none where you keep the register", id))
	}
	if err != nil {
		return err
	}
	to := "refused"
	if accept {
		to = "accepted"
	}
	switch {
	case state == to:
		return nil
	case state != "open":
		return fault.New(fault.Conflict, "这一事项已由他人处理", "somebody else has decided that")
	}
	if accept {
		d, err := in.open(id.County, id.Number, sealed)
		if err != nil {
			return err
		}
		if err := register.Hold(ctx, tx, id.County); err != nil {
			return err
		}
		refs, err := in.Book.RefsOf(ctx, tx, id.County, []int64{d.House})
		if err != nil {
			return err
		}
		if err := in.Book.Settle(ctx, tx, id.County, d.arrival(refs[d.House]), left); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE proposal SET state = $3, decided_by = nullif($4, 0), decided_at = now() WHERE county = $1 AND id = $2`,
		id.County, id.Number, to, postgres.ActorOf(ctx).Account)
	return err
}
