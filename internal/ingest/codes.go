package ingest

import (
	"fmt"
	"strings"

	"jingwei/internal/division"
	"jingwei/internal/planar"
)

// settleCodes gives every code to one division: identical features are one, features of one name are its
// parts, and where names differ all are refused.
func (d *divisionImport) settleCodes() {
	by := map[division.Code][]foundDivision{}
	var codes []division.Code
	for _, f := range d.found {
		if by[f.Code] == nil {
			codes = append(codes, f.Code)
		}
		by[f.Code] = append(by[f.Code], f)
	}
	d.found = d.found[:0]
	for _, code := range codes {
		claims := by[code]
		if len(claims) == 1 {
			d.found = append(d.found, claims[0])
			continue
		}
		if one, ok := d.oneDivision(claims); ok {
			d.found = append(d.found, one)
			continue
		}
		for _, f := range claims {
			d.note(&d.report.Refused, strings.TrimPrefix(f.Source, d.file+"/")+" "+f.Name,
				&note{"code-twice", fmt.Sprintf("the code %s is used by %s", code, names(claims)),
					fmt.Sprintf("代码 %s 被 %s 共用", code, names(claims)),
					"all of them were refused: give each its own code and import again", "全部拒收：请给各自正确的代码后重新导入"})
			d.refused = append(d.refused, f)
		}
	}
}

func names(fs []foundDivision) string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.Name + " (" + f.Source + ")"
	}
	return strings.Join(out, ", ")
}

// oneDivision makes one division of features that share their code and name.
func (d *divisionImport) oneDivision(claims []foundDivision) (foundDivision, bool) {
	one := claims[0]
	where := strings.TrimPrefix(one.Source, d.file+"/") + " " + one.Name
	var parts []planar.Polygon
	people := map[int]bool{}
	total := 0
	same := true
	for _, f := range claims {
		if f.Name != one.Name {
			return one, false
		}
		if f.Residents >= 0 {
			people[f.Residents] = true
			total += f.Residents
		}
		same = same && string(planar.MultiPolygonEWKB(f.Polygons)) == string(planar.MultiPolygonEWKB(one.Polygons))
		parts = append(parts, f.Polygons...)
	}
	if same {
		d.note(&d.report.Repaired, where, &note{"code-twice", fmt.Sprintf("it comes %d times with the same polygon: %s", len(claims), names(claims)),
			fmt.Sprintf("同一多边形出现 %d 次：%s", len(claims), names(claims)), "the first was kept", "保留第一个"})
		return one, len(people) <= 1
	}
	for i, p := range parts {
		for _, q := range parts[i+1:] {
			if !simpleRings([]planar.Polygon{p, q}) || !apart([]planar.Polygon{p, q}) {
				return one, false // they cross, or can't be told apart: two outlines of one place
			}
		}
	}
	canonical(parts)
	one.Polygons = parts
	if len(people) > 1 { // a total that is the same on every part is the division's own
		one.Residents = total
	}
	d.note(&d.report.Repaired, where, &note{"code-twice", fmt.Sprintf("it comes in %d features: %s", len(claims), names(claims)),
		fmt.Sprintf("分成 %d 个要素：%s", len(claims), names(claims)), "taken as the parts of one division", "作为同一区划的各部分"})
	return one, true
}
