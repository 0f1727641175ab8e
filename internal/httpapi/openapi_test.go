package httpapi

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"jingwei/internal/draft"
	"jingwei/internal/live"
	"jingwei/internal/tile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The page's client is generated from this file: a change of the API shows up as a change of it.
func TestOpenAPIIsTheGoldenFile(t *testing.T) {
	tiles, err := tile.New(tile.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Version: "dev", Tiles: tiles, Live: live.New(live.Config{}), Drafts: draft.New(nil)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(s.OpenAPI(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const file = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the API's description has changed; see it with: go test ./internal/httpapi -run OpenAPI -update && git diff, then generate the page's client anew")
	}
	if !strings.HasPrefix(s.OpenAPI().OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s, want 3.1", s.OpenAPI().OpenAPI)
	}
}
