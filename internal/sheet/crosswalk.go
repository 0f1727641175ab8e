package sheet

import (
	"io"
	"math"
)

// Crosswalk is the table in which nets that were made one are compared: what of each of their polygons lies in which grid.
type Crosswalk struct {
	Rows []CrosswalkRow
}

// CrosswalkRow is a polygon of a net and a grid with ground in common.
type CrosswalkRow struct {
	Net, Code, Name string
	Grid, GridName  string // "" for a new one's code
	Blocks          int
	Residents       int
	AreaM2          float64
	Share           float64 // of the polygon's people
}

var crosswalkHeads = [...][]any{
	Chinese: {"网", "原编码", "原名称", "归入网格", "网格名称", "单元", "居民", "面积（平方米）", "占原网格"},
	English: {"Net", "Code there", "Name there", "Grid", "Grid's name", "Blocks", "Residents", "Area (m²)", "Share of it"},
}

// CrosswalkHeads are what the columns are called.
func CrosswalkHeads(in Language) []any { return crosswalkHeads[in] }

// WriteCrosswalk writes it as XLSX.
func WriteCrosswalk(to io.Writer, c *Crosswalk, in Language) error {
	t, err := newWorkbook(in)
	if err != nil {
		return err
	}
	defer t.file.Close()
	name := [...]string{Chinese: "对照表", English: "Crosswalk"}[in]
	if err := t.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	blocks, residents := 0, 0
	rows := make([][]any, len(c.Rows))
	for i, r := range c.Rows {
		blocks, residents = blocks+r.Blocks, residents+r.Residents
		rows[i] = []any{t.text(r.Net), t.text(r.Code), t.text(r.Name), t.text(r.Grid), t.text(r.GridName), r.Blocks, r.Residents, math.Round(r.AreaM2), math.Round(r.Share*1e4) / 1e4}
	}
	if err := t.rows(name, []float64{14, 20, 20, 20, 20, 8, 9, 15, 11}, crosswalkHeads[in], rows, []any{"", "", "", "", "", blocks, residents}); err != nil {
		return err
	}
	return t.file.Write(to)
}
