package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/address"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// An address that leads to no house for sure is entered once, whoever writes it how often: somebody places it on the map (place.go), and what they said is
// asked before the gazetteer from then on.
//
// It isn't put into the gazetteer, though that knows aliases. A gazetteer is made anew some seconds after a change, on every node for itself: the file that
// is sent next would find it on one and not on the other. It is read by a role that may see nothing about persons, and these texts are cells of a file of
// people. And one text means different houses in the files of two communities. So it is a row under the policies of the import, known by a keyed hash.

const addressPurpose = "unplaced.address"

func aboutAddress(county int32, id int64) string {
	return fmt.Sprintf("unplaced_address.content:%d:%d", county, id)
}

// noteUnplaced enters the addresses of rejected rows that wait for one, and gives those that somebody placed since the rows were checked.
func (in *Intake) noteUnplaced(ctx context.Context, tx pgx.Tx, j *Job, part int, rejects []reject) (late []register.ID, err error) {
	lines := map[string][]int32{}
	texts := map[string]string{}
	var order []string // the same in every transaction, so that two of them don't wait for one another
	for _, r := range rejects {
		if r.address == "" {
			continue
		}
		folded := address.Folded(r.address)
		if lines[folded] == nil {
			order, texts[folded] = append(order, folded), r.address
		}
		lines[folded] = append(lines[folded], int32(r.line))
	}
	slices.Sort(order)
	for _, folded := range order {
		id, placed, err := in.enter(ctx, tx, j, folded, texts[folded])
		if err != nil {
			return nil, err
		}
		if placed {
			late = append(late, register.ID{County: j.ID.County, Number: id})
		}
		_, err = tx.Exec(ctx, `INSERT INTO unplaced_row (county, job, part, address, line) SELECT $1, $2, $3, $4, unnest($5::int[])`,
			j.ID.County, j.ID.Number, part, id, lines[folded])
		if err != nil {
			return nil, err
		}
	}
	return late, nil
}

// enter finds the entry of an address, or makes it, and holds it until the transaction ends.
func (in *Intake) enter(ctx context.Context, tx pgx.Tx, j *Job, folded, text string) (id int64, placed bool, err error) {
	err = tx.QueryRow(ctx, `SELECT id, state = 'placed' FROM unplaced_address WHERE county = $1 AND division = $2 AND key = ANY ($3) FOR UPDATE`,
		j.ID.County, j.Division, in.Book.Vault.Indexes(addressPurpose, folded)).Scan(&id, &placed)
	if err != pgx.ErrNoRows {
		return id, placed, err
	}
	if err := tx.QueryRow(ctx, `SELECT nextval('unplaced_address_id_seq')`).Scan(&id); err != nil {
		return 0, false, err
	}
	sealed, err := in.Book.Vault.Seal([]byte(text), aboutAddress(j.ID.County, id))
	if err != nil {
		return 0, false, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO unplaced_address AS a (county, id, division, key, content) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (county, key, division) DO UPDATE SET division = a.division RETURNING id, state = 'placed'`,
		j.ID.County, id, j.Division, in.Book.Vault.Index(addressPurpose, folded), sealed).Scan(&id, &placed)
	return id, placed, err
}

// placedBefore are the houses that addresses were placed at, by the folded text: for files of the division, or of one that it lies in.
func (in *Intake) placedBefore(ctx context.Context, tx pgx.Tx, county int32, division string, folded []string) (map[string]int64, error) {
	of := map[string]string{}
	var keys [][]byte
	for _, text := range folded {
		for _, index := range in.Book.Vault.Indexes(addressPurpose, text) {
			keys, of[string(index)] = append(keys, index), text
		}
	}
	ground := postgres.GroundOf(division)[0]
	rows, err := tx.Query(ctx, `
		SELECT a.key, a.house FROM unplaced_address a JOIN house h ON h.county = a.county AND h.id = a.house
		WHERE a.county = $1 AND a.key = ANY ($2) AND starts_with($3, a.division) AND h.ground BETWEEN $4 AND $5 ORDER BY length(a.division)`,
		county, keys, division, ground.Low, ground.High)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	var key []byte
	var house int64
	_, err = pgx.ForEachRow(rows, []any{&key, &house}, func() error { out[of[string(key)]] = house; return nil })
	return out, err
}

// Unplaced is an address that no house was found for, for who may bring files onto all of the division that its file was for.
type Unplaced struct {
	ID        register.ID
	Text      string // as it was written first; numbers masked
	Division  string // code
	State     string // open, placed, closed
	Rows      int    // that wait for it
	Taken     int    // that went in by it
	MadeAt    time.Time
	Guesses   []Meaning // the likeliest first; of open ones
	Outside   string    // what it looks like elsewhere in the county, where it looks like nothing here
	House     register.ID
	Address   string // of the house
	Lon, Lat  float64
	DecidedBy string
	DecidedAt *time.Time
}

// Meaning is a place that an address may mean.
type Meaning struct {
	address.Candidate
	Before bool // the same text was placed there for another division
}

// mostUnplaced is how many addresses a list gives, and mostGuesses how many guesses each has.
const (
	mostUnplaced = 100
	mostGuesses  = 5
)

// Unplaced lists the addresses of a county that wait to be placed, those first that most rows wait for; or, past, what became of others, the latest first.
// all is how many wait.
//
// Faults: Unavailable while the addresses are being read.
func (in *Intake) Unplaced(ctx context.Context, tx pgx.Tx, county int32, past bool) (out []Unplaced, all int, err error) {
	const waits = `a.state = 'open' AND EXISTS (SELECT FROM unplaced_row r WHERE r.county = a.county AND r.address = a.id AND NOT r.taken)`
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM unplaced_address a WHERE a.county = $1 AND `+waits, county).Scan(&all); err != nil {
		return nil, 0, err
	}
	which, order := waits, "n.rows DESC, a.id"
	if past {
		which, order = `a.state <> 'open'`, "a.decided_at DESC, a.id DESC"
	}
	rows, err := tx.Query(ctx, `
		SELECT a.id, a.division, a.state, a.content, n.rows, n.taken, a.made_at, coalesce(h.id, 0), coalesce(h.address, ''), coalesce(ST_X(h.geom), 0), coalesce(ST_Y(h.geom), 0), a.decided_by, a.decided_at
		FROM unplaced_address a LEFT JOIN house h ON h.county = a.county AND h.id = a.house
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT r.taken) AS rows, count(*) FILTER (WHERE r.taken) AS taken
			FROM unplaced_row r WHERE r.county = a.county AND r.address = a.id) n
		WHERE a.county = $1 AND `+which+` ORDER BY `+order+` LIMIT $2`, county, mostUnplaced)
	if err != nil {
		return nil, 0, err
	}
	out, err = pgx.AppendRows([]Unplaced{}, rows, func(row pgx.CollectableRow) (u Unplaced, err error) {
		var sealed []byte
		u.ID.County = county
		if err := row.Scan(&u.ID.Number, &u.Division, &u.State, &sealed, &u.Rows, &u.Taken, &u.MadeAt, &u.House.Number, &u.Address, &u.Lon, &u.Lat, &u.DecidedBy, &u.DecidedAt); err != nil {
			return u, err
		}
		if u.House.Number != 0 {
			u.House.County = county
		}
		text, err := in.Book.Vault.Open(sealed, aboutAddress(county, u.ID.Number))
		u.Text = string(text)
		return u, err
	})
	if err != nil {
		return nil, 0, err
	}
	if !past {
		err = in.guess(ctx, tx, county, out)
	}
	for i := range out {
		out[i].Text = mask.Text(out[i].Text)
	}
	return out, all, err
}

// guess puts to each address what it may mean.
func (in *Intake) guess(ctx context.Context, tx pgx.Tx, county int32, all []Unplaced) error {
	if len(all) == 0 {
		return nil
	}
	g, err := in.Addresses(ctx, county)
	if err != nil {
		return err
	}
	before, err := in.placedElsewhere(ctx, tx, county, all)
	if err != nil {
		return err
	}
	for i := range all {
		u := &all[i]
		a := g.Match(u.Text, address.Options{Within: u.Division, Most: mostGuesses})
		u.Guesses = before[i]
		for _, c := range append([]address.Candidate{a.Best}, a.Others...) {
			all := c.Level <= address.Community && strings.HasPrefix(u.Division, c.Division) // where several lie: no more than is known
			known := slices.ContainsFunc(u.Guesses, func(g Meaning) bool { return g.Level == c.Level && g.ID() == c.ID() && g.Division == c.Division })
			if c.Level != address.Nothing && !all && !known && len(u.Guesses) < mostGuesses {
				u.Guesses = append(u.Guesses, Meaning{Candidate: c})
			}
		}
		if len(u.Guesses) == 0 {
			u.Outside = g.Match(u.Text, address.Options{}).Best.Label
		}
	}
	return nil
}

// placedElsewhere are the houses that the same texts were placed at for other divisions, where they lie in this one.
func (in *Intake) placedElsewhere(ctx context.Context, tx pgx.Tx, county int32, all []Unplaced) ([][]Meaning, error) {
	of := map[string][]int{}
	var keys [][]byte
	for i := range all {
		for _, index := range in.Book.Vault.Indexes(addressPurpose, address.Folded(all[i].Text)) {
			keys, of[string(index)] = append(keys, index), append(of[string(index)], i)
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT a.key, h.id, coalesce(h.building, 0), left(lpad(h.ground::text, 15, '0'), 12), h.address, ST_X(h.geom), ST_Y(h.geom)
		FROM unplaced_address a JOIN house h ON h.county = a.county AND h.id = a.house WHERE a.county = $1 AND a.key = ANY ($2)`, county, keys)
	if err != nil {
		return nil, err
	}
	out := make([][]Meaning, len(all))
	var key []byte
	c := address.Candidate{Level: address.House, Sure: .9}
	_, err = pgx.ForEachRow(rows, []any{&key, &c.House, &c.Building, &c.Division, &c.Label, &c.At.Lon, &c.At.Lat}, func() error {
		for _, i := range of[string(key)] {
			if strings.HasPrefix(c.Division, all[i].Division) {
				out[i] = append(out[i], Meaning{c, true})
			}
		}
		return nil
	})
	return out, err
}
