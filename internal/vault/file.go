package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"jingwei/internal/fault"
)

// maxFile is more than ten thousand keys: what is longer isn't a file of keys.
const maxFile = 1 << 20

// envName is the variable whose value Config.Env is.
const envName = "JINGWEI_KEYS"

// Config says where the keys are.
type Config struct {
	hidden
	File   string       // the file of keys
	Env    string       // the value of JINGWEI_KEYS, lines as in the file, or ended by semicolons; it goes before the file
	Create bool         // make a missing file: only for a database that has nothing sealed in it yet
	Logger *slog.Logger // nil: silent
}

// Open reads the keys, from the environment's text if there is one, else from the file. With Create a missing file
// is made with fresh keys; two processes at once get the same. Faults: NotFound, Invalid and Unavailable, with what
// to do.
func Open(c Config) (*Vault, error) {
	v := &Vault{log: c.Logger, born: time.Now()}
	if v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	if c.Env != "" {
		r, err := parse(envLines(c.Env), envName)
		if err != nil {
			return nil, err
		}
		v.env = true
		v.ring.Store(r)
		return v, nil
	}
	path, err := filepath.Abs(c.File)
	if err != nil || c.File == "" {
		return nil, fault.Wrap(err, fault.Invalid,
			"没有说明密钥文件在哪里。请指定文件，或设置 JINGWEI_KEYS。",
			"It wasn't said where the key file is. Name a file, or set JINGWEI_KEYS.")
	}
	text, seen, err := read(path)
	if errors.Is(err, fs.ErrNotExist) && c.Create {
		if err = create(path); err == nil {
			text, seen, err = read(path)
		}
	}
	if err != nil {
		return nil, err
	}
	r, err := parse(text, path)
	if err != nil {
		return nil, err
	}
	v.file, v.seen = path, seen
	v.ring.Store(r)
	return v, nil
}

// envLines puts keys that semicolons part on lines of their own; a semicolon in a comment parts nothing.
func envLines(text string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		keys, _, _ := strings.Cut(l, "#")
		b.WriteString(strings.ReplaceAll(keys, ";", "\n") + "\n")
	}
	return b.String()
}

// stamp tells one state of a file from another.
type stamp struct {
	inode         uint64
	size          int64
	changed, made int64 // nanoseconds: of the bytes; of bytes, mode or owner
}

func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), changed: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		s.inode, s.made = st.Ino, st.Ctim.Nano()
	}
	return s
}

// read gives the file's text and its stamp. A file that others can read is refused.
func read(path string) (string, stamp, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // doesn't wait for the writer of a pipe
	if errors.Is(err, fs.ErrNotExist) {
		return "", stamp{}, fault.Wrap(err, fault.NotFound,
			fmt.Sprintf("找不到密钥文件 %s。请从备份放回；没有它，已加密的数据打不开。", path),
			fmt.Sprintf("There is no key file %s. Put it back from its backup; without it, what is sealed can't be opened.", path))
	} else if err != nil {
		return "", stamp{}, unreadable(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", stamp{}, unreadable(path, err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", stampOf(info), fault.New(fault.Invalid,
			fmt.Sprintf("%s 不是密钥文件。请检查路径。", path), fmt.Sprintf("%s isn't a key file. Check the path.", path))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", stampOf(info), fault.New(fault.Invalid,
			fmt.Sprintf("密钥文件 %s 能被其他用户读取。请运行 chmod 600 %s。", path, path),
			fmt.Sprintf("Other users can read the key file %s. Run chmod 600 %s.", path, path))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", stampOf(info), unreadable(path, err)
	}
	return string(text), stampOf(info), nil
}

func unreadable(path string, err error) error {
	return fault.Wrap(err, fault.Unavailable,
		fmt.Sprintf("读不了密钥文件 %s。请检查它和它的目录的权限。", path),
		fmt.Sprintf("The key file %s can't be read. Check its and its directory's permissions.", path))
}

// refresh reads the file if it isn't what was read before. What can't be read (somebody is editing it) leaves the
// keys as they are, with one line in the log for each state of the file.
func (v *Vault) refresh() {
	if v.file == "" {
		return
	}
	v.reading.Lock()
	defer v.reading.Unlock()
	now := stamp{}
	if info, err := os.Stat(v.file); err == nil {
		now = stampOf(info)
	}
	if now == v.seen {
		return
	}
	text, seen, err := read(v.file)
	var r *ring
	if err == nil {
		r, err = parse(text, v.file)
	}
	if err != nil {
		v.seen = now
		v.log.Warn("the key file has changed and can't be read; the keys read before stay in use", "error", err)
		return
	}
	v.seen = seen
	v.ring.Store(r)
}

// create makes the file with fresh keys, unless another process was quicker.
func create(path string) error {
	return locked(path, func() error {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		return write(path, freshText(time.Now()))
	})
}

// locked runs f while no other process makes or changes keys in the same directory. The lock lies on the directory
// itself, as the file is replaced whole; the kernel drops it with the process.
func locked(path string, f func() error) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return unwritable(path, err)
	}
	defer dir.Close()
	for err = syscall.EINTR; errors.Is(err, syscall.EINTR); {
		err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return unwritable(path, err)
	}
	return f()
}

// write puts the text in the place of the file, whole or not at all, and on the disk before it returns. The caller
// holds the lock, so a file with the same temporary name is a dead process's.
func write(path, text string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the link stays
	}
	next := path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(path, err)
	}
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, keepOwner(f, path), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		_ = os.Remove(next)
		return unwritable(path, err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return unwritable(path, err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// keepOwner gives the new file to the owner of the one it replaces: root may rotate the keys of another user.
func keepOwner(f *os.File, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // there is none yet
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return f.Chown(int(st.Uid), int(st.Gid))
	}
	return nil
}

func unwritable(path string, err error) error {
	return fault.Wrap(err, fault.Unavailable,
		fmt.Sprintf("写不了密钥文件 %s。请检查目录是否存在、是否可写。", path),
		fmt.Sprintf("The key file %s can't be written. Check that its directory exists and is writable.", path))
}
