package exchange

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/ingest"
)

// NetInput says which net is to be read.
type NetInput struct {
	File     string
	Called   string // what the file is called in messages; "": its own name
	Name     string // of the net; "": the file's
	CRS      string // of a file that doesn't say its own: wgs84, cgcs2000, gcj02, bd09, epsg:4491 to 4554; "": wgs84
	Fields   Fields
	Near     float64 // a longitude of the division, for advice
	Progress func(ingest.Progress)
}

// mostPolygons is how many polygons a net may have: a county has some thousand grids.
const mostPolygons = 50_000

// ReadNet reads a file of polygons as a net. fields are those that were taken.
//
// Faults: Invalid (the file, a field, the coordinates), Unavailable (GDAL isn't installed).
func ReadNet(ctx context.Context, in NetInput) (net *gridnet.Net, fields Fields, report *ingest.Report, err error) {
	if in.Called == "" {
		in.Called = filepath.Base(in.File)
	}
	if in.CRS == "" {
		in.CRS = "wgs84"
	}
	ref, err := crs.ParseReference(in.CRS)
	if err != nil {
		return nil, fields, nil, err
	}
	scratch, err := os.MkdirTemp("", "jingwei-net-")
	if err != nil {
		return nil, fields, nil, err
	}
	defer os.RemoveAll(scratch)
	file, err := unpack(in.File, in.Called, scratch, mostUnpacked)
	if err != nil {
		return nil, fields, nil, err
	}
	if err := whole(file, in.Called); err != nil {
		return nil, fields, nil, err
	}
	features, report, err := ingest.Polygons(ctx, ingest.PolygonsInput{File: file, Called: in.Called, CRS: ref, Near: in.Near, Progress: in.Progress})
	if err != nil {
		return nil, fields, report, err
	}
	if len(features) > mostPolygons {
		return nil, fields, report, fault.New(fault.Invalid, fmt.Sprintf("%s 有 %d 个多边形，不像网格图（最多 %d 个）", in.Called, len(features), mostPolygons),
			fmt.Sprintf("%s has %d polygons, which is no map of grids (%d at most)", in.Called, len(features), mostPolygons))
	}
	if fields, err = in.Fields.settle(features, in.Called); err != nil {
		return nil, fields, report, err
	}
	return in.net(features, fields), fields, report, nil
}

func (in NetInput) net(features []ingest.PolygonFeature, fields Fields) *gridnet.Net {
	net := &gridnet.Net{Name: in.Name}
	if net.Name == "" {
		net.Name = strings.TrimSuffix(in.Called, filepath.Ext(in.Called))
	}
	for _, f := range features {
		p := gridnet.Polygon{Code: tidyCode(f.Fields[fields.Code]), Name: strings.TrimSpace(f.Fields[fields.Name]), Special: kindOf(f.Fields[fields.Special]),
			Feature: strconv.Itoa(f.Place + 1), Parts: f.Parts}
		for _, r := range f.Repairs {
			p.Repairs = append(p.Repairs, gridnet.Words{ZH: r.WhatZH + "；" + r.DoneZH, EN: r.What + "; " + r.Done})
		}
		net.Polygons = append(net.Polygons, p)
	}
	return net
}

// whole refuses a Shapefile whose files aren't all there, in words that GDAL doesn't have.
func whole(file, called string) error {
	ending := strings.ToLower(filepath.Ext(file))
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	if ending != ".shp" {
		if ending == ".dbf" || ending == ".shx" || ending == ".prj" {
			return fault.New(fault.Invalid, fmt.Sprintf("%s 只是 Shapefile 的一部分；请给出 .shp，或把各文件打成 zip", called),
				fmt.Sprintf("%s is a part of a Shapefile; give the .shp, or all of its files as a zip", called))
		}
		return nil
	}
	if there(stem, ".shx") && there(stem, ".dbf") {
		return nil
	}
	return fault.New(fault.Invalid, fmt.Sprintf("%s 旁边缺少 .shx 或 .dbf；请把 .shp、.shx、.dbf、.prj 一起打成 zip", called),
		fmt.Sprintf("the .shx or the .dbf beside %s is missing; pack .shp, .shx, .dbf and .prj together into a zip", called))
}

func there(stem, ending string) bool {
	for _, e := range []string{ending, strings.ToUpper(ending)} {
		if _, err := os.Stat(stem + e); err == nil {
			return true
		}
	}
	return false
}
