package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"

	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
)

// layNet lays an uploaded map over a division.
func (s *Server) layNet(c echo.Context) error {
	r := c.Request()
	ctx := r.Context()
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(fileTimeout))
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(fileTimeout))
	done, err := s.busy(ctx)
	if err != nil {
		return err
	}
	defer done()
	dir, err := os.MkdirTemp("", "jingwei-upload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r.Body = http.MaxBytesReader(c.Response(), r.Body, mostUpload)
	form, err := readForm(r, dir, 1)
	if err != nil {
		return err
	}
	code, err := division.ParseCode(form.values["division"])
	if err != nil {
		return err
	}
	if !plansAt(ctx, code) {
		return fault.New(fault.Forbidden, fmt.Sprintf("您不是 %s 的规划员，不能在那里导入网格", code), fmt.Sprintf("you don't plan in %s, so you can't import grids there", code))
	}
	answers := gridnet.Answers{}
	if text := form.values["answers"]; text != "" {
		if err := json.Unmarshal([]byte(text), &answers); err != nil {
			return fault.Wrap(err, fault.Invalid, "answers 不是有效的 JSON", "answers is no valid JSON").At("answers")
		}
	}
	var g *exchange.Ground
	if err := s.read(ctx, func(tx pgx.Tx) error {
		g, err = exchange.LoadGround(ctx, tx, code)
		return err
	}); err != nil {
		return err
	}
	laid, err := g.Lay(ctx, exchange.NetInput{File: form.file, Called: form.called, Name: form.values["name"], CRS: form.values["crs"],
		Fields: exchange.Fields{Code: form.values["code_field"], Name: form.values["name_field"], Special: form.values["special_field"]}}, answers)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, netOf(laid))
}

func netOf(laid *exchange.Import) Net {
	out := Net{Fields: laid.Fields, Refusals: []Refusal{}, Result: laid.Result}
	if laid.Read != nil {
		out.Refused = laid.Read.Refused.Count
		for _, f := range laid.Read.Refused.Listed[:min(20, len(laid.Read.Refused.Listed))] {
			out.Refusals = append(out.Refusals, Refusal{f.Feature, f.WhatZH, f.What})
		}
	}
	return out
}

// upload is a form with files.
type upload struct {
	sent   // the first of them
	files  []sent
	values map[string]string
}

// sent is a file of a form: where it was put, and what it is called there.
type sent struct{ file, called string }

// readForm writes the files of a form into a directory, most of them at most, and reads the other fields.
func readForm(r *http.Request, dir string, most int) (*upload, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "请以表单（multipart/form-data）上传，字段 file 为文件、division 为区划代码", "send a form (multipart/form-data) with the fields file and division")
	}
	form := &upload{values: make(map[string]string)}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, brokenForm(err)
		}
		if part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, 1<<20))
			if err != nil {
				return nil, brokenForm(err)
			}
			form.values[part.FormName()] = strings.TrimSpace(string(value))
			continue
		}
		if len(form.files) == most {
			if most > 1 {
				return nil, fault.New(fault.Invalid, fmt.Sprintf("一次最多合并 %d 张网", most), fmt.Sprintf("at most %d nets are made one at a time", most)).At("file")
			}
			return nil, fault.New(fault.Invalid, "一次只能上传一个文件；Shapefile 请打成一个 zip", "one file at a time; pack a Shapefile into one zip").At("file")
		}
		called := filepath.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
		f := sent{filepath.Join(dir, fmt.Sprintf("net%d%s", len(form.files), strings.ToLower(filepath.Ext(called)))), called}
		if err := save(part, f.file); err != nil {
			return nil, brokenForm(err)
		}
		form.files = append(form.files, f)
	}
	if len(form.files) == 0 {
		return nil, fault.New(fault.Invalid, "没有上传文件（字段 file）", "no file was sent (field file)").At("file")
	}
	form.sent = form.files[0]
	return form, nil
}

func save(from io.Reader, file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	return f.Close()
}

func brokenForm(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return newProblem("too-large", fmt.Sprintf("文件超过 %d MB；请打成 zip 或只导出网格图层", mostUpload>>20), fmt.Sprintf("the file is over %d MB; zip it, or export the layer of grids alone", mostUpload>>20))
	}
	return fault.Wrap(err, fault.Invalid, "上传中断或表单损坏，请重试", "the upload was broken off; try again")
}
