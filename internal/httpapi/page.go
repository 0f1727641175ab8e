package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// pageRoutes serves the built page. Files under assets/ bear a hash of their content in their name and
// never change; everything else is asked for again each time. A path that is no file is the page's own
// address, except below the prefixes that belong to programs.
func (s *Server) pageRoutes() error {
	if s.Assets == nil {
		return nil
	}
	index, err := fs.ReadFile(s.Assets, "index.html")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			index = []byte(notBuilt)
		} else {
			return fmt.Errorf("reading the page: %w", err)
		}
	}
	s.echo.GET("/*", func(c echo.Context) error {
		name := strings.TrimPrefix(path.Clean("/"+c.Param("*")), "/")
		if name == "" || name == "index.html" {
			return serveFile(c, "index.html", index)
		}
		content, err := fs.ReadFile(s.Assets, name)
		switch {
		case err == nil:
			return serveFile(c, name, content)
		case strings.Contains(path.Base(name), ".") || forPrograms(name):
			return echo.ErrNotFound
		}
		return serveFile(c, "index.html", index)
	})
	return nil
}

func forPrograms(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return top == "api" || top == "tiles" || top == "assets"
}

func serveFile(c echo.Context, name string, content []byte) error {
	h := c.Response().Header()
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	sum := sha256.Sum256(content)
	h.Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(c.Response(), c.Request(), name, time.Time{}, bytes.NewReader(content))
	return nil
}

const notBuilt = `<!doctype html><meta charset="utf-8"><title>经纬 Jingwei</title>
<p>页面尚未构建：请运行 <code>make build</code>。</p><p lang="en">The page isn't built: run <code>make build</code>.</p>
`
