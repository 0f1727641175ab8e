package httpapi

import (
	"context"
	"regexp"

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
	{regexp.MustCompile(`^expected string to (?:be|match pattern) (.*)$`), "不合格式 $1"},
	{regexp.MustCompile(`^unknown query parameter$`), "不是这个地址的参数"},
	{regexp.MustCompile(`^expected at most one value.*$`), "只能给一次"},
}

func inChinese(message string) string {
	for _, m := range inputMessages {
		if m.english.MatchString(message) {
			return m.english.ReplaceAllString(message, m.chinese)
		}
	}
	return "不合要求（" + message + "）"
}
