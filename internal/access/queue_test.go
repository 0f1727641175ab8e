package access

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jingwei/internal/fault"
)

// A network that sends more than may wait is turned away; another one, and a browser that is known, come in all the same.
func TestAFloodDelaysItself(t *testing.T) {
	q := newQueue()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	leave, err := q.wait(ctx, "flood", false)
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	for range mostWaiting - 1 {
		waiting.Go(func() { pass(q.wait(ctx, "flood", false)) })
	}
	for q.inside("flood") < mostWaiting {
		time.Sleep(time.Millisecond)
	}
	var wait *Wait
	if _, err := q.wait(ctx, "flood", false); !errors.As(err, &wait) || fault.CodeOf(err) != fault.TooManyTries || wait.For <= 0 {
		t.Errorf("one too many: %v", err)
	}
	knownLeaves, err := q.wait(ctx, "flood", true)
	if err != nil {
		t.Errorf("a known browser: %v", err)
	}
	knownLeaves(false)

	// The flood's check is done, wrongly. The next of its own is held back; somebody from elsewhere isn't.
	leave(false)
	otherLeaves, err := q.wait(ctx, "elsewhere", false)
	if err != nil {
		t.Errorf("another network: %v", err)
	}
	otherLeaves(true)
	stop()
	waiting.Wait()
	for q.inside("flood")+q.inside("elsewhere") > 0 {
		time.Sleep(time.Millisecond)
	}
	if n := len(q.lanes); n != 0 {
		t.Errorf("%d lanes are left", n)
	}
}

// However many networks come, what is kept of them is bounded.
func TestNetworksAreBounded(t *testing.T) {
	q := newQueue()
	ctx, stop := context.WithCancel(context.Background())
	q.unknown <- struct{}{} // somebody's check is under way, so nobody passes
	var waiting sync.WaitGroup
	for n := range mostNetworks {
		waiting.Go(func() { pass(q.wait(ctx, fmt.Sprint(n), false)) })
	}
	for q.networks() < mostNetworks {
		time.Sleep(time.Millisecond)
	}
	if _, err := q.wait(ctx, "one more", false); fault.CodeOf(err) != fault.TooManyTries {
		t.Errorf("one more network: %v", err)
	}
	stop()
	waiting.Wait()
}

// pass leaves again, if there was a turn.
func pass(leave func(bool), err error) {
	if err == nil {
		leave(true)
	}
}

func (q *queue) networks() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lanes)
}

func (q *queue) inside(network string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l := q.lanes[network]; l != nil {
		return l.inside
	}
	return 0
}
