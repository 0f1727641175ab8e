package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/city"
	"jingwei/internal/fault"
)

// bringPeople imports the houses and the residents of a place from its files: tried first, which writes nothing; with rows that are wrong among them, and
// killed with signal 9 after each part that is seen to be in, until one try comes through, nothing lost and nothing double; then as they should be, which
// brings the rest; and then everything again, which changes nothing.
func (d *desk) bringPeople(dir, code string) {
	d.t.Helper()
	ctx := context.Background()
	db, err := pgx.Connect(ctx, d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close(ctx)
	count := func(sql string) (n int) {
		d.t.Helper()
		if err := db.QueryRow(ctx, sql).Scan(&n); err != nil {
			d.t.Fatal(err)
		}
		return n
	}
	houses, residents := filepath.Join(dir, city.HousesFile), filepath.Join(dir, city.ResidentsFile)
	var out registerImport
	for _, dry := range []bool{true, false} {
		args := []string{"import", "houses", houses, "--division", code}
		if dry {
			args = append(args, "--dry-run")
		}
		d.do(&out, args...)
		if out.Accepted == 0 || out.Accepted != out.Rows || (count(`SELECT count(*) FROM house`) == 0) != dry {
			d.t.Fatalf("houses, only tried %t: %+v", dry, out)
		}
	}
	text, err := os.ReadFile(residents)
	if err != nil {
		d.t.Fatal(err)
	}
	rows := bytes.Count(text, []byte("\n")) - 1
	broken, cards, addresses := breakRows(d.t, string(text))
	file := filepath.Join(dir, "broken.csv")
	if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
		d.t.Fatal(err)
	}
	killed := d.killedImport(file, code, func() int {
		return count(`SELECT coalesce(max(next_part), 0) FROM intake_job WHERE kind = 'residents'`)
	}, func() bool {
		// What is there after a kill is what the import says, whole parts of it.
		var done, accepted, on, back, wait int
		err := db.QueryRow(ctx, `SELECT done, accepted, (SELECT count(*) FROM residency), (SELECT count(*) FROM intake_reject), (SELECT count(*) FROM unplaced_row)
			FROM intake_job WHERE kind = 'residents'`).Scan(&done, &accepted, &on, &back, &wait)
		if err != nil {
			d.t.Fatal(err)
		}
		d.t.Logf("after a kill: %d of %d rows through, %d accepted and %d residencies, %d rejects of which %d wait for an address", done, rows, accepted, on, back, wait)
		if on != accepted || back != done-accepted {
			d.t.Errorf("%d residencies and %d rejects, the import says %d and %d", on, back, accepted, done-accepted)
		}
		return count(`SELECT count(*) FROM intake_job WHERE kind = 'residents' AND state = 'done'`) > 0
	})
	d.t.Logf("the import of %d residents was killed %d times", rows, killed)
	if n := count(`SELECT count(*) FROM intake_job WHERE kind = 'residents'`); n != 1 || killed == 0 {
		d.t.Errorf("%d imports, killed %d times", n, killed)
	}
	right := rows - cards - addresses
	if n := count(`SELECT accepted FROM intake_job WHERE kind = 'residents' AND state = 'done' AND done = rows`); n != right {
		d.t.Errorf("%d rows went in, %d that are right were sent", n, right)
	}
	if n := count(`SELECT count(*) FROM residency`); n != right {
		d.t.Errorf("%d residencies, want %d", n, right)
	}
	for kind, want := range map[string]int{"card": cards, "no-address": addresses} {
		if n := count(fmt.Sprintf(`SELECT count(*) FROM intake_reject WHERE problems @> '[{"code": "%s"}]' AND jsonb_array_length(problems) = 1`, kind)); n != want {
			d.t.Errorf("%d rows came back for %s, want %d", n, kind, want)
		}
	}
	if n := count(`SELECT count(*) FROM unplaced_row`); n != addresses || count(`SELECT count(*) FROM unplaced_address`) != 1 {
		d.t.Errorf("%d rows wait for an address, want %d", n, addresses)
	}
	d.do(&out, "import", "residents", residents, "--division", code)
	if out.Same != right || out.Accepted != rows-right || out.Rejected+out.Proposed != 0 {
		d.t.Errorf("the file as it should be: %+v; %d were in", out, right)
	}
	d.do(&out, "import", "residents", residents, "--division", code)
	if out.Same != rows || out.Accepted+out.Proposed+out.Rejected != 0 {
		d.t.Errorf("the same file again: %+v", out)
	}
	d.mended(dir, code, string(text))
	// What else the place has: all of it goes in, and the same again changes nothing.
	hydrants := filepath.Join(dir, "hydrants.csv")
	if err := os.WriteFile(hydrants, []byte("编号,类型,楼栋标识\n1,消火栓,b1\n2,消火栓,b2\n3,派出所,b3\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	for kind, file := range map[string]string{"organisations": filepath.Join(dir, city.OrganisationsFile), "vehicles": filepath.Join(dir, city.VehiclesFile), "facilities": hydrants} {
		d.do(&out, "import", kind, file, "--division", code)
		if out.Rows == 0 || out.Accepted != out.Rows {
			d.t.Errorf("%s: %+v", kind, out)
		}
		d.do(&out, "import", kind, file, "--division", code)
		if out.Same != out.Rows {
			d.t.Errorf("%s again: %+v", kind, out)
		}
	}
}

// breakRows breaks one row in a hundred by its ID number, and one by an address that leads nowhere, of people who are on one line alone: two that are there
// twice are told by one another.
func breakRows(t *testing.T, text string) (broken string, cards, addresses int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	times := map[string]int{}
	for _, line := range lines[1:] {
		times[strings.Split(line, ",")[4]]++
	}
	lines[0] += ",居住地址"
	for i := 1; i < len(lines); i++ {
		cells := append(strings.Split(lines[i], ","), "")
		switch {
		case cells[4] == "" || times[cells[4]] > 1:
		case i%100 < 50 && cards <= i/100:
			cells[4] = cells[4][:17] + map[bool]string{true: "1", false: "0"}[cells[4][17] == '0']
			cards++
		case i%100 >= 50 && addresses <= i/100:
			cells[6], cells[15] = "", "老粮站后院东头"
			addresses++
		}
		lines[i] = strings.Join(cells, ",")
	}
	return strings.Join(lines, "\n") + "\n", cards, addresses
}

// killedImport imports residents in a process of its own, which is killed when another part is in, again and again until it is through.
func (d *desk) killedImport(file, code string, parts func() int, through func() bool) (killed int) {
	d.t.Helper()
	for {
		if killed > 0 && through() {
			return killed // the last part was in before it died
		}
		before := parts()
		cmd := exec.Command(os.Args[0], "--json", "--database-url", d.url, "--data-dir", d.data, "import", "residents", file, "--division", code)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			d.t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for running := true; running; {
			select {
			case err := <-ended:
				if err != nil {
					d.t.Fatalf("%v: %s", err, said.String())
				}
				return killed
			case <-time.After(2 * time.Millisecond):
				if now := parts(); now > before {
					_ = cmd.Process.Kill()
					if err := <-ended; err != nil { // else it was through just then
						killed++
					}
					running = false
				}
			}
		}
	}
}

// mended sends rows that are wrong, mends what comes back, and sends that.
func (d *desk) mended(dir, code, text string) {
	d.t.Helper()
	lines := strings.SplitN(text, "\n", 4)
	cells := strings.Split(lines[1], ",")
	good := strings.Join(cells, ",")
	cells[4] = cells[4][:17] + map[bool]string{true: "1", false: "0"}[cells[4][17] == '0'] // the check character
	file, rejects := filepath.Join(dir, "wrong.csv"), filepath.Join(dir, "rejects.csv")
	write := func(rows ...string) {
		if err := os.WriteFile(file, []byte(strings.Join(append([]string{lines[0]}, rows...), "\n")), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	write(strings.Join(cells, ","), lines[2])
	var out registerImport
	d.do(&out, "import", "residents", file, "--division", code, "--rejects", rejects)
	if out.Same != 1 || out.Rejected != 1 || len(out.Problems) != 1 || out.Problems[0].Code != "card" || out.Problems[0].Column != "身份证号" {
		d.t.Errorf("a wrong row: %+v", out)
	}
	back := rowsOf(d.t, rejects)
	if len(back) != 2 || back[1][0] != cells[0] || back[1][len(back[1])-3] != "身份证号" {
		d.t.Errorf("came back as %q", back)
	}
	write(good)
	d.do(&out, "import", "residents", file, "--division", code)
	if out.Same != 1 {
		d.t.Errorf("mended: %+v", out)
	}
	if status, _, errs := d.try("import", "residents", file, "--division", "110101"); status == 0 {
		d.t.Errorf("people of another county were imported: %s", errs)
	}
}

func TestImportsOfPeopleSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(nil, "migrate")
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte("姓名,住在\n演示甲,某处\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no column for the house": {file, "--division", "110108"}, "a column that isn't there": {file, "--division", "110108", "--map", "address=哪里"},
		"a field that isn't there": {file, "--division", "110108", "--map", "x=住在"}, "no division": {file, "--division", "11"},
	} {
		for _, dry := range [][]string{nil, {"--dry-run"}} {
			status, _, errs := d.try(append(append([]string{"import", "residents"}, args...), dry...)...)
			if status != 1 || !strings.Contains(errs, `"invalid"`) {
				t.Errorf("%s: %d %s", name, status, errs)
			}
		}
	}
}

// What can't be read twice, and a file for rejects that can't be written or is the file itself, is said before anything is brought.
func TestFilesOfImports(t *testing.T) {
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "people.csv"), filepath.Join(dir, "link.csv"), filepath.Join(dir, "pipe.csv")
	if err := errors.Join(os.WriteFile(file, []byte("x"), 0o600), os.Symlink(file, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []importRegisterFlags{{File: pipe}, {File: file, Rejects: file}, {File: link, Rejects: file}, {File: file, Rejects: link}, {File: file, Rejects: pipe},
		{File: file, Rejects: dir}, {File: file, Rejects: filepath.Join(dir, "x.exe")}, {File: file, Rejects: filepath.Join(dir, "none", "x.csv")}, {File: file, Rejects: filepath.Join(file, "x.csv")}} {
		if err := c.checkFiles(); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s, rejects to %s: %v", c.File, c.Rejects, err)
		}
	}
	for _, c := range []importRegisterFlags{{File: file}, {File: link}, {File: pipe, DryRun: true}, {File: file, Rejects: filepath.Join(dir, "rejects.XLSX")}} {
		if err := c.checkFiles(); err != nil {
			t.Errorf("%s, rejects to %s: %v", c.File, c.Rejects, err)
		}
	}
}

// A division that isn't on record is refused with what to do, whatever the file has, tried or not; no import is begun.
func TestImportForADivisionThatIsntOnRecord(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "houses.csv")
	if err := os.WriteFile(file, []byte("房屋编号,标准地址\nh1,某路1号\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"houses", "residents", "organisations", "facilities", "vehicles"} {
		for _, more := range [][]string{nil, {"--dry-run"}} {
			status, _, errs := d.try(append([]string{"import", kind, file, "--division", "999999"}, more...)...)
			if status != 1 || !strings.Contains(errs, "没有代码为 999999 的区划") || !strings.Contains(errs, "no division with code 999999") || !strings.Contains(errs, "import divisions") {
				t.Errorf("%s %v: status %d, %s", kind, more, status, errs)
			}
		}
	}
	db, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	var jobs int
	if err := db.QueryRow(t.Context(), `SELECT count(*) FROM intake_job`).Scan(&jobs); err != nil || jobs != 0 {
		t.Errorf("%d imports were begun: %v", jobs, err)
	}
}
