package httpapi

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Surroundings are 四至: what a grid borders on to the north, east, south and west.
type Surroundings struct {
	North  []Side `json:"north"`
	East   []Side `json:"east"`
	South  []Side `json:"south"`
	West   []Side `json:"west"`
	TextZH string `json:"text_zh" example:"东至平阳路，南至网格 110108014000004，西至万泉河，北至成府路"`
	TextEN string `json:"text_en"`
}

// Side is one thing that a grid borders on in one direction.
type Side struct {
	Kind   string  `json:"kind" enum:"path,street,main-road,wall,rail,river,grid,outside" doc:"What runs along the border; where nothing does, what lies behind it"`
	Name   string  `json:"name" doc:"Of the street or river, or the code of the grid behind the border; empty when it has none"`
	Share  float64 `json:"share" doc:"Of the length of the border in that direction"`
	TextZH string  `json:"text_zh"`
	TextEN string  `json:"text_en"`
}

func surroundingsOf(ctx context.Context, tx pgx.Tx, code int64) (Surroundings, error) {
	return Surroundings{North: []Side{}, East: []Side{}, South: []Side{}, West: []Side{}}, nil
}
