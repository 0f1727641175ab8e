package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"jingwei/internal/fault"
)

// ClusterConfig says where a managed cluster lives and how it is set.
type ClusterConfig struct {
	Dir      string            // the cluster's own directory; made when missing
	Settings map[string]string // server settings that differ from the default ones
	Logger   *slog.Logger      // nil: silent
}

// Cluster is a PostgreSQL server of the program's own, on a socket that nobody else reaches. In its directory:
//
//	data/         the data directory, with our marker in it
//	socket/       the socket, unless its path would be too long (socketDir)
//	jingwei.conf  the settings, rewritten at each start
//	server.log    what the server says
//	mutex         locked while somebody starts, stops or joins the server
//	users         locked (shared) by each program for as long as it uses the server
//
// Whoever wants in takes the mutex, makes sure that a sound server runs, takes its share of users, and lets
// the mutex go. Whoever leaves takes the mutex, drops its share, and, if it can have users for itself alone,
// was the last and stops the server. A killed program's share is dropped by the kernel.
type Cluster struct {
	dir, data, socket string
	account           account
	programs          programs
	settings          map[string]string
	log               *slog.Logger
	mutex, users      *lockFile

	stopWatch context.CancelFunc
	watching  sync.WaitGroup
}

// JoinCluster starts the cluster, or joins the programs that use it already. Faults: Unavailable, with what to
// install or to change. Release must follow.
func JoinCluster(ctx context.Context, cfg ClusterConfig) (*Cluster, error) {
	log := cfg.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	dir, err := prepareDir(cfg.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, data: filepath.Join(dir, "data"), settings: cfg.Settings, log: log}
	if c.mutex, err = openLock(filepath.Join(dir, "mutex")); err != nil {
		return nil, err
	}
	if c.users, err = openLock(filepath.Join(dir, "users")); err != nil {
		c.mutex.close()
		return nil, err
	}
	if err := c.join(ctx); err != nil {
		c.users.close()
		c.mutex.close()
		return nil, err
	}
	c.watch()
	return c, nil
}

// prepareDir makes the cluster's directory and gives its real path. The server's user has to pass through it,
// so what we make is open for passing.
func prepareDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if _, err := os.Stat(filepath.Join(d, "PG_VERSION")); err == nil {
			return "", foreign(d)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fault.Wrap(err, fault.Unavailable,
			fmt.Sprintf("无法建立数据目录 %s。请检查权限，或用 --data-dir 换一个目录。", dir),
			fmt.Sprintf("Can't make the data directory %s. Check its permissions, or choose another with --data-dir.", dir))
	}
	return filepath.EvalSymlinks(dir)
}

func (c *Cluster) join(ctx context.Context) error {
	if err := c.mutex.exclusive(ctx); err != nil {
		return err
	}
	defer c.mutex.unlock()
	major, err := inspectData(c.data)
	if err != nil {
		return err
	}
	if c.programs, err = findPrograms(major); err != nil {
		return err
	}
	if c.account, err = serverAccount(c.data); err != nil {
		return err
	}
	if c.account.drop {
		if err := c.account.canReach(c.dir); err != nil {
			return err
		}
	}
	if c.socket, err = socketDir(c.account, c.dir); err != nil {
		return err
	}
	if major == 0 {
		c.log.Info("making a database", "dir", c.data, "postgresql", c.programs.major)
		if err := initData(ctx, c.programs, c.account, c.dir, c.settings["fsync"] != "off"); err != nil {
			return err
		}
	}
	if err := c.ensure(ctx); err != nil {
		return err
	}
	if ok, err := c.users.tryShared(); err != nil || !ok {
		return errors.Join(errors.New("the users lock is held without the mutex"), err)
	}
	return nil
}

// Release leaves the cluster; the last one to leave stops the server. It waits for that, ctx only hurries it.
func (c *Cluster) Release(ctx context.Context) error {
	c.stopWatch()
	c.watching.Wait()
	defer c.mutex.close()
	defer c.users.close()
	if err := c.mutex.exclusive(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	last, err := c.users.tryExclusive()
	if err != nil || !last {
		return err
	}
	return c.stop(ctx)
}

// StopIfUnused stops the server of a cluster that no program uses any more, and says whether nobody does. It is
// for whoever watches over a cluster without using it (pgtest).
func StopIfUnused(ctx context.Context, dir string) (unused bool, err error) {
	dir, err = filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, err
	}
	c := &Cluster{dir: dir, data: filepath.Join(dir, "data"), log: slog.New(slog.DiscardHandler)}
	if c.mutex, err = openLock(filepath.Join(dir, "mutex")); err != nil {
		return false, err
	}
	defer c.mutex.close()
	if c.users, err = openLock(filepath.Join(dir, "users")); err != nil {
		return false, err
	}
	defer c.users.close()
	if err := c.mutex.exclusive(ctx); err != nil {
		return false, err
	}
	last, err := c.users.tryExclusive()
	if err != nil || !last {
		return false, err
	}
	return true, c.stop(ctx)
}

// URL is the address of one of the cluster's databases, for its owner.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{
		"host": {c.socket}, "user": {superuser}, "sslmode": {"disable"}}.Encode()}
	u.RawQuery = strings.ReplaceAll(u.RawQuery, "+", "%20") // libpq and those that read like it take + as a plus sign
	return u.String()
}

// watch looks after the server while we use it: one that was killed is started again, one whose files were
// replaced by an upgrade is restarted.
func (c *Cluster) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	c.stopWatch = cancel
	c.watching.Go(func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if c.listening() && (n%40 != 0 || c.sound(ctx)) {
				continue
			}
			if err := c.mend(ctx); err != nil && ctx.Err() == nil {
				c.log.Error("the database server is down and doesn't start", "error", err)
			}
		}
	})
}

func (c *Cluster) mend(ctx context.Context) error {
	if err := c.mutex.exclusive(ctx); err != nil {
		return err
	}
	defer c.mutex.unlock()
	return c.ensure(ctx)
}
