package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/postgres"
)

const (
	exportPath  = "/api/export/:file"
	netsPath    = "/api/nets"
	fileTimeout = 4 * time.Minute // a county's net, or all of its tiles
	filesAtOnce = 2               // they take a processor each
	mostUpload  = 64 << 20
)

// Net is an existing grid map laid over a division. Nothing of it is kept: a draft takes assigned and grids as one act.
type Net struct {
	Fields   exchange.Fields `json:"fields" doc:"The fields that were read as code, name and kind; empty for none"`
	Refused  int             `json:"refused" doc:"Features that have no ground"`
	Refusals []Refusal       `json:"refusals" doc:"The first of them, with the reason"`
	*gridnet.Result
}

// Refusal is a feature of a file that couldn't be used.
type Refusal struct {
	Feature string `json:"feature"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

// exchangeRoutes are plain handlers: a file goes out as it is written and comes in as a form.
func (s *Server) exchangeRoutes() {
	s.echo.GET(exportPath, s.export)
	s.echo.POST(netsPath, s.layNet)
	query := func(name, kind, about string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: about, Required: name == "division", Schema: &huma.Schema{Type: kind}}
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "exportLayout", Method: http.MethodGet, Path: "/api/export/{what}.{ext}", Tags: []string{"exchange"}, Summary: "A version of a division's layout as a file",
		Description: "grids, blocks, lineage: geojson, gpkg, shp.zip, pmtiles (grids and lineage also csv); assignment: csv; map: pdf, png; comparison: xlsx. How many people live on each block is in it for planners of that ground alone.",
		Parameters: []*huma.Param{
			{Name: "what", In: "path", Required: true, Schema: &huma.Schema{Type: "string", Enum: []any{"grids", "blocks", "lineage", "assignment", "map", "comparison"}}},
			{Name: "ext", In: "path", Required: true, Schema: &huma.Schema{Type: "string", Enum: []any{"geojson", "gpkg", "shp.zip", "pmtiles", "csv", "pdf", "png", "xlsx"}}},
			query("division", "string", "Its code"), query("version", "integer", "Of the county's layout; without it, the live one"),
			query("with", "integer", "comparison: the earlier version; without it, the one before"),
			query("crs", "string", "wgs84 or cgcs2000; for gpkg and shp.zip also epsg:4491 to epsg:4554"),
		},
		Responses: s.fileResponses(map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}),
	})
	field := func(about string) *huma.Schema { return &huma.Schema{Type: "string", Description: about} }
	form := &huma.Schema{Type: "object", Required: []string{"file", "division"}, Properties: map[string]*huma.Schema{
		"file":     {Type: "string", Format: "binary", Description: "Shapefile (zipped), GeoPackage, GeoJSON, KML, or a CSV of blocks and grids"},
		"division": field("Code of the division"), "crs": field("Of a file that doesn't say its own"), "name": field("Of the net"),
		"code_field": field("Field with the codes; guessed without it"), "name_field": field("Field with the names"), "special_field": field("Field with the kinds of special grids"),
		"answers": field(`What was decided, as JSON: {"blocks": {"17": 3}, "codes": {"370883001005001": 3}}; −1 is a grid of its own, −2 together`)}}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "layNet", Method: http.MethodPost, Path: netsPath, Tags: []string{"exchange"}, Summary: "Lay an existing grid map over a division",
		Description: "Says what is wrong with it and which block goes to which grid. Nothing is changed.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}},
		Responses: s.fileResponses(map[string]*huma.Response{"200": {Description: "The net on the ground",
			Content: map[string]*huma.MediaType{"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Net](), true, "Net")}}}}),
	})
}

// fileResponses adds the problems to what a route of files answers with.
func (s *Server) fileResponses(responses map[string]*huma.Response) map[string]*huma.Response {
	problem := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range []int{401, 403, 404, 422, 500, 503} {
		responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	return responses
}

// busy waits for a place among those who read and write files.
func (s *Server) busy(ctx context.Context) (func(), error) {
	select {
	case s.files <- struct{}{}:
		return func() { <-s.files }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Unavailable, "导入导出任务较多，请稍后再试", "many files are being read and written; try again in a while")
	}
}

// export sends a version of a layout.
func (s *Server) export(c echo.Context) error {
	job, err := exportJob(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	job.Counts = plansAt(ctx, job.Division)
	if job, err = exchange.ParseJob(job); err != nil {
		return err
	}
	return s.sendFile(c, job.FileName(), job.MediaType(), func(to io.Writer) error {
		return s.read(ctx, func(tx pgx.Tx) error { return job.Run(ctx, tx, to, time.Now()) })
	})
}

// sendFile writes a file and then sends it: what goes wrong on the way is a problem and no half of a file.
func (s *Server) sendFile(c echo.Context, name, kind string, write func(io.Writer) error) error {
	done, err := s.busy(c.Request().Context())
	if err != nil {
		return err
	}
	defer done()
	f, err := os.CreateTemp("", "jingwei-export-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := write(f); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Cache-Control", "no-store")
	// A slow line may take longer than any other answer.
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTimeout))
	return c.Stream(http.StatusOK, kind, f)
}

// exportJob reads what is asked for.
func exportJob(c echo.Context) (exchange.Job, error) {
	what, format, ok := strings.Cut(c.Param("file"), ".")
	if !ok {
		return exchange.Job{}, fault.New(fault.NotFound, "地址应为 /api/export/{内容}.{格式}，如 grids.geojson", "the address is /api/export/{what}.{format}: grids.geojson, say")
	}
	j := exchange.Job{What: what, Format: format, English: languageOf(c.Request().Context()) == english}
	for name := range c.QueryParams() {
		switch name {
		case "division", "version", "with", "crs":
		default:
			return j, fault.New(fault.Invalid, fmt.Sprintf("不认识参数 %.40q；有 division、version、with、crs", name), fmt.Sprintf("there is no parameter %.40q; there are division, version, with and crs", name))
		}
	}
	var err error
	if j.Division, err = division.ParseCode(c.QueryParam("division")); err != nil {
		return j, err
	}
	j.CRS = c.QueryParam("crs")
	for name, into := range map[string]*int{"version": &j.Version, "with": &j.With} {
		if text := c.QueryParam(name); text != "" {
			if *into, err = strconv.Atoi(text); err != nil || *into < 1 || *into > 1e9 {
				return j, fault.New(fault.Invalid, fmt.Sprintf("%s 应为版本号（正整数），现为 %.40q", name, text), fmt.Sprintf("%s should be the number of a version, it is %.40q", name, text)).At(name)
			}
		}
	}
	return j, nil
}

// plansAt says whether who asks plans on all of a division's ground.
func plansAt(ctx context.Context, code division.Code) bool {
	i := access.IdentityOf(ctx)
	ground := postgres.GroundOf(string(code))
	return i.Can(access.PlanGrids) && len(ground) == 1 && i.Actor.Scope[access.PlanGrids].Contains(ground[0])
}

// layNet lays an uploaded map over a division.
func (s *Server) layNet(c echo.Context) error {
	r := c.Request()
	ctx := r.Context()
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(fileTimeout))
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTimeout))
	done, err := s.busy(ctx)
	if err != nil {
		return err
	}
	defer done()
	dir, err := os.MkdirTemp("", "jingwei-upload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r.Body = http.MaxBytesReader(c.Response(), r.Body, mostUpload)
	form, err := readForm(r, dir)
	if err != nil {
		return err
	}
	code, err := division.ParseCode(form.values["division"])
	if err != nil {
		return err
	}
	if !plansAt(ctx, code) {
		return fault.New(fault.Forbidden, fmt.Sprintf("您不是 %s 的规划员，不能在那里导入网格", code), fmt.Sprintf("you don't plan in %s, so you can't import grids there", code))
	}
	answers := gridnet.Answers{}
	if text := form.values["answers"]; text != "" {
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			return fault.Wrap(err, fault.Invalid, "answers 不是有效的 JSON", "answers is no valid JSON").At("answers")
		}
	}
	var g *exchange.Ground
	if err := s.read(ctx, func(tx pgx.Tx) error {
		g, err = exchange.LoadGround(ctx, tx, code)
		return err
	}); err != nil {
		return err
	}
	laid, err := g.Lay(ctx, exchange.NetInput{File: form.file, Called: form.called, Name: form.values["name"], CRS: form.values["crs"],
		Fields: exchange.Fields{Code: form.values["code_field"], Name: form.values["name_field"], Special: form.values["special_field"]}}, answers)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, netOf(laid))
}

func netOf(laid *exchange.Import) Net {
	out := Net{Fields: laid.Fields, Refusals: []Refusal{}, Result: laid.Result}
	if laid.Read != nil {
		out.Refused = laid.Read.Refused.Count
		for _, f := range laid.Read.Refused.Listed[:min(20, len(laid.Read.Refused.Listed))] {
			out.Refusals = append(out.Refusals, Refusal{f.Feature, f.WhatZH, f.What})
		}
	}
	return out
}

// upload is a form with one file.
type upload struct {
	file, called string
	values       map[string]string
}

// readForm writes the file of a form into a directory and reads the other fields.
func readForm(r *http.Request, dir string) (*upload, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "请以表单（multipart/form-data）上传，字段 file 为文件、division 为区划代码", "send a form (multipart/form-data) with the fields file and division")
	}
	form := &upload{values: make(map[string]string)}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, brokenForm(err)
		}
		if part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, 1<<20))
			if err != nil {
				return nil, brokenForm(err)
			}
			form.values[part.FormName()] = strings.TrimSpace(string(value))
			continue
		}
		if form.file != "" {
			return nil, fault.New(fault.Invalid, "一次只能上传一个文件；Shapefile 请打成一个 zip", "one file at a time; pack a Shapefile into one zip").At("file")
		}
		form.called = filepath.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
		form.file = filepath.Join(dir, "net"+strings.ToLower(filepath.Ext(form.called)))
		if err := save(part, form.file); err != nil {
			return nil, brokenForm(err)
		}
	}
	if form.file == "" {
		return nil, fault.New(fault.Invalid, "没有上传文件（字段 file）", "no file was sent (field file)").At("file")
	}
	return form, nil
}

func save(from io.Reader, file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	return f.Close()
}

func brokenForm(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return newProblem("too-large", fmt.Sprintf("文件超过 %d MB；请打成 zip 或只导出网格图层", mostUpload>>20), fmt.Sprintf("the file is over %d MB; zip it, or export the layer of grids alone", mostUpload>>20))
	}
	return fault.Wrap(err, fault.Invalid, "上传中断或表单损坏，请重试", "the upload was broken off; try again")
}
