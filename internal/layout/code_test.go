package layout

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

func TestNumbersRunWestToEastNorthToSouth(t *testing.T) {
	// Two rows of three, a few metres out of line, handed in out of order.
	places := []place{{200, 3}, {0, 110}, {100, -4}, {100, 96}, {0, 0}, {200, 103}}
	codes, err := giveCodes(370883001001, places, make([]Code, 6), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []int{6, 1, 5, 2, 4, 3}
	for i, c := range codes {
		if c.Sequence() != want[i] || c.Community() != 370883001001 {
			t.Errorf("grid %d at %v got %v, want sequence %d", i, places[i], c, want[i])
		}
	}
}

func TestTheGridThatKeepsMostResidentsKeepsTheCode(t *testing.T) {
	shares := map[pair]share{
		{old: 1001, new: 0}: {blocks: 9, residents: 200},
		{old: 1001, new: 1}: {blocks: 1, residents: 400},
		{old: 1002, new: 1}: {blocks: 2, residents: 300},
		{old: 1002, new: 2}: {blocks: 5, residents: 10},
	}
	kept := heirs(shares, 3)
	if want := []Code{0, 1001, 1002}; !reflect.DeepEqual(kept, want) {
		t.Fatalf("kept %v, want %v", kept, want)
	}
	codes, err := giveCodes(1, []place{{0, 0}, {1, 0}, {2, 0}}, kept, 7)
	if err != nil || codes[0] != 1008 {
		t.Fatalf("codes %v, %v: the new grid must get the first number never used", codes, err)
	}
}

func TestNumbersRunOut(t *testing.T) {
	_, err := giveCodes(1, []place{{0, 0}}, []Code{0}, 999)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Conflict {
		t.Fatalf("got %v", err)
	}
}

func TestCodesAreNeverSharedNorUsedAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "grids")
		last := rapid.IntRange(0, 60).Draw(t, "last")
		shares := make(map[pair]share)
		for range rapid.IntRange(0, 80).Draw(t, "pairs") {
			p := pair{Code(5000 + rapid.IntRange(1, max(1, last)).Draw(t, "old")), rapid.IntRange(0, n-1).Draw(t, "new")}
			shares[p] = share{blocks: 1, residents: rapid.IntRange(0, 5).Draw(t, "residents")}
		}
		if last == 0 {
			clear(shares)
		}
		places := make([]place, n)
		for i := range places {
			places[i] = place{rapid.Float64Range(-1e4, 1e4).Draw(t, "x"), rapid.Float64Range(-1e4, 1e4).Draw(t, "y")}
		}
		kept := heirs(shares, n)
		codes, err := giveCodes(5, places, kept, last)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Sorted(slices.Values(codes))
		if len(slices.Compact(sorted)) != n {
			t.Fatalf("a code was given twice: %v", codes)
		}
		for i, c := range codes {
			if kept[i] == 0 && c.Sequence() <= last {
				t.Fatalf("grid %d got %v, which was used before (last %d)", i, c, last)
			}
			if kept[i] != 0 && c != kept[i] {
				t.Fatalf("grid %d kept %v and got %v", i, kept[i], c)
			}
		}
	})
}

func TestLineageKinds(t *testing.T) {
	one := share{blocks: 1, residents: 1}
	shares := map[pair]share{
		{1, 0}: one,              // unchanged
		{2, 1}: one, {2, 2}: one, // split
		{3, 3}: one, {4, 3}: one, // merged
		{5, 4}: one, {5, 5}: one, {6, 5}: one, // 5 gave a piece to 6
	}
	codes := []Code{1, 2, 9, 3, 5, 6}
	got := make(map[[2]Code]Kind)
	for _, d := range trace(shares, codes) {
		got[[2]Code{d.From, d.To}] = d.Kind
	}
	want := map[[2]Code]Kind{
		{1, 1}: Unchanged,
		{2, 2}: Split, {2, 9}: Split,
		{3, 3}: Merged, {4, 3}: Merged,
		{5, 5}: Moved, {5, 6}: Complex, {6, 6}: Moved,
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v\nwant %v", got, want)
	}
}
