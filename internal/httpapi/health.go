package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"jingwei/internal/fault"
)

// Health says that the server runs.
type Health struct {
	Status  string `json:"status" enum:"ok"`
	Version string `json:"version"`
}

func (s *Server) healthRoutes() {
	get(s, huma.Operation{
		OperationID: "health", Path: "/healthz", Tags: []string{"server"}, Summary: "Does the server run?",
	}, func(context.Context, *struct{}) (Health, error) {
		return Health{"ok", s.Version}, nil
	})
	get(s, huma.Operation{
		OperationID: "ready", Path: "/readyz", Tags: []string{"server"},
		Summary: "Can it answer: is the database there, with its schema?",
	}, func(ctx context.Context, _ *struct{}) (Health, error) {
		return Health{"ok", s.Version}, s.ready(ctx)
	})
	metrics := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
	s.echo.GET("/metrics", echo.WrapHandler(metrics))
}

// ready asks the database for the table that the first migration makes last.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var there bool
	if err := s.DB.QueryRow(ctx, `SELECT to_regclass('public.outbox') IS NOT NULL`).Scan(&there); err != nil {
		return fault.Wrap(err, fault.Unavailable, "数据库没有应答，请检查它是否在运行", "The database doesn't answer; see whether it runs")
	}
	if !there {
		return fault.New(fault.Unavailable, "数据库里还没有表，请先运行 jingwei migrate", "The database holds no tables yet; run jingwei migrate")
	}
	return nil
}

var _ http.Handler = (*Server)(nil)
