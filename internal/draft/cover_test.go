package draft_test

import (
	"testing"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

// A draft of one community has that community's ground, and not that of the one whose code comes next.
func TestADraftOfACommunityCoversNoOther(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h, err := p.room.Begin(p.ctx, draft.Beginning{Division: "370883100201", Name: "一村"})
	if err != nil {
		t.Fatal(err)
	}
	d := p.open(h)
	if len(d.Communities) != 1 || d.Communities[0].Code != "370883100201" {
		t.Errorf("it covers %+v", d.Communities)
	}
	for _, g := range d.Grids {
		if g.Community != "370883100201" {
			t.Errorf("grid %s of community %s", g.Key, g.Community)
		}
	}
	theirs := p.grids(p.begin(), east)[0].Key
	_, err = p.act(h, draft.Act{Kind: "rename", Grid: theirs, Name: "邻村的"})
	if err == nil || fault.CodeOf(err) == fault.Internal {
		t.Errorf("it renames a grid of the next community: %v", err)
	}
}
