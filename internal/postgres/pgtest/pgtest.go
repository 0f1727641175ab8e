// Package pgtest gives each test a database of its own: a copy of a migrated template on a real PostgreSQL
// with PostGIS, made in some tens of milliseconds and dropped when the test ends. Tests may run in parallel,
// in any number of processes.
//
// Without JINGWEI_TEST_DATABASE_URL (which names a server whose login user is a superuser) the server is a
// managed cluster for tests alone, below the temporary directory, with fsync off. All test processes share it:
// the first one starts it, and a watcher (watcher.go) stops it some seconds after the last one has ended,
// however that ended.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/migrations"
)

// server is where this process makes its databases.
type server struct {
	cluster  *postgres.Cluster // nil when the environment names a server
	external string
	template string
}

var theServer = sync.OnceValues(open)

var count atomic.Int64

// New gives a migrated, empty database of the test's own. It ends the test when there can't be one.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens a database at a URL for the length of the test, without migrating it.
func Open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(context.Background(), postgres.Config{URL: url})
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL makes a migrated database and gives its address, for a test that opens it itself or runs the program on
// it. It is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return makeDatabase(t, true)
}

// EmptyURL is URL without the migrations: a database as CREATE DATABASE leaves it.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return makeDatabase(t, false)
}

func makeDatabase(t testing.TB, migrated bool) string {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatalf("no database for tests: %v", err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), count.Add(1))
	template := "template0"
	if migrated {
		template = s.template
	}
	if err := s.exec("CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY file_copy"); err != nil {
		t.Fatalf("make test database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return s.url(name)
}

func open() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s := &server{external: os.Getenv("JINGWEI_TEST_DATABASE_URL")}
	if s.external == "" {
		var err error
		if s.cluster, err = joinOrRemake(ctx, clusterDir()); err != nil {
			return nil, err
		}
	}
	s.template = "template_jingwei_" + schemaHash()
	return s, s.makeTemplate(ctx)
}

// clusterDir is a user's own, so that root's tests and others' don't meet.
func clusterDir() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("jingwei-test-%d", os.Geteuid()))
}

// joinOrRemake joins the cluster; one that doesn't start (without fsync a crash of the machine spoils it) is made
// anew, when nobody uses it.
func joinOrRemake(ctx context.Context, dir string) (*postgres.Cluster, error) {
	cfg := postgres.ClusterConfig{Dir: dir, Settings: map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB",
		"wal_level": "minimal", "max_wal_senders": "0", "max_connections": "300", "autovacuum": "off",
		"checkpoint_timeout": "1h", "max_wal_size": "4GB", "log_checkpoints": "off",
	}}
	c, err := postgres.JoinCluster(ctx, cfg)
	if err != nil && ctx.Err() == nil {
		if unused, e := postgres.StopIfUnused(ctx, dir); e == nil && unused {
			if e := os.RemoveAll(dir); e == nil {
				c, err = postgres.JoinCluster(ctx, cfg)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return c, startWatcher(dir)
}

// schemaHash is what the template depends on.
func schemaHash() string {
	h := sha256.New()
	names, _ := fs.Glob(migrations.FS, "*.sql")
	for _, name := range names {
		text, _ := migrations.FS.ReadFile(name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// templateLock is the advisory lock under which one process at a time looks for the template ("jingweiT").
const templateLock int64 = 0x6a696e6777656954

// makeTemplate makes the migrated template unless it is there: under another name first, so that one which
// was left half-made is never used.
func (s *server) makeTemplate(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // and the lock goes with it
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template).Scan(&there)
	if err != nil || there {
		return err
	}
	if s.cluster != nil {
		if err := dropLeftovers(ctx, conn); err != nil {
			return err
		}
	}
	fresh := s.template + "_new"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+fresh+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+fresh+" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"); err != nil {
		return err
	}
	if err := migrate(ctx, s.url(fresh)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+fresh+" RENAME TO "+s.template)
	return err
}

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, postgres.Config{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	_, err = db.Owner.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// dropLeftovers drops what killed test processes left behind: databases that nobody is connected to, whose
// process is gone, and templates of other schemas that are no longer in use.
func dropLeftovers(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT datname, coalesce(substring(datname from '^test_([0-9]+)_')::int, 0) FROM pg_database d
		WHERE datname ~ '^test_[0-9]+_[0-9]+$'
		  AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`)
	if err != nil {
		return err
	}
	type leftover struct {
		Name string
		PID  int
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[leftover])
	if err != nil {
		return err
	}
	for _, l := range found {
		if p, err := os.FindProcess(l.PID); err == nil && alive(p) {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+l.Name); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) url(database string) string {
	if s.cluster != nil {
		return s.cluster.URL(database)
	}
	u, err := url.Parse(s.external)
	if err != nil {
		return s.external // the connection will say what is wrong with it
	}
	u.Path = "/" + database
	return u.String()
}

// exec runs one statement in the maintenance database: CREATE and DROP DATABASE can't run in the database
// itself.
func (s *server) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
