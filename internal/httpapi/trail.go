package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
)

// TrailEntry is one thing that somebody did.
type TrailEntry struct {
	ID          int64          `json:"id"`
	At          time.Time      `json:"at"`
	County      int            `json:"county"`
	Account     int64          `json:"account,omitempty" doc:"Missing when nobody had signed in, and for the command line"`
	Actor       string         `json:"actor" doc:"The account's name then"`
	Action      string         `json:"action" example:"incident.unmasked"`
	Subject     string         `json:"subject" example:"incident:110108-123"`
	SubjectName string         `json:"subject_name,omitempty" doc:"An account's name now, where the reader looks after its ground"`
	Reason      string         `json:"reason"`
	Details     map[string]any `json:"details"`
	Address     string         `json:"address" doc:"Where the request came from"`
	Place       string         `json:"place" doc:"Code of the division or grid that it concerns"`
	PlaceName   string         `json:"place_name"`
	Chained     bool           `json:"chained" doc:"Linked into its county's and day's chain: nobody can change it unnoticed"`
}

// TrailPage is a page of the trail.
type TrailPage struct {
	Entries []TrailEntry `json:"entries"`
	Cursor  string       `json:"cursor" doc:"Of the next page, empty on the last"`
}

// TrailFilter are the filters of a look at the trail. It is exported because huma passes by what it embeds otherwise.
type TrailFilter struct {
	From    string `query:"from" maxLength:"40" doc:"A day (2026-03-02), or a moment as in RFC 3339"`
	To      string `query:"to" maxLength:"40" doc:"A day, which is included, or a moment"`
	Account int64  `query:"account" minimum:"0" doc:"The id of who did it; 0: whoever"`
	Action  string `query:"action" maxLength:"40"`
	Subject string `query:"subject" maxLength:"100" doc:"Exactly"`
	Place   string `query:"place" maxLength:"20" doc:"Code of a division or a grid: what lies in it"`
	Q       string `query:"q" maxLength:"100" doc:"Found in actor, subject and reason, whatever the case"`
}

type trailInput struct {
	TrailFilter
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor string `query:"cursor" maxLength:"20" pattern:"^[0-9]*$" patternDescription:"what cursor said" doc:"What cursor said on the page before"`
}

func (s *Server) trailRoutes() {
	personal(s, huma.Operation{
		OperationID: "readTrail", Method: http.MethodGet, Path: "/api/trail", Tags: []string{"trail"},
		Summary: "The audit trail of one's ground, the newest entries first, in pages", Description: "Each page that is read is an entry of its own.",
	}, s.readTrail)
	s.trailExportRoute()
}

// readTrail writes down each page that is asked for, not only the first of a search: otherwise a made-up cursor would read
// without leaving a trace.
func (s *Server) readTrail(ctx context.Context, in *trailInput) (out TrailPage, err error) {
	f, err := in.filter()
	if err != nil {
		return out, err
	}
	if in.Cursor != "" {
		if f.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return out, fault.New(fault.Invalid, "cursor 不对：请用上一页返回的 cursor", "cursor is wrong: take the one that the page before gave")
		}
	}
	f.Limit = in.Limit + 1 // one more tells whether there is another page
	if err := s.writeLook(ctx, audit.TrailRead, f, in.said(in.Cursor)); err != nil {
		return out, err
	}
	out.Entries = []TrailEntry{}
	err = s.read(ctx, func(tx pgx.Tx) error {
		return audit.Search(ctx, tx, f, func(w *audit.Written) error {
			e, err := trailEntry(w)
			out.Entries = append(out.Entries, e)
			return err
		})
	})
	if len(out.Entries) > in.Limit {
		out.Entries = out.Entries[:in.Limit]
		out.Cursor = fmt.Sprint(out.Entries[in.Limit-1].ID)
	}
	return out, err
}

// writeLook puts a look at the trail into it, before anything is read; when that can't be done, nothing is.
func (s *Server) writeLook(ctx context.Context, action string, f audit.Filter, details any) error {
	if s.Trail == nil {
		return fault.New(fault.Unavailable, "没有审计记录：服务启动时没有密钥", "there is no trail: the server was started without keys")
	}
	e, may := audit.Looking(ctx, action, f, details)
	if !may {
		return fault.New(fault.Forbidden, "您的角色不能查看审计记录", "none of your roles may read the audit trail")
	}
	return postgres.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.Trail.Write(ctx, tx, e) })
}

func trailEntry(w *audit.Written) (e TrailEntry, err error) {
	e = TrailEntry{ID: w.ID, At: w.At, County: w.County, Account: w.Account, Actor: w.Actor, Action: w.Action, Subject: w.Subject, Reason: w.Reason,
		Address: w.Address, Place: w.Place, PlaceName: w.PlaceName, SubjectName: w.SubjectName, Chained: w.Chained}
	return e, json.Unmarshal(w.Details, &e.Details)
}

// filter reads the parameters. Faults: Invalid.
func (in *TrailFilter) filter() (f audit.Filter, err error) {
	for name, text := range map[string]string{"action": in.Action, "subject": in.Subject, "place": in.Place, "q": in.Q} {
		if !plainText(text) {
			return f, fault.New(fault.Invalid, name+" 不是有效的 UTF-8 文字", name+" isn't valid UTF-8 text")
		}
	}
	f = audit.Filter{Account: in.Account, Action: in.Action, Subject: in.Subject, Place: in.Place, Text: in.Q}
	if f.From, err = moment("from", in.From, false); err != nil {
		return f, err
	}
	if f.To, err = moment("to", in.To, true); err != nil {
		return f, err
	}
	if in.Place != "" && postgres.GroundOf(in.Place) == nil {
		return f, fault.New(fault.Invalid,
			fmt.Sprintf("地点代码 %q 有误：应为 6、9、12 位区划代码或 15 位网格代码", in.Place),
			fmt.Sprintf("the place %q is no code: a division's has 6, 9 or 12 digits, a grid's 15", in.Place))
	}
	return f, nil
}

func plainText(s string) bool {
	for _, r := range s {
		if r == 0 || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// moment reads a day of the counties' time, or a moment; a day that ends a span is included.
func moment(name, text string, end bool) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, audit.Zone); err == nil {
		if end {
			day = day.AddDate(0, 0, 1)
		}
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return at, fault.New(fault.Invalid,
			fmt.Sprintf("%s 应为日期（2026-03-02）或带时区的时间（2026-03-02T08:00:00+08:00）", name),
			fmt.Sprintf("%s is a day (2026-03-02) or a moment with its zone (2026-03-02T08:00:00+08:00)", name))
	}
	return at, nil
}

// said are the filters that were given, as the trail keeps them. Who looks for a telephone number doesn't leave it there.
func (in *TrailFilter) said(cursor string) map[string]any {
	details := map[string]any{}
	for name, text := range map[string]string{"from": in.From, "to": in.To, "action": in.Action, "subject": in.Subject, "place": in.Place,
		"q": mask.Text(in.Q), "cursor": cursor} {
		if text != "" {
			details[name] = text
		}
	}
	if in.Account != 0 {
		details["account"] = in.Account
	}
	return details
}
