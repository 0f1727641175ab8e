package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/address"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/register"
)

// Intake brings files into the register. Any number of goroutines may use it.
type Intake struct {
	DB        *pgxpool.Pool // of the application role
	Book      *register.Book
	Ground    *layout.Locators
	Addresses func(ctx context.Context, county int32) (*address.Gazetteer, error)
	Log       *slog.Logger

	wake chan struct{} // of Follow
}

// New makes an intake.
func New(in Intake) *Intake {
	in.wake = make(chan struct{}, 1)
	return &in
}

// State is where an import stands.
type State string

// The states. A job is made Reading, while its file comes in, and is Waiting until somebody says which column is what; Done, Cancelled and Failed are
// ends, and one that Failed may be started again.
const (
	Reading   State = "reading"
	Waiting   State = "waiting"
	Running   State = "running"
	Paused    State = "paused"
	Cancelled State = "cancelled"
	Done      State = "done"
	Failed    State = "failed"
)

// ID names an import: "370883-12".
type ID struct {
	County int32
	Number int64
}

func (id ID) String() string { return fmt.Sprintf("%06d-%d", id.County, id.Number) }

// ParseID reads what String wrote. Fault: NotFound.
func ParseID(s string) (ID, error) {
	county, number, _ := strings.Cut(s, "-")
	c, err1 := strconv.ParseInt(county, 10, 32)
	n, err2 := strconv.ParseInt(number, 10, 64)
	id := ID{int32(c), n}
	if err1 != nil || err2 != nil || c <= 0 || n <= 0 || id.String() != s {
		return ID{}, fault.New(fault.NotFound, fmt.Sprintf("没有导入任务 %.40q", s), fmt.Sprintf("there is no import %.40q", s))
	}
	return id, nil
}

// Tally is what became of rows.
type Tally struct {
	Accepted int `json:"accepted"`
	Same     int `json:"same"`     // were there already as they came
	Proposed int `json:"proposed"` // would change somebody, which somebody decides
	Rejected int `json:"rejected"`
}

func (t *Tally) add(u Tally) {
	t.Accepted += u.Accepted
	t.Same += u.Same
	t.Proposed += u.Proposed
	t.Rejected += u.Rejected
}

func (t Tally) sum() int { return t.Accepted + t.Same + t.Proposed + t.Rejected }

// Job is an import.
type Job struct {
	ID        ID
	Kind      Kind
	File      string
	Division  string // code
	Account   int64  // 0: the command line
	By        string
	Columns   []string
	Mapping   map[string]int
	CRS       crs.System
	State     State
	ProblemZH string
	ProblemEN string
	GB18030   bool
	Rows      int
	Parts     int
	NextPart  int
	Done      int // rows that are through: the sum of the tally
	Tally
	MadeAt    time.Time
	StartedAt *time.Time
	EndedAt   *time.Time
}

const jobColumns = `county, id, kind, file, division, coalesce(account, 0), by, columns, mapping, crs, state, problem_zh, problem_en, gb18030, rows, parts, next_part, done,
	accepted, same, proposed, rejected, made_at, started_at, ended_at`

func scanJob(row pgx.CollectableRow) (*Job, error) {
	j := &Job{}
	var mapping []byte
	var system string
	err := row.Scan(&j.ID.County, &j.ID.Number, &j.Kind, &j.File, &j.Division, &j.Account, &j.By, &j.Columns, &mapping, &system, &j.State, &j.ProblemZH, &j.ProblemEN, &j.GB18030,
		&j.Rows, &j.Parts, &j.NextPart, &j.Done, &j.Accepted, &j.Same, &j.Proposed, &j.Rejected, &j.MadeAt, &j.StartedAt, &j.EndedAt)
	if err != nil {
		return nil, err
	}
	if j.CRS, err = crs.Parse(system); err != nil {
		return nil, err
	}
	return j, json.Unmarshal(mapping, &j.Mapping)
}

// Get reads an import. Fault: NotFound when there is none that the actor may see.
func (in *Intake) Get(ctx context.Context, tx pgx.Tx, id ID) (*Job, error) {
	return in.get(ctx, tx, id, "")
}

// lock reads an import and holds it until the transaction ends.
func (in *Intake) lock(ctx context.Context, tx pgx.Tx, id ID) (*Job, error) {
	return in.get(ctx, tx, id, " FOR UPDATE")
}

func (in *Intake) get(ctx context.Context, tx pgx.Tx, id ID, lock string) (*Job, error) {
	rows, err := tx.Query(ctx, `SELECT `+jobColumns+` FROM intake_job WHERE county = $1 AND id = $2`+lock, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	j, err := pgx.CollectExactlyOneRow(rows, scanJob)
	if err == pgx.ErrNoRows {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("没有导入任务 %s，或者您无权查看", id), fmt.Sprintf("there is no import %s, or none that you may see", id))
	}
	return j, err
}

// mostListed is how many imports a list has.
const mostListed = 100

// List reads the imports of a county that the actor may see, the newest first.
func (in *Intake) List(ctx context.Context, tx pgx.Tx, county int32) ([]*Job, error) {
	rows, err := tx.Query(ctx, `SELECT `+jobColumns+` FROM intake_job WHERE county = $1 ORDER BY made_at DESC, id DESC LIMIT $2`, county, mostListed)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanJob)
}
