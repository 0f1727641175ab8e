package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers is the house from roof to cellar (ARCHITECTURE.md). A package may import what stands in a later
// layer; inside the domains and the pure rooms, what stands later in the same line.
var layers = []struct {
	name  string
	rooms []string
	// ordered: rooms of the layer may import the rooms after them. Otherwise they may not import each other.
	ordered bool
}{
	{"edges", []string{"httpapi", "intake", "exchange", "sheet", "live", "tile", "ingest", "proof", "settle", "city"}, true},
	{"domains", []string{"draft", "incident", "responder", "organisation", "register", "layout", "ground", "division", "facility", "access/accesstest", "access", "audit"}, true},
	{"pure", []string{"gridnet", "drawing", "heatmap", "locate", "planar", "address", "crs", "mask", "typed", "creditcode", "idcard"}, true},
	{"kernel", []string{"postgres/pgtest", "postgres", "outbox", "vault", "fault"}, true},
}

// forbidden are imports that no layer rule catches, each with the reason.
var forbidden = []struct{ room, path, why string }{
	{"planar", "database/sql", "pure rooms know no database"},
	{"planar", "github.com/jackc", "pure rooms know no database"},
	{"drawing", "github.com/jackc", "pure rooms know no database"},
	{"gridnet", "github.com/jackc", "pure rooms know no database"},
	{"sheet", "github.com/jackc", "what is printed is handed in"},
	{"heatmap", "github.com/jackc", "pure rooms know no database"},
	{"locate", "github.com/jackc", "pure rooms know no database"},
	{"address", "github.com/jackc", "pure rooms know no database"},
	{"address", "net/http", "pure rooms know no HTTP"},
	{"crs", "github.com/jackc", "pure rooms know no database"},
	{"planar", "net/http", "pure rooms know no HTTP"},
	{"drawing", "net/http", "pure rooms know no HTTP"},
	{"division", "net/http", "HTTP is the business of httpapi alone"},
	{"ground", "net/http", "HTTP is the business of httpapi alone"},
	{"layout", "net/http", "HTTP is the business of httpapi alone"},
	{"proof", "jingwei/internal/planar", "verify proves the invariants without the code that keeps them"},
	{"proof", "jingwei/internal/layout", "verify proves the invariants without the code that keeps them"},
	{"proof", "jingwei/internal/ground", "verify proves the invariants without the code that keeps them"},
}

var badNames = []string{"util", "utils", "common", "helpers", "models", "services", "repositories"}

func TestDependenciesPointDown(t *testing.T) {
	rank := make(map[string][2]int)
	for l, layer := range layers {
		for r, room := range layer.rooms {
			rank[room] = [2]int{l, r}
		}
	}
	for room, imports := range packages(t) {
		if slices.Contains(badNames, room[strings.LastIndex(room, "/")+1:]) {
			t.Errorf("package %s: a name that says nothing; name it after its one idea", room)
		}
		from, known := rank[room]
		if !known {
			t.Errorf("package %s stands in no layer: add it to the table and to ARCHITECTURE.md", room)
			continue
		}
		for _, path := range imports {
			for _, f := range forbidden {
				if f.room == room && strings.HasPrefix(path, f.path) {
					t.Errorf("%s imports %s: %s", room, path, f.why)
				}
			}
			target, ours := strings.CutPrefix(path, "jingwei/internal/")
			if !ours {
				continue
			}
			to := rank[target]
			if to[0] < from[0] || to[0] == from[0] && to[1] <= from[1] {
				t.Errorf("%s (%s) imports %s (%s): dependencies point down", room, layers[from[0]].name, target, layers[to[0]].name)
			}
		}
	}
}

// packages gives the imports of every internal package, tests left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "jingwei/internal/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := make(map[string][]string)
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(p.ImportPath, "jingwei/internal/")] = p.Imports
	}
	if len(found) == 0 {
		t.Fatal("go list found no package")
	}
	return found
}
