package tile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Config is what a tile server is made of.
type Config struct {
	DB         *pgxpool.Pool // connections of the reader role
	CacheBytes uint64        // for compressed tiles in memory; 0: 128 MB
	Logger     *slog.Logger  // nil: silent
}

// Server renders tiles and keeps them.
type Server struct {
	db      *pgxpool.Pool
	log     *slog.Logger
	kept    *keeper
	poles   poles
	slots   chan struct{} // one for each rendering at a time
	metrics *metrics
	zstd    *zstd.Encoder
}

// New makes a tile server. Follow keeps what it holds true.
func New(c Config) (*Server, error) {
	if c.CacheBytes == 0 {
		c.CacheBytes = 128 << 20
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	kept, err := newKeeper(c.CacheBytes)
	if err != nil {
		return nil, err
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return &Server{
		db: c.DB, log: c.Logger, kept: kept, metrics: newMetrics(kept), zstd: encoder,
		slots: make(chan struct{}, max(6, runtime.GOMAXPROCS(0))),
	}, nil
}

// Tile is a rendered tile with its compressed forms. It is shared between requests: nobody changes it.
type Tile struct {
	Hash    string // of the uncompressed bytes
	Gzip    []byte // nil for an empty tile
	Zstd    []byte
	Size    int    // bytes uncompressed
	Dropped string // what was left out because the tile was too large: "buildings=120"
}

// Empty says whether there is nothing in the tile.
func (t *Tile) Empty() bool { return t.Size == 0 }

// renderTimeout bounds a rendering, which goes on when the client that asked for it has gone.
const renderTimeout = 20 * time.Second

// Get gives a tile, from memory or newly rendered. Requests for a tile that is being rendered wait for it.
// Faults: NotFound when there is no such tile.
func (s *Server) Get(ctx context.Context, layers Layers, at Address) (*Tile, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	return s.kept.get(ctx, key{layers, at}, func() (*Tile, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renderTimeout)
		defer cancel()
		return s.render(ctx, layers, at)
	})
}

// render makes a tile.
func (s *Server) render(ctx context.Context, layers Layers, at Address) (*Tile, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	start := time.Now()
	r := newRendering(ctx, s, at)
	for d := range layers.each {
		if at.Z >= d.minZoom {
			d.render(r)
		}
	}
	if err := r.read(ctx, s.db); err != nil {
		return nil, fmt.Errorf("tile %s of %s: %w", at, layers, err)
	}
	t, err := s.pack(r.layers)
	if err != nil {
		return nil, err
	}
	s.metrics.rendered(at.Z, time.Since(start), t)
	return t, nil
}

// pack puts layers together and compresses them.
func (s *Server) pack(layers []*builder) (*Tile, error) {
	dropped := fit(layers, MostBytes)
	var raw []byte
	for _, b := range layers {
		raw = b.append(raw)
	}
	sum := sha256.Sum256(raw)
	t := &Tile{Hash: hex.EncodeToString(sum[:12]), Size: len(raw), Dropped: dropped}
	if len(raw) == 0 {
		return t, nil
	}
	var err error
	t.Gzip, err = compress(raw)
	t.Zstd = s.zstd.EncodeAll(raw, nil)
	return t, err
}

func compress(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// Raw gives the tile uncompressed, for the rare client that can't take it otherwise.
func (t *Tile) Raw() ([]byte, error) {
	if t.Empty() {
		return nil, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(t.Gzip))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
