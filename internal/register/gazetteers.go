package register

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/address"
	"jingwei/internal/fault"
	"jingwei/internal/outbox"
)

// How long after a change a gazetteer is made anew: soon after one that comes alone, as of an address corrected by hand; where others came lately, when they have
// settled, as an import makes many.
const (
	soon   = 100 * time.Millisecond
	settle = 2 * time.Second
	lately = 10 * time.Second
)

// Gazetteers keep the gazetteers of all counties in memory. The zero value has none; any number of goroutines may ask it.
type Gazetteers struct {
	counties sync.Map // int32 → *inMemory
	awaited  sync.Map // int32 → true: those that are to be read
	begun    atomic.Bool
}

// inMemory is what is kept of a county's addresses.
type inMemory struct {
	gazetteer *address.Gazetteer
	pieces    *pieces
}

// Of gives a county's gazetteer. Faults: Unavailable while none has been made; NotFound when none is to be.
func (g *Gazetteers) Of(county int32) (*address.Gazetteer, error) {
	m, err := g.of(county)
	if err != nil {
		return nil, err
	}
	return m.gazetteer, nil
}

// All gives the gazetteers that there are, in the order of their counties.
func (g *Gazetteers) All() (all []*address.Gazetteer) {
	if g == nil {
		return nil
	}
	byCounty := map[int32]*address.Gazetteer{}
	g.counties.Range(func(county, m any) bool { byCounty[county.(int32)] = m.(*inMemory).gazetteer; return true })
	for _, county := range slices.Sorted(maps.Keys(byCounty)) {
		all = append(all, byCounty[county])
	}
	return all
}

func (g *Gazetteers) of(county int32) (*inMemory, error) {
	if g != nil {
		if m, there := g.counties.Load(county); there {
			return m.(*inMemory), nil
		}
	}
	if g != nil && g.begun.Load() {
		if _, there := g.awaited.Load(county); !there {
			return nil, fault.New(fault.NotFound, fmt.Sprintf("%06d 没有已发布的网格，也没有房屋登记，所以没有地址库", county),
				fmt.Sprintf("%06d has neither grids that are live nor houses on record, and so no addresses", county))
		}
	}
	return nil, fault.New(fault.Unavailable, "地址库正在载入，请稍候再试", "the addresses are being read; try again in a moment")
}

// Follow makes the gazetteers, and makes them anew when houses or divisions have changed, until ctx ends. What it can't read is logged and the older one stays.
func (g *Gazetteers) Follow(ctx context.Context, db *pgxpool.Pool, log *slog.Logger) error {
	since, err := outbox.Now(ctx, db)
	if err != nil {
		return err
	}
	var all []int32
	if err := db.QueryRow(ctx, `SELECT coalesce(array_agg(DISTINCT county), '{}') FROM layout WHERE live`).Scan(&all); err != nil {
		return err
	}
	changed := make(chan int32, 64)
	for _, county := range all {
		g.awaited.Store(county, true)
	}
	g.begun.Store(true)
	done := make(chan error, 1)
	go func() {
		done <- outbox.Follow(ctx, db, log, since, func(e outbox.Event) error {
			if e.Kind == outbox.HousesChanged || e.Kind == outbox.DivisionsImported {
				select {
				case changed <- int32(e.County):
				case <-ctx.Done():
				}
			}
			return nil
		})
	}()
	for _, county := range all {
		g.refresh(ctx, db, county, log)
	}
	return g.keep(ctx, db, changed, done, log)
}

// keep makes gazetteers anew some time after they were said to have changed.
func (g *Gazetteers) keep(ctx context.Context, db *pgxpool.Pool, changed <-chan int32, done <-chan error, log *slog.Logger) error {
	stale := map[int32]bool{}
	var due <-chan time.Time
	var last time.Time
	for {
		select {
		case county := <-changed:
			stale[county] = true
			g.awaited.Store(county, true)
			switch {
			case due != nil:
			case time.Since(last) > lately:
				due = time.After(soon)
			default:
				due = time.After(settle)
			}
		case <-due:
			for county := range stale {
				g.refresh(ctx, db, county, log)
			}
			clear(stale)
			due, last = nil, time.Now()
		case err := <-done:
			return err
		}
	}
}

// Read makes a county's gazetteer now.
func (g *Gazetteers) Read(ctx context.Context, db *pgxpool.Pool, county int32) error {
	made := new(inMemory)
	err := pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		made.gazetteer, made.pieces, err = places(ctx, tx, county)
		return err
	})
	if err != nil {
		return err
	}
	g.counties.Store(county, made)
	return nil
}

func (g *Gazetteers) refresh(ctx context.Context, db *pgxpool.Pool, county int32, log *slog.Logger) {
	start := time.Now()
	switch err := g.Read(ctx, db, county); {
	case err == nil:
		log.Debug("register: addresses read", "county", county, "seconds", time.Since(start).Seconds())
	case ctx.Err() == nil:
		log.Error("register: the addresses can't be read into memory", "county", county, "error", err)
	}
}
