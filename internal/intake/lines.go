package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// lines gives the rows of a CSV file (RFC 4180, and what people make of it): lines that end in LF, CRLF or CR; commas, semicolons or tabs; quotes
// where they are needed. A quote that isn't closed within some lines, or that swallows rows, breaks its own line and no other.
type lines struct {
	in    *bufio.Reader
	end   byte // of a line
	comma string
	width int // cells of the first row
	line  int
	ahead []string // lines that were read and not used
	eof   bool
}

const (
	longestLine = 1 << 16 // bytes
	mostFolded  = 8       // lines that one row may take
)

func newLines(text io.Reader) *lines {
	l := &lines{in: bufio.NewReaderSize(text, 1<<16), end: '\n'}
	head, _ := l.in.Peek(1 << 16)
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, _ = l.in.Discard(3)
		head = head[3:]
	}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		l.end = '\r'
	}
	l.comma = separator(head, l.end)
	return l
}

// separator is what most of the first lines have; of those that as many have, what they have the most of. A cell may be full of tabs.
func separator(head []byte, end byte) string {
	first := bytes.SplitN(head, []byte{end}, 4)
	best, bestLines, bestCount := ",", 0, 0
	for _, c := range []string{",", "\t", ";"} {
		lines, count := 0, 0
		for _, line := range first[:min(3, len(first))] {
			if n := bytes.Count(line, []byte(c)); n > 0 {
				lines, count = lines+1, count+n
			}
		}
		if lines > bestLines || lines == bestLines && count > bestCount {
			best, bestLines, bestCount = c, lines, count
		}
	}
	return best
}

func (l *lines) next() (Row, error) {
	text, err := l.read()
	if err != nil {
		return Row{}, err
	}
	l.line++
	row := Row{Line: l.line}
	if strings.IndexByte(text, '"') < 0 {
		row.Cells = strings.Split(text, l.comma)
		return l.seen(row), nil
	}
	cells, open, bad := split(text, l.comma)
	if !open {
		row.Cells, row.Broken = cells, bad
		if bad {
			row.Cells = []string{text}
		}
		return l.seen(row), nil
	}
	whole, more := text, []string(nil)
	for open && len(more) < mostFolded {
		another, err := l.read()
		if err != nil {
			break // the file ends within the quotes
		}
		more = append(more, another)
		whole += "\n" + another
		cells, open, bad = split(whole, l.comma)
	}
	if open || bad || l.width > 0 && len(cells) != l.width {
		l.ahead = append(more, l.ahead...)
		row.Cells, row.Broken = []string{text}, true
		return row, nil
	}
	l.line += len(more)
	row.Cells = cells
	return l.seen(row), nil
}

func (l *lines) seen(r Row) Row {
	if l.width == 0 && !r.empty() && len(r.Cells) > 1 {
		l.width = len(r.Cells)
	}
	return r
}

// read gives the next line without its end; one that is too long is cut.
func (l *lines) read() (string, error) {
	if len(l.ahead) > 0 {
		s := l.ahead[0]
		l.ahead = l.ahead[1:]
		return s, nil
	}
	if l.eof {
		return "", io.EOF
	}
	var long []byte
	for {
		piece, err := l.in.ReadSlice(l.end)
		if room := longestLine - len(long); len(long) > 0 || errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, piece[:min(room, len(piece))]...)
			piece = long
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			l.eof = true
			if len(piece) == 0 {
				return "", io.EOF
			}
		case err != nil:
			return "", err
		}
		text := strings.TrimSuffix(strings.TrimSuffix(string(piece), string(l.end)), "\r")
		return clip(text, longestLine-1), nil
	}
}

// split parts a line into its cells. open says that it ends within quotes, bad that something stands behind the quote that closes a cell.
func split(s, comma string) (cells []string, open, bad bool) {
	for {
		if !strings.HasPrefix(s, `"`) {
			i := strings.Index(s, comma)
			if i < 0 {
				return append(cells, s), false, false
			}
			cells, s = append(cells, s[:i]), s[i+1:]
			continue
		}
		cell, rest, closed := quoted(s[1:])
		if !closed {
			return cells, true, false
		}
		cells = append(cells, cell)
		switch {
		case rest == "":
			return cells, false, false
		case !strings.HasPrefix(rest, comma):
			return cells, false, true
		}
		s = rest[1:]
	}
}

// quoted reads to the quote that closes a cell; two of them are one in it.
func quoted(s string) (cell, rest string, closed bool) {
	i := strings.IndexByte(s, '"')
	if i >= 0 && !strings.HasPrefix(s[i+1:], `"`) {
		return s[:i], s[i+1:], true
	}
	var b strings.Builder
	for i >= 0 {
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s, true
		}
		b.WriteByte('"')
		s = s[1:]
		i = strings.IndexByte(s, '"')
	}
	return "", "", false
}
