package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Surroundings are 四至: what a grid borders on to the north, east, south and west.
type Surroundings struct {
	North     []Side                  `json:"north"`
	East      []Side                  `json:"east"`
	South     []Side                  `json:"south"`
	West      []Side                  `json:"west"`
	TextZH    string                  `json:"text_zh" example:"东至平阳路，西至万泉河，南与网格 004 相邻，北至成府路。" doc:"As somebody has put it right, otherwise as the program writes it"`
	TextEN    string                  `json:"text_en"`
	WrittenZH string                  `json:"written_zh" doc:"As the program writes it"`
	WrittenEN string                  `json:"written_en"`
	Corrected *SurroundingsCorrection `json:"corrected,omitempty" doc:"Missing where nobody has put it right"`
}

// SurroundingsCorrection is who put a grid's surroundings right, and when.
type SurroundingsCorrection struct {
	By        string    `json:"by" doc:"Name of the account"`
	At        time.Time `json:"at"`
	NeedsLook bool      `json:"needs_look" doc:"A publication has changed the grid's border since"`
}

// Side is one thing that a grid borders on in one direction, the longest first.
type Side struct {
	Kind   string  `json:"kind" enum:"path,street,main-road,wall,rail,river,grid,outside" doc:"What runs along the border; where nothing does, what lies behind it"`
	Name   string  `json:"name" doc:"Of the street or river, or the code of the grid behind the border, or the name of the division beyond; empty when it has none"`
	Share  float64 `json:"share" doc:"Of the length of the border in that direction"`
	TextZH string  `json:"text_zh"`
	TextEN string  `json:"text_en"`
}

type surroundingsInput struct {
	Code string `path:"code" pattern:"^[0-9]{15}$" patternDescription:"15 digits" doc:"15 digits"`
	Body struct {
		ZH string `json:"zh" doc:"In Chinese, up to 500 characters; empty: the program's own words hold again"`
		EN string `json:"en,omitempty" doc:"In English; empty: the program's own words"`
	}
}

func (s *Server) surroundingsRoute() {
	personal(s, huma.Operation{
		OperationID: "correctSurroundings", Method: http.MethodPut, Path: "/api/grids/{code}/surroundings", Tags: []string{"grids"},
		Summary:     "Put a grid's surroundings (四至) right by hand",
		Description: "Saying the same again says that it is still right after the border has changed.",
	}, s.correctSurroundings)
}

func (s *Server) correctSurroundings(ctx context.Context, in *surroundingsInput) (out Surroundings, err error) {
	code, err := strconv.ParseInt(in.Code, 10, 64)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		if err := layout.CorrectSurroundings(ctx, tx, s.Trail, layout.Code(code), in.Body.ZH, in.Body.EN); err != nil {
			return err
		}
		out, err = surroundingsOf(ctx, tx, code)
		return err
	})
	return out, err
}

// surroundingsOf reads what a grid borders on.
func surroundingsOf(ctx context.Context, tx pgx.Tx, code int64) (out Surroundings, err error) {
	grid := layout.Code(code)
	found, err := layout.SurroundingsOf(ctx, tx, countyOf(code), []layout.Code{grid})
	if err != nil {
		return out, err
	}
	s := found[grid]
	if s == nil {
		s = new(layout.Surroundings)
	}
	return surroundingsAs(s), nil
}

func surroundingsAs(s *layout.Surroundings) Surroundings {
	out := Surroundings{North: sidesOf(s.North), East: sidesOf(s.East), South: sidesOf(s.South), West: sidesOf(s.West), WrittenZH: s.ZH, WrittenEN: s.EN}
	out.TextZH, out.TextEN = s.Words()
	if h := s.Hand; h != nil {
		out.Corrected = &SurroundingsCorrection{h.By, h.At, h.NeedsLook}
	}
	return out
}

func sidesOf(sides []layout.Side) []Side {
	out := make([]Side, len(sides))
	for i, s := range sides {
		out[i] = Side{Kind: s.Kind, Name: s.Name, Share: s.Share, TextZH: s.ZH, TextEN: s.EN}
	}
	return out
}
