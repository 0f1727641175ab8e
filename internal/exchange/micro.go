package exchange

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// writeMicro writes which micro-grid each address is in, by grid and micro-grid: of the live version with the homes that are in none, of an earlier one
// those that were in one. How many live there is told of the live one alone; what it was then isn't kept.
func (l *Layout) writeMicro(ctx context.Context, tx pgx.Tx, to io.Writer, counts bool) error {
	communities := make([]int64, 0, len(l.Communities))
	grids := make(map[int64]layout.Code, len(l.Blocks))
	for _, b := range l.Blocks {
		grids[b.ID] = l.Grids[b.Grid].Code
		if !slices.Contains(communities, b.Community) {
			communities = append(communities, b.Community)
		}
	}
	version := l.Version
	if l.Live {
		version = 0
	}
	in, err := layout.MicroAt(ctx, tx, l.County, communities, version)
	if err != nil {
		return err
	}
	homes, err := l.homes(ctx, tx, communities, in)
	if err != nil {
		return err
	}
	counts = counts && l.Live
	w, err := table(to)
	if err != nil {
		return err
	}
	head := []string{"grid", "micro_grid", "name", "building", "entrance", "address", "version"}
	if counts {
		head = append(head, "residents", "households", "estimated")
	}
	_ = w.Write(head)
	of := func(h *layout.Home) layout.MicroKey {
		if k, there := in.In[h.HomeKey]; there {
			return k
		}
		return layout.MicroKey{Grid: grids[h.Block]}
	}
	slices.SortStableFunc(homes, func(a, b layout.Home) int { return of(&a).Compare(of(&b)) })
	for i := range homes {
		h := &homes[i]
		k := of(h)
		micro := ""
		if k.Number > 0 {
			micro = fmt.Sprintf("%s%02d", k.Grid, k.Number)
		}
		row := []string{k.Grid.String(), micro, Harmless(in.Names[k]), Harmless(h.Source), Harmless(h.Entrance), Harmless(h.Address), strconv.Itoa(l.Version)}
		if counts {
			row = append(row, strconv.Itoa(h.Residents), strconv.Itoa(h.Households), strconv.FormatBool(h.Estimated))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return w.Error()
}

// homes are those of the live version, or those of an earlier one that were in a micro-grid.
func (l *Layout) homes(ctx context.Context, tx pgx.Tx, communities []int64, in *layout.MicroLayout) ([]layout.Home, error) {
	if l.Live {
		return layout.LoadHomes(ctx, tx, l.County, communities)
	}
	ids := make([]int64, 0, len(in.In))
	homes := make([]layout.Home, 0, len(in.In))
	for k := range in.In {
		ids = append(ids, k.Building)
		homes = append(homes, layout.Home{HomeKey: k})
	}
	slices.SortFunc(homes, func(a, b layout.Home) int { return a.HomeKey.Compare(b.HomeKey) })
	rows, err := tx.Query(ctx, `SELECT id, source, coalesce(nullif(address, ''), name) FROM building WHERE county = $1 AND id = ANY($2)`, l.County, ids)
	if err != nil {
		return nil, err
	}
	called := make(map[int64][2]string)
	var id int64
	var name [2]string
	if _, err = pgx.ForEachRow(rows, []any{&id, &name[0], &name[1]}, func() error { called[id] = name; return nil }); err != nil {
		return nil, err
	}
	for i := range homes {
		homes[i].Source, homes[i].Address = called[homes[i].Building][0], called[homes[i].Building][1]
	}
	return homes, nil
}
