package audit

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jingwei/internal/fault"
)

// HeadsFile is the name of the file of heads in the data directory.
const HeadsFile = "audit-heads"

// Heads is the file outside the database that says how far each chain had come, a line after each batch:
//
//	110108 2026-03-02 57 0a1b…(hex of the link's mac) 2026-03-02T10:00:00+08:00
//
// Whoever can rewrite the database, even with the keys, can't take back what is written here, so it is best kept
// where they can't write. It is only appended to. A full one goes on under the name and a number (audit-heads.1, then .2).
type Heads struct {
	path string
	most int64 // bytes, after which a new file is begun
}

// OpenHeads says which file it is; it is made when the first head is written.
func OpenHeads(path string) *Heads { return &Heads{path: path, most: 64 << 20} }

// head is the end of a day's chain at some moment.
type head struct {
	county  int
	day     string
	seq     int
	mac     []byte
	dropped bool // the day's entries were dropped then
}

func (h head) line(at time.Time) string {
	line := fmt.Sprintf("%d %s %d %s %s", h.county, h.day, h.seq, hex.EncodeToString(h.mac), at.In(Zone).Format(time.RFC3339))
	if h.dropped {
		line += " dropped"
	}
	return line + "\n"
}

// parseHead reads a line; ok says whether it is one.
func parseHead(line string) (h head, ok bool) {
	words := strings.Fields(line)
	if len(words) < 5 || len(words) > 6 || len(words) == 6 && words[5] != "dropped" {
		return h, false
	}
	var errs [4]error
	h.county, errs[0] = strconv.Atoi(words[0])
	h.seq, errs[1] = strconv.Atoi(words[2])
	h.mac, errs[2] = hex.DecodeString(words[3])
	_, errs[3] = time.Parse(time.DateOnly, words[1])
	h.day, h.dropped = words[1], len(words) == 6
	return h, errors.Join(errs[:]...) == nil && h.seq > 0 && h.seq < 1<<31 && h.county > 0 && h.county < 1<<31 && len(h.mac) > 0
}

// writable opens the file as append would, so that a batch isn't linked whose heads can't be kept.
func (h *Heads) writable() error {
	f, err := h.open()
	if err != nil {
		return err
	}
	return f.Close()
}

func (h *Heads) open() (*os.File, error) {
	const how = os.O_RDWR | os.O_APPEND | os.O_CREATE | syscall.O_NOFOLLOW
	f, err := os.OpenFile(h.path, how, 0o600)
	if errors.Is(err, fs.ErrNotExist) { // with a database elsewhere nobody has made the data directory yet
		if err = os.MkdirAll(filepath.Dir(h.path), 0o755); err == nil {
			f, err = os.OpenFile(h.path, how, 0o600)
		}
	}
	if err != nil {
		return nil, h.unwritable(err)
	}
	return f, nil
}

// append adds heads, in one write, and has them on the disk when it returns.
func (h *Heads) append(heads []head, at time.Time) (err error) {
	if len(heads) == 0 {
		return nil
	}
	if err := h.rotate(); err != nil {
		return err
	}
	f, err := h.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var text strings.Builder
	if torn(f) {
		text.WriteByte('\n') // the machine stopped in the middle of a line: the next one isn't to be lost with it
	}
	for _, one := range heads {
		text.WriteString(one.line(at))
	}
	if _, err := f.WriteString(text.String()); err != nil {
		return h.unwritable(err)
	}
	if err := f.Sync(); err != nil {
		return h.unwritable(err)
	}
	return nil
}

// torn says whether the file ends in the middle of a line.
func torn(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}

// rotate gives a full file the next free number. The numbers grow: no file is ever renamed twice or written over.
func (h *Heads) rotate() error {
	info, err := os.Stat(h.path)
	if err != nil || info.Size() < h.most || !info.Mode().IsRegular() {
		return nil
	}
	for n := 1; ; n++ {
		next := fmt.Sprintf("%s.%d", h.path, n)
		err := os.Link(h.path, next) // unlike a renaming it never replaces a file
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			err = os.Remove(h.path)
		}
		if err != nil {
			return h.unwritable(err)
		}
		return nil
	}
}

func (h *Heads) unwritable(err error) error {
	return fault.Wrap(err, fault.Unavailable,
		fmt.Sprintf("写不了审计链头文件 %s。请检查磁盘空间和权限；在此之前审计记录不会入链。", h.path),
		fmt.Sprintf("The file of the audit chains' heads, %s, can't be written. Check the disk's space and permissions; until then no entry is chained.", h.path))
}

// Exist says whether there is such a file, full ones of its name included.
func (h *Heads) Exist() bool { return len(h.files()) > 0 }

// files are the file and those that were full, as far as they are there.
func (h *Heads) files() []string {
	var found []string
	if _, err := os.Stat(h.path); err == nil {
		found = append(found, h.path)
	}
	numbered, _ := filepath.Glob(escapeGlob(h.path) + ".*")
	for _, path := range numbered {
		if n, err := strconv.Atoi(strings.TrimPrefix(path, h.path+".")); err == nil && n > 0 {
			found = append(found, path)
		}
	}
	return found
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// headReader reads the heads of files one after another, as pgx.CopyFromSource wants them.
type headReader struct {
	paths   []string
	file    *os.File
	lines   *bufio.Reader
	now     head
	read    int // heads
	strange int // lines that are none
	err     error
}

// Next goes to the next head.
func (r *headReader) Next() bool {
	for r.err == nil {
		if r.lines == nil && !r.nextFile() {
			return false
		}
		line, err := r.lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			r.close()
		} else if err != nil {
			r.err = err
			return false
		}
		if h, ok := parseHead(line); ok {
			r.now = h
			r.read++
			return true
		}
		if strings.TrimSpace(line) != "" {
			r.strange++
		}
	}
	return false
}

func (r *headReader) nextFile() bool {
	if len(r.paths) == 0 {
		return false
	}
	if r.file, r.err = os.Open(r.paths[0]); r.err != nil {
		r.err = fault.Wrap(r.err, fault.NotFound, fmt.Sprintf("读不了审计链头文件 %s。", r.paths[0]), fmt.Sprintf("The file of heads %s can't be read.", r.paths[0]))
		return false
	}
	r.paths, r.lines = r.paths[1:], bufio.NewReaderSize(r.file, 1<<16)
	return true
}

func (r *headReader) close() {
	_ = r.file.Close()
	r.lines = nil
}

// Values are the columns of audit_head.
func (r *headReader) Values() ([]any, error) {
	day, err := time.Parse(time.DateOnly, r.now.day)
	return []any{int32(r.now.county), day, int32(r.now.seq), r.now.mac}, err
}

// Err is why reading ended early.
func (r *headReader) Err() error { return r.err }
