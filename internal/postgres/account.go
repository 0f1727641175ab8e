package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"jingwei/internal/fault"
)

// account is the user the server runs as. PostgreSQL refuses root, so as root it is another one.
type account struct {
	uid, gid int
	name     string
	drop     bool // we are root and have to become this user
}

// serverAccount chooses the account: ourselves, or as root the owner of the cluster that is there already,
// else the user jingwei or postgres.
func serverAccount(data string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	if info, err := os.Stat(data); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			a := account{uid: int(st.Uid), gid: int(st.Gid), name: strconv.Itoa(int(st.Uid)), drop: true}
			if u, err := user.LookupId(a.name); err == nil {
				a.name = u.Username
			}
			return a, nil
		}
	}
	for _, name := range []string{"jingwei", "postgres"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{uid: uid, gid: gid, name: name, drop: true}, nil
		}
	}
	return account{}, fault.New(fault.Unavailable,
		"PostgreSQL 不能以 root 身份运行，而系统里没有 jingwei 或 postgres 用户。请先建一个：useradd --system jingwei。",
		"PostgreSQL refuses to run as root, and there is no user jingwei or postgres. Make one first: useradd --system jingwei.")
}

// command prepares a program to run as the account in a session of its own, so that Ctrl-C in our terminal
// doesn't reach the server before we have let go of it.
func (a account) command(dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + dir}
	if tz := os.Getenv("TZ"); tz != "" {
		cmd.Env = append(cmd.Env, "TZ="+tz)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// ownDir makes a directory that only the account (and root) can enter, or checks that an existing one is such
// a one: in /tmp somebody else might have put something in its place.
func (a account) ownDir(path string) error {
	if err := os.Mkdir(path, 0o700); err == nil {
		return os.Chown(path, a.uid, a.gid)
	} else if !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(st.Uid) != a.uid {
		return fault.New(fault.Unavailable,
			fmt.Sprintf("%s 不是用户 %d 自己的目录。请删除它，或换一个 --data-dir。", path, a.uid),
			fmt.Sprintf("%s isn't a directory of user %d's own. Remove it, or choose another --data-dir.", path, a.uid))
	}
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(path, 0o700)
	}
	return nil
}

// canReach checks that the account can enter the directory through all that lies above it, by letting it try.
func (a account) canReach(dir string) error {
	cmd := a.command(dir, "/bin/sh", "-c", ":")
	if err := cmd.Run(); err != nil {
		return fault.Wrap(err, fault.Unavailable,
			fmt.Sprintf("用户 %s 进不了 %s（PostgreSQL 以该用户运行）。请用 --data-dir 换一个它能到达的目录，例如 /var/lib/jingwei。", a.name, dir),
			fmt.Sprintf("User %s, as whom PostgreSQL runs, can't enter %s. Choose a directory that it can reach with --data-dir, for example /var/lib/jingwei.", a.name, dir))
	}
	return nil
}

// DefaultDataDir is where the program keeps its data unless told otherwise: /var/lib/jingwei as root, never
// under /root; otherwise $XDG_DATA_HOME/jingwei or ~/.local/share/jingwei; without a home, below /var/tmp.
func DefaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/jingwei"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "jingwei")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "jingwei")
	}
	return fmt.Sprintf("/var/tmp/jingwei-%d", os.Geteuid())
}
