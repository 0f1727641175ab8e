package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/address"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/intake"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// importRegisterFlags are what imports into the register are told.
type importRegisterFlags struct {
	File     string            `arg:"" type:"existingfile" help:"CSV (UTF-8 or GB18030) or XLSX; one of the first lines names the columns."`
	Division string            `required:"" help:"Code of the division that the rows are of (6, 9 or 12 digits); rows of others are rejected." placeholder:"CODE"`
	Map      map[string]string `help:"Which column is what, where its name doesn't say: --map card=证件编号. May be repeated." placeholder:"FIELD=COLUMN"`
	DryRun   bool              `help:"Show which column is what and what would become of the rows, and write nothing."`
	Rejects  string            `help:"Write the rows that don't go in to this file (.csv or .xlsx), with what is wrong with them; mend it and import it again." placeholder:"FILE"`
}

// importPlacedFlags are what imports of things with positions are told besides.
type importPlacedFlags struct {
	importRegisterFlags
	CRS string `help:"Coordinates of the file: wgs84, cgcs2000, gcj02 or bd09." default:"wgs84"`
}

type (
	importHousesCommand        struct{ importPlacedFlags }
	importOrganisationsCommand struct{ importPlacedFlags }
	importFacilitiesCommand    struct{ importPlacedFlags }
)

type (
	importResidentsCommand struct{ importRegisterFlags }
	importVehiclesCommand  struct{ importRegisterFlags }
)

func (c *importHousesCommand) Run(ctx context.Context, s *console) error {
	return c.runPlaced(ctx, s, intake.Houses)
}

func (c *importOrganisationsCommand) Run(ctx context.Context, s *console) error {
	return c.runPlaced(ctx, s, intake.Organisations)
}

func (c *importFacilitiesCommand) Run(ctx context.Context, s *console) error {
	return c.runPlaced(ctx, s, intake.Facilities)
}

func (c *importPlacedFlags) runPlaced(ctx context.Context, s *console, kind intake.Kind) error {
	system, err := crs.Parse(c.CRS)
	if err != nil {
		return err
	}
	return c.run(ctx, s, intake.Delivery{Kind: kind, CRS: system})
}

func (c *importResidentsCommand) Run(ctx context.Context, s *console) error {
	return c.run(ctx, s, intake.Delivery{Kind: intake.Residents, CRS: crs.WGS84})
}

func (c *importVehiclesCommand) Run(ctx context.Context, s *console) error {
	return c.run(ctx, s, intake.Delivery{Kind: intake.Vehicles, CRS: crs.WGS84})
}

func (c *importRegisterFlags) run(ctx context.Context, s *console, d intake.Delivery) error {
	d.File, d.Division = c.File, c.Division
	if err := c.checkFiles(); err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	entry, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	in := s.intake(db, entry)
	ctx = atRegister(ctx)
	if c.DryRun {
		return c.try(ctx, s, in, d)
	}
	j, err := c.begin(ctx, s, in, d)
	if err != nil {
		return err
	}
	bar := s.progress()
	began, before := time.Now(), j.Done
	err = in.Run(ctx, j.ID, func(j *intake.Job) {
		rate := float64(j.Done-before) / time.Since(began).Seconds()
		bar.say("导入 importing %3.0f %% · %d / %d · %.0f 行 rows/s · 退回 rejected %d", 100*float64(j.Done)/float64(j.Rows), j.Done, j.Rows, rate, j.Rejected)
	})
	bar.clear()
	if err != nil {
		return err
	}
	return c.tell(ctx, s, db, entry, in, j.ID)
}

// checkFiles refuses, before anything is brought, a file that can't be read twice, and one for rejects that can't be written or is the file itself: the
// rows that went in would be gone from it.
func (c *importRegisterFlags) checkFiles() error {
	file, err := os.Stat(c.File)
	if err == nil && !file.Mode().IsRegular() && !c.DryRun {
		err = fault.New(fault.Invalid, fmt.Sprintf("%s 不是普通文件；请先存为文件再导入", c.File), fmt.Sprintf("%s is no regular file: save it as one first", c.File))
	}
	if err != nil || c.Rejects == "" {
		return err
	}
	if ext := strings.ToLower(filepath.Ext(c.Rejects)); ext != ".csv" && ext != ".xlsx" {
		return fault.New(fault.Invalid, fmt.Sprintf("--rejects %s：文件名应以 .csv 或 .xlsx 结尾", c.Rejects), fmt.Sprintf("--rejects %s: its name has to end in .csv or .xlsx", c.Rejects))
	}
	switch rejects, err := os.Stat(c.Rejects); {
	case err == nil && os.SameFile(file, rejects):
		return fault.New(fault.Invalid, fmt.Sprintf("--rejects %s 就是要导入的文件，会被覆盖；请另取文件名", c.Rejects), fmt.Sprintf("--rejects %s is the file that is imported, and would be overwritten: give another name", c.Rejects))
	case err == nil && !rejects.Mode().IsRegular():
		return fault.New(fault.Invalid, fmt.Sprintf("--rejects %s 不是普通文件", c.Rejects), fmt.Sprintf("--rejects %s is no regular file", c.Rejects))
	}
	if dir, err := os.Stat(filepath.Dir(c.Rejects)); err != nil || !dir.IsDir() {
		return fault.New(fault.Invalid, fmt.Sprintf("--rejects %s：没有这个文件夹", c.Rejects), fmt.Sprintf("--rejects %s: there is no such folder", c.Rejects))
	}
	return nil
}

// intake is what brings files into the register, with its own view of ground and addresses.
func (s *console) intake(db *postgres.DB, entry *entrance) *intake.Intake {
	addresses := new(register.Gazetteers)
	return intake.New(intake.Intake{
		DB: db.App, Book: &register.Book{Vault: entry.keys, Trail: entry.trail}, Ground: new(layout.Locators), Log: s.logger(),
		Addresses: func(ctx context.Context, county int32) (*address.Gazetteer, error) {
			if g, err := addresses.Of(county); err == nil {
				return g, nil
			}
			if err := addresses.Read(ctx, db.Reader, county); err != nil {
				return nil, err
			}
			return addresses.Of(county)
		},
	})
}

// begin brings the file into the database and starts the import; or takes up one of the same file that was broken off.
func (c *importRegisterFlags) begin(ctx context.Context, s *console, in *intake.Intake, d intake.Delivery) (*intake.Job, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法读取 %s：%v", c.File, err), fmt.Sprintf("can't read %s: %v", c.File, err))
	}
	defer f.Close()
	j, err := in.BrokenOff(ctx, d, f)
	if err != nil {
		return nil, err
	}
	if j != nil {
		s.progress().step("接着上次中断之处 going on where it was broken off: %d / %d", j.Done, j.Rows)
		return j, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if j, err = in.Receive(ctx, d, f); err != nil {
		return nil, err
	}
	change := intake.Change{Act: intake.Start}
	if change.Mapping, err = c.mapping(d.Kind, j.Columns); err != nil {
		return nil, errors.Join(err, c.change(ctx, in, j.ID, intake.Change{Act: intake.Cancel}))
	}
	if err := c.change(ctx, in, j.ID, change); err != nil {
		_ = c.change(ctx, in, j.ID, intake.Change{Act: intake.Cancel})
		return nil, err
	}
	return j, nil
}

func (c *importRegisterFlags) change(ctx context.Context, in *intake.Intake, id intake.ID, change intake.Change) error {
	return postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		_, err := in.Change(ctx, tx, id, change)
		return err
	})
}

// mapping is what the columns' names say, and what --map says instead.
func (c *importRegisterFlags) mapping(kind intake.Kind, columns []string) (map[string]int, error) {
	m := intake.Guess(kind, columns)
	for field, column := range c.Map {
		at := slices.Index(columns, column)
		known := slices.ContainsFunc(intake.FieldsOf(kind), func(f intake.Field) bool { return f.Name == field })
		if at < 0 || !known {
			var fields []string
			for _, f := range intake.FieldsOf(kind) {
				fields = append(fields, f.Name+"（"+f.ZH+"）")
			}
			return nil, fault.New(fault.Invalid, fmt.Sprintf("--map %s=%s：没有这个字段或这一列；字段有 %s；列有 %s", field, column, strings.Join(fields, "、"), strings.Join(columns, "、")),
				fmt.Sprintf("--map %s=%s: there is no such field or no such column; fields are %s; columns are %s", field, column, strings.Join(fields, ", "), strings.Join(columns, ", ")))
		}
		for other, i := range m {
			if i == at {
				delete(m, other)
			}
		}
		m[field] = at
	}
	return m, nil
}

// imported is what an import reports.
type registerImport struct {
	ID string `json:"id"`
	intake.Tally
	Rows     int            `json:"rows"`
	GB18030  bool           `json:"gb18030"`
	State    intake.State   `json:"state"`
	Problems []intake.Count `json:"problems,omitempty"`
}

func (c *importRegisterFlags) tell(ctx context.Context, s *console, db *postgres.DB, entry *entrance, in *intake.Intake, id intake.ID) error {
	out := registerImport{ID: id.String()}
	err := postgres.InTx(ctx, in.DB, func(tx pgx.Tx) error {
		j, err := in.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		out.Tally, out.Rows, out.GB18030, out.State = j.Tally, j.Rows, j.GB18030, j.State
		if out.Problems, err = in.Problems(ctx, tx, id); err != nil || c.Rejects == "" || j.Rejected == 0 {
			return err
		}
		return c.writeRejects(ctx, tx, in, id)
	})
	s.chain(ctx, db, entry)
	if err != nil {
		return err
	}
	err = s.result(out, func(w io.Writer) {
		printCounts(w, out.GB18030, out.Problems)
		printTally(w, out.Rows, out.Tally)
		if out.Rejected > 0 && c.Rejects != "" {
			fmt.Fprintf(w, "退回的行已写入 the rows that were rejected are in %s\n", c.Rejects)
		}
	})
	if err == nil && out.Rejected == out.Rows {
		return errFailed
	}
	return err
}

func (c *importRegisterFlags) writeRejects(ctx context.Context, tx pgx.Tx, in *intake.Intake, id intake.ID) error {
	format := intake.CSV
	if strings.HasSuffix(strings.ToLower(c.Rejects), ".xlsx") {
		format = intake.XLSX
	}
	f, err := os.OpenFile(c.Rejects, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // there are people in it
	if err != nil {
		return fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法写入 %s：%v", c.Rejects, err), fmt.Sprintf("can't write %s: %v", c.Rejects, err))
	}
	defer f.Close()
	if err := in.Rejects(ctx, tx, id, false, format, f); err != nil {
		return err
	}
	return f.Close()
}

func (c *importRegisterFlags) try(ctx context.Context, s *console, in *intake.Intake, d intake.Delivery) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法读取 %s：%v", c.File, err), fmt.Sprintf("can't read %s: %v", c.File, err))
	}
	defer f.Close()
	bar := s.progress()
	var mapping func(columns []string) (map[string]int, error)
	if len(c.Map) > 0 {
		mapping = func(columns []string) (map[string]int, error) { return c.mapping(d.Kind, columns) }
	}
	trial, err := in.Try(ctx, d, mapping, f, func(rows int) { bar.say("检查 checking %d", rows) })
	bar.clear()
	if trial == nil {
		return err
	}
	failed := s.result(trial, func(w io.Writer) {
		printPreview(w, trial.Preview)
		if err == nil {
			printCounts(w, trial.GB18030, trial.Problems)
			printTally(w, trial.Rows, trial.Tally)
			fmt.Fprintln(w, "只是检查，没有写入 only tried: nothing was written")
		}
	})
	return errors.Join(err, failed)
}

// printPreview shows which column is what, and the first rows, masked.
func printPreview(w io.Writer, p *intake.Preview) {
	of := map[int]intake.Field{}
	for _, f := range p.Fields {
		if at, there := p.Mapping[f.Name]; there {
			of[at] = f
		}
	}
	for i, column := range p.Columns {
		var some []string
		for _, row := range p.Rows[:min(3, len(p.Rows))] {
			some = append(some, row.Cells[i])
		}
		what := "—"
		if f, there := of[i]; there {
			what = f.ZH + " " + f.EN
		}
		fmt.Fprintf(w, "%s → %s    %s\n", column, what, strings.Join(some, " | "))
	}
}

func printCounts(w io.Writer, gb bool, problems []intake.Count) {
	if gb {
		fmt.Fprintln(w, "按 GB18030 读取 / read as GB18030")
	}
	for _, p := range problems {
		column := p.Column
		if column == "" {
			column = "整行 row"
		}
		fmt.Fprintf(w, "%7d 行 rows  %s：%s / %s\n", p.Rows, column, p.ZH, p.EN)
	}
}

func printTally(w io.Writer, rows int, t intake.Tally) {
	fmt.Fprintf(w, "共 %d 行：入库 %d，未变 %d，待确认 %d，退回 %d / %d rows: %d taken, %d were there, %d to be decided, %d rejected\n",
		rows, t.Accepted, t.Same, t.Proposed, t.Rejected, rows, t.Accepted, t.Same, t.Proposed, t.Rejected)
}
