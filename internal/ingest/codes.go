package ingest

import (
	"context"
	"fmt"
	"strings"

	"jingwei/internal/division"
	"jingwei/internal/planar"
)

// settleCodes gives every code to one division: identical features are one, features of one name are its
// parts, and where names differ all are refused.
func (d *divisionImport) settleCodes(ctx context.Context) error {
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
		one, ok, err := d.oneDivision(ctx, claims)
		if err != nil {
			return err
		}
		if ok {
			d.found = append(d.found, one)
			continue
		}
		for _, f := range claims {
			d.note(&d.report.Refused, strings.TrimPrefix(f.Source, d.file+"/")+" "+f.Name,
				&note{kindCodeTwice, fmt.Sprintf("the code %s is used by %s", code, names(claims)),
					fmt.Sprintf("代码 %s 被 %s 共用", code, names(claims)),
					"all of them were refused: give each its own code and import again", "全部拒收：请给各自正确的代码后重新导入"})
			d.report.count(ofDivisions, nowRefused(f.Residents))
			d.refused = append(d.refused, f)
		}
	}
	return nil
}

func names(fs []foundDivision) string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.Name + " (" + f.Source + ")"
	}
	return strings.Join(out, ", ")
}

// oneDivision makes one division of features that share their code and name: the same feature several times,
// or the parts of one that lie apart or side by side. Parts that overlap are two outlines of one place.
func (d *divisionImport) oneDivision(ctx context.Context, claims []foundDivision) (one foundDivision, ok bool, err error) {
	one = claims[0]
	sets := make([][]planar.Polygon, len(claims))
	people := map[int]bool{}
	total, same := 0, true
	for i, f := range claims {
		if f.Name != one.Name {
			return one, false, nil
		}
		if f.Residents >= 0 {
			people[f.Residents] = true
			total += f.Residents
		}
		same = same && string(planar.MultiPolygonEWKB(f.Polygons)) == string(planar.MultiPolygonEWKB(one.Polygons))
		sets[i] = f.Polygons
	}
	where := strings.TrimPrefix(one.Source, d.file+"/") + " " + one.Name
	if same && len(people) <= 1 {
		d.note(&d.report.Repaired, where, &note{kindCodeTwice, fmt.Sprintf("it comes %d times with the same polygon: %s", len(claims), names(claims)),
			fmt.Sprintf("同一多边形出现 %d 次：%s", len(claims), names(claims)), "the first was kept", "保留第一个"})
		one.withTotal(claims)
		d.countOnce(claims, one.Residents)
		return one, true, nil
	}
	if one.Polygons, ok, err = joined(ctx, sets); !ok || err != nil {
		return one, false, err
	}
	one.withTotal(claims)
	if len(people) > 1 { // a total that is the same on every part is the division's own
		one.Residents = total
	}
	d.countOnce(claims, one.Residents)
	d.note(&d.report.Repaired, where, &note{kindCodeTwice, fmt.Sprintf("it comes in %d features: %s", len(claims), names(claims)),
		fmt.Sprintf("分成 %d 个要素：%s", len(claims), names(claims)), "taken as the parts of one division", "作为同一区划的各部分"})
	return one, true, nil
}

// withTotal gives a division the total that one of its features has, where its first has none.
func (f *foundDivision) withTotal(claims []foundDivision) {
	for _, c := range claims {
		if f.Residents < 0 && c.Residents >= 0 {
			f.Residents, f.ResidentsSource = c.Residents, c.ResidentsSource
		}
	}
}

// countOnce takes back what the features of one division say together beyond its total.
func (d *divisionImport) countOnce(claims []foundDivision, total int) {
	sum := 0
	for _, f := range claims {
		sum += max(f.Residents, 0)
	}
	d.report.count(ofDivisions, nowTwice(sum-max(total, 0)))
}

// joined makes one area of several that don't overlap; ok is false when they do.
func joined(ctx context.Context, sets [][]planar.Polygon) (parts []planar.Polygon, ok bool, err error) {
	cover, by, err := planar.OverlayFaces(ctx, sets)
	if err != nil {
		return nil, false, err
	}
	label := make([]int32, len(by))
	for face, covering := range by {
		switch len(covering) {
		case 0:
			label[face] = -1
		case 1:
		default:
			return nil, false, nil
		}
	}
	parts = cover.Dissolve(label).Polygons(0)
	canonical(parts)
	return parts, true, nil
}
