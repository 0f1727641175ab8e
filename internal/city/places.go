package city

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// batch is how many places are built and written together.
const batch = 32

// maker raises a place when its turn comes, and knows the communities of its wards.
type maker struct {
	raise func() *town
	in    func(ward int) where
}

func (c *county) makers() []maker {
	all := c.wheres()
	var out []maker
	for k, t := range c.places {
		of := map[int]where{}
		for i, l := range c.lots {
			if l.place == k {
				for _, w := range t.communities[l.part].wards {
					of[w] = all[i]
				}
			}
		}
		out = append(out, maker{func() *town { return t }, func(ward int) where { return of[ward] }})
	}
	for i, h := range c.villages {
		if h != nil {
			out = append(out, maker{func() *town { return h.raise(c.lots[i].people) }, func(int) where { return all[i] }})
		}
	}
	return out
}

// writePlaces adds each place to the files, where there are any, and enters its people.
func (c *county) writePlaces(ctx context.Context, files []*collection, r *registrar) error {
	makers := c.makers()
	for from := 0; from < len(makers); from += batch {
		c.progress("write", float64(from)/float64(len(makers)))
		some := makers[from:min(from+batch, len(makers))]
		towns, chunks := make([]*town, len(some)), make([][]chunk, len(some))
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i, m := range some {
			g.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				towns[i] = m.raise()
				if files == nil {
					return nil
				}
				var err error
				chunks[i], err = chunksOf(towns[i])
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for i, of := range chunks {
			for k, text := range of {
				files[k].add(text)
			}
			if err := r.place(towns[i], some[i].in); err != nil {
				return err
			}
		}
	}
	return nil
}

func chunksOf(t *town) ([]chunk, error) {
	out := make([]chunk, len(countyFiles))
	for i, f := range countyFiles {
		var err error
		if out[i], err = newChunk(f.prefix+t.site.prefix, func(w *features) { f.fill(t, w) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}
