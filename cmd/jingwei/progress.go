package main

import (
	"fmt"
	"io"
	"os"
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
