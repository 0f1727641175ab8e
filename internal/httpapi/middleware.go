package httpapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jingwei/internal/fault"
)

// identify gives the request an id and finds the client's language. An id from outside isn't taken over:
// it would be written to the log as it came.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx := context.WithValue(r.Context(), requestKey, rand.Text()[:16])
		ctx = context.WithValue(ctx, languageKey, preferred(r.Header.Get("Accept-Language")))
		ctx = context.WithValue(ctx, secureKey, s.isSecure(r))
		c.SetRequest(r.WithContext(ctx))
		c.Response().Header().Set("X-Request-Id", requestID(ctx))
		return next(c)
	}
}

// observe counts and logs a request by its route. The query isn't logged: it may hold a name or a position.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		route, took, status := c.Path(), time.Since(start), c.Response().Status
		if route == "" {
			route = "none"
		}
		s.metrics.requests.WithLabelValues(c.Request().Method, route, strconv.Itoa(status)).Observe(took.Seconds())
		s.Logger.InfoContext(c.Request().Context(), "request",
			"request", requestID(c.Request().Context()), "method", c.Request().Method, "route", route,
			"status", status, "bytes", c.Response().Size, "took", took)
		return nil
	}
}

// recover turns a panic into an error that is logged with its stack and shown as a 500 with the request's id.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			s.Logger.ErrorContext(c.Request().Context(), "panic", "request", requestID(c.Request().Context()),
				"route", c.Path(), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = newProblem("internal",
				"服务器内部出错；请把请求编号告诉管理员", "Something went wrong in the server; tell the administrator the request id")
		}()
		return next(c)
	}
}

// secure sets the headers that keep the page to itself: it may load nothing but what this server gives it,
// and the configured basemap's images. MapLibre styles its elements inline and runs its worker from a blob.
func (s *Server) secure() echo.MiddlewareFunc {
	elsewhere := ""
	if s.Basemap != nil {
		if u, err := url.Parse(s.Basemap.URL); err == nil && u.Host != "" {
			elsewhere = " " + u.Scheme + "://" + u.Host
		}
	}
	policy := "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:" + elsewhere +
		"; connect-src 'self'" + elsewhere + "; font-src 'self'; worker-src 'self' blob:; child-src blob:; object-src 'none'; " +
		"base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
	headers := map[string]string{
		"Content-Security-Policy":      policy,
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Permissions-Policy":           "camera=(), microphone=(), payment=(), geolocation=(self)",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			for k, v := range headers {
				c.Response().Header().Set(k, v)
			}
			if secure, _ := c.Request().Context().Value(secureKey).(bool); secure {
				c.Response().Header().Set("Strict-Transport-Security", "max-age=31536000")
			}
			return next(c)
		}
	}
}

// sameSite refuses what another site's page makes a browser send (CSRF): browsers say where a request comes from. The session's cookie isn't
// sent along either (SameSite=Strict), but a proxy or an old browser may see that otherwise. Programs say nothing and are let through:
// they have no cookie of a person's.
func (s *Server) sameSite(next echo.HandlerFunc) echo.HandlerFunc {
	check := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := check.Check(c.Request()); err != nil {
			return fault.New(fault.Forbidden, "这个请求来自另一个网站，已拒绝", "this request comes from another site and was refused")
		}
		return next(c)
	}
}

// limitTime bounds what a request may take, in the database too.
func (s *Server) limitTime(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Path() == eventsPath {
			return next(c)
		}
		most := requestTimeout
		if c.Path() == netsPath || c.Path() == mergePath || c.Path() == exportPath || c.Path() == draftExportPath || c.Path() == rejectsPath {
			most = fileTimeout
		}
		if c.Path() == intakesPath && c.Request().Method == http.MethodPost {
			most = intakeTimeout
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), most)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// compressesItself: tiles and the page's files come compressed from where they are kept; events and lines of progress don't wait until a block is full.
func compressesItself(c echo.Context) bool {
	return strings.HasPrefix(c.Request().URL.Path, "/tiles/") || c.Path() == exportPath || c.Path() == draftExportPath || c.Path() == rejectsPath || c.Path() == eventsPath || c.Path() == solvePath || c.Path() == "/metrics"
}

// writeError is where an error of any plain echo handler becomes a problem.
func (s *Server) writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var he *echo.HTTPError
	var p *Problem
	if errors.As(err, &he) {
		p = problemOfStatus(he.Code, fmt.Sprint(he.Message))
	} else {
		p = problemOf(err)
	}
	ctx := c.Request().Context()
	if p.Status == http.StatusInternalServerError && !errors.As(err, new(*Problem)) {
		s.Logger.ErrorContext(ctx, "request failed", "request", requestID(ctx), "route", c.Path(), "error", err)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, p.ContentType(""))
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	c.Response().WriteHeader(p.Status)
	_ = c.Echo().JSONSerializer.Serialize(c, p.in(ctx), "")
}
