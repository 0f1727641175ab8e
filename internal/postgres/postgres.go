package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
)

// Config says which database to use.
type Config struct {
	URL      string       // the database; "" for the managed cluster
	DataDir  string       // where the managed cluster lives; "" for DefaultDataDir
	Existing bool         // the managed cluster isn't made where there is none: that is a fault, NotFound
	Logger   *slog.Logger // nil: silent
}

// DB is an open database. Its pools connect when they are first used.
type DB struct {
	App    *pgxpool.Pool // as jingwei_app: serves
	Reader *pgxpool.Pool // as jingwei_reader: the outbox, tiles, locating; no tables with persons
	Owner  *pgxpool.Pool // as the login user: migrations and proofs, nothing else

	cluster *Cluster
	log     *slog.Logger
}

// database is the name of the database in a managed cluster.
const database = "jingwei"

// Open connects to the database that the URL names, or starts (or joins) the managed cluster. It checks the
// server's version, encoding and LC_CTYPE; it doesn't migrate. Faults: Unavailable, with what to do.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	log := cfg.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	db := &DB{log: log}
	url := cfg.URL
	if url == "" {
		var err error
		if db.cluster, err = joinManaged(ctx, cfg, log); err != nil {
			return nil, err
		}
		url = db.cluster.URL(database)
	}
	if err := db.open(ctx, url); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func joinManaged(ctx context.Context, cfg Config, log *slog.Logger) (*Cluster, error) {
	dataDir := cfg.DataDir
	if dataDir == "" {
		dataDir = DefaultDataDir()
	}
	if cfg.Existing {
		if major, err := inspectData(filepath.Join(dataDir, "postgres", "data")); err != nil {
			return nil, err
		} else if major == 0 {
			return nil, fault.New(fault.NotFound,
				fmt.Sprintf("%s 中还没有数据。请检查 --data-dir；新的数据库由 import 或 serve 建立。", dataDir),
				fmt.Sprintf("There is no data in %s yet. Check --data-dir; import and serve make a new database.", dataDir))
		}
	}
	c, err := JoinCluster(ctx, ClusterConfig{Dir: filepath.Join(dataDir, "postgres"), Logger: log})
	if err != nil {
		return nil, err
	}
	err = c.query(ctx, "CREATE DATABASE "+database)
	if s := sqlState(err); err != nil && s != duplicateDatabase && s != uniqueViolation {
		_ = c.Release(ctx)
		return nil, fmt.Errorf("make the database: %w", err)
	}
	return c, nil
}

func (db *DB) open(ctx context.Context, url string) error {
	for _, p := range []struct {
		pool **pgxpool.Pool
		role string
		size int32
	}{{&db.Owner, "", 4}, {&db.App, "jingwei_app", 12}, {&db.Reader, "jingwei_reader", 8}} {
		pool, err := newPool(ctx, url, p.role, p.size)
		if err != nil {
			return err
		}
		*p.pool = pool
	}
	return checkServer(ctx, db.Owner)
}

// newPool makes a pool whose connections act as the role. The role is a start-up parameter, so that it is also
// what RESET ROLE and DISCARD ALL come back to.
func newPool(ctx context.Context, url, role string, size int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// pgx's message may repeat the URL, but it hides the password in it
		return nil, fault.Wrap(err, fault.Invalid,
			"数据库地址（--database-url 或 DATABASE_URL）写得不对，应形如 postgres://用户:密码@主机:5432/库名。",
			"The database URL (--database-url or DATABASE_URL) isn't valid; it looks like postgres://user:password@host:5432/name.")
	}
	if role != "" {
		cfg.ConnConfig.RuntimeParams["role"] = role
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "jingwei"
	cfg.ConnConfig.RuntimeParams["timezone"] = "Asia/Shanghai"
	cfg.MaxConns = size
	cfg.MaxConnIdleTime = 5 * time.Minute
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Managed says whether the database is our own local cluster.
func (db *DB) Managed() bool { return db.cluster != nil }

// Close closes the pools and leaves the managed cluster, which stops when nobody else uses it.
func (db *DB) Close() {
	for _, p := range []*pgxpool.Pool{db.App, db.Reader, db.Owner} {
		if p != nil {
			p.Close()
		}
	}
	if db.cluster == nil {
		return
	}
	if err := db.cluster.Release(context.Background()); err != nil {
		db.log.Error("leaving the database server", "error", err)
	}
}

// InTx runs f in a transaction of the application role, as the actor of ctx and within their scope (see WithActor), and commits it when
// f returns nil. It is READ COMMITTED: the check of the ground at commit must see what others committed before it took its lock. A
// refusal of the database's own comes back as a fault (Conflict).
func (db *DB) InTx(ctx context.Context, f func(pgx.Tx) error) error {
	return InTx(ctx, db.App, f)
}

// Beginner begins transactions: a pool, or one connection that is kept because a lock lies on it.
type Beginner interface {
	BeginTx(ctx context.Context, opts pgx.TxOptions) (pgx.Tx, error)
}

// InTx is DB.InTx on a pool or a connection of the application role.
func InTx(ctx context.Context, on Beginner, f func(pgx.Tx) error) error {
	return explain(pgx.BeginTxFunc(ctx, on, pgx.TxOptions{BeginQuery: "BEGIN ISOLATION LEVEL READ COMMITTED" + setActor(ctx) + setPlans(ctx)}, f))
}

// Snapshot runs f in a read-only transaction that sees one state of the database, as the actor of ctx and within their scope.
func Snapshot(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return explain(pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{BeginQuery: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" + setActor(ctx) + setPlans(ctx)}, f))
}
