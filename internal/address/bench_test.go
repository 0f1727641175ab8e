//go:build unix

package address

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// big is a county of 300,000 houses, made once.
var big = sync.OnceValues(func() (*world, *Gazetteer) {
	w := invent(7, 300000, 4000)
	g, err := New(w.in)
	if err != nil {
		panic(err)
	}
	return w, g
})

func BenchmarkNew(b *testing.B) {
	w, _ := big()
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		g, err := New(w.in)
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MB")
		places, buildings, houses := g.Len()
		b.Logf("%d named places, %d buildings, %d houses", places, buildings, houses)
	}
}

// typed is what people have typed when they pause: names from their beginning and middle, with slips, in pinyin, with numbers behind.
func typed(w *world, r *rand.Rand, i int) string {
	h := w.homes[r.IntN(len(w.homes))]
	for h.village {
		h = w.homes[r.IntN(len(w.homes))]
	}
	name := []rune(h.compound)
	s := newSounds()
	initials, full := "", ""
	for _, c := range name {
		py := s.read(c)[0]
		initials, full = initials+py[:1], full+py
	}
	switch i % 10 {
	case 0:
		return string(name[:1])
	case 1:
		return string(name[:2])
	case 2:
		return string(name[1:])
	case 3:
		name[r.IntN(len(name))] = '龘'
		return string(name)
	case 4:
		return initials
	case 5:
		return full[:min(len(full), 3+r.IntN(6))]
	case 6:
		return h.compound + h.building + "-" + h.entrance + "-" + h.room[:1]
	case 7:
		return h.town + string(name[:2])
	case 8:
		return initials + h.building + "-" + h.entrance
	}
	return "xyzw"
}

// BenchmarkSuggest has eight clients that type at once.
func BenchmarkSuggest(b *testing.B) {
	w, g := big()
	var mu sync.Mutex
	var all []time.Duration
	n := 0
	b.SetParallelism(max(8/runtime.GOMAXPROCS(0), 1))
	before := processTime()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		mu.Lock()
		n++
		r := rand.New(rand.NewPCG(uint64(n), 6))
		mu.Unlock()
		var mine []time.Duration
		for i := 0; pb.Next(); i++ {
			q := typed(w, r, i)
			at := time.Now()
			g.Suggest(q, Options{View: "379983003"})
			mine = append(mine, time.Since(at))
		}
		mu.Lock()
		all = append(all, mine...)
		mu.Unlock()
	})
	b.ReportMetric(float64((processTime()-before).Microseconds())/float64(len(all)), "cpu-µs/op")
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
}

func BenchmarkSuggestByKind(b *testing.B) {
	w, g := big()
	for k := range 10 {
		q := typed(w, rand.New(rand.NewPCG(5, 6)), k)
		b.Run(fmt.Sprintf("%d:%s", k, q), func(b *testing.B) {
			before, n := processTime(), 0
			for b.Loop() {
				g.Suggest(q, Options{})
				n++
			}
			b.ReportMetric(float64((processTime()-before).Microseconds())/float64(n), "cpu-µs/op")
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	w, g := big()
	r := rand.New(rand.NewPCG(9, 6))
	texts := make([]string, 4096)
	for i := range texts {
		texts[i] = w.written(w.homes[r.IntN(len(w.homes))], i)
	}
	i := 0
	for b.Loop() {
		g.Match(texts[i%len(texts)], Options{})
		i++
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("山东省济宁市泗滨市钟山街道文昌社区文昌路12号明珠小区3号楼2单元501室")
	}
}

// processTime is what the processor has worked for this process: on a machine that is shared, wall clock says little.
func processTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
