package city

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"jingwei/internal/fault"

	"pgregory.net/rapid"
)

var names = []string{"divisions.geojson", "streets.geojson", "rail.geojson", "water.geojson", "walls.geojson",
	"landuse.geojson", "buildings.geojson", "entrances.geojson", "manifest.json"}

func generate(t testing.TB, seed uint64, people int) (string, *Manifest) {
	t.Helper()
	dir := t.TempDir()
	m, err := Generate(context.Background(), Options{Seed: seed, People: people, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func content(t testing.TB, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameSeedSameBytesOnAnyNumberOfCores(t *testing.T) {
	old := runtime.GOMAXPROCS(1)
	one, _ := generate(t, 7, 20000)
	runtime.GOMAXPROCS(8)
	eight, _ := generate(t, 7, 20000)
	runtime.GOMAXPROCS(old)
	other, _ := generate(t, 8, 20000)
	for _, name := range names {
		a := content(t, one, name)
		if !bytes.Equal(a, content(t, eight, name)) {
			t.Errorf("%s differs between one core and eight", name)
		}
		if bytes.Equal(a, content(t, other, name)) {
			t.Errorf("%s is the same for two seeds", name)
		}
	}
}

func TestManifest(t *testing.T) {
	dir, m := generate(t, 3, 12000)
	var read Manifest
	if err := json.Unmarshal(content(t, dir, "manifest.json"), &read); err != nil {
		t.Fatal(err)
	}
	if !read.Invented || read.Code != TownCode || read.People != 12000 || read.Name != m.Name {
		t.Errorf("the manifest says %+v", read)
	}
	sum := 0
	for _, c := range read.Communities {
		sum += c.People
	}
	if sum != 12000 {
		t.Errorf("communities of %d residents together, want 12000", sum)
	}
	for _, f := range read.Files {
		if n := len(load(t, dir, f.Name)); n != f.Features {
			t.Errorf("%s holds %d features, the manifest says %d", f.Name, n, f.Features)
		}
	}
}

func TestSizeOutOfBoundsIsRefused(t *testing.T) {
	for _, n := range []int{-1, 0, MinPeople - 1, MaxPeople + 1} {
		_, err := Generate(context.Background(), Options{People: n, Dir: t.TempDir()})
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%d people: %v, want a refusal", n, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, Options{Seed: 1, People: 5000, Dir: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestTownIsSound(t *testing.T) {
	for _, c := range []struct {
		seed   uint64
		people int
	}{{1, 45000}, {2, 45000}, {5, 1000}, {6, 2500}, {9, 8000}, {4, 100000}, {1, 1_200_000}, // more communities than a town has codes for
		// a shop on a neighbour's gate, a compound whose ways led nowhere
		{6, 13307}, {0xebb, 3873}} {
		dir, m := generate(t, c.seed, c.people)
		examine(t, dir, m)
	}
}

func TestAnyTownIsSound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.Uint64().Draw(r, "seed")
		people := rapid.IntRange(MinPeople, 16000).Draw(r, "people")
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			r.Fatal(err)
		}
		m, err := Generate(context.Background(), Options{Seed: seed, People: people, Dir: dir})
		if err != nil {
			r.Fatal(err)
		}
		examine(r, dir, m)
	})
}

func TestAreaGrowsWithPeople(t *testing.T) {
	last := 0.0
	for _, n := range []int{1000, 4000, 16000, 45000, 100000, 400000} {
		dir, _ := generate(t, 11, n)
		area := squareKilometres(load(t, dir, "divisions.geojson")[0])
		if area <= last {
			t.Errorf("%d people on %.2f km², no more than a smaller town", n, area)
		}
		if n == 45000 && (area < 5 || area > 9) {
			t.Errorf("45,000 people on %.2f km²", area)
		}
		if d := float64(n) / area; d < 1500 || d > 16000 {
			t.Errorf("%d people a km² in a town of %d", int(d), n)
		}
		last = area
	}
}

func BenchmarkGenerate45000(b *testing.B) {
	dir := b.TempDir()
	for i := range b.N {
		if _, err := Generate(context.Background(), Options{Seed: uint64(i), People: 45000, Dir: dir}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestApportionIsExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := rapid.SliceOfN(rapid.Float64Range(0, 500), 1, 60).Draw(r, "weights")
		w[0]++
		total := rapid.IntRange(0, 100000).Draw(r, "total")
		sum, all := 0, 0.0
		for _, x := range w {
			all += x
		}
		for i, n := range apportion(total, w) {
			sum += n
			if exact := float64(total) * w[i] / all; float64(n) < exact-1 || float64(n) > exact+1 {
				r.Fatalf("share %d is %d, exactly %.3f", i, n, exact)
			}
		}
		if sum != total {
			r.Fatalf("%d shared out of %d", sum, total)
		}
	})
}
