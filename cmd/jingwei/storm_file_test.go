package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jingwei/internal/gridnet"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// layFile exports a version of a planner's division as a file and lays that file over the ground: the act by which a draft takes it. nil when that came to nothing.
func (s *storm) layFile(p *stormPlanner, b *board, version int, format string) map[string]any {
	var file []byte
	path := fmt.Sprintf("/api/export/grids.%s?division=%s&version=%d", format, p.division, version)
	if status, refused, _ := s.insist(p.cookie, "GET", path, nil, &file); status != http.StatusOK {
		s.refuse("export", refused)
		return nil
	}
	name := "去年." + format
	if format == "shp.zip" {
		name = "去年.zip"
	}
	answers := map[string]map[string]int{"blocks": {}, "codes": {}}
	for range 5 {
		net := s.lay(p, name, file, answers)
		if net == nil {
			return nil
		}
		if len(net.Decisions) == 0 {
			return placing(net, b)
		}
		for _, d := range net.Decisions {
			first := d.Candidates[0].Polygon
			if d.Code != "" {
				answers["codes"][d.Code] = first
			}
			for _, block := range d.Blocks {
				if d.Code == "" {
					answers["blocks"][decimal(block)] = first
				}
			}
		}
	}
	return nil
}

// lay uploads a file of grids, until it is answered.
func (s *storm) lay(p *stormPlanner, name string, file []byte, answers any) *gridnet.Result {
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(100 * time.Millisecond) {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		text, _ := json.Marshal(answers)
		_ = w.WriteField("division", p.division)
		_ = w.WriteField("answers", string(text))
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write(file)
		_ = w.Close()
		var net gridnet.Result
		status, refused, err := s.askWith(p.cookie, "POST", "/api/nets", w.FormDataContentType(), form.Bytes(), &net)
		switch {
		case err != nil || status == http.StatusServiceUnavailable:
		case status == http.StatusOK:
			return &net
		default:
			s.refuse("import", refused)
			return nil
		}
	}
	s.violation("/api/nets isn't answered for two minutes")
	return nil
}

// placing is the act that puts each block where the net has it: in the grid of its code where that is live, otherwise in a new one.
func placing(net *gridnet.Result, b *board) map[string]any {
	live := b.standingGrids()
	keys := make([]string, len(net.Grids))
	for i, g := range net.Grids {
		keys[i] = fmt.Sprintf("new-%d", i+1)
		if len(g.Code) == 15 && slices.Contains(live, g.Code) && strings.HasPrefix(g.Code, g.Community) && !slices.Contains(keys[:i], g.Code) {
			keys[i] = g.Code
		}
	}
	type placed struct {
		Key  int64  `json:"key"`
		Grid string `json:"grid"`
	}
	var all []placed
	for _, a := range net.Assigned {
		if b.units[a.Block] != nil {
			all = append(all, placed{a.Block, keys[a.Grid]})
		}
	}
	if len(all) == 0 {
		return nil
	}
	return map[string]any{"kind": "place", "assignment": all}
}
