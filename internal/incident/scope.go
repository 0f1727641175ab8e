package incident

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// Visible says whether an actor may see an incident of a grid: the policy of the table, for what doesn't come from the table. special is the
// special group that it concerns, "" for none.
func Visible(a postgres.Actor, grid int64, special string) bool {
	return a.Scope[access.ReadIncidents].Covers(grid) && (special == "" || a.Scope[access.Special(access.Label(special))].Covers(grid))
}

// span is what a scope amounts to in one county: the grids from low to high, and perhaps not all of those.
type span struct {
	county    int32
	low, high int64
}

// spansOf gives, for each county with live grids, the narrowest range of grids that holds all of what was asked for that the actor may see
// incidents of. where names what was asked for. Faults: SignedOut; Forbidden for who may see incidents nowhere, or nowhere there.
func spansOf(ctx context.Context, tx pgx.Tx, asked postgres.Range, where string) ([]span, error) {
	actor := postgres.ActorOf(ctx)
	mine := actor.Scope[access.ReadIncidents]
	switch {
	case actor.Account == 0 && len(mine) == 0:
		return nil, signedOut()
	case len(mine) == 0:
		return nil, fault.New(fault.Forbidden, "您没有查看事件的权限；需要时请安全管理员授予",
			"you may not see incidents; ask the security officer for it if you need to")
	}
	rows, err := tx.Query(ctx, `SELECT county FROM layout WHERE live ORDER BY county`)
	if err != nil {
		return nil, err
	}
	counties, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return nil, err
	}
	var out []span
	for _, c := range counties {
		if s := mineIn(c, mine, asked); s.low <= s.high {
			out = append(out, s)
		}
	}
	if len(out) == 0 && asked != postgres.Everywhere && !overlaps(mine, asked) {
		return nil, fault.New(fault.Forbidden, fmt.Sprintf("%s 不在您可查看事件的范围内", where),
			fmt.Sprintf("%s isn't where you may see incidents", where))
	}
	return out, nil
}

// mineIn is the narrowest range within a county and within asked that holds all of mine there; an empty one when nothing of it is.
func mineIn(county int32, mine postgres.Ranges, asked postgres.Range) span {
	first := int64(county) * 1_000_000_000
	s := span{county, first + 1_000_000_000, first - 1}
	for _, r := range mine {
		low, high := max(r.Low, asked.Low, first), min(r.High, asked.High, first+999_999_999)
		if low <= high {
			s.low, s.high = min(s.low, low), max(s.high, high)
		}
	}
	return s
}

func overlaps(mine postgres.Ranges, asked postgres.Range) bool {
	for _, r := range mine {
		if r.Low <= asked.High && asked.Low <= r.High {
			return true
		}
	}
	return false
}

func signedOut() error {
	return fault.New(fault.SignedOut, "请先登录", "sign in first")
}
