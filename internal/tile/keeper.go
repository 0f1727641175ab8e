package tile

import (
	"context"
	"sync"

	"github.com/maypok86/otter/v2"
)

// key names a tile in memory.
type key struct {
	layers Layers
	at     Address
}

// keeper holds rendered tiles, and the renderings under way. A rendering that began before a change arrived
// may have read what was there before it, so it is given to those who waited for it and not kept.
type keeper struct {
	cache *otter.Cache[key, *Tile]

	mu      sync.Mutex
	flights map[key]*flight

	hits, misses, waits, dropped counter
}

// flight is one rendering under way.
type flight struct {
	done  chan struct{} // closed when tile and err are there
	tile  *Tile
	err   error
	stale bool // something changed since it began; guarded by keeper.mu
}

// overhead is about what a tile takes besides its bytes.
const overhead = 300

func newKeeper(most uint64) (*keeper, error) {
	cache, err := otter.New(&otter.Options[key, *Tile]{
		MaximumWeight: most,
		Weigher:       func(_ key, t *Tile) uint32 { return uint32(len(t.Gzip) + len(t.Zstd) + overhead) },
	})
	if err != nil {
		return nil, err
	}
	return &keeper{cache: cache, flights: make(map[key]*flight)}, nil
}

// get gives the tile that is kept, waits for the rendering under way, or renders.
func (k *keeper) get(ctx context.Context, at key, render func() (*Tile, error)) (*Tile, error) {
	if t, ok := k.cache.GetIfPresent(at); ok {
		k.hits.add(1)
		return t, nil
	}
	k.mu.Lock()
	f, ok := k.flights[at]
	if ok {
		k.waits.add(1)
	} else {
		// It may have been kept since we looked.
		if t, ok := k.cache.GetIfPresent(at); ok {
			k.mu.Unlock()
			k.hits.add(1)
			return t, nil
		}
		k.misses.add(1)
		f = &flight{done: make(chan struct{})}
		k.flights[at] = f
		go k.fly(at, f, render)
	}
	k.mu.Unlock()
	select {
	case <-f.done:
		return f.tile, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// fly renders, keeps what is still true, and lets those go who wait.
func (k *keeper) fly(at key, f *flight, render func() (*Tile, error)) {
	defer close(f.done)
	f.tile, f.err = guarded(render)
	k.mu.Lock()
	defer k.mu.Unlock()
	if f.stale {
		return // no longer in flights: a request since then has begun another
	}
	delete(k.flights, at)
	if f.err == nil {
		k.cache.Set(at, f.tile)
	}
}

// drop forgets the tiles that touched picks, and disowns the renderings of such tiles. It says how many tiles were kept.
func (k *keeper) drop(touched func(key) bool) (n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for at, f := range k.flights {
		if touched(at) {
			f.stale = true
			delete(k.flights, at)
		}
	}
	var gone []key
	for at := range k.cache.Keys() {
		if touched(at) {
			gone = append(gone, at)
		}
	}
	for _, at := range gone {
		k.cache.Invalidate(at)
	}
	k.dropped.add(len(gone))
	return len(gone)
}
