package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

// tell sends JSON as whoever asks.
func (s *site) tell(path, body string) (*http.Response, []byte) {
	s.Helper()
	r, err := http.NewRequest(http.MethodPost, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if s.cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.cookie})
	}
	return s.send(r)
}

// What PostgreSQL can't keep is the client's mistake and not the server's, wherever it comes in.
func TestCharactersThatCannotBeKept(t *testing.T) {
	s := setup(t)
	administrator := s.as(s.person("boss", access.Grant{Role: access.Administrator, Code: "110108"}))
	for _, path := range []string{"/api/accounts?q=%00", "/api/accounts?q=%ff", "/api/accounts?cursor=%00"} {
		administrator.problem(path, http.StatusUnprocessableEntity)
	}
	r, body := s.as("").tell("/api/session", `{"name":"bo\u0000ss","password":"whatever it is"}`)
	s.isProblem("sign in", r, body, http.StatusUnprocessableEntity)
}

// A number that no entry has is no first page.
func TestTrailCursorTooLarge(t *testing.T) {
	s := setup(t)
	auditor := s.as(s.person("audit", access.Grant{Role: access.Auditor, Code: "110108"}))
	auditor.problem("/api/trail?cursor=99999999999999999999", http.StatusUnprocessableEntity)
}

// A browser is known when everything was given that was asked, and not for a password alone.
func TestADeviceIsKnownAfterTheSecondFactor(t *testing.T) {
	s := setup(t)
	auditor := s.as(s.person("audit", access.Grant{Role: access.Auditor, Code: "110108"}))
	_, body := auditor.tell(ownRecovery, `{"code":"000000"}`)
	if !strings.Contains(string(body), "signed-out") {
		t.Fatalf("%s", body) // there is a second factor, and that isn't its code
	}
	r, body := s.as("").tell(sessionPath, `{"name":"audit","password":"`+accesstest.Password+`"}`)
	if r.StatusCode != http.StatusOK || !strings.Contains(string(body), `"second-factor"`) {
		t.Fatalf("%d %s", r.StatusCode, body)
	}
	for _, c := range r.Cookies() {
		if c.Name == deviceCookie {
			t.Errorf("known after a password alone: %v", c)
		}
	}
	s.person("lin", access.Grant{Role: access.Leader, Code: "110108"})
	r, _ = s.as("").tell(sessionPath, `{"name":"lin","password":"`+accesstest.Password+`"}`)
	if !strings.Contains(strings.Join(r.Header.Values("Set-Cookie"), "\n"), deviceCookie+"=") {
		t.Error("not known after everything that was asked")
	}
}
