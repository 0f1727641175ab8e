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

func TestOneIsSaidToBeOne(t *testing.T) {
	for _, c := range []struct{ say, want string }{
		{say("%d 个单元（%d 人）划入 %s", "%d blocks (%d people) given to %s", 1, 1, "001").EN, "1 block (1 person) given to 001"},
		{say("", "%d blocks (%d people) given to %s", 11, 21, "001").EN, "11 blocks (21 people) given to 001"},
		{say("", "%d problems solved at once: %d people get another grid", 1, 1).EN, "1 problem solved at once: 1 person gets another grid"},
		{say("", "%d grids redrawn: %d people get another grid", 2, 300).EN, "2 grids redrawn: 300 people get another grid"},
		{say("", "%.1f blocks", 0.1).EN, "0.1 blocks"},
	} {
		if c.say != c.want {
			t.Errorf("said %q, want %q", c.say, c.want)
		}
	}
}
