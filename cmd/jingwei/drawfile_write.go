package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"

	"jingwei/internal/drawing"
	"jingwei/internal/planar"
)

// write leaves the grids, and the assignment and the report where they are wanted, each file whole or not at all.
func (f *fileDrawing) write(in drawFileInput, drawn *drawing.Drawing) error {
	if err := replaceFile(in.Out, func(file *os.File) error { return f.writeGrids(file, drawn.Grid) }); err != nil {
		return err
	}
	if in.Assignment != "" {
		if err := replaceFile(in.Assignment, func(file *os.File) error { return f.writeAssignment(file, drawn.Grid) }); err != nil {
			return err
		}
	}
	if in.Report != "" {
		return writeJSON(in.Report, drawn.Report)
	}
	return nil
}

// writeGrids writes a feature a grid. Coordinates are the lattice's, so that neighbours share their borders to the last digit.
func (f *fileDrawing) writeGrids(file *os.File, grid []int32) error {
	ground := f.ground.cover.Dissolve(grid)
	w := bufio.NewWriterSize(file, 1<<20)
	w.WriteString("{\"type\":\"FeatureCollection\",\"features\":[")
	for i, g := range f.order() {
		if i > 0 {
			w.WriteByte(',')
		}
		one := &f.grids[g]
		properties, err := json.Marshal(gridProperties{
			Code: one.code, Sequence: one.sequence, Within: one.within, Population: one.Weight, Blocks: one.Blocks,
			Area: math.Round(one.Area*10) / 10, Compactness: math.Round(one.Compactness*1e4) / 1e4, InBand: one.InBand,
		})
		if err != nil {
			return err
		}
		id, err := json.Marshal(one.code)
		if err != nil {
			return err
		}
		w.WriteString("\n{\"type\":\"Feature\",\"id\":")
		w.Write(id)
		w.WriteString(",\"properties\":")
		w.Write(properties)
		w.WriteString(",\"geometry\":")
		w.Write(geoJSON(ground.Polygons(int32(g))))
		w.WriteByte('}')
	}
	w.WriteString("\n]}\n")
	return w.Flush()
}

type gridProperties struct {
	Code        string  `json:"code"`
	Sequence    int     `json:"sequence"`
	Within      string  `json:"within"`
	Population  int64   `json:"population"`
	Blocks      int     `json:"blocks"`
	Area        float64 `json:"area"` // m²
	Compactness float64 `json:"compactness"`
	InBand      bool    `json:"in_band"`
}

// order lists the grids by community and number.
func (f *fileDrawing) order() []int {
	byNumber := make([][]int, len(f.blocks.within))
	for g := range f.grids {
		w := f.grids[g].Within
		byNumber[w] = append(byNumber[w], 0)
	}
	for g := range f.grids {
		byNumber[f.grids[g].Within][f.grids[g].sequence-1] = g
	}
	var out []int
	for _, grids := range byNumber {
		out = append(out, grids...)
	}
	return out
}

// geoJSON is the geometry of polygons in degrees, k/1e7 written out.
func geoJSON(polygons []planar.Polygon) []byte {
	out := []byte(`{"type":"Polygon","coordinates":`)
	if len(polygons) != 1 {
		out = []byte(`{"type":"MultiPolygon","coordinates":[`)
	}
	for i, polygon := range polygons {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, ring := range polygon {
			if j > 0 {
				out = append(out, ',')
			}
			out = append(out, '[')
			for _, p := range ring {
				out = append(appendPoint(out, p), ',')
			}
			out = append(appendPoint(out, ring[0]), ']')
		}
		out = append(out, ']')
	}
	if len(polygons) != 1 {
		out = append(out, ']')
	}
	return append(out, '}')
}

func appendPoint(out []byte, p planar.Point) []byte {
	lon, lat := p.Degrees()
	out = strconv.AppendFloat(append(out, '['), lon, 'f', -1, 64)
	out = strconv.AppendFloat(append(out, ','), lat, 'f', -1, 64)
	return append(out, ']')
}

// writeAssignment writes block,grid in the order of the file, by the blocks' ids and the grids' codes.
func (f *fileDrawing) writeAssignment(file *os.File, grid []int32) error {
	w := csv.NewWriter(file)
	if err := w.Write([]string{"block", "grid"}); err != nil {
		return err
	}
	for i := range f.blocks.features {
		if err := w.Write([]string{f.blocks.features[i].id, f.grids[grid[f.ground.face[i]]].code}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
