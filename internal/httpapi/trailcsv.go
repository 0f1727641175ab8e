package httpapi

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
)

const trailExportPath = "/api/trail.csv"

func (s *Server) trailExportRoute() {
	op := huma.Operation{
		OperationID: "exportTrail", Method: http.MethodGet, Path: trailExportPath, Tags: []string{"trail"},
		Summary: "The audit trail of one's ground as a table", Description: "The export is an entry of its own, with the filters; without that there is no export.",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{"200": {Description: "CSV in UTF-8 with a byte order mark, as spreadsheets open it",
			Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	}
	huma.Register(s.api, op, func(ctx context.Context, in *TrailFilter) (*huma.StreamResponse, error) {
		f, err := in.filter()
		if err == nil {
			err = s.writeLook(ctx, audit.TrailExported, f, in.said(""))
		}
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) { s.exportTrail(c, op, f) }}, nil
	})
}

// exportTrail sends the entries as they are read. What goes wrong before the first is a problem; later the connection is broken
// off, so that half a table doesn't pass for a whole one.
func (s *Server) exportTrail(c huma.Context, op huma.Operation, f audit.Filter) {
	ctx := c.Context()
	table := trailTable{to: c.BodyWriter(), begin: func() {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		c.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="trail-%s.csv"`, time.Now().In(audit.Zone).Format("20060102-150405")))
		c.SetHeader("Cache-Control", "no-store")
		c.SetStatus(http.StatusOK)
	}, language: languageOf(ctx)}
	err := s.read(ctx, func(tx pgx.Tx) error { return audit.Search(ctx, tx, f, table.write) })
	if err == nil {
		err = table.end()
	}
	if err == nil {
		return
	}
	p := s.problem(ctx, op, err)
	if table.rows != nil {
		s.Logger.WarnContext(ctx, "an export was broken off", "request", requestID(ctx), "error", err)
		panic(http.ErrAbortHandler)
	}
	problem := problemOf(p)
	c.SetHeader("Content-Type", problem.ContentType(""))
	c.SetHeader("Cache-Control", "no-store")
	c.SetStatus(problem.Status)
	_ = json.NewEncoder(c.BodyWriter()).Encode(problem)
}

// trailTable writes entries as CSV; nothing is written before the first row is there, or the end.
type trailTable struct {
	to       io.Writer
	begin    func()
	rows     *csv.Writer
	language int
}

var trailColumns = [2][]string{
	chinese: {"编号", "时间（北京时间 UTC+8）", "县级代码", "账号编号", "账号", "操作", "对象", "对象账号", "理由", "详情", "来源地址", "地点代码", "地点", "已入链"},
	english: {"id", "time (UTC+8)", "county", "account", "actor", "action", "subject", "subject name", "reason", "details", "address", "place", "place name", "chained"},
}

func (t *trailTable) start() error {
	t.begin()
	t.rows = csv.NewWriter(t.to)
	t.rows.UseCRLF = true
	if _, err := io.WriteString(t.to, "\ufeff"); err != nil {
		return err
	}
	return t.rows.Write(trailColumns[t.language])
}

func (t *trailTable) write(w *audit.Written) error {
	if t.rows == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	account := ""
	if w.Account != 0 {
		account = strconv.FormatInt(w.Account, 10)
	}
	row := []string{strconv.FormatInt(w.ID, 10), w.At.In(audit.Zone).Format("2006-01-02 15:04:05.000"), fmt.Sprintf("%06d", w.County),
		account, w.Actor, w.Action, w.Subject, w.SubjectName, w.Reason, string(w.Details), w.Address, w.Place, w.PlaceName, strconv.FormatBool(w.Chained)}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return t.rows.Write(row)
}

func (t *trailTable) end() error {
	if t.rows == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	t.rows.Flush()
	return t.rows.Error()
}

// harmless keeps a spreadsheet from taking what somebody typed for a formula: such a cell begins with an apostrophe.
func harmless(cell string) string {
	if begins := strings.TrimLeft(cell, " \u00a0\u3000"); begins != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(begins)[0]) {
		return "'" + cell
	}
	return cell
}
