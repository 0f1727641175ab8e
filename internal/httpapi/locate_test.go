package httpapi

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// post sends a table and gives the answer with its body.
func (s *site) post(path, table string) (*http.Response, string) {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.http.URL+path, strings.NewReader(table))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/csv")
	request.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.cookie})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return response, string(body)
}

// A table of points comes back with their grids, by what is live at the moment.
func TestLocateTable(t *testing.T) {
	s := setup(t)
	table := "id,经度,纬度\n1,116.321,40.0015\n2,116.3219,40.00195\n3,110,35\n4,x,y\n"
	response, got := s.post("/api/locate", table)
	want := "id,经度,纬度,grid,community,near,problem\n1,116.321,40.0015,110108014001001,110108014001,,\n" +
		"2,116.3219,40.00195,110108014001001,110108014001,110108014001002 110108014001003,\n3,110,35,,,,不在任何网格内 / in no grid\n4,x,y,,,,"
	if response.StatusCode != 200 || !strings.HasPrefix(got, want) || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%d %s\n%s\nwant\n%s", response.StatusCode, response.Header.Get("Content-Type"), got, want)
	}
	if h := response.Header; h.Get("X-Rows") != "4" || h.Get("X-Located") != "2" || h.Get("X-Outside") != "1" || h.Get("X-Wrong") != "1" {
		t.Errorf("headers %v", h)
	}
	for _, bad := range []string{"", "id\n1\n", "经度,纬度\n1,\"2\n"} {
		if response, body := s.post("/api/locate", bad); response.StatusCode != 422 && response.StatusCode != 400 || !strings.Contains(body, `"zh"`) {
			t.Errorf("%q: %d %s", bad, response.StatusCode, body)
		}
	}
	large := "经度,纬度\n" + strings.Repeat("116.321,40.0015\n", 200_000) // over a megabyte
	if response, _ := s.post("/api/locate?near=0", large); response.StatusCode != 200 || response.Header.Get("X-Located") != "200000" {
		t.Errorf("a large table: %d, %s located", response.StatusCode, response.Header.Get("X-Located"))
	}
}

// What was published is what the very next answer goes by, though no event has been read.
func TestLocateIsNeverStale(t *testing.T) {
	s := setup(t)
	at := "/api/grids/at?lon=116.321&lat=40.0015"
	if got := ok[GridAt](s, at); got.Grid.Code != "110108014001001" {
		t.Fatalf("before: %+v", got)
	}
	err := pgx.BeginFunc(context.Background(), s.db.App, func(tx pgx.Tx) error {
		for _, q := range []string{
			`UPDATE layout SET live = false WHERE county = 110108`,
			`INSERT INTO layout (county, version, live, published_at, published_by, note, settings) SELECT county, 3, true, now(), 'test', '', settings FROM layout WHERE county = 110108 AND version = 2`,
			`UPDATE grid_block SET grid = 110108014001002 WHERE grid = 110108014001001`,
			`UPDATE grid SET retired = 3 WHERE code = 110108014001001`,
		} {
			if _, err := tx.Exec(context.Background(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ok[GridAt](s, at); got.Grid.Code != "110108014001002" {
		t.Errorf("after: %+v", got)
	}
}
