package tile

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

func testKeeper(t *testing.T) *keeper {
	t.Helper()
	k, err := newKeeper(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var somewhere = key{1, Address{14, 13485, 6201}}

func all(key) bool { return true }

func TestOneRenderingForManyRequests(t *testing.T) {
	k := testKeeper(t)
	var renders atomic.Int32
	begun, finish := make(chan struct{}), make(chan struct{})
	render := func() (*Tile, error) {
		if renders.Add(1) == 1 {
			close(begun)
		}
		<-finish
		return &Tile{Hash: "a"}, nil
	}
	var wg sync.WaitGroup
	ask := func() {
		defer wg.Done()
		if tile, err := k.get(context.Background(), somewhere, render); err != nil || tile.Hash != "a" {
			t.Errorf("got %v, %v", tile, err)
		}
	}
	wg.Add(1)
	go ask()
	<-begun
	for range 49 {
		wg.Add(1)
		go ask()
	}
	for k.waits.value() < 49 {
	}
	close(finish)
	wg.Wait()
	ask2, err := k.get(context.Background(), somewhere, render)
	if err != nil || ask2.Hash != "a" || renders.Load() != 1 {
		t.Errorf("%d renderings for 51 requests", renders.Load())
	}
}

func TestARenderingThatBeganBeforeAChangeIsNotKept(t *testing.T) {
	k := testKeeper(t)
	begun, finish := make(chan struct{}), make(chan struct{})
	old := make(chan *Tile)
	go func() {
		tile, _ := k.get(context.Background(), somewhere, func() (*Tile, error) {
			close(begun)
			<-finish
			return &Tile{Hash: "old"}, nil
		})
		old <- tile
	}()
	<-begun
	k.drop(all)
	// A request after the change doesn't join the old rendering.
	fresh := func() (*Tile, error) { return &Tile{Hash: "new"}, nil }
	if tile, err := k.get(context.Background(), somewhere, fresh); err != nil || tile.Hash != "new" {
		t.Errorf("after the change: %v, %v; want the new tile", tile, err)
	}
	close(finish)
	if tile := <-old; tile.Hash != "old" {
		t.Errorf("who waited got %q", tile.Hash)
	}
	never := func() (*Tile, error) { return nil, errors.New("rendered again") }
	if tile, err := k.get(context.Background(), somewhere, never); err != nil || tile.Hash != "new" {
		t.Errorf("kept: %v, %v; want the new tile", tile, err)
	}
}

// A rendering that a change doesn't touch is kept.
func TestAChangeElsewhereLeavesARenderingAlone(t *testing.T) {
	k := testKeeper(t)
	render := func() (*Tile, error) {
		k.drop(func(at key) bool { return at != somewhere })
		return &Tile{Hash: "a"}, nil
	}
	if _, err := k.get(context.Background(), somewhere, render); err != nil {
		t.Fatal(err)
	}
	if _, ok := k.cache.GetIfPresent(somewhere); !ok {
		t.Error("the tile wasn't kept")
	}
}

func TestAFailedRenderingIsTriedAgain(t *testing.T) {
	k := testKeeper(t)
	for _, render := range []func() (*Tile, error){
		func() (*Tile, error) { return nil, errors.New("no database") },
		func() (*Tile, error) { panic("a mistake") },
	} {
		if _, err := k.get(context.Background(), somewhere, render); err == nil {
			t.Error("a failed rendering gave no error")
		}
	}
	tile, err := k.get(context.Background(), somewhere, func() (*Tile, error) { return &Tile{Hash: "a"}, nil })
	if err != nil || tile.Hash != "a" {
		t.Errorf("got %v, %v", tile, err)
	}
}

func TestWhoGoesAwayDoesntEndTheRendering(t *testing.T) {
	k := testKeeper(t)
	finish := make(chan struct{})
	ctx, leave := context.WithCancel(context.Background())
	leave()
	_, err := k.get(ctx, somewhere, func() (*Tile, error) { <-finish; return &Tile{Hash: "a"}, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("who went away got %v", err)
	}
	close(finish)
	tile, err := k.get(context.Background(), somewhere, func() (*Tile, error) { return nil, errors.New("rendered again") })
	if err != nil || tile.Hash != "a" {
		t.Errorf("who stayed got %v, %v", tile, err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	k := testKeeper(t)
	for i := range 200 {
		at := key{1, Address{18, i, 0}}
		if _, err := k.get(context.Background(), at, func() (*Tile, error) { return &Tile{Gzip: make([]byte, 50_000)}, nil }); err != nil {
			t.Fatal(err)
		}
	}
	k.cache.CleanUp()
	if size := k.cache.WeightedSize(); size > 1<<20 {
		t.Errorf("the tiles take %d bytes of %d", size, 1<<20)
	}
}

// Exactly the tiles that a change touches are dropped.
func TestDropIsExact(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	grids, _ := ParseLayers("grids,divisions")
	streets, _ := ParseLayers("streets")
	// It begins a few units east of a tile of zoom 16: in that tile's buffer, and not in the tile.
	edge := tileAt(116.32, 40, 16).bounds(0)
	changed := Bounds{edge[2] + (edge[2]-edge[0])/200, 40.0000, 116.3290, 40.0030}
	beside := key{grids, tileAt(116.32, 40.001, 16)}
	keep := map[key]bool{}
	for zoom := range MaxZoom + 1 {
		nw, se := tileAt(116.31, 40.006, zoom), tileAt(116.335, 39.997, zoom)
		for x := nw.X; x <= se.X; x++ {
			for y := nw.Y; y <= se.Y; y++ {
				for _, l := range []Layers{grids, streets} {
					at := key{l, Address{zoom, x, y}}
					b := at.at.bounds(0)
					margin := (b[2] - b[0]) * buffer / Extent
					touched := b[0]-margin <= changed[2] && changed[0] <= b[2]+margin && b[1]-margin <= changed[3] && changed[1] <= b[3]+margin
					keep[at] = l == streets || !touched
					s.kept.cache.Set(at, &Tile{Hash: fmt.Sprint(at)})
				}
			}
		}
	}
	dropped := s.Drop(Change{Bounds: []Bounds{{0, 0, 1, 1}, changed}, Layers: []Layer{Grids, Blocks}})
	n := 0
	for at, wanted := range keep {
		_, kept := s.kept.cache.GetIfPresent(at)
		if kept != wanted {
			t.Errorf("%s of %s: kept %t, want %t", at.at, at.layers, kept, wanted)
		}
		if !wanted {
			n++
		}
	}
	if kept, known := keep[beside]; !known || kept {
		t.Error("the tile beside the change isn't among those touched")
	}
	if dropped != n || n == 0 || n == len(keep) {
		t.Errorf("%d tiles dropped of %d, want %d", dropped, len(keep), n)
	}
	if s.Drop(Change{}); s.kept.cache.EstimatedSize() != 0 {
		t.Error("a change of everything left a tile")
	}
}

func tileAt(lon, lat float64, zoom int) Address {
	p := project(latticePoint(lon, lat), zoom)
	return Address{zoom, int(p.x) / Extent, int(p.y) / Extent}
}
