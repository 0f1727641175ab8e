package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/draft"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/sheet"
)

const draftExportPath = "/api/drafts/:id/export/:file"

// draftExportRoute prints drafts: their maps, and what they change as a table.
func (s *Server) draftExportRoute() {
	s.echo.GET(draftExportPath, s.exportDraft)
	text := func(name, in, about string) *huma.Param {
		return &huma.Param{Name: name, In: in, Required: in == "path", Description: about, Schema: &huma.Schema{Type: "string"}}
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "exportDraft", Method: http.MethodGet, Path: "/api/drafts/{id}/export/{file}", Tags: []string{"drafts"}, Summary: "A draft as a file",
		Description: "map.pdf (a page of A3 for each community), map.png (of one community), changes.xlsx (a sheet for each community).",
		Parameters: []*huma.Param{text("id", "path", "Of the draft"), {Name: "file", In: "path", Required: true, Schema: &huma.Schema{Type: "string", Enum: []any{"map.pdf", "map.png", "changes.xlsx"}}},
			text("community", "query", "Maps: this one alone"), text("with", "query", "Changes: live, base or a version")},
		Responses: s.fileResponses(map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}),
	})
}

func (s *Server) exportDraft(c echo.Context) error {
	ctx, file := c.Request().Context(), c.Param("file")
	id, err := draft.ParseID(c.Param("id"))
	if err != nil {
		return err
	}
	in := sheet.Chinese
	if languageOf(ctx) == english {
		in = sheet.English
	}
	name := fmt.Sprintf("draft-%s-%s", id, file)
	switch file {
	case "map.pdf", "map.png":
		return s.sendFile(c, name, map[string]string{"map.pdf": "application/pdf", "map.png": "image/png"}[file], func(to io.Writer) error {
			title, maps, err := s.draftMaps(ctx, id, c.QueryParam("community"))
			switch {
			case err != nil:
				return err
			case file == "map.pdf":
				return sheet.WritePDF(to, title, maps, in)
			case len(maps) != 1:
				return fault.New(fault.Invalid, fmt.Sprintf("草案有 %d 个社区；PNG 一张只有一个社区，请用 community 指定，或用 PDF", len(maps)),
					fmt.Sprintf("the draft has %d communities, and a PNG shows one: name it with community, or take a PDF", len(maps))).At("community")
			}
			return sheet.WritePNG(to, &maps[0], in)
		})
	case "changes.xlsx":
		return s.sendFile(c, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(to io.Writer) error {
			changes, err := s.draftTable(ctx, id, c.QueryParam("with"))
			if err != nil {
				return err
			}
			return sheet.WriteTable(to, changes, in)
		})
	}
	return fault.New(fault.NotFound, "草案可导出 map.pdf、map.png、changes.xlsx", "a draft is exported as map.pdf, map.png or changes.xlsx")
}

func (s *Server) draftMaps(ctx context.Context, id draft.ID, community string) (title string, maps []sheet.Map, err error) {
	opened, err := s.Drafts.Open(ctx, id)
	if err != nil {
		return "", nil, err
	}
	ground, err := s.Drafts.Ground(ctx, id, community)
	if err != nil {
		return "", nil, err
	}
	sides, err := s.Drafts.Surroundings(ctx, id, nil)
	if err != nil {
		return "", nil, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		maps, err = exchange.DraftMaps(ctx, tx, opened, ground, sides, time.Now())
		return err
	})
	return opened.Head.Name, maps, err
}

func (s *Server) draftTable(ctx context.Context, id draft.ID, with string) (*sheet.Comparison, error) {
	opened, err := s.Drafts.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	version := 0
	switch with {
	case "", "live":
	case "base":
		version = opened.Head.Base
	default:
		if version, err = strconv.Atoi(with); err != nil || version < 1 || version > 1e9 {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("with 应为 live、base 或版本号，现为 %.40q", with), fmt.Sprintf("with is live, base or the number of a version, not %.40q", with)).At("with")
		}
	}
	changes, err := s.Drafts.Changes(ctx, id, version)
	if err != nil {
		return nil, err
	}
	return exchange.DraftChanges(opened, changes), nil
}
