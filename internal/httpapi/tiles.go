package httpapi

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jingwei/internal/fault"
	"jingwei/internal/tile"
)

const tileType = "application/vnd.mapbox-vector-tile"

// tileRoutes serves vector tiles and their TileJSON. They are plain handlers: huma doesn't know paths such as
// {y}.mvt, and tiles come compressed from memory. They are in the API's description all the same.
func (s *Server) tileRoutes() {
	s.echo.GET("/tiles/:layers", s.tileJSON)
	s.echo.GET("/tiles/:layers/:z/:x/:y", s.tile)

	layers := &huma.Param{Name: "layers", In: "path", Required: true, Schema: &huma.Schema{Type: "string"},
		Description: "One or more of " + tile.Known() + ", joined by commas", Example: "grids,divisions"}
	number := func(name string) *huma.Param {
		return &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: "integer"}}
	}
	registry := s.api.OpenAPI().Components.Schemas
	described := registry.Schema(reflect.TypeFor[tile.TileJSON](), true, "TileJSON")
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "getTileJSON", Method: http.MethodGet, Path: "/tiles/{layers}.json", Tags: []string{"tiles"},
		Summary: "TileJSON 3.0 of some layers", Parameters: []*huma.Param{layers},
		Responses: map[string]*huma.Response{
			"200": {Description: "TileJSON", Content: map[string]*huma.MediaType{"application/json": {Schema: described}}},
		},
	})
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "getTile", Method: http.MethodGet, Path: "/tiles/{layers}/{z}/{x}/{y}.mvt", Tags: []string{"tiles"},
		Summary:    "A vector tile (MVT 2.1)",
		Parameters: []*huma.Param{layers, number("z"), number("x"), number("y")},
		Responses: map[string]*huma.Response{
			"200": {Description: "The tile. X-Tile-Dropped says what was left out of one that was too large.",
				Content: map[string]*huma.MediaType{tileType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
			"204": {Description: "There is nothing in this tile."},
			"304": {Description: "It is the one that If-None-Match names."},
		},
	})
}

func (s *Server) tileJSON(c echo.Context) error {
	name, ok := strings.CutSuffix(c.Param("layers"), ".json")
	if !ok {
		return echo.ErrNotFound
	}
	layers, err := tile.ParseLayers(name)
	if err != nil {
		return err
	}
	described, err := s.Tiles.Describe(c.Request().Context(), layers, c.Scheme()+"://"+c.Request().Host)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.JSON(http.StatusOK, described)
}

// tile answers with a tile in the best encoding that the client takes. Clients ask each time whether theirs
// still holds: a change must not wait for a cache to forget.
func (s *Server) tile(c echo.Context) error {
	layers, err := tile.ParseLayers(c.Param("layers"))
	if err != nil {
		return err
	}
	at, err := addressOf(c.Param("z"), c.Param("x"), c.Param("y"))
	if err != nil {
		return err
	}
	t, err := s.Tiles.Get(c.Request().Context(), layers, at)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	encoding, body, err := encodingOf(c.Request().Header.Get("Accept-Encoding"), t)
	if err != nil {
		return err
	}
	etag := `"` + t.Hash + `"`
	if encoding != "" {
		etag = `"` + t.Hash + "-" + encoding + `"`
	}
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	if t.Dropped != "" {
		h.Set("X-Tile-Dropped", t.Dropped)
	}
	if matches(c.Request().Header.Get("If-None-Match"), etag) {
		return c.NoContent(http.StatusNotModified)
	}
	if t.Empty() {
		return c.NoContent(http.StatusNoContent)
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return c.Blob(http.StatusOK, tileType, body)
}

func addressOf(z, x, y string) (a tile.Address, err error) {
	y, suffix := strings.CutSuffix(y, ".mvt")
	var errs [3]error
	a.Z, errs[0] = strconv.Atoi(z)
	a.X, errs[1] = strconv.Atoi(x)
	a.Y, errs[2] = strconv.Atoi(y)
	if !suffix || errs != [3]error{} {
		return a, fault.New(fault.NotFound,
			"瓦片地址应为 /tiles/{图层}/{z}/{x}/{y}.mvt，z、x、y 为整数；图层有 "+tile.Known(),
			"a tile's address is /tiles/{layers}/{z}/{x}/{y}.mvt with whole numbers z, x and y; the layers are "+tile.Known())
	}
	return a, a.Check()
}

// encodingOf picks the encoding and its bytes: zstd when asked for, else gzip, else none.
func encodingOf(accept string, t *tile.Tile) (string, []byte, error) {
	if t.Empty() {
		return "", nil, nil
	}
	switch {
	case accepts(accept, "zstd"):
		return "zstd", t.Zstd, nil
	case accepts(accept, "gzip"):
		return "gzip", t.Gzip, nil
	}
	raw, err := t.Raw()
	return "", raw, err
}

// accepts says whether an Accept-Encoding header names a coding and doesn't refuse it.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			weight, found := strings.CutPrefix(strings.TrimSpace(q), "q=")
			if v, err := strconv.ParseFloat(weight, 64); found && err == nil && v == 0 {
				return false
			}
			return true
		}
	}
	return false
}

// matches says whether an If-None-Match header names the tag. A proxy that compressed anew has made it weak.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if t := strings.TrimPrefix(strings.TrimSpace(part), "W/"); t == etag || t == "*" {
			return true
		}
	}
	return false
}
