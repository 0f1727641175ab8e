package httpapi

import (
	"context"
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

// The languages an answer can be in; the first is what a client gets that asks for neither.
const (
	chinese = iota
	english
)

var matcher = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// preferred reads an Accept-Language header. One that can't be read asks for nothing.
func preferred(accept string) int {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return chinese
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return chinese
	}
	return index
}

type contextKey int

const (
	languageKey contextKey = iota
	secureKey              // whether the client's connection is encrypted
	requestKey
)

func languageOf(ctx context.Context) int {
	l, _ := ctx.Value(languageKey).(int)
	return l
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// inputMessages are the findings of huma's validation, which speaks English, as far as our routes can meet them.
var inputMessages = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^required .* parameter is missing$`), "不能缺少"},
	{regexp.MustCompile(`^expected required property (.*) to be present$`), "缺少 $1"},
	{regexp.MustCompile(`^unexpected property$`), "不是这里的字段"},
	{regexp.MustCompile(`^expected string$`), "应为文字"},
	{regexp.MustCompile(`^expected object$`), "应为对象"},
	{regexp.MustCompile(`^request body is required$`), "不能缺少"},
	{regexp.MustCompile(`^invalid integer$|^expected integer$`), "应为整数"},
	{regexp.MustCompile(`^invalid float(ing value)?$|^expected number$`), "应为数字"},
	{regexp.MustCompile(`^invalid boolean$|^expected boolean$`), "应为 true 或 false"},
	{regexp.MustCompile(`^expected number >= (.*)$`), "不能小于 $1"},
	{regexp.MustCompile(`^expected number <= (.*)$`), "不能大于 $1"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "不能少于 $1 个字符"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "不能多于 $1 个字符"},
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "只能是 $1 之一"},
	{regexp.MustCompile(`^expected array$`), "应为列表"},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), "不能少于 $1 项"},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), "不能多于 $1 项"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date$`), "应为日期，形如 2026-05-31"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date-time$`), "应为日期和时间，形如 2026-05-31T08:00:00+08:00"},
	{regexp.MustCompile(`^expected string to be (?:a number|digits)$`), "应为数字"},
	{regexp.MustCompile(`^expected string to be (\d+) digits$`), "应为 $1 位数字"},
	{regexp.MustCompile(`^expected string to be what (\w+) said$`), "应为上一页给出的 $1"},
	{regexp.MustCompile(`^expected string to be live, base or a version$`), "应为 live、base 或版本号"},
	{regexp.MustCompile(`^expected string to (?:be|match pattern) (.*)$`), "不合格式 $1"},
	{regexp.MustCompile(`^unexpected end of JSON input$|^invalid character |^json: `), "不是可读的 JSON"},
	{regexp.MustCompile(`^unknown query parameter$`), "不是这个地址的参数"},
	{regexp.MustCompile(`^expected at most one value.*$`), "只能给一次"},
}

// inEnglish says what huma says in terms of standards as people say it.
func inEnglish(message string) string {
	return strings.NewReplacer("string to be RFC 3339 date-time", "a time like 2026-05-31T08:00:00+08:00", "string to be RFC 3339 date", "a day like 2026-05-31").Replace(message)
}

func inChinese(message string) string {
	for _, m := range inputMessages {
		if at := m.english.FindStringSubmatchIndex(message); at != nil {
			return string(m.english.ExpandString(nil, m.chinese, message, at))
		}
	}
	return "不合要求（" + message + "）"
}
