package sheet

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Comparison is what differs between two layouts of a division.
type Comparison struct {
	Division string
	Before   string // what the earlier one is called: "第 3 版"
	After    string // the later one, or a draft
	Parts    []Part
}

// Part is a community's part of a comparison.
type Part struct {
	Code, Name string
	Changes    []Change
}

// Change is what becomes of a grid: of Before, of After, or both.
type Change struct {
	Before          string // code, "" for a new grid
	After           string // code, "" for one that is no more
	Name            string
	Kind            string // unchanged, moved, split, merged, new, retired, complex
	ResidentsBefore int
	ResidentsAfter  int
	MovedResidents  int    // of After's, those who were in another grid
	HousesMoved     int    // −1 where that isn't known
	Incidents       int    // open ones, −1 where that isn't known
	Worker          string // "" for none
}

var kindWords = map[string]string{
	"unchanged": "不变", "moved": "调界", "split": "拆分", "merged": "合并", "new": "新设", "retired": "撤销", "complex": "复杂变动",
}

var tableHeads = [...][]string{
	Chinese: {"原网格", "新网格", "名称", "变化", "原居民", "新居民", "变动居民", "变动楼栋", "未结事件", "网格员"},
	English: {"Grid before", "Grid after", "Name", "Change", "Residents before", "Residents after", "Residents moved", "Houses moved", "Open incidents", "Grid worker"},
}

var tableWords = [...]struct{ summary, community, code, grids, changed, total, before, after string }{
	Chinese: {"汇总", "社区", "代码", "网格数", "有变化", "合计", "之前", "之后"},
	English: {"Summary", "Community", "Code", "Grids", "Changed", "Total", "Before", "After"},
}

// WriteTable writes a comparison as XLSX: a summary, and one sheet a community.
func WriteTable(to io.Writer, c *Comparison, in Language) error {
	t, err := newWorkbook(in)
	if err != nil {
		return err
	}
	defer t.file.Close()
	if err := t.summary(c); err != nil {
		return err
	}
	for i := range c.Parts {
		if err := t.part(&c.Parts[i]); err != nil {
			return err
		}
	}
	return t.file.Write(to)
}

type workbook struct {
	file              *excelize.File
	in                Language
	head, total, code int // styles
	names             map[string]bool
}

func newWorkbook(in Language) (*workbook, error) {
	t := &workbook{file: excelize.NewFile(), in: in, names: make(map[string]bool)}
	var err error
	border := []excelize.Border{{Type: "bottom", Color: "888888", Style: 1}}
	if t.head, err = t.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}}); err != nil {
		return nil, err
	}
	if t.total, err = t.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "top", Color: "888888", Style: 1}}}); err != nil {
		return nil, err
	}
	t.code, err = t.file.NewStyle(&excelize.Style{NumFmt: 49}) // text: a code isn't a number
	return t, err
}

// rows writes a sheet: a head, rows and a total.
func (t *workbook) rows(name string, widths []float64, head []any, rows [][]any, total []any) error {
	w, err := t.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	styled := func(cells []any, style int) []any {
		out := make([]any, len(cells))
		for i, v := range cells {
			out[i] = excelize.Cell{StyleID: style, Value: v}
		}
		return out
	}
	if err := w.SetRow("A1", styled(head, t.head)); err != nil {
		return err
	}
	for i, row := range rows {
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return err
		}
	}
	if err := w.SetRow(fmt.Sprintf("A%d", len(rows)+2), styled(total, t.total)); err != nil {
		return err
	}
	return w.Flush()
}

func (t *workbook) text(s string) excelize.Cell { return excelize.Cell{StyleID: t.code, Value: s} }

func (t *workbook) summary(c *Comparison) error {
	words := tableWords[t.in]
	if err := t.file.SetSheetName("Sheet1", t.name(words.summary, "")); err != nil {
		return err
	}
	heads := tableHeads[t.in]
	head := []any{words.code, words.community, words.grids, words.changed, heads[4], heads[5], heads[6], heads[7], heads[8]}
	var rows [][]any
	var all sums
	for i := range c.Parts {
		s := sumOf(c.Parts[i].Changes)
		all.add(s)
		rows = append(rows, append([]any{t.text(c.Parts[i].Code), c.Parts[i].Name}, s.cells()...))
	}
	title := fmt.Sprintf("%s  %s: %s → %s: %s", c.Division, words.before, c.Before, words.after, c.After)
	if err := t.file.SetDocProps(&excelize.DocProperties{Title: title, Creator: "Jingwei"}); err != nil {
		return err
	}
	if err := t.file.SetHeaderFooter(words.summary, &excelize.HeaderFooterOptions{OddHeader: "&C" + strings.ReplaceAll(title, "&", "&&")}); err != nil {
		return err
	}
	return t.rows(words.summary, []float64{16, 22, 10, 10, 12, 12, 12, 12, 12}, head, rows, append([]any{words.total, ""}, all.cells()...))
}

type sums struct{ grids, changed, before, after, moved, houses, incidents int }

func sumOf(changes []Change) (s sums) {
	for _, c := range changes {
		if c.After != "" || c.Before == "" {
			s.grids++
		}
		if c.Kind != "unchanged" {
			s.changed++
		}
		s.before += c.ResidentsBefore
		s.after += c.ResidentsAfter
		s.moved += c.MovedResidents
		s.houses += max(0, c.HousesMoved)
		s.incidents += max(0, c.Incidents)
	}
	return s
}

func (s *sums) add(o sums) {
	s.grids, s.changed, s.before, s.after = s.grids+o.grids, s.changed+o.changed, s.before+o.before, s.after+o.after
	s.moved, s.houses, s.incidents = s.moved+o.moved, s.houses+o.houses, s.incidents+o.incidents
}

func (s *sums) cells() []any {
	return []any{s.grids, s.changed, s.before, s.after, s.moved, s.houses, s.incidents}
}

func (t *workbook) part(p *Part) error {
	name := t.name(p.Name, p.Code)
	if _, err := t.file.NewSheet(name); err != nil {
		return err
	}
	var head []any
	for _, h := range tableHeads[t.in] {
		head = append(head, h)
	}
	var rows [][]any
	for _, c := range p.Changes {
		kind := c.Kind
		if t.in == Chinese {
			kind = kindWords[c.Kind]
		}
		rows = append(rows, []any{t.text(c.Before), t.text(c.After), t.text(c.Name), kind, c.ResidentsBefore, c.ResidentsAfter, c.MovedResidents, known(c.HousesMoved), known(c.Incidents), t.text(c.Worker)})
	}
	s := sumOf(p.Changes)
	total := []any{tableWords[t.in].total, "", "", s.changed, s.before, s.after, s.moved, s.houses, s.incidents, ""}
	return t.rows(name, []float64{18, 18, 20, 10, 10, 10, 10, 10, 10, 14}, head, rows, total)
}

// known is a number, or an empty cell for one that isn't known.
func known(n int) any {
	if n < 0 {
		return nil
	}
	return n
}

// name makes a sheet's name of a community's: 31 letters at most, none of []:*?/\, each once.
func (t *workbook) name(name, code string) string {
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return '_'
		}
		return r
	}, name))
	if clean == "" {
		clean = code
	}
	if utf8.RuneCountInString(clean) > 31 {
		clean = string([]rune(clean)[:31])
	}
	if t.names[strings.ToLower(clean)] && code != "" {
		clean = string([]rune(clean)[:min(utf8.RuneCountInString(clean), 18)]) + " " + code
	}
	t.names[strings.ToLower(clean)] = true
	return clean
}
