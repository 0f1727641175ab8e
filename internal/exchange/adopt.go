package exchange

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
)

// Import is a net on the ground of a division.
type Import struct {
	Ground *Ground
	Net    *gridnet.Net
	Fields Fields
	Read   *ingest.Report // what reading the file came to; nil for a table
	Result *gridnet.Result
}

// Lay reads a file, a map or a table of blocks, and lays it over the ground.
//
// Faults: those of ReadNet, ReadTable and gridnet.Resolve; Conflict for a table of blocks that aren't those that stand.
func (g *Ground) Lay(ctx context.Context, in NetInput, answers gridnet.Answers) (*Import, error) {
	out := &Import{Ground: g}
	var err error
	if in.Called == "" {
		in.Called = in.File[strings.LastIndexByte(in.File, os.PathSeparator)+1:]
	}
	if IsTable(in.File) {
		table, err := ReadTable(in.File, in.Called)
		if err != nil {
			return nil, err
		}
		if in.Name != "" {
			table.Net.Name = in.Name
		}
		out.Net = table.Net
		out.Result, err = g.assign(table, answers, in.Called)
		return out, err
	}
	in.Near = g.middle()
	if out.Net, out.Fields, out.Read, err = ReadNet(ctx, in); err != nil {
		return nil, err
	}
	out.Result, err = gridnet.Resolve(ctx, g.Ground, out.Net, answers)
	return out, err
}

// assign lays a table over the ground. Communities that it doesn't name are left alone.
func (g *Ground) assign(table *Table, answers gridnet.Answers, called string) (*gridnet.Result, error) {
	polygon := make([]int32, len(g.Blocks))
	known := 0
	for i, b := range g.Blocks {
		polygon[i] = -1
		if p, there := table.Grid[b.ID]; there {
			polygon[i] = int32(p)
			known++
		}
	}
	if known < len(table.Grid) {
		return nil, fault.New(fault.Conflict,
			fmt.Sprintf("%s 中 %d 个基本单元有 %d 个不是 %s 现有的基本单元：表可能来自另一版本的基本单元或另一区划；请改用图形文件（GeoJSON、GeoPackage、Shapefile）导入", called, len(table.Grid), len(table.Grid)-known, g.Division.Name),
			fmt.Sprintf("of the %d blocks in %s, %d don't stand in %s: the table is of other ground or of another division; import a file with shapes instead (GeoJSON, GeoPackage, Shapefile)", len(table.Grid), called, len(table.Grid)-known, g.Division.Name))
	}
	return gridnet.Assign(g.Ground, table.Net, polygon, answers)
}

// Propose makes a proposal of what a net came to, for layout.Publish. It must be made in the state of the database in which the ground was loaded.
//
// Faults: those of layout.Adopt.
func Propose(ctx context.Context, tx pgx.Tx, g *Ground, r *gridnet.Result) (*layout.Adopted, error) {
	if n := len(r.LeftOut); n > 0 { // a draft may leave ground in no grid, what is published may not
		return nil, fault.New(fault.Invalid, fmt.Sprintf("有 %d 个基本单元按决定暂不划入：发布的布局里每个基本单元都须在一个网格内，请在规划页面导入草案，或改为划入某个网格", n),
			fmt.Sprintf("%d blocks were left in no grid: every block of a layout that is published is in one; import into a draft, or decide for a grid", n))
	}
	a := layout.Adoption{County: g.County, Grid: make(map[int64]int32, len(r.Assigned)), Codes: map[int32]layout.Code{}, Names: map[int32]string{}, Special: map[int32]string{}}
	taken := make(map[string]bool)
	for i, grid := range r.Grids {
		if !taken[grid.Community] {
			taken[grid.Community] = true
			n, err := strconv.ParseInt(grid.Community, 10, 64)
			if err != nil {
				return nil, err
			}
			a.Communities = append(a.Communities, n)
		}
		if grid.Code != "" {
			code, err := strconv.ParseInt(grid.Code, 10, 64)
			if err != nil {
				return nil, err
			}
			a.Codes[int32(i)] = layout.Code(code)
		}
		a.Names[int32(i)] = grid.Name
		if grid.Special != "" {
			a.Special[int32(i)] = grid.Special
		}
	}
	for _, b := range r.Assigned {
		a.Grid[b.Block] = b.Grid
	}
	return layout.Adopt(ctx, tx, a)
}
