package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/intake"
	"jingwei/internal/register"
)

// IntakeTally is what became of the rows of a file that are through.
type IntakeTally struct {
	Accepted int `json:"accepted"`
	Same     int `json:"same" doc:"Were there already as they came"`
	Proposed int `json:"proposed" doc:"Would change somebody on record: somebody decides"`
	Rejected int `json:"rejected"`
}

// Intake is a file of houses, people, organisations, facilities or vehicles on its way into the register.
type Intake struct {
	ID        string       `json:"id" example:"370883-12"`
	Kind      string       `json:"kind" enum:"houses,residents,organisations,facilities,vehicles"`
	File      string       `json:"file" doc:"What it is called"`
	Division  DivisionName `json:"division" doc:"Whose houses and people may be in it"`
	By        string       `json:"by" doc:"The account that brought it"`
	State     string       `json:"state" enum:"reading,waiting,running,paused,cancelled,done,failed"`
	ProblemZH string       `json:"problem_zh" doc:"Why it failed"`
	ProblemEN string       `json:"problem_en"`
	CRS       string       `json:"crs"`
	GB18030   bool         `json:"gb18030" doc:"How the file was read, as it isn't UTF-8"`
	Rows      int          `json:"rows"`
	Done      int          `json:"done" doc:"Rows that are through: the sum of the tally"`
	IntakeTally
	MadeAt    time.Time  `json:"made_at"`
	StartedAt *time.Time `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// IntakeField is what a column can be.
type IntakeField struct {
	Name   string `json:"name"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Needed bool   `json:"needed" doc:"No row is complete without it"`
}

// IntakeProblem is something wrong with a row.
type IntakeProblem struct {
	Column string `json:"column" doc:"As the file calls it; empty for the whole row"`
	Code   string `json:"code"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// IntakeRow is one of the first rows of a file, masked.
type IntakeRow struct {
	Line     int             `json:"line"`
	Cells    []string        `json:"cells"`
	Problems []IntakeProblem `json:"problems"`
}

// IntakeCount is how many rows have a problem of a kind in a column.
type IntakeCount struct {
	IntakeProblem
	Rows int `json:"rows"`
}

// IntakeView is an import with what its file looks like.
type IntakeView struct {
	Intake
	Columns  []string       `json:"columns" doc:"Of the file"`
	Mapping  map[string]int `json:"mapping" doc:"Field → place of its column"`
	Fields   []IntakeField  `json:"fields"`
	First    []IntakeRow    `json:"first" doc:"The first rows, masked"`
	Problems []IntakeCount  `json:"problems" doc:"What is wrong with rejected rows, the most frequent first"`
}

// IntakeList are the imports that one may see, the newest first.
type IntakeList struct {
	Intakes []Intake `json:"intakes"`
}

type intakesInput struct {
	County int32 `query:"county" minimum:"100000" maximum:"999999" required:"true"`
}

// IntakeInput says which import.
type IntakeInput struct {
	ID string `path:"id" maxLength:"40" example:"370883-12"`
}

type changeIntakeInput struct {
	IntakeInput
	Body struct {
		Mapping map[string]int `json:"mapping,omitempty" doc:"Field → place of its column"`
		CRS     string         `json:"crs,omitempty" doc:"wgs84, cgcs2000, gcj02 or bd09"`
		Act     string         `json:"act,omitempty" enum:"start,pause,resume,cancel"`
	}
}

func (s *Server) intakeRoutes() {
	if s.Intake == nil {
		s.Intake = intake.New(intake.Intake{DB: s.DB, Book: s.book, Ground: s.ground, Log: s.Logger, Addresses: s.addressesOf})
	}
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, Description: description, DefaultStatus: http.StatusOK}
	}
	personal(s, op("listIntakes", http.MethodGet, "/api/intakes", "Imports of houses, people, organisations, facilities and vehicles", ""), s.listIntakes)
	personal(s, op("getIntake", http.MethodGet, "/api/intakes/{id}", "An import: how far it is, what its file looks like", ""), s.getIntake)
	personal(s, op("changeIntake", http.MethodPut, "/api/intakes/{id}", "Say which column is what; start, pause, resume or cancel an import", "What was taken before it was cancelled stays."), s.changeIntake)
	personal(s, op("listProposals", http.MethodGet, "/api/proposals", "What imports would change of people on record", "Who they are about is looked at with that, which is kept in the audit trail."), s.listProposals)
	personal(s, op("decideProposal", http.MethodPost, "/api/proposals/{id}", "Accept what an import would change, or refuse it", "It is kept in the audit trail."), s.decideProposal)
	s.intakeFileRoutes()
	s.unplacedRoutes()
}

func (s *Server) listIntakes(ctx context.Context, in *intakesInput) (out IntakeList, err error) {
	out.Intakes = []Intake{}
	err = s.read(ctx, func(tx pgx.Tx) error {
		jobs, err := s.Intake.List(ctx, tx, in.County)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			out.Intakes = append(out.Intakes, intakeOf(j))
		}
		return s.nameDivisions(ctx, tx, out.Intakes)
	})
	return out, err
}

func (s *Server) getIntake(ctx context.Context, in *IntakeInput) (out IntakeView, err error) {
	id, err := intake.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) (err error) {
		j, err := s.Intake.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		out, err = s.viewIntake(ctx, tx, j)
		return err
	})
	return out, err
}

func (s *Server) viewIntake(ctx context.Context, tx pgx.Tx, j *intake.Job) (out IntakeView, err error) {
	p, err := s.Intake.Preview(ctx, tx, j)
	if err != nil {
		return out, err
	}
	out = IntakeView{Intake: intakeOf(j), Columns: listed(j.Columns), Mapping: j.Mapping, First: []IntakeRow{}, Problems: []IntakeCount{}}
	for _, f := range p.Fields {
		out.Fields = append(out.Fields, IntakeField{f.Name, f.ZH, f.EN, f.Needed})
	}
	for _, row := range p.Rows {
		shown := IntakeRow{row.Line, listed(row.Cells), []IntakeProblem{}}
		for _, problem := range row.Problems {
			shown.Problems = append(shown.Problems, IntakeProblem(problem))
		}
		out.First = append(out.First, shown)
	}
	counts, err := s.Intake.Problems(ctx, tx, j.ID)
	if err != nil {
		return out, err
	}
	for _, c := range counts {
		out.Problems = append(out.Problems, IntakeCount{IntakeProblem{c.Column, c.Code, c.ZH, c.EN}, c.Rows})
	}
	one := []Intake{out.Intake}
	err = s.nameDivisions(ctx, tx, one)
	out.Intake = one[0]
	return out, err
}

func (s *Server) changeIntake(ctx context.Context, in *changeIntakeInput) (out IntakeView, err error) {
	id, err := intake.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	change := intake.Change{Mapping: in.Body.Mapping, Act: intake.Act(in.Body.Act)}
	if in.Body.CRS != "" {
		system, err := crs.Parse(in.Body.CRS)
		if err != nil {
			return out, err
		}
		change.CRS = &system
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		j, err := s.Intake.Change(ctx, tx, id, change)
		if err != nil {
			return err
		}
		out, err = s.viewIntake(ctx, tx, j)
		return err
	})
	if err == nil && out.State == string(intake.Running) {
		s.Intake.Wake()
	}
	return out, err
}

// nameDivisions gives the divisions of imports their names.
func (s *Server) nameDivisions(ctx context.Context, tx pgx.Tx, all []Intake) error {
	codes := make([]string, len(all))
	for i, j := range all {
		codes[i] = j.Division.Code
	}
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE code = ANY ($1)`, codes)
	if err != nil {
		return err
	}
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		for i := range all {
			if all[i].Division.Code == code {
				all[i].Division.Name = name
			}
		}
		return nil
	})
	return err
}

func intakeOf(j *intake.Job) Intake {
	return Intake{ID: j.ID.String(), Kind: string(j.Kind), File: j.File, Division: DivisionName{Code: j.Division}, By: j.By, State: string(j.State), ProblemZH: j.ProblemZH, ProblemEN: j.ProblemEN,
		CRS: j.CRS.String(), GB18030: j.GB18030, Rows: j.Rows, Done: j.Done, IntakeTally: IntakeTally(j.Tally), MadeAt: j.MadeAt, StartedAt: j.StartedAt, EndedAt: j.EndedAt}
}

// Arriving is somebody as a file has them, numbers masked.
type Arriving struct {
	Name       string   `json:"name"`
	Card       string   `json:"card" doc:"ID number, masked"`
	Phone      string   `json:"phone" doc:"Masked"`
	Sex        string   `json:"sex" enum:"male,female,unknown"`
	Born       string   `json:"born,omitempty" format:"date"`
	Nation     string   `json:"nation"`
	Education  string   `json:"education"`
	Relation   string   `json:"relation"`
	Stay       string   `json:"stay" enum:"registered,separated,floating"`
	Registered string   `json:"registered"`
	Since      string   `json:"since,omitempty" format:"date"`
	Until      string   `json:"until,omitempty" format:"date"`
	Care       []string `json:"care"`
	House      string   `json:"house"`
	Address    string   `json:"address"`
}

// Proposal is what an import would change of somebody on record.
type Proposal struct {
	ID      string         `json:"id"`
	Intake  string         `json:"intake" doc:"The import; empty when it isn't kept any more"`
	Line    int            `json:"line" doc:"Of its file"`
	Kind    string         `json:"kind" enum:"move,differs,elsewhere,overlaps" doc:"Lives in another house; is on record otherwise; is on record where you don't keep the register; lived elsewhere at that time"`
	MadeAt  time.Time      `json:"made_at"`
	Arrival Arriving       `json:"arrival" doc:"By the file"`
	Home    *ResidentFound `json:"home" doc:"On record; null out of your sight"`
}

// ProposalList are proposals that nobody has decided, the oldest first.
type ProposalList struct {
	Proposals []Proposal `json:"proposals" doc:"Fifty at most"`
	All       int        `json:"all" doc:"How many there are"`
}

type proposalsInput struct {
	County int32  `query:"county" minimum:"100000" maximum:"999999" required:"true"`
	Intake string `query:"intake" maxLength:"40" doc:"Of one import alone"`
	After  string `query:"after" maxLength:"40" doc:"Those after this one"`
}

type decideProposalInput struct {
	ID   string `path:"id" maxLength:"40" example:"370883-12"`
	Body struct {
		Accept bool   `json:"accept"`
		Left   string `json:"left,omitempty" maxLength:"10" format:"date" doc:"The day on which they leave the old house; without it, the day on which they came into the new one"`
	}
}

// ProposalDecided says that it is.
type ProposalDecided struct {
	ID       string `json:"id"`
	Accepted bool   `json:"accepted"`
}

func (s *Server) listProposals(ctx context.Context, in *proposalsInput) (out ProposalList, err error) {
	var job intake.ID
	var after register.ID
	if in.Intake != "" {
		if job, err = intake.ParseID(in.Intake); err != nil {
			return out, err
		}
	}
	if in.After != "" {
		if after, err = register.ParseID(in.After); err != nil {
			return out, err
		}
	}
	out.Proposals = []Proposal{}
	err = s.write(ctx, func(tx pgx.Tx) error {
		all, n, err := s.Intake.Proposals(ctx, tx, in.County, job.Number, after.Number)
		out.All = n
		for i := range all {
			out.Proposals = append(out.Proposals, proposalOf(&all[i]))
		}
		return err
	})
	if err != nil {
		return ProposalList{}, err
	}
	return out, nil
}

func (s *Server) decideProposal(ctx context.Context, in *decideProposalInput) (out ProposalDecided, err error) {
	id, err := register.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	var left time.Time
	if in.Body.Left != "" {
		if left, err = dateOf("left", in.Body.Left); err != nil {
			return out, err
		}
		if left.After(time.Now()) {
			return out, futureDay()
		}
	}
	err = s.write(ctx, func(tx pgx.Tx) error { return s.Intake.Decide(ctx, tx, id, in.Body.Accept, left) })
	return ProposalDecided{in.ID, in.Body.Accept}, err
}

func proposalOf(p *intake.Proposal) Proposal {
	a := &p.Arrival
	out := Proposal{ID: p.ID.String(), Line: p.Line, Kind: p.Kind, MadeAt: p.MadeAt, Arrival: Arriving{Name: a.Name, Card: a.Card, Phone: a.Phone, Sex: string(a.Sex), Born: dayText(a.Born),
		Nation: a.Nation, Education: a.Education, Relation: a.Relation, Stay: string(a.Stay), Registered: a.Registered, Since: dayText(a.Since), Until: dayText(a.Until), Care: listed(a.Care),
		House: a.House.String(), Address: a.Address}}
	if p.Job.Number != 0 {
		out.Intake = p.Job.String()
	}
	if p.Home != nil {
		out.Home = &ResidentFound{occupantOf(&p.Home.Occupant), houseOf(&p.Home.Home)}
	}
	return out
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// rejectsName is what a file of rejects is called.
func rejectsName(id intake.ID, format intake.Format) string {
	return fmt.Sprintf("rejects-%s.%s", id, format)
}
