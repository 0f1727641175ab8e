package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jingwei/internal/fault"
)

// A network that sends more than may wait is turned away; another one, and a browser that is known, come in all the same.
func TestAFloodDelaysItself(t *testing.T) {
	q := newQueue()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	first, err := q.wait(ctx, "flood", "")
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range mostWaiting - 1 {
		waiting.Go(func() { pass(q.wait(ctx, "flood", "")) })
	}
	for q.unknown.inside("flood") < mostWaiting {
		time.Sleep(time.Millisecond)
	}
	var wait *Wait
	if _, err := q.wait(ctx, "flood", ""); !errors.As(err, &wait) || fault.CodeOf(err) != fault.TooManyTries || wait.For <= 0 {
		t.Errorf("one too many: %v", err)
	}
	known, err := q.wait(ctx, "flood", "browser")
	if err != nil {
		t.Errorf("a known browser: %v", err)
	}
	known.leave(false)

	// The flood's check is done, wrongly. The next of its own is held back; somebody from elsewhere isn't.
	first.leave(false)
	other, err := q.wait(ctx, "elsewhere", "")
	if err != nil {
		t.Errorf("another network: %v", err)
	}
	other.leave(true)
	stop()
	waiting.Wait()
	for q.unknown.inside("flood")+q.unknown.inside("elsewhere")+q.known.inside("browser") > 0 {
		time.Sleep(time.Millisecond)
	}
	if n := len(q.unknown.lanes) + len(q.known.lanes); n != 0 {
		t.Errorf("%d lanes are left", n)
	}
}

// A known browser from which many passwords come delays itself, and no other one.
func TestAKnownBrowserDelaysItself(t *testing.T) {
	q := newQueue()
	ctx, stop := context.WithCancel(context.Background())
	first, err := q.wait(ctx, "office", "one")
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range mostWaiting - 1 {
		waiting.Go(func() { pass(q.wait(ctx, "office", "one")) })
	}
	for q.known.inside("one") < mostWaiting {
		time.Sleep(time.Millisecond)
	}
	if _, err := q.wait(ctx, "office", "one"); fault.CodeOf(err) != fault.TooManyTries {
		t.Errorf("one too many: %v", err)
	}
	for _, device := range []string{"two", ""} {
		other, err := q.wait(ctx, "office", device)
		if err != nil {
			t.Fatalf("browser %q at the same address: %v", device, err)
		}
		if err := other.try(ctx, func() error { return nil }); err != nil {
			t.Errorf("browser %q at the same address: %v", device, err)
		}
		other.leave(true)
	}
	first.leave(true)
	stop()
	waiting.Wait()
}

// Checks come one after another, whoever waits for them; known browsers don't wait for the others.
func TestChecksComeOneAfterAnother(t *testing.T) {
	q := newQueue()
	var all sync.WaitGroup
	var under, most atomic.Int32
	for n := range 20 {
		all.Go(func() {
			turn, err := q.wait(context.Background(), fmt.Sprint(n), "")
			if err != nil {
				t.Error(err)
				return
			}
			defer turn.leave(true)
			_ = turn.try(context.Background(), func() error {
				now := under.Add(1)
				for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
				}
				known, err := q.wait(context.Background(), "", fmt.Sprint(n))
				if err == nil {
					err = known.try(context.Background(), func() error { return nil })
					known.leave(true)
				}
				time.Sleep(time.Millisecond)
				under.Add(-1)
				return err
			})
		})
	}
	all.Wait()
	if most.Load() != 1 {
		t.Errorf("%d checks at once", most.Load())
	}
}

// Who tries many wrong passwords in a row waits longer between them, up to a limit; a right one ends that.
func TestWrongOnesHoldTheLaneLonger(t *testing.T) {
	var got []time.Duration
	for wrong := range 10 {
		got = append(got, paceAfter(wrong)/time.Millisecond)
	}
	if want := []time.Duration{150, 150, 150, 150, 150, 150, 300, 600, 600, 600}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	q := newQueue()
	wrong := 0
	for _, c := range []struct{ tries, right bool }{{true, false}, {false, false}, {true, false}, {true, true}, {true, false}} {
		turn, err := q.wait(context.Background(), "office", "")
		if err != nil {
			t.Fatal(err)
		}
		if turn.lane.wrong != wrong {
			t.Errorf("%d wrong ones are counted, want %d", turn.lane.wrong, wrong)
		}
		next := make(chan struct{})
		go func() { // keeps the lane from being empty
			defer close(next)
			turn, err := q.wait(context.Background(), "office", "")
			if err != nil {
				t.Error(err)
				return
			}
			turn.leave(false)
		}()
		for q.unknown.inside("office") < 2 {
			time.Sleep(time.Millisecond)
		}
		if c.tries {
			_ = turn.try(context.Background(), func() error { return nil })
		}
		turn.leave(c.right)
		<-next
		switch {
		case c.right:
			wrong = 0
		case c.tries:
			wrong++
		}
	}
}

// However many networks come, what is kept of them is bounded.
func TestNetworksAreBounded(t *testing.T) {
	q := newQueue()
	var turns []*turn
	for n := range mostNetworks {
		turn, err := q.wait(context.Background(), fmt.Sprint(n), "")
		if err != nil {
			t.Fatal(err)
		}
		turns = append(turns, turn)
	}
	if _, err := q.wait(context.Background(), "one more", ""); fault.CodeOf(err) != fault.TooManyTries {
		t.Errorf("one more network: %v", err)
	}
	for _, turn := range turns {
		turn.leave(true)
	}
	pass(q.wait(context.Background(), "one more", ""))
	if n := len(q.unknown.lanes); n != 0 {
		t.Errorf("%d lanes are left", n)
	}
}

// pass leaves again, if there was a turn.
func pass(t *turn, err error) {
	if err == nil {
		t.leave(true)
	}
}

func (h *hall) inside(from string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l := h.lanes[from]; l != nil {
		return l.inside
	}
	return 0
}
