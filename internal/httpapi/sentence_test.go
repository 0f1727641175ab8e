package httpapi

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
)

// What is wrong with a request is said in Chinese to who reads Chinese, and in English without the names of standards.
func TestInputIsRefusedInWords(t *testing.T) {
	for in, want := range map[string][2]string{
		"expected string to be RFC 3339 date":                               {"应为日期，形如 2026-05-31", "expected a day like 2026-05-31"},
		"expected string to be RFC 3339 date-time":                          {"应为日期和时间，形如 2026-05-31T08:00:00+08:00", "expected a time like 2026-05-31T08:00:00+08:00"},
		"expected string to be a number":                                    {"应为数字", "expected string to be a number"},
		"expected string to be 15 digits":                                   {"应为 15 位数字", "expected string to be 15 digits"},
		"expected string to be what cursor said":                            {"应为上一页给出的 cursor", "expected string to be what cursor said"},
		"expected array length <= 50":                                       {"不能多于 50 项", "expected array length <= 50"},
		"invalid character 'ÿ' looking for beginning of value":              {"不是可读的 JSON", "invalid character 'ÿ' looking for beginning of value"},
		"json: cannot unmarshal number 1e999 into Go value of type float64": {"不是可读的 JSON", "json: cannot unmarshal number 1e999 into Go value of type float64"},
		`expected value to be one of "wgs84, gcj02"`:                        {"只能是 wgs84, gcj02 之一", `expected value to be one of "wgs84, gcj02"`},
	} {
		if zh, en := inChinese(in), inEnglish(in); zh != want[0] || en != want[1] {
			t.Errorf("%q: %s; %s", in, zh, en)
		}
	}
	for _, p := range []*Problem{humaProblem(400, "request body is required", nil), problemOfStatus(415, "validation failed")} {
		if p.Status >= 500 || !strings.Contains(p.ZH, "JSON") && !strings.Contains(p.ZH, "json") || !strings.ContainsFunc(p.EN, unicode.IsLetter) || p.EN == "validation failed" {
			t.Errorf("%d %s %s", p.Status, p.ZH, p.EN)
		}
	}
	if p := humaProblem(422, "validation failed", []error{&huma.ErrorDetail{Location: "body.on", Message: "expected string to be RFC 3339 date"}, errors.New("x")}); !strings.Contains(p.EN, "a day like") {
		t.Error(p.EN)
	}
}
