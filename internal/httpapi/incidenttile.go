package httpapi

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/incident"
	"jingwei/internal/tile"
)

// incidentLayer is the tile layer of incidents. It isn't among tile.Layers: what is in it depends on who asks.
const incidentLayer = "incidents"

func (s *Server) incidentTileRoute() {
	s.echo.GET("/tiles/"+incidentLayer+"/:z/:x/:y", s.incidentTile)
	number := func(name string) *huma.Param {
		return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: "integer"}}
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "getIncidentTile", Method: http.MethodGet, Path: "/tiles/" + incidentLayer + "/{z}/{x}/{y}.mvt", Tags: []string{"tiles", "incidents"},
		Summary: "A vector tile (MVT 2.1) of the incidents that one may see",
		Description: "As they are at this moment; nobody keeps it. From zoom 16 on each incident is a point with id, kind, severity, " +
			"at (seconds since 1970) and special; below, those close together are one point with count, severity (the gravest) and bounds (west,south,east,north).",
		Parameters: []*huma.Param{number("z"), number("x"), number("y")},
		Responses: map[string]*huma.Response{
			"200": {Description: "The tile", Content: map[string]*huma.MediaType{tileType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
			"204": {Description: "There is nothing in this tile that one may see."},
		},
	})
}

// incidentTile renders a tile from the database for the one who asks, each time.
func (s *Server) incidentTile(c echo.Context) error {
	at, err := addressOf(c.Param("z"), c.Param("x"), c.Param("y"))
	if err != nil {
		return err
	}
	var marks []incident.Mark
	err = s.read(c.Request().Context(), func(tx pgx.Tx) (err error) {
		marks, err = incident.Marks(c.Request().Context(), tx, at.Z, at.X, at.Y)
		return err
	})
	if err != nil {
		return err
	}
	t, err := s.Tiles.Points(at, incidentLayer, pointsOf(marks))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	if t.Dropped != "" {
		h.Set("X-Tile-Dropped", t.Dropped)
	}
	if t.Empty() {
		return c.NoContent(http.StatusNoContent)
	}
	encoding, body, err := encodingOf(c.Request().Header.Get("Accept-Encoding"), t)
	if err != nil {
		return err
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return c.Blob(http.StatusOK, tileType, body)
}

func pointsOf(marks []incident.Mark) []tile.Point {
	out := make([]tile.Point, len(marks))
	for i, m := range marks {
		p := tile.Point{ID: m.Key, Lon: m.Lon, Lat: m.Lat, Rank: float64(m.Count) * 10 / float64(m.Severity)}
		if m.Count == 1 {
			p.Properties = []tile.Property{{Key: "id", Value: m.ID.String()}, {Key: "kind", Value: string(m.Kind)}, {Key: "severity", Value: int(m.Severity)},
				{Key: "at", Value: m.At.Unix()}, {Key: "special", Value: m.Special}}
		} else {
			b := m.Bounds
			p.Properties = []tile.Property{{Key: "count", Value: m.Count}, {Key: "severity", Value: int(m.Severity)},
				{Key: "bounds", Value: fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", b[0], b[1], b[2], b[3])}}
		}
		out[i] = p
	}
	return out
}
