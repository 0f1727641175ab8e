package access

import (
	"strings"
	"testing"
	"time"

	"jingwei/internal/fault"
)

func TestCheckPassword(t *testing.T) {
	for password, good := range map[string]bool{
		"correct horse battery":   true,
		"violet-harbour-7":        true,
		"四个不相干的汉字词语":              true,
		"长城茶杯雨伞":                  false, // six characters
		"Tr0ub4dor&3":             true,
		"short":                   false,
		"password12":              false,
		"P@ssw0rd2026!":           false,
		"1234567890":              false,
		"qwertyuiop":              false,
		"1qaz2wsx3edc":            false,
		"aaaaaaaaaaaa":            false,
		"abababababab":            false,
		"woaini5201314":           false,
		"admin123456":             false,
		"wang.xiaohua1":           false, // the account's own name
		"2026wang.xiaohua":        false,
		"ｐａｓｓｗｏｒｄ１２":              false, // full width is the same word
		"tab\tin the middle":      false,
		strings.Repeat("é-x", 66): false, // too long
	} {
		if err := CheckPassword(password, "wang.xiaohua"); (err == nil) != good || err != nil && fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestNewPasswordsAreGood(t *testing.T) {
	seen := make(map[string]bool)
	for range 200 {
		p, err := NewPassword()
		if err != nil || CheckPassword(p, "") != nil || seen[p] {
			t.Fatalf("%q: %v %v", p, err, CheckPassword(p, ""))
		}
		seen[p] = true
	}
}

func TestHashesMatchTheirPasswordAlone(t *testing.T) {
	hash, err := hashPassword("violet-harbour-7 é")
	if err != nil || strings.Contains(hash, "violet") {
		t.Fatalf("%s %v", hash, err)
	}
	for password, want := range map[string]bool{
		"violet-harbour-7 é":       true,
		"violet-harbour-7 e\u0301": true, // typed another way
		"violet-harbour-7 e":       false,
		"":                         false,
	} {
		if got, err := matches(password, hash); got != want || err != nil {
			t.Errorf("%q: %v %v", password, got, err)
		}
	}
	if got, err := matches("", ""); got || err != nil {
		t.Errorf("an account without a password: %v %v", got, err)
	}
}

func TestWaitsGrow(t *testing.T) {
	last := time.Duration(0)
	for failed := range 40 {
		wait := waitAfter(failed)
		if wait < last || wait > longestLag || failed < freeTries && wait != 0 || failed >= freeTries && wait < firstWait {
			t.Errorf("after %d: %v, before it %v", failed, wait, last)
		}
		last = wait
	}
	if last != longestLag {
		t.Errorf("at last %v", last)
	}
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
		"": "unknown", "unix": "unknown",
	} {
		if got := networkOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
