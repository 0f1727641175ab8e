package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxFeature is the most bytes one GeoJSON feature may take.
const maxFeature = 64 << 20

// brokenError says where in a file reading had to stop.
type brokenError struct {
	at      int64 // byte offset
	feature int   // index of the feature that was being read, -1 where features aren't counted
	err     error
}

func (e *brokenError) Error() string {
	if e.feature < 0 {
		return fmt.Sprintf("broken at byte %d: %v", e.at, e.err)
	}
	return fmt.Sprintf("broken at byte %d, in feature %d: %v", e.at, e.feature, e.err)
}

func (e *brokenError) Unwrap() error { return e.err }

var (
	errCut   = errors.New("the file ends in the middle of a feature")
	errEmpty = errors.New("the file is empty")
	errJSON  = errors.New("this is not GeoJSON")
)

// splitter cuts a stream of GeoJSON into the bytes of its features without understanding them, so that a
// feature with NaN in it costs that feature and not the file. It takes a FeatureCollection, a sequence of
// features one a line (with or without record separators), and a single feature or geometry.
type splitter struct {
	r     *bufio.Reader
	at    int64
	index int                                         // of the feature being read
	head  map[string][]byte                           // small members of the collection before "features": crs, name
	each  func(index int, at int64, raw []byte) error // raw is nil for a feature over maxFeature; valid during the call
	buf   []byte
}

func newSplitter(r io.Reader, each func(index int, at int64, raw []byte) error) *splitter {
	return &splitter{r: bufio.NewReaderSize(r, 1<<18), each: each, head: map[string][]byte{}}
}

// run reads to the end. Errors of the file are *brokenError; others are each's own or the reader's.
func (s *splitter) run() error {
	if b, _ := s.r.Peek(3); bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		s.skip(3)
	}
	for first := true; ; first = false {
		c, err := s.token()
		if err == io.EOF {
			if first {
				return s.broken(errEmpty)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if c != '{' {
			return s.broken(errJSON)
		}
		if err := s.top(); err != nil {
			return err
		}
	}
}

// top reads one object of the top level; its opening brace is read.
func (s *splitter) top() error {
	start := s.at - 1
	whole := []byte{'{'}
	collection := false
	for {
		c, err := s.must()
		if err != nil {
			return err
		}
		if c == ',' {
			whole = append(whole, ',')
			continue
		}
		if c == '}' {
			break
		}
		if c != '"' {
			return s.broken(errJSON)
		}
		key, err := s.text()
		if err != nil {
			return err
		}
		if c, err := s.must(); err != nil || c != ':' {
			return s.or(err)
		}
		c, err = s.must()
		if err != nil {
			return err
		}
		if string(key) == `"features"` && c == '[' {
			collection = true
			if err := s.features(); err != nil {
				return err
			}
			whole = append(append(whole, key...), `:[]`...)
			continue
		}
		if string(key) == `"features"` { // something else than a list: its features, if there are any, can't be told
			return s.broken(errJSON)
		}
		value, err := s.value(c)
		if err != nil {
			return err
		}
		if len(value) < 4096 {
			s.head[string(bytes.Trim(key, `"`))] = bytes.Clone(value)
		}
		whole = append(append(append(whole, key...), ':'), value...)
	}
	if collection || bytes.Contains(s.head["type"], []byte("FeatureCollection")) {
		return nil
	}
	s.index++
	return s.each(s.index-1, start, append(whole, '}'))
}

func (s *splitter) features() error {
	for {
		c, err := s.must()
		if err != nil {
			return err
		}
		switch c {
		case ',':
			continue
		case ']':
			return nil
		}
		at := s.at - 1
		raw, err := s.value(c)
		if err != nil {
			return err
		}
		if err := s.each(s.index, at, raw); err != nil {
			return err
		}
		s.index++
	}
}

// value reads one JSON value whose first byte is c, by its brackets and quotes alone. It gives nil for one
// that is too long, having read over it.
func (s *splitter) value(c byte) ([]byte, error) {
	s.buf = append(s.buf[:0], c)
	depth, quoted, escaped, long := 0, c == '"', false, false
	if c == '{' || c == '[' {
		depth = 1
	}
	for depth > 0 || quoted {
		c, err := s.next()
		if err != nil {
			return nil, s.cut(err)
		}
		if len(s.buf) < maxFeature {
			s.buf = append(s.buf, c)
		} else {
			long = true
		}
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	switch c {
	case '{', '[', '"':
		if long {
			return nil, nil
		}
		return s.buf, nil
	}
	for { // a bare word: a number, true, null, NaN
		b, err := s.r.Peek(1)
		if err != nil {
			return nil, s.cut(err)
		}
		switch b[0] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return s.buf, nil
		}
		if len(s.buf) > 1024 {
			return nil, s.broken(errJSON)
		}
		c, _ := s.next()
		s.buf = append(s.buf, c)
	}
}

// text reads a string whose opening quote is read, and gives it with its quotes.
func (s *splitter) text() ([]byte, error) {
	raw, err := s.value('"')
	return bytes.Clone(raw), err
}

// token gives the next byte that isn't blank or a record separator.
func (s *splitter) token() (byte, error) {
	for {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		switch c {
		case ' ', '\t', '\r', '\n', 0x1e:
		default:
			return c, nil
		}
	}
}

// must is token where the file may not end.
func (s *splitter) must() (byte, error) {
	c, err := s.token()
	if err != nil {
		return 0, s.cut(err)
	}
	return c, nil
}

func (s *splitter) next() (byte, error) {
	c, err := s.r.ReadByte()
	if err == nil {
		s.at++
	}
	return c, err
}

func (s *splitter) skip(n int) {
	k, _ := s.r.Discard(n)
	s.at += int64(k)
}

func (s *splitter) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return s.broken(errCut)
	}
	return err
}

func (s *splitter) or(err error) error {
	if err != nil {
		return err
	}
	return s.broken(errJSON)
}

func (s *splitter) broken(err error) error { return &brokenError{s.at, s.index, err} }
