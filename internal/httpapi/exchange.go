package httpapi

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
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
	mergePath   = "/api/nets/merged"
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
	s.mergeRoute()
	query := func(name, kind, about string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: about, Required: name == "division", Schema: &huma.Schema{Type: kind}}
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "exportLayout", Method: http.MethodGet, Path: "/api/export/{what}.{ext}", Tags: []string{"exchange"}, Summary: "A version of a division's layout as a file",
		Description: "grids, blocks, lineage: geojson, gpkg, shp.zip, pmtiles (grids and lineage also csv); assignment: csv; map: pdf, png; comparison: xlsx. How many people live on each block is in it for planners of that ground alone.",
		Parameters: []*huma.Param{
			{Name: "what", In: "path", Required: true, Schema: &huma.Schema{Type: "string", Enum: []any{"grids", "blocks", "lineage", "assignment", "micro-grids", "map", "comparison"}}},
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
		"answers": field(`What was decided, as JSON: {"blocks": {"17": 3}, "codes": {"370883001005001": 3}}; −1 is a grid of its own, −2 together, −3 (blocks) in no grid`)}}
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
