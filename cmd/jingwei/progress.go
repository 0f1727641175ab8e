package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress tells a person how far long work is: one line drawn over on a terminal, and otherwise a line
// every few seconds, so that a log stays readable.
type progress struct {
	w        io.Writer
	terminal bool
	quiet    bool
	last     time.Time
	drawn    bool
}

func (c *console) progress() *progress {
	p := &progress{w: c.stderr, terminal: c.terminal, quiet: c.JSON}
	if !p.terminal {
		p.last = time.Now() // what is done within seconds needs no line in a log
	}
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say shows a message that replaces the one before it.
func (p *progress) say(format string, args ...any) {
	if p.quiet {
		return
	}
	every := 5 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if time.Since(p.last) < every {
		return
	}
	p.last = time.Now()
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K%s", fmt.Sprintf(format, args...))
		p.drawn = true
		return
	}
	fmt.Fprintf(p.w, format+"\n", args...)
}

// stages shows work that tells its stage and the share of it that is done. A stage is shown when it begins, however short the one
// before was; and while it tells nothing, as when all of it is one statement of the database's, its seconds go on. end stops that.
func (p *progress) stages() (tell func(stage string, done float64), end func()) {
	var mu sync.Mutex
	var stage string
	var done float64
	var began time.Time
	show := func() {
		if seconds := time.Since(began).Seconds(); seconds < 2 {
			p.say("%s %3.0f %%", stageName(stage), 100*done)
		} else {
			p.say("%s %3.0f %% · %.0f s", stageName(stage), 100*done, seconds)
		}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticks := time.NewTicker(time.Second)
		defer ticks.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticks.C:
				mu.Lock()
				if stage != "" {
					show()
				}
				mu.Unlock()
			}
		}
	}()
	tell = func(now string, share float64) {
		mu.Lock()
		defer mu.Unlock()
		if now != stage && (p.terminal || time.Since(began) > time.Second) {
			p.last = time.Time{}
		}
		if now != stage {
			stage, began = now, time.Now()
		}
		done = share
		show()
	}
	end = sync.OnceFunc(func() {
		close(stop)
		<-stopped
		p.clear()
	})
	return tell, end
}

// step ends the line that say drew and prints one that stays.
func (p *progress) step(format string, args ...any) {
	if p.quiet {
		return
	}
	p.clear()
	fmt.Fprintf(p.w, format+"\n", args...)
}

// clear removes the line that say drew.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}
