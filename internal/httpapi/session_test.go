package httpapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

// enters sends a name and a password, with headers as "Name: value" pairs, and gives the answer with what is in it.
func (s *site) enters(name, password string, headers ...string) (*http.Response, Session) {
	s.Helper()
	q, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.http.URL+sessionPath, strings.NewReader(fmt.Sprintf(`{"name":%q,"password":%q}`, name, password)))
	if err != nil {
		s.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	answer, raw := s.send(q)
	var out Session
	if answer.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, &out); err != nil {
			s.Fatal(err)
		}
	}
	return answer, out
}

// cookies are those that an answer sets, by name.
func cookies(answer *http.Response) map[string]*http.Cookie {
	out := make(map[string]*http.Cookie)
	for _, c := range answer.Cookies() {
		out[c.Name] = c
	}
	return out
}

// A sign-in sets cookies that scripts can't read and other sites' requests don't bring along; signing out takes the session's away.
func TestSessionCookies(t *testing.T) {
	s := setup(t)
	s.doors.Account("lin", "110108", "person", []access.Grant{{Role: access.Leader, Code: "110108"}})
	answer, session := s.enters("lin", accesstest.Password)
	if answer.StatusCode != http.StatusOK || session.Stage != "open" || session.Account == nil || session.Account.Name != "lin" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %+v", answer.StatusCode, session)
	}
	for _, name := range []string{sessionCookie, deviceCookie} {
		c := cookies(answer)[name]
		if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Secure || c.MaxAge <= 0 {
			t.Errorf("%s over plain HTTP: %+v", name, c)
		}
	}
	in := s.as(cookies(answer)[sessionCookie].Value)
	if got := ok[Session](in, sessionPath); got.Stage != "open" || len(got.Grants) != 1 || got.Grants[0] != (GrantedRole{"leader", "110108", "海淀区"}) && got.Grants[0].Code != "110108" {
		t.Errorf("%+v", got)
	}
	out, _ := in.do(http.MethodDelete, sessionPath)
	if gone := cookies(out)[sessionCookie]; out.StatusCode != http.StatusNoContent || gone == nil || gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("signing out: %d %+v", out.StatusCode, gone)
	}
	in.problem("/api/meta", http.StatusUnauthorized)
	if got := ok[Session](in, sessionPath); got.Stage != "out" || got.Account != nil {
		t.Errorf("signed out: %+v", got)
	}
}

// What another site's page makes a browser send changes nothing; the page's own requests and programs' do.
func TestOtherSitesAreRefused(t *testing.T) {
	s := setup(t)
	s.doors.Account("lin", "110108", "person", nil)
	for what, c := range map[string]struct {
		headers []string
		status  int
	}{
		"another site":              {[]string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		"a neighbour of the domain": {[]string{"Sec-Fetch-Site", "same-site"}, 403},
		"an old browser":            {[]string{"Origin", "https://evil.example"}, 403},
		"the page":                  {[]string{"Origin", s.http.URL, "Sec-Fetch-Site", "same-origin"}, 200},
		"a program":                 {nil, 200},
	} {
		if answer, _ := s.enters("lin", accesstest.Password, c.headers...); answer.StatusCode != c.status || c.status == 403 && len(answer.Cookies()) > 0 {
			t.Errorf("%s: %d, want %d", what, answer.StatusCode, c.status)
		}
	}
}

// Only a proxy that was named is believed about who the client is and whether its line is encrypted.
func TestProxies(t *testing.T) {
	plain := setup(t)
	behind := serve(t, plain.db, func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for name, s := range map[string]*site{"not named": plain, "named": behind} {
		s.doors.Account("lin", "110108", "person", nil)
		answer, _ := s.enters("lin", accesstest.Password, "X-Forwarded-Proto", "https", "X-Forwarded-For", "198.51.100.9, 192.0.2.44")
		secure := name == "named"
		if c := cookies(answer)[sessionCookie]; c == nil || c.Secure != secure || (answer.Header.Get("Strict-Transport-Security") != "") != secure {
			t.Errorf("%s: %+v %v", name, c, answer.Header)
		}
		var address string
		if err := s.db.Owner.QueryRow(t.Context(), `SELECT address FROM session ORDER BY created_at DESC LIMIT 1`).Scan(&address); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]string{true: "192.0.2.44", false: "127.0.0.1"}[secure]; address != want {
			t.Errorf("%s: the client is %s, want %s", name, address, want)
		}
	}
}

// Wrong passwords are told so, then to wait, and how long.
func TestWaitsAreSaid(t *testing.T) {
	s := setup(t)
	s.doors.Account("lin", "110108", "person", nil)
	for range 5 {
		if answer, _ := s.enters("lin", "wrong"); answer.StatusCode != http.StatusUnauthorized || len(answer.Cookies()) > 0 {
			t.Fatalf("a wrong password: %d", answer.StatusCode)
		}
	}
	answer, _ := s.enters("lin", accesstest.Password)
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if answer.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 1 {
		t.Errorf("after five: %d, Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
	}
}

// What the page is told that one may do is what one may: a grid worker reads a grid and reports in its community.
func TestCanSaysWhere(t *testing.T) {
	s := setup(t)
	got := ok[Session](s.as(s.person("worker", access.Grant{Role: access.GridWorker, Code: "110108014001001"})), sessionPath)
	for capability, want := range map[string]string{"incident.read": "110108014001001", "incident.report": "110108014001", "map.read": "110108014001001"} {
		if len(got.Can[capability]) != 1 || got.Can[capability][0] != want {
			t.Errorf("%s: %v, want %s", capability, got.Can[capability], want)
		}
	}
}

// A token lets a machine in by its header alone, and nobody by a cookie.
func TestTokensComeInTheHeader(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{"admin": {{Role: access.Administrator, Code: "110108"}}}, nil)
	machine := s.doors.Account("robot", "110108", "machine", nil)
	var made MadeToken
	s.ask("admin", "POST", fmt.Sprintf("/api/accounts/%d/tokens", machine), body{"name": "x", "days": 1}, 201, &made)
	for header, status := range map[string]int{"Bearer " + made.Token: 403, "Bearer " + made.Token + "x": 401, "Basic " + made.Token: 401, "": 401} { // 403: known, and without a role
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/meta", nil)
		if err != nil {
			t.Fatal(err)
		}
		if header != "" {
			q.Header.Set("Authorization", header)
		}
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != status {
			t.Errorf("%.12q: %d, want %d", header, answer.StatusCode, status)
		}
	}
}
