package exchange

import (
	"testing"

	"jingwei/internal/ingest"
)

func TestFieldsAreGuessed(t *testing.T) {
	for _, c := range []struct {
		have       []string
		code, name string
	}{
		{[]string{"OBJECTID", "WGBM", "WGMC", "SHAPE_AREA"}, "WGBM", "WGMC"},
		{[]string{"网格编码", "网格名称", "编号"}, "网格编码", "网格名称"},
		{[]string{"grid_code", "grid_name", "code"}, "grid_code", "grid_name"},
		{[]string{"code", "name", "community"}, "code", "name"},
		{[]string{"BGCode", "remark"}, "BGCode", ""},
		{[]string{"Name", "description"}, "", "Name"},
		{[]string{"网格标\uFFFD", "名称"}, "网格标\uFFFD", "名称"}, // ten bytes of 网格标识码
		{[]string{"a", "b"}, "", ""},
	} {
		f := ingest.PolygonFeature{Fields: map[string]string{}}
		for _, name := range c.have {
			f.Fields[name] = "x"
		}
		got, err := Fields{}.settle([]ingest.PolygonFeature{f}, "a.shp")
		if err != nil || got.Code != c.code || got.Name != c.name {
			t.Errorf("%v: %+v, %v; want %q and %q", c.have, got, err, c.code, c.name)
		}
	}
	for in, want := range map[string]string{" 370883001005001.0 ": "370883001005001", "370883001005a01": "370883001005A01", "": ""} {
		if got := tidyCode(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"学校": "school", "hospital": "hospital", "普通": "", "": ""} {
		if got := kindOf(in); got != want {
			t.Errorf("kind of %q: %q", in, got)
		}
	}
}
