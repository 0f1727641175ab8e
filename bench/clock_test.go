package bench

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// median runs f so many times and gives the middle one of its times.
func median(n int, f func()) time.Duration {
	took := make([]time.Duration, n)
	for i := range took {
		took[i] = once(f)
	}
	slices.Sort(took)
	return took[n/2]
}

func once(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// percentile of sorted values, 0 for none.
func percentile[T any](sorted []T, share float64) (v T) {
	if len(sorted) == 0 {
		return v
	}
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func seconds(d time.Duration) string {
	if s := d.Seconds(); s < 10 {
		return fmt.Sprintf("%.3g s", s)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 1 {
		return fmt.Sprintf("%.2f", ms)
	}
	return fmt.Sprintf("%.1f", ms)
}

// faster says how many times faster ours is than the baseline.
func faster(ours, baseline time.Duration) string { return times(baseline.Seconds() / ours.Seconds()) }

func times(ratio float64) string {
	if ratio >= 10 {
		return fmt.Sprintf("× %.0f", ratio)
	}
	return fmt.Sprintf("× %.2g", ratio)
}

// peak runs f and gives the most memory, in MB, that the whole process had resident meanwhile: Linux alone
// tells, and lets the mark be set back.
func peak(f func()) string {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		f()
		return "not known"
	}
	f()
	if most := mostResident(os.Getpid()); most != "" {
		return most
	}
	return "not known"
}

// mostResident is the most memory, in MB, that a process had resident so far, "" where nothing says so.
func mostResident(pid int) string {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.SplitSeq(string(status), "\n") {
		var kilobytes int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
			return fmt.Sprintf("%d MB", kilobytes/1000)
		}
	}
	return ""
}

// run executes a statement, which must succeed.
func run(b *testing.B, pool *pgxpool.Pool, sql string, args ...any) {
	b.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		b.Fatalf("%v\n%s", err, sql)
	}
}

// answer reads a statement's one row.
func answer(b *testing.B, pool *pgxpool.Pool, targets []any, sql string, args ...any) {
	b.Helper()
	if err := pool.QueryRow(context.Background(), sql, args...).Scan(targets...); err != nil {
		b.Fatalf("%v\n%s", err, sql)
	}
}
