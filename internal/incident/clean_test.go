package incident

import (
	"slices"
	"strings"
	"testing"

	"jingwei/internal/fault"
)

// The list of kinds is whole: no code twice, every group and severity known, every group used, and a name in both languages.
func TestKinds(t *testing.T) {
	groups, seen := map[Group]bool{}, map[Kind]bool{}
	for _, g := range Groups {
		if g.ZH == "" || g.EN == "" || groups[g.Group] {
			t.Errorf("group %+v", g)
		}
		groups[g.Group] = true
	}
	used := map[Group]bool{}
	for _, k := range Kinds {
		if seen[k.Kind] || !groups[k.Group] || checkSeverity(k.Severity) != nil || k.ZH == "" || k.EN == "" ||
			strings.Trim(string(k.Kind), "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("kind %+v", k)
		}
		seen[k.Kind], used[k.Group] = true, true
	}
	if len(used) != len(groups) {
		t.Errorf("groups %v, used %v", groups, used)
	}
	for i, s := range Severities {
		if int(s.Severity) != i+1 || s.ZH == "" || s.EN == "" {
			t.Errorf("severity %+v", s)
		}
	}
}

func TestIDs(t *testing.T) {
	for _, s := range []string{"110108-1", "659001-9223372036854775807"} {
		if id, err := ParseID(s); err != nil || id.String() != s {
			t.Errorf("%s: %v %v", s, id, err)
		}
	}
	for _, s := range []string{"", "110108", "110108-", "-1", "110108-01", "110108-+1", "110108--1", "110108-0", "1101080-1x", "110108-1 ",
		"110108-9223372036854775808", strings.Repeat("1", 400)} {
		if id, err := ParseID(s); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%q: %v %v, want not found", s, id, err)
		}
	}
	if !slices.Equal([]byte("110108-7"), func() []byte { b, _ := ID{110108, 7}.MarshalText(); return b }()) {
		t.Error("an id in JSON isn't its text")
	}
}
