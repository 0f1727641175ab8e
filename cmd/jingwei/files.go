package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"jingwei/internal/fault"
)

// replaceFile writes a file under a temporary name beside its place and renames it: whoever reads the path
// sees the old file or the whole new one.
func replaceFile(path string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fault.Wrap(err, fault.Invalid,
			fmt.Sprintf("无法写入 %s：%v", path, err), fmt.Sprintf("can't write %s: %v", path, err))
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
