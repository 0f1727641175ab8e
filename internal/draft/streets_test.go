package draft_test

import (
	"strings"
	"testing"

	"jingwei/internal/draft"
)

// A street whose both sides are in no grid is named; with a grid on one side it isn't, and not in a community that isn't drawn at all.
func TestAStreetInNoGridIsNamed(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	streets := func() (out []draft.Problem) {
		for _, problem := range p.open(h).Problems {
			if problem.Kind == "street" {
				out = append(out, problem)
			}
		}
		return out
	}
	if found := streets(); len(found) != 0 {
		t.Fatalf("before anything was done: %+v", found)
	}
	g, err := p.room.Ground(p.ctx, id(h), "")
	if err != nil {
		t.Fatal(err)
	}
	var south, north int64
	name := ""
	for _, a := range g.Communities[0].Arcs {
		if a.Name != "" && a.Left != 0 && a.Right != 0 && strings.HasSuffix(a.Name, "街") {
			south, north, name = a.Left, a.Right, a.Name
			break
		}
	}
	if name == "" {
		t.Fatal("no street between two blocks")
	}
	p.must(h, draft.Act{Kind: "assign", Blocks: []int64{south}, To: draft.Nowhere})
	if found := streets(); len(found) != 0 {
		t.Errorf("a street with a grid on one side: %+v", found)
	}
	p.must(h, draft.Act{Kind: "assign", Blocks: []int64{north}, To: draft.Nowhere})
	found := streets()
	if len(found) != 1 || !strings.HasPrefix(found[0].Text.ZH, "西村："+name) && !strings.HasPrefix(found[0].Text.ZH, "东村："+name) || !strings.Contains(found[0].Text.EN, name) || !found[0].Forbids || len(found[0].Blocks) != 2 {
		t.Fatalf("%s lies in no grid: %+v", name, found)
	}
	if strings.Contains(found[0].Text.ZH+found[0].Text.EN, "%!") {
		t.Errorf("the sentence: %v", found[0].Text)
	}
	ways, _, err := p.room.Remedies(p.ctx, id(h), found[0].ID)
	if err != nil || len(ways) == 0 || !ways[0].Solves {
		t.Fatalf("remedies: %+v, %v", ways, err)
	}
	p.must(h, *ways[0].Act)
	if found := streets(); len(found) != 0 {
		t.Errorf("after the remedy: %+v", found)
	}

	nothing, err := p.room.Begin(p.ctx, draft.Beginning{Division: townC, Name: "从空白", Begin: "nothing"})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range p.open(nothing).Problems {
		if problem.Kind == "street" {
			t.Fatalf("nothing is drawn at all: %+v", problem)
		}
	}
}
