package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/address"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/intake"
	"jingwei/internal/postgres"
)

const (
	intakesPath   = "/api/intakes"
	rejectsPath   = "/api/intakes/:id/:file"
	mostIntake    = 200 << 20
	intakeTimeout = 20 * time.Minute // 200 MB on a slow line
)

// intakeFileRoutes are plain handlers: a file comes in as a form, and goes out as it is written.
func (s *Server) intakeFileRoutes() {
	s.echo.POST(intakesPath, s.receiveIntake)
	s.echo.GET(rejectsPath, s.sendRejects)
	field := func(about string, some ...any) *huma.Schema {
		return &huma.Schema{Type: "string", Description: about, Enum: some}
	}
	var kinds []any
	for _, k := range intake.Kinds {
		kinds = append(kinds, string(k))
	}
	form := &huma.Schema{Type: "object", Required: []string{"file", "division", "kind"}, Properties: map[string]*huma.Schema{
		"kind": field("What its rows are", kinds...), "division": field("Code of the division whose houses and people may be in it"), "crs": field("Of its positions: wgs84, cgcs2000, gcj02 or bd09"),
		"file": {Type: "string", Format: "binary", Description: "CSV or XLSX, 200 MB at most; the last field of the form"}}}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "bringIntake", Method: http.MethodPost, Path: intakesPath, Tags: []string{"register"}, Summary: "Bring a file of houses, people, organisations, facilities or vehicles",
		Description: "Nothing of it is in the register yet: say which column is what, and start it.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}},
		Responses: s.fileResponses(map[string]*huma.Response{"201": {Description: "The import, which waits to be started",
			Content: map[string]*huma.MediaType{"application/json": {Schema: s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[IntakeView](), true, "IntakeView")}}}}),
	})
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "getRejects", Method: http.MethodGet, Path: "/api/intakes/{id}/rejects.{ext}", Tags: []string{"register"}, Summary: "The rows of an import that didn't go in",
		Description: "As they came, with what is wrong with them behind: mend it and bring it again. It is kept in the audit trail.",
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}},
			{Name: "ext", In: "path", Required: true, Schema: &huma.Schema{Type: "string", Enum: []any{"csv", "xlsx"}}}},
		Responses: s.fileResponses(map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}),
	})
}

// addressesOf is a county's gazetteer for imports.
func (s *Server) addressesOf(_ context.Context, county int32) (*address.Gazetteer, error) {
	if s.Addresses == nil {
		return nil, fault.New(fault.Unavailable, "地址库没有载入", "the addresses aren't in memory")
	}
	return s.Addresses.Of(county)
}

// receiveIntake takes in a file as it comes, without keeping it on disk.
func (s *Server) receiveIntake(c echo.Context) error {
	r := c.Request()
	ctx := r.Context()
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(intakeTimeout))
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(intakeTimeout))
	done, err := s.busy(ctx)
	if err != nil {
		return err
	}
	defer done()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, mostIntake)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "请以表单（multipart/form-data）上传，字段有 kind、division、crs、file", "send a form (multipart/form-data) with the fields kind, division, crs and file")
	}
	values := map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fault.New(fault.Invalid, "没有上传文件（字段 file）", "no file was sent (field file)").At("file")
		}
		if err != nil {
			return brokenIntake(err)
		}
		if part.FormName() == "file" {
			return s.receiveFile(c, values, filepath.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), part)
		}
		value, err := io.ReadAll(io.LimitReader(part, 1000))
		if err != nil {
			return brokenIntake(err)
		}
		values[part.FormName()] = strings.TrimSpace(string(value))
	}
}

func (s *Server) receiveFile(c echo.Context, values map[string]string, name string, file io.Reader) error {
	ctx := c.Request().Context()
	kind, err := intake.ParseKind(values["kind"])
	if err != nil {
		return err
	}
	system := crs.WGS84
	if values["crs"] != "" {
		if system, err = crs.Parse(values["crs"]); err != nil {
			return err
		}
	}
	from := &broken{Reader: file}
	j, err := s.Intake.Receive(ctx, intake.Delivery{Kind: kind, File: name, Division: values["division"], CRS: system}, from)
	if from.err != nil {
		return brokenIntake(from.err)
	}
	if err != nil {
		return err
	}
	var view IntakeView
	if err := s.read(ctx, func(tx pgx.Tx) error { view, err = s.viewIntake(ctx, tx, j); return err }); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, view)
}

// broken notes what went wrong with reading.
type broken struct {
	io.Reader
	err error
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func brokenIntake(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return newProblem("too-large", fmt.Sprintf("文件超过 %d MB；请分成几个文件导入", mostIntake>>20), fmt.Sprintf("the file is over %d MB: send it as several", mostIntake>>20))
	}
	return fault.Wrap(err, fault.Invalid, "上传中断或表单损坏，请重试", "the upload was broken off; try again")
}

// sendRejects sends the rows that didn't go in. Nothing is sent before the trail has heard of it, and nothing of it is on disk in clear.
func (s *Server) sendRejects(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := intake.ParseID(c.Param("id"))
	if err != nil {
		return err
	}
	what, ext, _ := strings.Cut(c.Param("file"), ".")
	format := intake.Format(ext)
	kind := map[intake.Format]string{intake.CSV: "text/csv; charset=utf-8", intake.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[format]
	if what != "rejects" || kind == "" {
		return fault.New(fault.NotFound, "地址应为 /api/intakes/{编号}/rejects.csv 或 rejects.xlsx", "the address is /api/intakes/{id}/rejects.csv, or rejects.xlsx")
	}
	done, err := s.busy(ctx)
	if err != nil {
		return err
	}
	defer done()
	file, size, err := intake.Spool(func(to io.Writer) error {
		return postgres.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.Intake.Rejects(ctx, tx, id, languageOf(ctx) == english, format, to) })
	})
	if err != nil {
		return err
	}
	defer file.Close()
	h := c.Response().Header()
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": rejectsName(id, format)}))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Cache-Control", "no-store")
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTimeout))
	return c.Stream(http.StatusOK, kind, file)
}

func futureDay() error {
	return fault.New(fault.Invalid, "迁出日期还没有到", "that day hasn't come yet").At("left")
}
