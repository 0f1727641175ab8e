package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/ingest"
	"jingwei/internal/locate"
)

// mostTable is the size of a table of points that is taken, in bytes: half a million rows or more.
const mostTable = 64 << 20

const locatePath = "/api/locate"

type locateInput struct {
	Lon     string  `query:"lon" doc:"Column with the longitude; empty: lon, lng, longitude, 经度 or x"`
	Lat     string  `query:"lat" doc:"Column with the latitude; empty: lat, latitude, 纬度 or y"`
	CRS     string  `query:"crs" enum:"wgs84,gcj02,bd09" default:"wgs84" doc:"What the positions are in"`
	Near    float64 `query:"near" minimum:"0" maximum:"1000" default:"20" doc:"Name other grids within so many metres"`
	RawBody []byte  `contentType:"text/csv" doc:"CSV in UTF-8 or GB18030 with a header, up to 64 MiB"`
}

// located is the table again, with what became of it in headers.
type located struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Rows         int    `header:"X-Rows"`
	Located      int    `header:"X-Located"`
	Outside      int    `header:"X-Outside"`
	Wrong        int    `header:"X-Wrong"`
	Body         []byte
}

func (s *Server) locateRoutes() {
	op := huma.Operation{
		OperationID: "locate", Method: http.MethodPost, Path: locatePath, Tags: []string{"grids"},
		Summary:      "The grid of every point of a table",
		Description:  "Answers with the table and the columns grid, community, near and problem beside its own. No row is lost: what is wrong with one stands in it.",
		MaxBodyBytes: mostTable,
		Errors:       []int{http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusInternalServerError, http.StatusServiceUnavailable},
		Responses:    map[string]*huma.Response{"200": {Description: "The table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	}
	huma.Register(s.api, op, func(ctx context.Context, in *locateInput) (*located, error) {
		out, err := s.locateTable(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return out, nil
	})
}

func (s *Server) locateTable(ctx context.Context, in *locateInput) (*located, error) {
	system, err := crs.Parse(in.CRS)
	if err != nil {
		return nil, err
	}
	var live *locate.Live
	if err := s.read(ctx, func(tx pgx.Tx) (err error) {
		live, err = s.ground.Fresh(ctx, tx)
		return err
	}); err != nil {
		return nil, err
	}
	var table bytes.Buffer
	report, err := ingest.Points(ctx, ingest.PointsInput{File: "CSV", Table: bytes.NewReader(in.RawBody), LonField: in.Lon, LatField: in.Lat, CRS: system}, &table,
		ingest.InLayout(live, in.Near))
	if err != nil {
		return nil, err
	}
	return &located{ContentType: "text/csv; charset=utf-8", CacheControl: "no-store", Rows: report.Rows, Located: report.Located, Outside: report.Outside, Wrong: report.Wrong, Body: table.Bytes()}, nil
}
