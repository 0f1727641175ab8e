package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockFile is an advisory lock of the kernel's (flock) on a file that stays where it is. The kernel drops
// the lock when the process ends, however it ends.
type lockFile struct{ f *os.File }

// openLock opens the file, making it when missing. It isn't locked yet. A symbolic link is refused.
func openLock(path string) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	return &lockFile{f}, nil
}

// exclusive waits for the lock until ctx ends. flock itself can't be cancelled, hence the polling.
func (l *lockFile) exclusive(ctx context.Context) error {
	for {
		ok, err := l.tryExclusive()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", l.f.Name(), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tryExclusive takes the lock if nobody else holds it, shared or exclusive.
func (l *lockFile) tryExclusive() (bool, error) { return l.flock(syscall.LOCK_EX) }

// tryShared takes the lock together with others who share it, if nobody holds it exclusively.
func (l *lockFile) tryShared() (bool, error) { return l.flock(syscall.LOCK_SH) }

func (l *lockFile) flock(how int) (bool, error) {
	for {
		err := syscall.Flock(int(l.f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case errors.Is(err, syscall.EINTR):
			continue
		default:
			return false, fmt.Errorf("lock %s: %w", l.f.Name(), err)
		}
	}
}

func (l *lockFile) unlock() { _ = syscall.Flock(int(l.f.Fd()), syscall.LOCK_UN) }

// close drops the lock, too.
func (l *lockFile) close() { _ = l.f.Close() }
