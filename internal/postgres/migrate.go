package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"jingwei/internal/fault"
	"jingwei/migrations"
)

// migrateLock is the advisory lock under which one program at a time migrates a database ("jingweiM").
const migrateLock int64 = 0x6a696e677765694d

// Migrate brings the schema up to this program's: the extensions, which need a superuser once, then the
// migrations. Programs that do it at the same time wait for one another. Faults: Unavailable when a right or
// a package is missing (with the exact step), Conflict when a newer program migrated the database.
func (db *DB) Migrate(ctx context.Context) error {
	conn, err := db.Owner.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrateLock); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	defer func() {
		_, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrateLock)
		if err != nil { // the session goes, and the lock with it
			_ = conn.Conn().Close(context.WithoutCancel(ctx))
		}
	}()
	if err := newer(ctx, conn.Conn()); err != nil {
		return err
	}
	if err := prepare(ctx, conn.Conn()); err != nil {
		return err
	}
	return db.up(ctx)
}

func (db *DB) up(ctx context.Context) error {
	sqlDB := stdlib.OpenDBFromPool(db.Owner)
	defer sqlDB.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, sqlDB, migrations.FS)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		db.log.Info("migrated", "version", r.Source.Version, "took", r.Duration)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// CheckSchema is for whoever doesn't migrate: a fault (Unavailable) when migrations are missing, (Conflict)
// when a newer program migrated the database.
func (db *DB) CheckSchema(ctx context.Context) error {
	conn, err := db.Owner.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := newer(ctx, conn.Conn()); err != nil {
		return err
	}
	have, err := schemaVersion(ctx, conn.Conn())
	if err != nil || have == latest() {
		return err
	}
	return fault.New(fault.Unavailable,
		fmt.Sprintf("数据库结构是第 %d 版，程序需要第 %d 版。请先运行 jingwei migrate。", have, latest()),
		fmt.Sprintf("The database's schema is version %d, this program needs %d. Run jingwei migrate first.", have, latest()))
}

func newer(ctx context.Context, conn *pgx.Conn) error {
	have, err := schemaVersion(ctx, conn)
	if err != nil || have <= latest() {
		return err
	}
	return fault.New(fault.Conflict,
		fmt.Sprintf("数据库已由更新的程序升级到第 %d 版，本程序只到第 %d 版。请使用新版 jingwei。", have, latest()),
		fmt.Sprintf("A newer program migrated this database to version %d; this one knows only %d. Use the newer jingwei.", have, latest()))
}

// schemaVersion is the number of the last migration, 0 for a database without any.
func schemaVersion(ctx context.Context, conn *pgx.Conn) (int64, error) {
	var version int64
	err := conn.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if sqlState(err) == undefinedTable {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	return version, nil
}

// latest is the number of this program's last migration.
func latest() int64 {
	var last int64
	entries, _ := migrations.FS.ReadDir(".")
	for _, e := range entries {
		if n, err := goose.NumericComponent(e.Name()); err == nil {
			last = max(last, n)
		}
	}
	return last
}

var extensions = []string{"postgis", "pg_trgm", "btree_gist"}

// prepare makes the extensions and sees to it that the login user may make and play the roles. Where it lacks
// the right it gives the exact statements for a superuser.
func prepare(ctx context.Context, conn *pgx.Conn) error {
	var steps []string
	for _, name := range extensions {
		if err := available(ctx, conn, name); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS "+name)
		if sqlState(err) == insufficientPrivilege {
			steps = append(steps, "CREATE EXTENSION IF NOT EXISTS "+name)
		} else if err != nil {
			return fmt.Errorf("create extension %s: %w", name, err)
		}
	}
	var user, name string
	var may bool
	err := conn.QueryRow(ctx, `
		SELECT session_user, current_database(), rolsuper OR rolcreaterole OR
		       (SELECT count(*) = 2 FROM pg_roles r WHERE r.rolname IN ('jingwei_app', 'jingwei_reader')
		           AND pg_has_role(session_user, r.oid, 'MEMBER'))
		FROM pg_roles WHERE rolname = session_user`).Scan(&user, &name, &may)
	if err != nil {
		return fmt.Errorf("rights of the login user: %w", err)
	}
	if !may {
		steps = append(steps, "CREATE ROLE jingwei_app NOLOGIN", "CREATE ROLE jingwei_reader NOLOGIN",
			"GRANT jingwei_app, jingwei_reader TO "+pgx.Identifier{user}.Sanitize())
	}
	if len(steps) == 0 {
		return trigrams(ctx, conn)
	}
	step := fmt.Sprintf("psql -d %s -c '%s'", name, strings.Join(steps, "; "))
	return fault.New(fault.Unavailable,
		fmt.Sprintf("用户 %s 权限不够。请由数据库超级用户执行一次：%s", user, step),
		fmt.Sprintf("User %s lacks a right. Let a superuser of the database run this once: %s", user, step))
}

func available(ctx context.Context, conn *pgx.Conn, extension string) error {
	var there bool
	var major int
	err := conn.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = $1),
		       current_setting('server_version_num')::int / 10000`, extension).Scan(&there, &major)
	if err != nil {
		return fmt.Errorf("available extensions: %w", err)
	}
	if there {
		return nil
	}
	pkg := fmt.Sprintf("postgresql-%d", major)
	if extension == "postgis" {
		pkg = fmt.Sprintf("postgresql-%d-postgis-3", major)
	}
	return fault.New(fault.Unavailable,
		fmt.Sprintf("数据库服务器没有安装扩展 %s。请在该服务器上安装：apt-get install %s，然后重试。", extension, pkg),
		fmt.Sprintf("The database server lacks the extension %s. Install it on that server: apt-get install %s, then try again.", extension, pkg))
}

// trigrams is the last word on the locale: the trigrams themselves.
func trigrams(ctx context.Context, conn *pgx.Conn) error {
	var n int
	if err := conn.QueryRow(ctx, `SELECT cardinality(show_trgm('清华'))`).Scan(&n); err != nil {
		return fmt.Errorf("trigrams: %w", err)
	}
	if n > 0 {
		return nil
	}
	return fault.New(fault.Unavailable,
		"数据库的区域设置下汉字没有三元组，中文检索会落空。请以 LC_CTYPE 'C.UTF-8' 新建数据库。",
		"Under this database's locale Chinese has no trigrams and searches find nothing. Make a database with LC_CTYPE 'C.UTF-8'.")
}
