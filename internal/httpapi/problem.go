package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/incident"
	"jingwei/internal/mask"
)

// Problem is an error as a client sees it: problem+json of RFC 9457, with the message in both languages.
// Title and Detail are in the language that Accept-Language asks for, Chinese when it asks for none.
type Problem struct {
	Type      string           `json:"type" doc:"A URI that names the kind of problem" example:"urn:jingwei:problem:not-found"`
	Title     string           `json:"title" doc:"The kind of problem in words, in the language asked for"`
	Status    int              `json:"status" doc:"HTTP status code"`
	Code      string           `json:"code" doc:"The kind of problem for programs" enum:"invalid,not-found,conflict,unavailable,internal,signed-out,forbidden,too-many,method-not-allowed,not-acceptable,too-large"`
	Detail    string           `json:"detail" doc:"What was wrong, where, and what to do, in the language asked for"`
	ZH        string           `json:"zh" doc:"The detail in Chinese"`
	EN        string           `json:"en" doc:"The detail in English"`
	Errors    []ProblemDetail  `json:"errors,omitempty" doc:"Where each single thing was wrong"`
	Choices   []NearGrid       `json:"choices,omitempty" doc:"Where one of several grids has to be named: which there are, the likeliest first"`
	Buildings []draft.Building `json:"buildings,omitempty" doc:"Where a line leads through buildings: which"`
	Revision  int              `json:"revision,omitempty" doc:"Where others changed a draft meanwhile: its revision now"`
	Missed    []*draft.Entry   `json:"missed,omitempty" doc:"… what they did"`
	Patches   []draft.Change   `json:"patches,omitempty" doc:"… and what that changed"`
	RequestID string           `json:"request_id,omitempty" doc:"Names this request in the server's log"`
}

// ProblemDetail is one thing that was wrong with the input.
type ProblemDetail struct {
	Location string `json:"location" doc:"Where, for example query.limit"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
}

func (p *Problem) Error() string { return p.EN }

// GetStatus makes a Problem an error that huma writes as it is.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// kind is what a code of a problem stands for.
type kind struct {
	status         int
	titleZH, title string
}

var kinds = map[string]kind{
	string(fault.Invalid):      {fault.Invalid.Status(), "输入有误", "The input is wrong"},
	string(fault.NotFound):     {fault.NotFound.Status(), "未找到", "Not found"},
	string(fault.Conflict):     {fault.Conflict.Status(), "有冲突", "Conflict"},
	string(fault.Unavailable):  {fault.Unavailable.Status(), "暂不可用", "Not available now"},
	string(fault.Internal):     {fault.Internal.Status(), "服务器出错", "A mistake of the server's"},
	string(fault.SignedOut):    {fault.SignedOut.Status(), "请先登录", "Sign in first"},
	string(fault.Forbidden):    {fault.Forbidden.Status(), "没有权限", "Not permitted"},
	string(fault.TooManyTries): {fault.TooManyTries.Status(), "尝试过多", "Too many tries"},
	"method-not-allowed":       {http.StatusMethodNotAllowed, "方法不允许", "Method not allowed"},
	"not-acceptable":           {http.StatusNotAcceptable, "无法提供所要的格式", "Not available in the format asked for"},
	"too-large":                {http.StatusRequestEntityTooLarge, "请求过大", "The request is too large"},
}

// newProblem makes a problem of a code in kinds, in Chinese until it is put into the client's language.
func newProblem(code, zh, en string) *Problem {
	k, ok := kinds[code]
	if !ok {
		code, k = string(fault.Internal), kinds[string(fault.Internal)]
	}
	return &Problem{
		Type: "urn:jingwei:problem:" + code, Code: code, Status: k.status,
		Title: k.titleZH, Detail: zh, ZH: zh, EN: en,
	}
}

// in puts the problem into the language and under the id of the request in ctx. A message may repeat what was wrong: telephone and ID
// numbers in it are masked, as a refusal ends up in screenshots and other programs' logs.
func (p *Problem) in(ctx context.Context) *Problem {
	p.RequestID = requestID(ctx)
	p.ZH, p.EN = mask.Text(p.ZH), mask.Text(p.EN)
	for i := range p.Errors {
		p.Errors[i].ZH, p.Errors[i].EN = mask.Text(p.Errors[i].ZH), mask.Text(p.Errors[i].EN)
	}
	p.Detail = p.ZH
	if languageOf(ctx) == english {
		p.Title, p.Detail = kinds[p.Code].title, p.EN
	}
	return p
}

// problemOf is the one mapping from errors to problems. What isn't a fault is a mistake of ours or of the
// database's, and its text stays in the log.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var f *fault.Error
	if errors.As(err, &f) {
		p := newProblem(string(f.Code), f.ZH, f.EN)
		if f.Where != "" {
			p.Errors = []ProblemDetail{{Location: "body." + f.Where, ZH: f.ZH, EN: f.EN}}
		}
		if a := new(incident.Ambiguous); errors.As(err, &a) {
			p.Choices = a.Choices
		}
		if b := new(draft.BuildingsCut); errors.As(err, &b) {
			p.Buildings = b.Buildings
		}
		if stale := new(draft.Stale); errors.As(err, &stale) {
			p.Revision, p.Missed, p.Patches = stale.Revision, stale.Missed, stale.Patches
		}
		return p
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == "22021": // character_not_in_repertoire: nothing of ours puts one in
		return newProblem(string(fault.Invalid),
			"输入中有无法保存的字符（空字符或无效的 UTF-8）", "the input holds a character that can't be kept (NUL, or invalid UTF-8)")
	case errors.Is(err, context.DeadlineExceeded):
		return newProblem(string(fault.Unavailable),
			"处理时间过长，已中止；请缩小范围后重试", "It took too long and was stopped; ask for less, or try again")
	case errors.As(err, &connect), errors.As(err, &network), errors.As(err, &refused) && strings.HasPrefix(refused.Code, "57P"), // it is being shut down, or crashed
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), // it went away in the middle
		pgconn.SafeToRetry(err): // … or before, and the pool hadn't noticed
		return newProblem(string(fault.Unavailable),
			"暂时连不上数据库，请稍后重试", "The database can't be reached at the moment; try again in a while")
	}
	return newProblem(string(fault.Internal),
		"服务器内部出错；请把请求编号告诉管理员", "Something went wrong in the server; tell the administrator the request id")
}

// problemOfStatus is for what the router and huma say by a status alone.
func problemOfStatus(status int, en string) *Problem {
	switch {
	case status == http.StatusNotFound:
		return newProblem(string(fault.NotFound), "没有这个地址；接口列表见 /openapi.json", "There is nothing at this address; /openapi.json lists what there is")
	case status == http.StatusMethodNotAllowed:
		return newProblem("method-not-allowed", "这个地址不接受该方法；可用的方法见 Allow", "This address doesn't take that method; the Allow header says which it takes")
	case status == http.StatusNotAcceptable:
		return newProblem("not-acceptable", "这个地址只提供 application/json", "This address answers in application/json only")
	case status == http.StatusRequestEntityTooLarge:
		return newProblem("too-large", "请求正文过大：请分几次提交", "The body of the request is too large: send less at a time")
	case status == http.StatusUnsupportedMediaType:
		p := newProblem(string(fault.Invalid), "请求正文的类型不对：应为 application/json", "the body of the request is of another type than application/json")
		p.Status = status
		return p
	case status == http.StatusServiceUnavailable:
		return newProblem(string(fault.Unavailable), "暂不可用，请稍后重试", "Not available now; try again in a while")
	case status >= 400 && status < 500:
		p := newProblem(string(fault.Invalid), "请求有误", en)
		p.Status = status
		return p
	}
	return problemOf(errors.New(en))
}

var teachHuma sync.Once

// useProblems makes huma speak of errors as we do: it offers package variables for that. They are set
// once in a process, to what holds no state, before the first API is made.
func useProblems() {
	teachHuma.Do(func() {
		huma.DefaultArrayNullable = false // our answers hold empty lists, never null
		huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
			return humaProblem(status, message, errs)
		}
		huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
			p := humaProblem(status, message, errs)
			if ctx == nil {
				return p
			}
			return p.in(ctx.Context())
		}
	})
}

// humaProblem is a problem that huma found in a request before any handler of ours saw it.
func humaProblem(status int, message string, errs []error) *Problem {
	if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		return problemOfStatus(status, message)
	}
	p := newProblem(string(fault.Invalid), "", "")
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		p.Errors = append(p.Errors, ProblemDetail{
			Location: detail.Location,
			ZH:       fmt.Sprintf("参数 %s %s", detail.Location, inChinese(detail.Message)),
			EN:       fmt.Sprintf("parameter %s: %s", detail.Location, inEnglish(detail.Message)),
		})
	}
	p.ZH, p.EN = "请求参数有误", message
	if message == "request body is required" {
		p.ZH, p.EN = "请求没有正文；请以 JSON 发送", "the request has no body: send one as JSON"
	}
	for i, e := range p.Errors {
		if i == 0 {
			p.ZH, p.EN = e.ZH, e.EN
			continue
		}
		p.ZH, p.EN = p.ZH+"；"+e.ZH, p.EN+"; "+e.EN
	}
	p.Detail = p.ZH
	return p
}
