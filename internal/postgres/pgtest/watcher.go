package pgtest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"jingwei/internal/postgres"
)

// watcherEnv makes a test binary the watcher over the cluster in the directory that it names.
const watcherEnv = "JINGWEI_TEST_CLUSTER_WATCHER"

// linger is how long the server outlives the last test process: the next package's is often just being linked.
const linger = 4 * time.Second

// A test process can't stop the server itself when it ends, because nothing of ours runs then (least of all
// when it was killed or ran into its time limit). So the first one starts its own binary once more, as the
// watcher, which holds nothing but a lock that says that there is one.
func init() {
	if dir := os.Getenv(watcherEnv); dir != "" {
		watch(dir)
		os.Exit(0)
	}
}

// startWatcher starts a watcher unless there is one.
func startWatcher(dir string) error {
	lock, free, err := watcherLock(dir)
	if err != nil {
		return err
	}
	lock.Close()
	if !free {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), watcherEnv+"="+dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

// watch waits until nobody has used the cluster for a while, and stops it. A test process that joined in the
// meantime may have seen our lock and relied on us: so, having let it go, look once more.
func watch(dir string) {
	for {
		lock, mine, err := watcherLock(dir)
		if err != nil || !mine {
			return
		}
		for unused := false; !unused && err == nil; {
			time.Sleep(linger)
			unused, err = postgres.StopIfUnused(context.Background(), dir)
		}
		lock.Close()
		if unused, err := postgres.StopIfUnused(context.Background(), dir); unused || err != nil {
			return
		}
	}
}

// watcherLock tries to take the lock that only the watcher holds.
func watcherLock(dir string) (f *os.File, mine bool, err error) {
	f, err = os.OpenFile(filepath.Join(dir, "watcher"), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, false, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return f, false, nil
	}
	return f, err == nil, err
}

func alive(p *os.Process) bool { return p.Signal(syscall.Signal(0)) == nil }
