package draft_test

import (
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

// trouble makes one problem of most kinds in each of some communities, and gives the sentences of all acts.
func (p person) trouble(h *draft.Head, communities ...int64) (said []draft.Text) {
	p.Helper()
	for _, c := range communities {
		a, b := p.neighbours(h, c)
		said = append(said, p.must(h, draft.Act{Kind: "merge", Grids: []draft.Key{a.Key, b.Key}}).Text)
		large := p.grids(h, c)[0].Key
		blocks := p.blocks(h, large)
		said = append(said,
			p.must(h, draft.Act{Kind: "assign", Blocks: blocks[:1], New: true}).Text,
			p.must(h, draft.Act{Kind: "assign", Blocks: blocks[1:2], To: draft.Nowhere}).Text,
			p.must(h, draft.Act{Kind: "rename", Grid: large, Name: "大格"}).Text,
			p.must(h, draft.Act{Kind: "lock", Grids: []draft.Key{large}}).Text,
			p.must(h, draft.Act{Kind: "unlock", Grids: []draft.Key{large}}).Text)
	}
	return said
}

// In a draft of several communities there is a 003 in each of them: every sentence about a grid, or about ground in none, says of which one it speaks.
func TestSentencesNameTheCommunity(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.planner("plan-a")
	h := p.begin()
	said := p.trouble(h, west, east)
	for i, text := range said {
		name := []string{"西村", "东村"}[i*2/len(said)]
		if strings.Count(text.ZH, name) != 1 || strings.Count(text.EN, name) != 1 {
			t.Errorf("an act in %s says %v", name, text)
		}
	}
	names := map[string]string{"370883100201": "西村", "370883100202": "东村"}
	kinds := make(map[string]bool)
	for _, f := range p.open(h).Problems {
		if !strings.HasPrefix(f.Text.ZH, names[f.Community]) && f.Kind != "compound" || !strings.Contains(f.Text.EN, names[f.Community]) {
			t.Errorf("%s: %v", f.ID, f.Text)
		}
		kinds[f.Kind] = true
		if !f.Fixable {
			continue
		}
		ways, _, err := p.room.Remedies(p.ctx, id(h), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range ways {
			if !strings.Contains(w.Text.ZH, names[f.Community]) || !strings.Contains(w.Text.EN, names[f.Community]) {
				t.Errorf("a remedy of %s: %v", f.ID, w.Text)
			}
		}
	}
	for _, kind := range []string{"over", "under", "unassigned", "no-worker"} {
		if !kinds[kind] {
			t.Errorf("no problem of the kind %s to look at: %v", kind, kinds)
		}
	}
}

// Who works on one community knows which one it is.
func TestSentencesOfOneCommunityNameTheGridAlone(t *testing.T) {
	t.Parallel()
	v := newTown(t)
	p := v.person("plan-a", access.Planner, townC)
	h, err := p.room.Begin(p.ctx, draft.Beginning{Division: "370883100201", Name: "一村"})
	if err != nil {
		t.Fatal(err)
	}
	said := p.trouble(h, west)
	for _, f := range p.open(h).Problems {
		said = append(said, f.Text)
	}
	for _, text := range said {
		if strings.Contains(text.ZH+text.EN, "西村") {
			t.Errorf("%v", text)
		}
	}
}
