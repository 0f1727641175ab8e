package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"jingwei/internal/fault"
)

// replaceFile writes a file under a temporary name beside its place and renames it: whoever reads the path
// sees the old file or the whole new one. A link stays one, what it points to is replaced. A device or a pipe
// (/dev/stdout) is written into: renaming would put a file in its place.
func replaceFile(path string, write func(*os.File) error) (err error) {
	switch st, err := os.Stat(path); {
	case err == nil && st.IsDir():
		return fault.New(fault.Invalid, fmt.Sprintf("无法写入 %s：这是目录", path), fmt.Sprintf("can't write %s: it is a directory", path))
	case err == nil && !st.Mode().IsRegular():
		return writeInto(path, write)
	case err == nil:
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return unwritable(path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeInto(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(path, err)
	}
	defer f.Close()
	if err := write(f); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return fault.Wrap(err, fault.Invalid,
		fmt.Sprintf("无法写入 %s：%v", path, err), fmt.Sprintf("can't write %s: %v", path, err))
}

// writable says whether results can be written where they are wanted, by writing nothing there. Empty paths are passed over.
func writable(paths ...string) error {
	for _, path := range paths {
		if st, err := os.Stat(path); path == "" || err == nil && !st.IsDir() && !st.Mode().IsRegular() {
			continue
		}
		errNothing := errors.New("nothing is to be written")
		if err := replaceFile(path, func(*os.File) error { return errNothing }); !errors.Is(err, errNothing) {
			return err
		}
	}
	return nil
}

// namedFile is a path and what names it on the command line.
type namedFile struct{ flag, path string }

// distinct refuses to write a result over another one or over what it is made from, under whatever name.
// Devices and pipes may serve several times.
func distinct(results, inputs []namedFile) error {
	for i, r := range results {
		for _, other := range append(results[:i:i], inputs...) {
			if r.path != "" && other.path != "" && oneFile(r.path, other.path) {
				return fault.New(fault.Invalid,
					fmt.Sprintf("%s 与 %s 是同一个文件 %s，请另选一个", r.flag, other.flag, r.path),
					fmt.Sprintf("%s and %s are the same file, %s: choose another one", r.flag, other.flag, r.path))
			}
		}
	}
	return nil
}

func oneFile(a, b string) bool {
	one, err := os.Stat(a)
	other, errOther := os.Stat(b)
	if err == nil && errOther == nil {
		return one.Mode().IsRegular() && os.SameFile(one, other)
	}
	return err != nil && errOther != nil && wholePath(a) == wholePath(b)
}

// wholePath is the path of a file that may not be there yet, its folder's links resolved.
func wholePath(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	return path
}

func encodeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func writeText(path, text string) error {
	return replaceFile(path, func(f *os.File) error {
		_, err := f.WriteString(text)
		return err
	})
}

// writeSecret is writeText for what only the owner may read.
func writeSecret(path, text string) error {
	return replaceFile(path, func(f *os.File) error {
		if err := f.Chmod(0o600); err != nil {
			return err
		}
		_, err := f.WriteString(text)
		return err
	})
}
