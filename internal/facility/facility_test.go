package facility

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		tags map[string]string
		want Kind
	}{
		{map[string]string{"amenity": "clinic"}, Clinic},
		{map[string]string{"amenity": "doctors"}, Clinic},
		{map[string]string{"healthcare": "hospital"}, Hospital},
		{map[string]string{"amenity": "university"}, College},
		{map[string]string{"man_made": "surveillance"}, Camera},
		{map[string]string{"emergency": "fire_hydrant"}, Hydrant},
		{map[string]string{"amenity": "social_facility"}, Care},
		{map[string]string{"amenity": "social_facility", "name": "张庄村幸福食堂"}, Canteen},
		{map[string]string{"amenity": "social_facility", "social_facility": "soup_kitchen"}, Canteen},
		{map[string]string{"amenity": "police", "man_made": "surveillance"}, Police}, // the post, not the camera on it
		{map[string]string{"amenity": "restaurant"}, ""},
		{map[string]string{"man_made": "mast"}, ""},
		{nil, ""},
	} {
		if got := Of(func(key string) string { return c.tags[key] }); got != c.want {
			t.Errorf("%v: %q, not %q", c.tags, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, d := range Kinds {
		for _, word := range []string{string(d.Kind), d.ZH, strings.ToUpper(d.EN), " " + d.ZH + " "} {
			if got := Parse(word); got != d.Kind {
				t.Errorf("%q: %q", word, got)
			}
		}
	}
	for word, want := range map[string]Kind{"派出所": Police, "诊所": Clinic, " 消防栓": Hydrant, "小学": School, "养老院": Care} {
		if got := Parse(word); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	for _, word := range []string{"", "网红打卡点", "clinics"} {
		if got := Parse(word); got != "" {
			t.Errorf("%q: %q", word, got)
		}
	}
}

// The nearer one looks the more kinds there are, and at last all of them.
func TestShown(t *testing.T) {
	before := Shown(12)
	if len(before) != 0 {
		t.Errorf("at zoom 12: %v", before)
	}
	for zoom := 13; zoom <= 18; zoom++ {
		now := Shown(zoom)
		for _, kind := range before {
			if !slices.Contains(now, kind) {
				t.Errorf("%s is gone at zoom %d", kind, zoom)
			}
		}
		before = now
	}
	if len(before) != len(Kinds) || slices.Contains(Shown(15), "hydrant") || !slices.Contains(Shown(13), "school") {
		t.Errorf("at last %v", before)
	}
}

// The page has a word for each kind, the same as here, so that a report and the map speak of one thing.
func TestThePageNamesTheSameKinds(t *testing.T) {
	for file, name := range map[string]func(Description) string{
		"zh": func(d Description) string { return d.ZH }, "en": func(d Description) string { return d.EN },
	} {
		text, err := os.ReadFile("../../web/src/words/" + file + ".ts")
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?s)\n  facilities: \{(.*?)\n  \}`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s.ts has no facilities", file)
		}
		entries := regexp.MustCompile(`(\w+): '([^']+)'`).FindAllStringSubmatch(string(m[1]), -1)
		got := map[string]string{}
		for _, e := range entries {
			got[e[1]] = e[2]
		}
		for _, d := range Kinds {
			if got[string(d.Kind)] != name(d) {
				t.Errorf("%s.ts calls %s %q, here it is %q", file, d.Kind, got[string(d.Kind)], name(d))
			}
		}
		if len(got) != len(Kinds) {
			t.Errorf("%s.ts has %d kinds, here are %d", file, len(got), len(Kinds))
		}
	}
}
