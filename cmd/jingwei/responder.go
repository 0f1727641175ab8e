package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/responder"
)

// responderCommand looks after responders from the server's command line.
type responderCommand struct {
	List   responderList   `cmd:"" help:"List the responders of a division, telephone numbers masked, or the grids there that have a vacancy."`
	Add    responderAdd    `cmd:"" help:"Put somebody on the roll."`
	Assign responderAssign `cmd:"" help:"Give a post of a grid to somebody, or make it vacant."`
}

// atRoll makes a context's transactions the command line's: it may see and manage all responders, and stands in the trail as itself.
func atRoll(ctx context.Context) context.Context {
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx = postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{access.ReadResponders: everywhere, access.ManageResponders: everywhere}})
	return audit.WithCaller(ctx, audit.Caller{Name: audit.CommandLine})
}

// onRoll runs f with the roll, in a transaction that may do anything with it, as the command line.
func (s *console) onRoll(ctx context.Context, f func(ctx context.Context, roll *responder.Roll, tx pgx.Tx) error) error {
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	ctx = atRoll(ctx)
	roll := &responder.Roll{Vault: in.keys, Trail: in.trail}
	if err := db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, roll, tx) }); err != nil {
		return err
	}
	s.chain(ctx, db, in)
	return nil
}

type responderList struct {
	Division string `arg:"" help:"Code of a division or a grid."`
	Vacant   bool   `help:"The grids with a vacancy instead."`
	Free     bool   `help:"Only those who could hold a post and hold none."`
	Ended    bool   `help:"Those who don't work there any more as well."`
}

func (c *responderList) Run(ctx context.Context, s *console) error {
	if c.Vacant {
		return c.vacancies(ctx, s)
	}
	var all []*responder.Responder
	err := s.onRoll(ctx, func(ctx context.Context, roll *responder.Roll, tx pgx.Tx) error {
		f := responder.Filter{Within: c.Division, Free: c.Free, Ended: c.Ended, Limit: 500}
		for {
			page, err := roll.List(ctx, tx, f)
			if err != nil {
				return err
			}
			all = append(all, page.Responders...)
			if f.Cursor = page.Cursor; f.Cursor == "" {
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return s.result(all, func(w io.Writer) {
		for _, r := range all {
			writeResponder(w, r)
		}
	})
}

// vacancies lists the grids that have one.
func (c *responderList) vacancies(ctx context.Context, s *console) error {
	var all []*responder.GridPosts
	err := s.onRoll(ctx, func(ctx context.Context, roll *responder.Roll, tx pgx.Tx) error {
		f := responder.PostFilter{Within: c.Division, Vacant: "any", Limit: 500}
		for {
			page, err := roll.Posts(ctx, tx, f)
			if err != nil {
				return err
			}
			all = append(all, page.Grids...)
			if f.Cursor = page.Cursor; f.Cursor == "" {
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return s.result(all, func(w io.Writer) {
		for _, g := range all {
			writePosts(w, g)
		}
	})
}

// writeResponder is a responder in one line: number, name, kind, telephone, division, posts.
func writeResponder(w io.Writer, r *responder.Responder) {
	zh, _ := r.Kind.Names()
	fmt.Fprintf(w, "%-14s %-10s %-6s %-12s %-12s", r.ID, r.Name, zh, r.Phone, r.Division)
	for _, h := range r.Posts {
		post, _ := h.Post.Names()
		fmt.Fprintf(w, " %s %s", h.Grid, post)
		if h.StandsIn {
			fmt.Fprint(w, "（替班 stands in）")
		}
	}
	if r.Ended != nil {
		fmt.Fprintf(w, " （已离岗 ended %s）", r.Ended.Format(time.DateOnly))
	}
	fmt.Fprintln(w)
}

// writePosts is a grid's posts in one line.
func writePosts(w io.Writer, g *responder.GridPosts) {
	fmt.Fprintf(w, "%s %s", g.Grid, g.CommunityName)
	for _, p := range responder.Posts {
		zh, _ := p.Names()
		name := "空缺 vacant"
		if h := g.Posts[p].Now; h != nil {
			name = h.Person.Name
		}
		fmt.Fprintf(w, "  %s %s", zh, name)
	}
	fmt.Fprintln(w)
}

type responderAdd struct {
	Name     string `arg:"" help:"What they are called."`
	Kind     string `help:"grid-worker, grid-leader, police, volunteer or repair." default:"grid-worker"`
	Division string `help:"Where they belong." placeholder:"CODE" required:""`
	Phone    string `help:"Their telephone number; it is sealed."`
	Account  string `help:"The account that they sign in with." placeholder:"NAME"`
}

func (c *responderAdd) Run(ctx context.Context, s *console) error {
	var made *responder.Responder
	err := s.onRoll(ctx, func(ctx context.Context, roll *responder.Roll, tx pgx.Tx) (err error) {
		made, err = roll.Add(ctx, tx, responder.Draft{Kind: c.Kind, Name: c.Name, Phone: c.Phone, Division: c.Division, Account: c.Account})
		return err
	})
	if err != nil {
		return err
	}
	return s.result(made, func(w io.Writer) { writeResponder(w, made) })
}

type responderAssign struct {
	Grid       string `arg:"" help:"Code of the grid."`
	Post       string `arg:"" help:"worker or leader." enum:"worker,leader"`
	Responder  string `arg:"" optional:"" help:"Number of the responder; left out: the post becomes vacant."`
	Since      string `help:"The first day of it (default: today)." placeholder:"YYYY-MM-DD"`
	Substitute string `help:"Number of who stands in, with --from and --to." placeholder:"NUMBER"`
	From       string `help:"The substitute's first day." placeholder:"YYYY-MM-DD"`
	To         string `help:"The substitute's last day." placeholder:"YYYY-MM-DD"`
}

func (c *responderAssign) Run(ctx context.Context, s *console) error {
	a, err := c.assignment()
	if err != nil {
		return err
	}
	var now *responder.GridPosts
	err = s.onRoll(ctx, func(ctx context.Context, roll *responder.Roll, tx pgx.Tx) (err error) {
		now, _, err = roll.Assign(ctx, tx, a)
		return err
	})
	if err != nil {
		return err
	}
	return s.result(now, func(w io.Writer) { writePosts(w, now) })
}

// assignment reads the arguments.
func (c *responderAssign) assignment() (a responder.Assignment, err error) {
	code, err := strconv.ParseInt(c.Grid, 10, 64)
	if err != nil || len(c.Grid) != 15 {
		return a, fault.New(fault.Invalid, fmt.Sprintf("网格代码 %.20q 不对，应为 15 位数字", c.Grid), fmt.Sprintf("the grid's code %.20q is wrong, it has 15 digits", c.Grid))
	}
	a = responder.Assignment{Grid: layout.Code(code), Post: responder.Post(c.Post)}
	if a.Responder, err = responder.ParseID(c.Responder); err != nil {
		return a, err
	}
	if c.Since != "" {
		if a.Since, err = dayFlag("--since", c.Since); err != nil {
			return a, err
		}
	}
	if c.Substitute == "" {
		return a, nil
	}
	a.Substitute = new(responder.StandIn)
	if a.Substitute.Responder, err = responder.ParseID(c.Substitute); err != nil {
		return a, err
	}
	if a.Substitute.From, err = dayFlag("--from", c.From); err != nil {
		return a, err
	}
	a.Substitute.To, err = dayFlag("--to", c.To)
	return a, err
}

func dayFlag(flag, s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return day, fault.New(fault.Invalid, fmt.Sprintf("%s 的日期 %.20q 不对，应形如 2026-03-01", flag, s), fmt.Sprintf("%s: the date %.20q is wrong; it looks like 2026-03-01", flag, s))
	}
	return day, nil
}

// tellReleased names those whose grid a publication retired.
func (s *console) tellReleased(released []responder.Released) {
	for _, r := range released {
		zh, en := r.Post.Names()
		rest := "现无岗位 free now"
		if r.Remain > 0 {
			rest = fmt.Sprintf("另有 %d 个岗位 holds %[1]d other posts", r.Remain)
		}
		fmt.Fprintf(plainText{s.stderr}, "网格 %s 已撤销，原%s %s（%s）%s / grid %[1]s is retired, its %[6]s was %[3]s\n", r.Grid, zh, r.Name, r.Responder, rest, en)
	}
}
