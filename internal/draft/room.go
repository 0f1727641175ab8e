package draft

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// mostDesks is how many drafts a node keeps in memory; a town's takes some 20 MB.
const mostDesks = 24

// Room is where drafts are worked on.
type Room struct {
	db   *pgxpool.Pool
	also []layout.Also

	mu    sync.Mutex
	desks map[ID]*seat
	turn  int
}

// seat is a desk that is kept, used by one at a time. desk is nil when what it held can't be relied on.
type seat struct {
	mu   sync.Mutex
	desk *desk
	used int
}

// New gives a room over the application's pool. also is what else happens in the transaction of a publication.
func New(db *pgxpool.Pool, also ...layout.Also) *Room {
	return &Room{db: db, also: also, desks: make(map[ID]*seat)}
}

// seat gives the draft's, making room by forgetting the one that wasn't used for longest.
func (r *Room) seat(id ID) *seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn++
	s := r.desks[id]
	if s == nil {
		if len(r.desks) >= mostDesks {
			var oldest ID
			least := r.turn
			for other, o := range r.desks {
				if o.used < least {
					oldest, least = other, o.used
				}
			}
			delete(r.desks, oldest)
		}
		s = &seat{}
		r.desks[id] = s
	}
	s.used = r.turn
	return s
}

// at runs f in a transaction with the draft and its desk as it is in the database, alone on this node; lock makes it alone on all. What f does
// to the desk is kept when the transaction commits, unless it says otherwise.
func (r *Room) at(ctx context.Context, id ID, lock bool, f func(tx pgx.Tx, h *Head, d *desk) (keep bool, err error)) error {
	return r.atDesk(ctx, id, lock, func(tx pgx.Tx, h *Head, d *desk) (*desk, error) {
		keep, err := f(tx, h, d)
		if !keep {
			d = nil
		}
		return d, err
	})
}

// atDesk is at for what may lay out the desk anew: f gives the one that is to be kept, nil for none. One that it gives with an error is as it was.
func (r *Room) atDesk(ctx context.Context, id ID, lock bool, f func(tx pgx.Tx, h *Head, d *desk) (*desk, error)) error {
	s := r.seat(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept *desk
	var refused error
	err := postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		h, err := find(ctx, tx, id, lock)
		if err != nil {
			return err
		}
		d := s.desk
		s.desk = nil // f may spoil it
		if d, err = catchUp(ctx, tx, h, d); err != nil {
			return err
		}
		kept, refused = f(tx, h, d)
		return refused
	})
	if err == nil || refused != nil {
		s.desk = kept
	}
	return err
}

// catchUp brings a desk to what the database has, or lays out a new one.
func catchUp(ctx context.Context, tx pgx.Tx, h *Head, d *desk) (*desk, error) {
	if d == nil || d.live.Base != h.Live || d.revision > h.Revision {
		return layOut(ctx, tx, h)
	}
	if d.revision == h.Revision {
		return d, nil
	}
	missed, err := acts(ctx, tx, h.id, d.revision)
	if err != nil {
		return nil, err
	}
	for _, a := range missed {
		if len(a.patch.Cuts)+len(a.patch.Uncuts) > 0 || a.Kind == "rebase" {
			return layOut(ctx, tx, h)
		}
		d.apply(&a.patch)
	}
	d.revision = h.Revision
	return d, nil
}

// me is who acts, as others see them.
func me(ctx context.Context) (Person, error) {
	i := access.IdentityOf(ctx)
	if i == nil || postgres.ActorOf(ctx).Account == 0 {
		return Person{}, fault.New(fault.SignedOut, "尚未登录", "nobody is signed in")
	}
	return Person{i.Account.Name, i.Account.Display}, nil
}

// Begin starts a draft. Faults: Invalid, NotFound, Forbidden.
func (r *Room) Begin(ctx context.Context, b Beginning) (*Head, error) {
	who, err := me(ctx)
	if err != nil {
		return nil, err
	}
	var h *Head
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		if h, err = begin(ctx, tx, who, b); err != nil {
			return err
		}
		switch b.Begin {
		case "", "live":
			return nil
		case "nothing":
			return r.beginWith(ctx, tx, h, func(s *step) error { return s.empty() })
		case "version":
			return r.beginWith(ctx, tx, h, func(s *step) error { return s.asVersion(ctx, b.Version) })
		case "draft":
			return copyDraft(ctx, tx, b.Draft, h)
		}
		return invalid("草案起点 %.20q 有误：可为 live、nothing、draft 或 version", "a draft can't begin with %.20q: live, nothing, draft or version", b.Begin)
	})
	if err != nil {
		return nil, err
	}
	return r.Head(ctx, h.id)
}

// beginWith makes a first act of its own.
func (r *Room) beginWith(ctx context.Context, tx pgx.Tx, h *Head, f func(*step) error) error {
	d, err := layOut(ctx, tx, h)
	if err != nil {
		return err
	}
	s := &step{desk: d, act: &Act{Kind: "begin"}, tx: tx, account: postgres.ActorOf(ctx).Account}
	if err := f(s); err != nil {
		return err
	}
	if s.patch.empty() {
		return nil
	}
	s.apply(&s.patch)
	_, err = s.save(ctx, h)
	return err
}

// empty takes every block out of its grid, but for special grids, which aren't drawn by people.
func (s *step) empty() error {
	for i := range s.blocks {
		if s.special(s.grid[i]) == "" {
			s.move(int32(i), Nowhere)
		}
	}
	s.text = say("从空白开始", "begun with nothing")
	return nil
}

// asVersion puts every block into the grid that it was in at a version. Blocks that weren't there then stay where they are.
func (s *step) asVersion(ctx context.Context, version int) error {
	if version < 1 || version > s.live.Base {
		return invalid("没有第 %d 版", "there is no version %d", version)
	}
	then, err := layout.At(ctx, s.tx, s.id.County, s.live.Communities, version)
	if err != nil {
		return err
	}
	for i := range s.blocks {
		if code, was := then[s.blocks[i].root]; was {
			s.move(int32(i), Key(code))
		}
	}
	s.text = say("恢复第 %d 版的网格", "the grids of version %d again", version)
	return s.asMicro(ctx, version)
}

// Head gives one draft without its ground.
func (r *Room) Head(ctx context.Context, id ID) (h *Head, err error) {
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		h, err = find(ctx, tx, id, false)
		return err
	})
	return h, err
}

// List gives the drafts that the actor may see.
func (r *Room) List(ctx context.Context, f Filter) (all []*Head, err error) {
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		all, err = List(ctx, tx, f)
		return err
	})
	return all, err
}

// Rename changes what a draft is called and says; nil leaves one as it is.
func (r *Room) Rename(ctx context.Context, id ID, name, note *string) (*Head, error) {
	return r.change(ctx, id, func(tx pgx.Tx, h *Head) error {
		if !h.May.Edit {
			return h.refusal()
		}
		if name != nil {
			clean, err := cleanName(*name)
			if err != nil {
				return err
			}
			h.Name = clean
		}
		if note != nil {
			clean, err := typed.Text("note", "说明", *note, 0, longestNote)
			if err != nil {
				return err
			}
			h.Note = clean
		}
		_, err := tx.Exec(ctx, `UPDATE draft SET name = $3, note = $4 WHERE county = $1 AND id = $2`, id.County, id.Number, h.Name, h.Note)
		return err
	})
}

// change runs f on a draft that is held, and gives it as it is afterwards.
func (r *Room) change(ctx context.Context, id ID, f func(pgx.Tx, *Head) error) (h *Head, err error) {
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		if h, err = find(ctx, tx, id, true); err != nil {
			return err
		}
		if err = f(tx, h); err != nil {
			return err
		}
		h, err = find(ctx, tx, id, false)
		return err
	})
	return h, err
}

// refusal is why the actor may not change a draft.
func (h *Head) refusal() error {
	if h.May.Why != nil {
		code := fault.Forbidden
		if h.State != Open {
			code = fault.Conflict
		}
		return fault.New(code, h.May.Why.ZH, h.May.Why.EN)
	}
	return forbidden("您不能这样做", "you may not do this")
}

// Share says who may change a draft besides its maker. Faults: NotFound for a name that no planner of all of its ground has.
func (r *Room) Share(ctx context.Context, id ID, names []string) (*Head, error) {
	return r.change(ctx, id, func(tx pgx.Tx, h *Head) error {
		if h.madeBy != postgres.ActorOf(ctx).Account {
			return forbidden("只有起草人 %s 可以共享草案", "only %s, who made the draft, shares it", h.By.Display)
		}
		if len(names) > 50 {
			return invalid("最多与 50 人共享", "a draft is shared with 50 at most")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM draft_member WHERE county = $1 AND draft = $2`, id.County, id.Number); err != nil {
			return err
		}
		for _, name := range names {
			tag, err := tx.Exec(ctx, `INSERT INTO draft_member (county, draft, account, name, display)
				SELECT $1, $2, account, name, display FROM planner_named($3, int8range($4, $5, '[]')) ON CONFLICT DO NOTHING`,
				id.County, id.Number, name, h.ground.Low, h.ground.High)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return fault.New(fault.NotFound, fmt.Sprintf("没有账号 %.40q，或其规划范围不含 %s", name, h.Division.Name),
					fmt.Sprintf("there is no account %.40q that plans on all of %s", name, h.Division.Code))
			}
		}
		return nil
	})
}

func forbidden(zh, en string, args ...any) error {
	return fault.New(fault.Forbidden, fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
}
