package httpapi

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/sheet"
)

const mostNets = 6 // made one at a time

// MergedNets are several nets made one. Nothing of it is kept: a draft takes assigned and grids as one act.
type MergedNets struct {
	Nets      []MergedNet        `json:"nets"`
	Lead      int                `json:"lead" doc:"Which of them leads: the grids and codes are its own"`
	How       gridnet.How        `json:"how" enum:"lead,majority"`
	Crosswalk []gridnet.Crossing `json:"crosswalk" doc:"What of each polygon of each net lies in which grid"`
	Pairs     []gridnet.Pair     `json:"pairs" doc:"The other nets against the leading one, where they disagree first"`
	Net
}

// MergedNet is one of them, by itself.
type MergedNet struct {
	Name      string          `json:"name"`
	Fields    exchange.Fields `json:"fields"`
	Polygons  int             `json:"polygons"`
	Flaws     int             `json:"flaws"`
	Decisions int             `json:"decisions" doc:"What isn't clear in it: the first candidate holds"`
	Refused   int             `json:"refused"`
}

func (s *Server) mergeRoute() {
	s.echo.POST(mergePath, s.mergeNets)
	field := func(about string) *huma.Schema { return &huma.Schema{Type: "string", Description: about} }
	form := &huma.Schema{Type: "object", Required: []string{"file", "division"}, Properties: map[string]*huma.Schema{
		"file":     {Type: "array", Items: &huma.Schema{Type: "string", Format: "binary"}, Description: "Two to six grid maps, each as for layNet"},
		"division": field("Code of the division"), "crs": field("Of files that don't say their own"),
		"lead": field("Which of the files leads, from 0; the first without it"), "how": field("lead: its grids as they are; majority (without it): a block goes where most nets have it"),
		"answers": field(`What was decided, as JSON: {"blocks": {"17": 3}}: polygons of the leading net`),
		"format":  field("csv or xlsx: the crosswalk as a file instead")}}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "mergeNets", Method: http.MethodPost, Path: mergePath, Tags: []string{"exchange"}, Summary: "Make several grid maps of a division one",
		Description: "Says where they disagree and which block goes to which grid. Nothing is changed.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}},
		Responses: s.fileResponses(map[string]*huma.Response{"200": {Description: "The nets as one",
			Content: map[string]*huma.MediaType{"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[MergedNets](), true, "MergedNets")}}}}),
	})
}

// mergeNets lays uploaded maps over a division and makes one of them.
func (s *Server) mergeNets(c echo.Context) error {
	r := c.Request()
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(fileTimeout))
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTimeout))
	dir, err := os.MkdirTemp("", "jingwei-upload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r.Body = http.MaxBytesReader(c.Response(), r.Body, mostUpload)
	form, err := readForm(r, dir, mostNets)
	if err != nil {
		return err
	}
	out, err := s.merged(c, form)
	if err != nil {
		return err
	}
	switch form.values["format"] {
	case "csv":
		return s.sendFile(c, "crosswalk.csv", "text/csv; charset=utf-8", func(to io.Writer) error { return writeCrosswalkCSV(to, out.table()) })
	case "xlsx":
		in := sheet.Chinese
		if languageOf(r.Context()) == english {
			in = sheet.English
		}
		return s.sendFile(c, "crosswalk.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			func(to io.Writer) error { return sheet.WriteCrosswalk(to, out.table(), in) })
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, out)
}

func (s *Server) merged(c echo.Context, form *upload) (*MergedNets, error) {
	ctx := c.Request().Context()
	done, err := s.busy(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	code, err := division.ParseCode(form.values["division"])
	if err != nil {
		return nil, err
	}
	if !plansAt(ctx, code) {
		return nil, fault.New(fault.Forbidden, fmt.Sprintf("您不是 %s 的规划员，不能在那里导入网格", code), fmt.Sprintf("you don't plan in %s, so you can't import grids there", code))
	}
	lead, how, answers, err := form.merging()
	if err != nil {
		return nil, err
	}
	var g *exchange.Ground
	if err := s.read(ctx, func(tx pgx.Tx) error {
		g, err = exchange.LoadGround(ctx, tx, code)
		return err
	}); err != nil {
		return nil, err
	}
	out := &MergedNets{Lead: lead, How: how, Nets: []MergedNet{}}
	var laid []gridnet.Laid
	for i, f := range form.files {
		one, err := g.Lay(ctx, exchange.NetInput{File: f.file, Called: f.called, Name: form.netName(i), CRS: form.values["crs"]}, gridnet.Answers{})
		if err != nil {
			return nil, inFile(f.called, err)
		}
		laid = append(laid, gridnet.Laid{Net: one.Net, Result: one.Result})
		summary := MergedNet{Name: one.Net.Name, Fields: one.Fields, Polygons: one.Result.Polygons, Flaws: len(one.Result.Flaws), Decisions: len(one.Result.Decisions)}
		if one.Read != nil {
			summary.Refused = one.Read.Refused.Count
		}
		if i == lead {
			out.Net = netOf(one)
		}
		out.Nets = append(out.Nets, summary)
	}
	r, err := gridnet.Reconcile(g.Ground, laid, lead, how, answers)
	if err != nil {
		return nil, err
	}
	out.Crosswalk, out.Pairs, out.Result = r.Crosswalk, r.Pairs, r.Result
	return out, nil
}

// merging reads how the nets are made one.
func (u *upload) merging() (lead int, how gridnet.How, answers gridnet.Answers, err error) {
	if text := u.values["lead"]; text != "" {
		if lead, err = strconv.Atoi(text); err != nil || lead < 0 || lead >= len(u.files) {
			return 0, "", answers, fault.New(fault.Invalid, fmt.Sprintf("主网应为 0 至 %d", len(u.files)-1), fmt.Sprintf("the leading net is one of 0 to %d", len(u.files)-1)).At("lead")
		}
	}
	switch how = gridnet.How(u.values["how"]); how {
	case "":
		how = gridnet.ByMajority
	case gridnet.ByLead, gridnet.ByMajority:
	default:
		return 0, "", answers, fault.New(fault.Invalid, "how 可为 lead 或 majority", "how is lead or majority").At("how")
	}
	if text := u.values["answers"]; text != "" {
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			return 0, "", answers, fault.Wrap(err, fault.Invalid, "answers 不是有效的 JSON", "answers is no valid JSON").At("answers")
		}
	}
	return lead, how, answers, nil
}

// inFile says in which of several files something is wrong.
func inFile(called string, err error) error {
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return fault.Wrap(err, f.Code, called+"："+f.ZH, called+": "+f.EN)
	}
	return err
}

// netName is what a file's net is called: as the file, told from others of that name.
func (u *upload) netName(i int) string {
	name := strings.TrimSuffix(u.files[i].called, filepath.Ext(u.files[i].called))
	n := 1
	for _, other := range u.files[:i] {
		if strings.TrimSuffix(other.called, filepath.Ext(other.called)) == name {
			n++
		}
	}
	if n > 1 {
		name += " " + strconv.Itoa(n)
	}
	return name
}

// table is the crosswalk with the grids' own words.
func (m *MergedNets) table() *sheet.Crosswalk {
	out := &sheet.Crosswalk{}
	for _, c := range m.Crosswalk {
		g := &m.Grids[c.Grid]
		out.Rows = append(out.Rows, sheet.CrosswalkRow{Net: c.Net, Code: c.Code, Name: c.Name, Grid: g.Code, GridName: g.Name, Blocks: c.Blocks, Residents: c.Residents, AreaM2: c.AreaM2, Share: c.Share})
	}
	return out
}

func writeCrosswalkCSV(to io.Writer, c *sheet.Crosswalk) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	_ = w.Write([]string{"net", "code", "name", "grid", "grid_name", "blocks", "residents", "area_m2", "share"})
	for _, r := range c.Rows {
		cells := []string{r.Net, r.Code, r.Name, r.Grid, r.GridName}
		for i := range cells {
			cells[i] = exchange.Harmless(cells[i])
		}
		_ = w.Write(slices.Concat(cells, []string{strconv.Itoa(r.Blocks), strconv.Itoa(r.Residents), strconv.FormatFloat(math.Round(r.AreaM2*10)/10, 'f', -1, 64), strconv.FormatFloat(r.Share, 'f', 4, 64)}))
	}
	w.Flush()
	return w.Error()
}
