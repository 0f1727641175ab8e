package httpapi

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
)

// countyState tells whether anything has happened in a county: its last outbox row and its live version.
type countyState struct {
	event   int64
	version int
}

func stateOf(ctx context.Context, tx pgx.Tx, code division.Code) (s countyState, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT max(id) FROM outbox WHERE county = $1), 0),
			coalesce((SELECT version FROM layout WHERE county = $1 AND live), 0)`, code.County()).Scan(&s.event, &s.version)
	return s, err
}

// figureCache keeps the last figures of each division: those of a county take seconds of the database's time.
type figureCache struct {
	mu   sync.Mutex
	kept map[division.Code]keptFigures
}

type keptFigures struct {
	state   countyState
	figures Figures
}

// figureCacheSize is more divisions than a county has; beyond it the cache begins anew.
const figureCacheSize = 4096

func newFigureCache() *figureCache { return &figureCache{kept: make(map[division.Code]keptFigures)} }

func (c *figureCache) get(code division.Code, state countyState) (Figures, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[code]
	return k.figures, ok && k.state == state
}

func (c *figureCache) put(code division.Code, state countyState, f Figures) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= figureCacheSize {
		clear(c.kept)
	}
	c.kept[code] = keptFigures{state, f}
}
