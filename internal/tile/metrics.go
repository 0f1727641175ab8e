package tile

import (
	"fmt"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type counter struct{ n atomic.Int64 }

func (c *counter) add(n int)      { c.n.Add(int64(n)) }
func (c *counter) value() float64 { return float64(c.n.Load()) }

type metrics struct {
	seconds    *prometheus.HistogramVec
	bytes      prometheus.Histogram
	trimmed    prometheus.Counter
	collectors []prometheus.Collector
}

func newMetrics(k *keeper) *metrics {
	m := &metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jingwei_tile_render_seconds", Help: "Time to render a tile, by zoom.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"zoom"}),
		bytes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "jingwei_tile_bytes", Help: "Size of rendered tiles before compression.",
			Buckets: prometheus.ExponentialBuckets(256, 4, 7),
		}),
		trimmed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jingwei_tiles_trimmed_total", Help: "Tiles that were too large and lost features.",
		}),
	}
	count := func(name, help string, c *counter) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, c.value)
	}
	m.collectors = []prometheus.Collector{
		m.seconds, m.bytes, m.trimmed,
		count("jingwei_tile_hits_total", "Tiles answered from memory.", &k.hits),
		count("jingwei_tile_misses_total", "Tiles that had to be rendered.", &k.misses),
		count("jingwei_tile_waits_total", "Requests that waited for a rendering under way.", &k.waits),
		count("jingwei_tiles_dropped_total", "Tiles in memory that a change made untrue.", &k.dropped),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "jingwei_tile_cache_bytes", Help: "Memory that kept tiles take."},
			func() float64 { return float64(k.cache.WeightedSize()) }),
	}
	return m
}

func (m *metrics) rendered(zoom int, took time.Duration, t *Tile) {
	m.seconds.WithLabelValues(strconv.Itoa(zoom)).Observe(took.Seconds())
	m.bytes.Observe(float64(t.Size))
	if t.Dropped != "" {
		m.trimmed.Inc()
	}
}

// Collectors are the server's figures for a metrics registry.
func (s *Server) Collectors() []prometheus.Collector { return s.metrics.collectors }

// guarded makes an error of a panic: a rendering runs on a goroutine of its own, where a panic would end the program.
func guarded(render func() (*Tile, error)) (t *Tile, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("tile: panic while rendering: %v\n%s", v, debug.Stack())
		}
	}()
	return render()
}
