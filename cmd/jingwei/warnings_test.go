package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// kindAt says in which argument of a call, or in which field of a literal, a kind stands.
var kindAt = map[string]int{
	"refuse()": 0, "mended()": 0, "stop()": 0, "warn()": 0, "NewWarning()": 1, "note{}": 0, "Warning{}": 1,
	"ground Warning{}": 0, // where it differs from room to room
}

// warningRooms are the folders in which kinds are given, and the heading that docs/warnings.md has for each.
var warningRooms = []struct{ dir, room string }{
	{"../../internal/ingest", "ingest"}, {"../../internal/ground", "ground"}, {"../../internal/drawing", "drawing"},
	{"../../internal/layout", "layout"}, {".", "blocks"},
}

// Every kind of finding and warning that the code can give is explained on the page, under its room's heading, in both languages;
// and the page explains none that the code can't give.
func TestEveryWarningIsExplained(t *testing.T) {
	page := explained(t)
	for _, r := range warningRooms {
		given := kindsOf(t, r.dir)
		for _, kind := range slices.Sorted(maps.Keys(given)) {
			if !page[r.room][kind] {
				t.Errorf("docs/warnings.md: %q, which %s gives, isn't explained under {#%s}", kind, given[kind], r.room)
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(page[r.room])) {
			if given[kind] == "" {
				t.Errorf("docs/warnings.md explains %q under {#%s}, which nothing gives", kind, r.room)
			}
		}
	}
}

var (
	pageHeading = regexp.MustCompile(`^## .*\{#(\w+)\}$`)
	pageRow     = regexp.MustCompile("^\\| `([a-z-]+)`<br>(.+?) \\| (.+?) \\| (.+?) \\|$")
	bothTongues = regexp.MustCompile(`^.*\p{Han}.*?<br>.*[a-z]{3}`)
)

// explained reads the page: by room, the kinds it explains. A kind is a row: its names, what it means, and what to do.
func explained(t *testing.T) map[string]map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../docs/warnings.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	room := ""
	for _, line := range strings.Split(string(text), "\n") {
		if m := pageHeading.FindStringSubmatch(line); m != nil {
			room = m[1]
			out[room] = map[string]bool{}
		}
		m := pageRow.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "| `") {
				t.Errorf("docs/warnings.md: this is no row of a kind: %s", line)
			}
			continue
		}
		if out[room][m[1]] {
			t.Errorf("docs/warnings.md explains %q twice under {#%s}", m[1], room)
		}
		for _, cell := range m[2:] {
			if !bothTongues.MatchString(cell) {
				t.Errorf("docs/warnings.md: %q under {#%s} is to say in Chinese, then in English: %s", m[1], room, cell)
			}
		}
		out[room][m[1]] = true
	}
	return out
}

// kindsOf finds the kinds that a folder's code gives, and where. A kind that is neither a constant nor a literal fails the test.
func kindsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("%s holds no code (%v)", dir, err)
	}
	k := kindReader{t: t, files: files, constants: map[string]string{}, found: map[string]string{}}
	var parsed []*ast.File
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, source, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
		ast.Inspect(f, k.constant)
	}
	for _, f := range parsed {
		k.room = f.Name.Name
		ast.Inspect(f, k.given)
	}
	for name, kind := range k.constants {
		if strings.HasPrefix(name, "kind") && k.found[kind] == "" {
			t.Errorf("%s: nothing gives %s", dir, name)
		}
	}
	return k.found
}

// kindReader reads kinds out of one folder.
type kindReader struct {
	t         *testing.T
	files     *token.FileSet
	room      string
	constants map[string]string
	found     map[string]string
}

func (k *kindReader) constant(n ast.Node) bool {
	if v, ok := n.(*ast.ValueSpec); ok {
		for i, name := range v.Names {
			if i < len(v.Values) {
				if text, ok := v.Values[i].(*ast.BasicLit); ok && text.Kind == token.STRING {
					k.constants[name.Name], _ = strconv.Unquote(text.Value)
				}
			}
		}
	}
	return true
}

func (k *kindReader) given(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return !slices.Contains([]string{"refuse", "mended", "stop", "warn", "NewWarning"}, n.Name.Name) // they hand on what they are given
	case *ast.CallExpr:
		k.list(k.name(n.Fun)+"()", n.Args)
	case *ast.CompositeLit:
		if k.name(n.Type) == "Finding" {
			for _, e := range n.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok && k.name(pair.Key) == "Kind" {
					k.kind(pair.Value)
				}
			}
			return true
		}
		k.list(k.name(n.Type)+"{}", n.Elts)
	}
	return true
}

func (k *kindReader) list(name string, parts []ast.Expr) {
	at, ok := kindAt[k.room+" "+name]
	if !ok {
		at, ok = kindAt[name]
	}
	if ok && len(parts) > at {
		k.kind(parts[at])
	}
}

func (k *kindReader) name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func (k *kindReader) kind(e ast.Expr) {
	where := k.files.Position(e.Pos()).String()
	switch e := e.(type) {
	case *ast.BasicLit:
		kind, _ := strconv.Unquote(e.Value)
		k.found[kind] = where
		return
	case *ast.Ident:
		if kind, ok := k.constants[e.Name]; ok {
			k.found[kind] = where
			return
		}
	case *ast.SelectorExpr:
		if e.Sel.Name == "Kind" || e.Sel.Name == "kind" { // handed on from another room
			return
		}
	}
	k.t.Errorf("%s: a kind is to be a constant, so that docs/warnings.md can be held against it", where)
}
