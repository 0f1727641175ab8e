package register

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is found is what looking through all addresses finds, whatever is looked for.
func TestPiecesFindWhatIsThere(t *testing.T) {
	t.Parallel()
	_, all := invent(t, 3000)
	p := newPiecing()
	texts := make(map[int64]string, len(all))
	for _, h := range all {
		tail := h.unit + h.room
		if h.room != "" {
			tail += "室"
		}
		p.add(h.id, h.building, h.address, tail)
		texts[h.id] = folded(h.address)
	}
	index := p.done()
	rapid.Check(t, func(t *rapid.T) {
		runes := []rune(rapid.SampledFrom(all).Draw(t, "house").address)
		from := rapid.IntRange(0, len(runes)-2).Draw(t, "from")
		to := rapid.IntRange(from+2, min(len(runes), from+9)).Draw(t, "to")
		piece := string(runes[from:to])
		if rapid.IntRange(0, 3).Draw(t, "other") == 0 { // mostly nowhere
			piece = string([]rune{runes[from], rapid.SampledFrom(runes).Draw(t, "with"), runes[to-1]})
		}
		got := index.find(piece, len(all)+1)
		slices.Sort(got)
		var want []int64
		for _, h := range all {
			if strings.Contains(texts[h.id], folded(piece)) {
				want = append(want, h.id)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %d houses, want %d", piece, len(got), len(want))
		}
	})
	if got := index.find("单元", 51); len(got) != 51 {
		t.Errorf("%d houses of 51", len(got))
	}
}

func BenchmarkPieces(b *testing.B) {
	p := newPiecing()
	for i := range 60_000 {
		head := "钢山街道北关社区建国中路" + strings.Repeat("文苑", 1+i%3) + string(rune('一'+i%9000)) + "悦府" + string(rune('0'+i%10)) + "号楼"
		for k := range 6 {
			p.add(int64(i*6+k), int64(i), head+string(rune('1'+k))+"单元501室", string(rune('1'+k))+"单元501室")
		}
	}
	index := p.done()
	for _, piece := range []string{"号楼", "龘靐", "元5", "楼3单", "文苑一"} {
		b.Run(piece, func(b *testing.B) {
			for b.Loop() {
				index.find(piece, 51)
			}
		})
	}
}
