package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jingwei/internal/fault"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
)

// Fields say which fields of a file hold what; "" is guessed.
type Fields struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Special string `json:"special"`
}

// What offices call these fields, the surest first. Names are compared without case, blanks and underscores; a Shapefile cuts them at ten bytes.
var (
	codeNames = []string{"gridcode", "wgbm", "wgdm", "wgbh", "网格编码", "网格代码", "网格编号", "网格标识码", "bgcode", "bgid", "gridid", "gridno", "wgid", "code", "编码", "代码", "编号", "标识码", "bm", "dm", "bh"}
	nameNames = []string{"gridname", "wgmc", "网格名称", "网格名", "bgname", "name", "名称", "mc", "title"}
	kindNames = []string{"special", "专属网格", "专属类别", "网格类别", "网格类型", "wglx", "wglb"}
)

// plainName makes names of fields comparable.
func plainName(s string) string {
	return strings.NewReplacer("_", "", " ", "", "-", "", ".", "").Replace(strings.ToLower(s))
}

// settle finds the fields among those that the features have. Faults: Invalid for a field that isn't there.
func (f Fields) settle(features []ingest.PolygonFeature, called string) (Fields, error) {
	have := make(map[string]bool)
	for _, feature := range features {
		for name := range feature.Fields {
			have[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(have))
	for _, field := range []struct {
		said    *string
		guesses []string
		flag    string
	}{{&f.Code, codeNames, "--code-field"}, {&f.Name, nameNames, "--name-field"}, {&f.Special, kindNames, "--special-field"}} {
		if *field.said != "" {
			if !have[*field.said] {
				list := strings.Join(names, ", ")
				return f, fault.New(fault.Invalid, fmt.Sprintf("%s 中没有字段 %.60q（%s）；有：%.400s", called, *field.said, field.flag, list),
					fmt.Sprintf("%s has no field %.60q (%s); it has: %.400s", called, *field.said, field.flag, list))
			}
			continue
		}
		*field.said = guess(names, field.guesses)
	}
	return f, nil
}

func guess(names, guesses []string) string {
	for _, g := range guesses {
		for _, name := range names {
			// Ten bytes hold three Chinese characters and a broken one.
			plain := strings.TrimRight(plainName(name), "\uFFFD")
			if plain == g || len(plain) >= 9 && strings.HasPrefix(g, plain) {
				return name
			}
		}
	}
	return ""
}

// tidyCode makes a code of what a field holds: spreadsheets write numbers with a fraction or an exponent.
func tidyCode(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	s = strings.TrimSuffix(s, ".0")
	return strings.TrimSuffix(s, ".")
}

// kindOf reads the kind of a special grid; what isn't one is an ordinary grid.
func kindOf(s string) string {
	kinds, err := layout.ParseSpecial([]string{strings.TrimSpace(s)})
	if err != nil || len(kinds) != 1 {
		return ""
	}
	return kinds[0]
}
