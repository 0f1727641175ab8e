package draft

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Act is one step that a planner asks for. Which fields count depends on its kind (kinds).
type Act struct {
	Kind         string
	Revision     int    // the revision that the planner saw
	Preview      bool   // work it out and keep nothing
	Request      string // a name of the sender's own: an act that was carried out under it before isn't carried out again
	Blocks       []int64
	Grid         Key // split, split-line, rename, special, micro-…: which one
	Grids        []Key
	To           Key  // assign, move-border: where to
	New          bool // assign, micro-move: to a grid, or a micro-grid, that is to be made
	Community    int64
	Line         [][2]float64 // degrees, [lon, lat]
	CutBuildings bool         // the line may cut buildings
	Into         int
	FewMoves     bool
	Seed         uint64
	Together     []int64   // redraw: blocks that are to be in one grid
	Compounds    Compounds // redraw: which housing compounds aren't divided; "" for whichever
	Name         string
	Special      string
	Seq          int // back: the act after which it was as it shall be again
	Assignment   []Placed
	Shown        *int             // the revision at which a preview showed what comes of it: refused where its grids have changed since; nil: it wasn't shown
	Homes        []layout.HomeKey // micro-move: which ones
	Micro        int              // micro-move: where to, 0 being none; micro-name: which one
	Micros       []int            // micro-merge
	Titles       []Title          // place: which kinds the grids are of then
	Watch        func(Progress)   // solve: told how far it is
}

// Placed is a block and the grid that it goes to.
type Placed struct {
	Block int64
	Grid  Key
}

// Title is the kind of special grid that a grid is to be, "" for an ordinary one.
type Title struct {
	Grid    Key
	Special string
}

// step is an act under way: the desk it is carried out on, and what comes of it.
type step struct {
	*desk
	act     *Act
	account int64
	tx      pgx.Tx
	patch   Patch
	text    Text
	made    []*cut // cuts that are new
	undoes  int
	through []Building // buildings that a line cuts

	applied bool // the patch is on the desk
	had     int  // blocks that were on the desk before
	was     struct {
		fresh Key
		piece int64
		last  int32
	}
}

// kinds are the acts that there are.
var kinds = map[string]func(*step, context.Context) error{
	"assign":      (*step).assign,
	"place":       (*step).place,
	"merge":       (*step).merge,
	"split":       (*step).split,
	"redraw":      (*step).redraw,
	"solve":       (*step).solve,
	"cut":         (*step).cutOnly,
	"split-line":  (*step).splitLine,
	"move-border": (*step).moveBorder,
	"rename":      (*step).rename,
	"special":     (*step).makeSpecial,
	"micro-plan":  (*step).planMicro,
	"micro-move":  (*step).moveMicro,
	"micro-merge": (*step).mergeMicro,
	"micro-name":  (*step).nameMicro,
	"lock":        (*step).lock,
	"unlock":      (*step).unlock,
	"undo":        (*step).undo,
	"redo":        (*step).redo,
	"back":        (*step).back,
}

// carryOut works an act out and applies it to the desk, which is spoilt when it fails.
func carryOut(ctx context.Context, s *step) error {
	run, known := kinds[s.act.Kind]
	if !known {
		return invalid("没有名为 %.40q 的操作", "there is no act %.40q", s.act.Kind)
	}
	if err := run(s, ctx); err != nil {
		return err
	}
	if s.patch.empty() {
		return invalid("没有变化：所选的已是如此", "nothing would change: it is so already")
	}
	s.apply(&s.patch)
	s.applied = true
	return nil
}
