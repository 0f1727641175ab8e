package responder

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// Roll is where responders are looked after (花名册). Any number of goroutines may use it.
type Roll struct {
	Vault *vault.Vault // seals telephone numbers; nil: there are no keys
	Trail *audit.Trail // nil: there is none
}

// Responder is somebody who handles what happens, as they may be shown: the telephone number is masked.
type Responder struct {
	ID           ID         `json:"id"`
	Kind         Kind       `json:"kind"`
	Name         string     `json:"name"`
	Phone        string     `json:"phone"`    // masked; "" when none is on record
	Division     string     `json:"division"` // code of where they belong
	DivisionName string     `json:"division_name"`
	Account      string     `json:"account"` // the account's name, "" for none
	Ended        *time.Time `json:"ended"`   // the first day on which they don't work there any more
	Posts        []Held     `json:"posts"`   // what they hold and where they stand in, now and later, of what the actor may see
}

// Held is a post that somebody holds, or stands in for.
type Held struct {
	Grid     layout.Code `json:"grid"`
	GridName string      `json:"grid_name"`
	Post     Post        `json:"post"`
	Since    time.Time   `json:"since"`
	Until    *time.Time  `json:"until"`     // the first day on which it is over, when that is known
	StandsIn bool        `json:"stands_in"` // for somebody else, from Since to the day before Until
}

// ready says that there is what telephone numbers need. Fault: Unavailable.
func (r *Roll) ready() error {
	if r.Vault != nil && r.Trail != nil {
		return nil
	}
	return fault.New(fault.Unavailable, "没有密钥，处置人员功能不可用；请管理员用 --keys-file 指定密钥文件后重新启动",
		"there are no keys, so responders can be neither taken nor shown; the administrator has to name the key file (--keys-file) and start again")
}

// Manages says whether an actor looks after a responder: changes them and ends their work.
func (r *Responder) Manages(a postgres.Actor) bool {
	ground := postgres.GroundOf(r.Division)
	return len(ground) > 0 && a.Scope[access.ManageResponders].Contains(ground[0])
}

// Calls says whether an actor may see the telephone number: of those they look after, and of those who belong to or hold a post on ground where
// they may see whom to call.
func (r *Responder) Calls(a postgres.Actor) bool {
	if r.Manages(a) {
		return true
	}
	if ground := postgres.GroundOf(r.Division); len(ground) > 0 && a.Scope[access.UnmaskContacts].Contains(ground[0]) {
		return true
	}
	for _, h := range r.Posts {
		if a.Scope[access.UnmaskContacts].Covers(int64(h.Grid)) || a.Scope[access.ManageResponders].Covers(int64(h.Grid)) {
			return true
		}
	}
	return false
}

// mayOn refuses what isn't on ground that the actor keeps responders of, in words; the database would refuse it too, without any.
func mayOn(ctx context.Context, ground postgres.Ranges, where string) error {
	if len(ground) > 0 && postgres.ActorOf(ctx).Scope[access.ManageResponders].Contains(ground[0]) {
		return nil
	}
	return fault.New(fault.Forbidden, fmt.Sprintf("%.20s 不在您管理处置人员的范围内", where), fmt.Sprintf("%.20s isn't where you look after responders", where))
}

// today is the day in the county's time.
func today(ctx context.Context, tx pgx.Tx) (day time.Time, err error) {
	return day, tx.QueryRow(ctx, `SELECT current_date`).Scan(&day)
}

// dayOf writes a day as people do.
func dayOf(t time.Time) string { return t.Format(time.DateOnly) }
