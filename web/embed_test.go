package web_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"jingwei/web"
)

// The page may ask no other origin for anything: whatever its HTML and stylesheets load is relative.
func TestBuiltPageLoadsNothingFromElsewhere(t *testing.T) {
	if !web.Built() {
		t.Skip("dist/ holds no index.html: run make build first")
	}
	loads := regexp.MustCompile(`(?:src|href)=["']([^"']+)|url\(["']?([^"')]+)`)
	err := fs.WalkDir(web.Dist, "dist", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !(strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".css")) {
			return err
		}
		text, err := fs.ReadFile(web.Dist, path)
		if err != nil {
			return err
		}
		for _, m := range loads.FindAllStringSubmatch(string(text), -1) {
			target := m[1] + m[2]
			if strings.HasPrefix(target, "//") || strings.HasPrefix(target, "http") {
				t.Errorf("%s loads %s", path, target)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
