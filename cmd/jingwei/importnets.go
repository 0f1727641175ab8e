package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
)

type importNetsCommand struct {
	Nets       []string `arg:"" help:"NAME=FILE for each net, two or more: 综治=a.zip 城管=b.gpkg."`
	Division   string   `required:"" help:"Code of the division that they are laid over."`
	CRS        string   `help:"Coordinates of the files that don't say." default:"wgs84"`
	Lead       string   `help:"Name of the leading net, whose grids and codes those of the result are; without it, the first."`
	How        string   `help:"lead: the leading net's grids as they are; majority: a block goes where most nets have it." enum:"lead,majority" default:"majority"`
	Crosswalk  string   `help:"Write the crosswalk table to this CSV." placeholder:"FILE"`
	AsProposed bool     `help:"Let stand what is proposed for every decision."`
	Publish    bool     `help:"Make the result live. Without this nothing is changed."`
}

// netsImported is what the command reports.
type netsImported struct {
	Version   int                `json:"version"`
	Moved     int                `json:"moved"`
	Same      bool               `json:"same"`
	Lead      string             `json:"lead"`
	Nets      []*gridnet.Result  `json:"nets"` // each by itself, with its flaws
	Result    *gridnet.Result    `json:"result"`
	Crosswalk []gridnet.Crossing `json:"crosswalk"`
}

func (c *importNetsCommand) Run(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.Division)
	if err != nil {
		return err
	}
	names, files, err := c.parse()
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	g, err := loadGround(ctx, db, code)
	if err != nil {
		return err
	}
	out := &netsImported{}
	var laid []gridnet.Laid
	for i, file := range files {
		net, err := g.Lay(ctx, exchange.NetInput{File: file, Called: filepath.Base(file), Name: names[i], CRS: c.CRS}, gridnet.Answers{})
		if err != nil {
			return err
		}
		laid, out.Nets = append(laid, gridnet.Laid{Net: net.Net, Result: net.Result}), append(out.Nets, net.Result)
	}
	lead := 0
	if c.Lead != "" {
		lead = slices.Index(names, c.Lead) // −1 is refused by name
	}
	one, err := gridnet.Reconcile(g.Ground, laid, lead, gridnet.How(c.How), gridnet.Answers{})
	if err != nil {
		return err
	}
	out.Lead, out.Result, out.Crosswalk = one.Lead, one.Result, one.Crosswalk
	if c.Crosswalk != "" {
		if err := writeCrosswalk(c.Crosswalk, one); err != nil {
			return err
		}
	}
	adopted, failed := s.adoptNet(ctx, db, g, one.Result, c.Publish, c.AsProposed, strings.Join(names, " + "))
	if adopted == nil {
		return failed
	}
	out.Version, out.Moved, out.Same = adopted.Version, adopted.Moved, adopted.Same
	if shown := s.result(out, func(w io.Writer) {
		for _, n := range out.Nets {
			fmt.Fprintf(w, "%s: %d 个多边形，%d 处问题 / %d polygons, %d flaws\n", n.Net, n.Polygons, len(n.Flaws), n.Polygons, len(n.Flaws))
		}
		adopted.print(w)
	}); shown != nil {
		return shown
	}
	return failed
}

func (c *importNetsCommand) parse() (names, files []string, err error) {
	for _, word := range c.Nets {
		name, file, ok := strings.Cut(word, "=")
		if !ok || name == "" || file == "" || slices.Contains(names, name) {
			return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("%q 应写成 名称=文件，名称不能重复", word), fmt.Sprintf("%q should be NAME=FILE, each name once", word))
		}
		names, files = append(names, name), append(files, file)
	}
	return names, files, nil
}

// writeCrosswalk writes the table that says what of each polygon of each net lies in which grid.
func writeCrosswalk(file string, r *gridnet.Reconciled) error {
	f, err := os.Create(file)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "写不了文件 "+file, "can't write "+file)
	}
	defer f.Close()
	if _, err := io.WriteString(f, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(f)
	_ = w.Write([]string{"net", "polygon", "code", "name", "grid", "grid_code", "blocks", "residents", "area_m2", "share"})
	for _, c := range r.Crosswalk {
		_ = w.Write([]string{c.Net, strconv.Itoa(c.Polygon), c.Code, exchange.Harmless(c.Name), strconv.Itoa(int(c.Grid)), r.Result.Grids[c.Grid].Code,
			strconv.Itoa(c.Blocks), strconv.Itoa(c.Residents), strconv.FormatFloat(c.AreaM2, 'f', 1, 64), strconv.FormatFloat(c.Share, 'f', 4, 64)})
	}
	if w.Flush(); w.Error() != nil {
		return w.Error()
	}
	return f.Close()
}
