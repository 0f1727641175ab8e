package draft

import "testing"

// A new grid is called in sentences as the page calls it (web/src/words: plan.grid.fresh).
func TestGridsAreCalledAsOnThePage(t *testing.T) {
	for key, want := range map[Key]Text{370883001005003: {"003", "003"}, -12: {"新12", "new 12"}} {
		if got := key.Short(); got != want {
			t.Errorf("%s is called %v, want %v", key, got, want)
		}
	}
	if got := say("%s 划入 %s", "%s given to %s", Key(-1).Short(), shorts([]Key{370883001005003, -2})); got != (Text{"新1 划入 003、新2", "new 1 given to 003, new 2"}) {
		t.Errorf("a sentence: %v", got)
	}
}
