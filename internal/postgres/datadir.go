package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"jingwei/internal/fault"
)

// markerFile lies in a data directory that we made. One without it is somebody else's: never touched.
const markerFile = "JINGWEI"

type marker struct {
	MadeBy string `json:"made_by"`
	Major  int    `json:"postgresql"`
}

// inspectData says what lies in the data directory: 0 when nothing does, otherwise the major version of a
// cluster of ours; a fault when it isn't ours.
func inspectData(data string) (major int, err error) {
	entries, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return 0, nil
	}
	if err != nil {
		return 0, fault.Wrap(err, fault.Unavailable,
			fmt.Sprintf("打不开数据目录 %s：%v。请检查 --data-dir 及其权限。", data, err),
			fmt.Sprintf("Can't look into the data directory %s: %v. Check --data-dir and its permissions.", data, err))
	}
	var m marker
	text, err := os.ReadFile(filepath.Join(data, markerFile))
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil || m.MadeBy != "jingwei" {
		return 0, foreign(data)
	}
	version, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return 0, fault.Wrap(err, fault.Unavailable,
			fmt.Sprintf("数据目录 %s 不完整：缺少 PG_VERSION。请从备份恢复，或用 --data-dir 换一个目录。", data),
			fmt.Sprintf("The data directory %s isn't whole: PG_VERSION is missing. Restore it from a backup, or choose another with --data-dir.", data))
	}
	return strconv.Atoi(strings.TrimSpace(string(version)))
}

func foreign(dir string) error {
	return fault.New(fault.Unavailable,
		fmt.Sprintf("%s 里已有别的内容，不是 Jingwei 建的数据库。请用 --data-dir 换一个目录；若要用这个 PostgreSQL，请启动它并用 --database-url 指定。", dir),
		fmt.Sprintf("%s holds something that Jingwei didn't make. Choose another directory with --data-dir; to use this PostgreSQL, start it and name it with --database-url.", dir))
}

// initData makes a cluster (on disk for good if sync): aside first, then under its name in one step, so that an initdb that was killed
// half-way never passes for a cluster.
func initData(ctx context.Context, p programs, a account, dir string, sync bool) error {
	fresh, err := a.freshDir(dir)
	if err != nil {
		return err
	}
	args := []string{"--pgdata=" + fresh, "--username=" + superuser, "--encoding=UTF8", "--locale=C.UTF-8",
		"--lc-messages=C", "--auth=trust", "--no-instructions"}
	if !sync {
		args = append(args, "--no-sync")
	}
	out, err := run(ctx, a.command(fresh, filepath.Join(p.bin, "initdb"), args...))
	if err != nil {
		return fault.Wrap(fmt.Errorf("%w: %s", err, out), fault.Unavailable,
			fmt.Sprintf("在 %s 建立数据库失败（initdb）：%s", fresh, lastLine(out)),
			fmt.Sprintf("Making the database in %s failed (initdb): %s", fresh, lastLine(out)))
	}
	if err := a.appendTo(filepath.Join(fresh, "postgresql.conf"), "\ninclude_if_exists '../jingwei.conf'\n"); err != nil {
		return err
	}
	text, _ := json.Marshal(marker{MadeBy: "jingwei", Major: p.major})
	if err := a.appendTo(filepath.Join(fresh, markerFile), string(text)+"\n"); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	if err := os.Remove(data); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // it was empty when we looked
	}
	return os.Rename(fresh, data)
}

// freshDir is a directory of the account's for a cluster to be made in, each time another: when the program
// that began one is killed, its initdb may still be writing there, and removes what it made when it fails.
func (a account) freshDir(dir string) (string, error) {
	const prefix = "data.new"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name())) // what is still being written goes the next time
		}
	}
	fresh, err := os.MkdirTemp(dir, prefix+"-") // mode 0700
	if err != nil {
		return "", err
	}
	return fresh, os.Chown(fresh, a.uid, a.gid)
}

// appendTo writes to a file in a directory of the account's without following a link.
func (a account) appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chown(a.uid, a.gid); err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// longestSocket is what fits into a sockaddr_un without its closing zero byte.
const longestSocket = 107

// socketDir is where the server's socket lies: beside its data, or, where that path is too long for a Unix
// socket or holds a comma (which separates sockets and hosts in PostgreSQL's settings), in a short directory named after a hash of it, the same for every program that uses the cluster.
func socketDir(a account, dir string) (string, error) {
	socket := filepath.Join(dir, "socket")
	if len(filepath.Join(socket, socketName)) <= longestSocket && !strings.ContainsAny(socket, `,"`) {
		return socket, a.ownDir(socket)
	}
	sum := sha256.Sum256([]byte(dir))
	name := hex.EncodeToString(sum[:6])
	if a.drop {
		if err := os.MkdirAll("/run/jingwei", 0o755); err == nil {
			socket = filepath.Join("/run/jingwei", name)
			return socket, a.ownDir(socket)
		}
	}
	socket = fmt.Sprintf("/tmp/jingwei-%d-%s", a.uid, name)
	return socket, a.ownDir(socket)
}

func run(ctx context.Context, cmd *exec.Cmd) (string, error) {
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		return out.String(), err
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		<-done
		return out.String(), ctx.Err()
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
