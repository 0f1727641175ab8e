package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// readTrail is access.ReadTrail, the auditor's right; access stands above this room.
const readTrail postgres.Capability = "audit.read"

// Filter says which entries are wanted; what is empty says nothing.
type Filter struct {
	From, To time.Time // To isn't included
	Account  int64
	Action   string
	Subject  string
	Place    string // a division's or a grid's code: what lies in it
	Text     string // found in actor, subject and reason, whatever the case
	Before   int64  // entries with smaller numbers: the next page
	Limit    int    // 0: all
}

// Written is an entry as it is read.
type Written struct {
	ID          int64
	At          time.Time
	County      int
	Account     int64 // 0: none
	Actor       string
	Action      string
	Subject     string
	Reason      string
	Details     json.RawMessage
	Address     string
	Place       string // a division's code, or a grid's
	PlaceName   string // empty when it has none
	SubjectName string // of an account on the reader's ground: its name now
	Chained     bool
}

// Search gives the entries that the actor of the context may read, the newest first, one at a time. Their ground says in which
// counties to look, and the database's policy what is shown. Fault: Invalid for a place that is no code.
func Search(ctx context.Context, tx pgx.Tx, f Filter, each func(*Written) error) error {
	ground := postgres.ActorOf(ctx).Scope[readTrail]
	if f.Place != "" {
		asked := postgres.GroundOf(f.Place)
		if asked == nil {
			return fault.New(fault.Invalid,
				fmt.Sprintf("地点代码 %q 有误：应为 6、9、12 位区划代码或 15 位网格代码。", f.Place),
				fmt.Sprintf("The place %q is no code: a division's has 6, 9 or 12 digits, a grid's 15.", f.Place))
		}
		ground = within(ground, asked[0])
	}
	counties, lows, highs := byCounty(ground)
	if len(counties) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, searchSQL, counties, lows, highs, orNull(f.From), orNull(f.To), f.Account, f.Action, f.Subject,
		"%"+escapeLike(f.Text)+"%", f.Before, orAll(f.Limit), f.Text == "")
	if err != nil {
		return fmt.Errorf("audit: search: %w", err)
	}
	var w Written
	var place int64
	columns := []any{&w.ID, &w.At, &w.County, &w.Account, &w.Actor, &w.Action, &w.Subject, &w.Reason, &w.Details, &w.Address,
		&place, &w.PlaceName, &w.SubjectName, &w.Chained}
	_, err = pgx.ForEachRow(rows, columns, func() error {
		w.Place = placeOf(place)
		one := w
		one.Details = append(json.RawMessage(nil), w.Details...)
		return each(&one)
	})
	return err
}

// searchSQL looks in each county from its newest entry backwards. The borders of the ground and of the days are said beside
// what the policy and the moments say exactly, since they go by index.
const searchSQL = `
	SELECT e.id, e.at, e.county, coalesce(e.account, 0), e.actor, e.action, e.subject, e.reason, e.details, e.address, e.place,
		coalesce(d.name, g.name, ''), coalesce(a.name, ''), EXISTS (SELECT FROM audit_link l WHERE l.county = e.county AND l.entry = e.id)
	FROM unnest($1::int[], $2::bigint[], $3::bigint[]) c(county, low, high)
	CROSS JOIN LATERAL (
		SELECT * FROM audit_entry e
		WHERE e.county = c.county AND e.place BETWEEN c.low AND c.high
		  AND ($4::timestamptz IS NULL OR e.at >= $4 AND e.day >= timezone('Asia/Shanghai', $4)::date)
		  AND ($5::timestamptz IS NULL OR e.at < $5 AND e.day <= timezone('Asia/Shanghai', $5)::date)
		  AND ($6::bigint = 0 OR e.account = $6) AND ($7 = '' OR e.action = $7) AND ($8 = '' OR e.subject = $8)
		  AND ($12 OR e.actor ILIKE $9 OR e.subject ILIKE $9 OR e.reason ILIKE $9)
		  AND ($10::bigint = 0 OR e.id < $10)
		ORDER BY e.id DESC LIMIT $11) e
	LEFT JOIN division d ON d.code = left(lpad(e.place::text, 15, '0'),
		CASE WHEN e.place % 1000000000 = 0 THEN 6 WHEN e.place % 1000000 = 0 THEN 9 WHEN e.place % 1000 = 0 THEN 12 ELSE 15 END)
	LEFT JOIN grid g ON g.county = e.county AND g.code = e.place
	LEFT JOIN account a ON a.id = substring(e.subject FROM '^account:([0-9]{1,18})$')::bigint
	ORDER BY e.id DESC LIMIT $11`

// placeOf is the code that a place stands for: a division's without the zeros behind it, or a grid's.
func placeOf(place int64) string {
	code := fmt.Sprintf("%015d", place)
	for len(code) > 6 && strings.HasSuffix(code, "000") {
		code = code[:len(code)-3]
	}
	return code
}

// within is the part of the ground that lies in a range. Grants are divisions or grids, so one of two holds the other.
func within(ground postgres.Ranges, asked postgres.Range) (part postgres.Ranges) {
	for _, r := range ground {
		if low, high := max(r.Low, asked.Low), min(r.High, asked.High); low <= high {
			part = append(part, postgres.Range{Low: low, High: high})
		}
	}
	return part
}

// mostCounties is how many counties a search looks through at most.
const mostCounties = 1000

// byCounty gives each county of the ground once, with the ends of its ground in it.
func byCounty(ground postgres.Ranges) (counties []int, lows, highs []int64) {
	at := make(map[int]int)
	for _, r := range ground {
		for county := int(r.Low / 1e9); county <= int(r.High/1e9) && len(counties) < mostCounties; county++ {
			low, high := max(r.Low, int64(county)*1e9), min(r.High, int64(county)*1e9+1e9-1)
			k, known := at[county]
			if !known {
				at[county] = len(counties)
				counties, lows, highs = append(counties, county), append(lows, low), append(highs, high)
				continue
			}
			lows[k], highs[k] = min(lows[k], low), max(highs[k], high)
		}
	}
	return counties, lows, highs
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orAll(limit int) *int {
	if limit <= 0 {
		return nil
	}
	return &limit
}

// escapeLike makes a pattern that matches the text itself.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// Looking is the entry about a look at the trail: it lies where the look was allowed, or asked for. ok is false for somebody who
// may read none of it.
func Looking(ctx context.Context, action string, f Filter, details any) (e Entry, ok bool) {
	ground := postgres.ActorOf(ctx).Scope[readTrail]
	if asked := postgres.GroundOf(f.Place); asked != nil {
		if part := within(ground, asked[0]); part != nil {
			ground = part
		}
	}
	if len(ground) == 0 {
		return e, false
	}
	return Entry{County: int(ground[0].Low / 1e9), Place: ground[0].Low, Action: action, Details: details}, true
}
