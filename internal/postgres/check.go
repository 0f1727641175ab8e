package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
)

// checkServer refuses a database that Jingwei would go wrong on. Under LC_CTYPE C the trigrams of Chinese are
// empty and searches find nothing; the test asks for what trigrams are made of, because pg_trgm may not be
// installed yet.
func checkServer(ctx context.Context, pool *pgxpool.Pool) error {
	var version int
	var name, encoding, ctype string
	var letters bool
	err := pool.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, datname, pg_encoding_to_char(encoding), datctype,
		       '清' ~ '^[[:alpha:]]$'
		FROM pg_database WHERE datname = current_database()`).Scan(&version, &name, &encoding, &ctype, &letters)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable,
			"连不上数据库。请检查 --database-url（或 DATABASE_URL）和数据库是否在运行。",
			"Can't connect to the database. Check --database-url (or DATABASE_URL) and whether the server runs.")
	}
	switch {
	case version/10000 < oldestMajor:
		return fault.New(fault.Unavailable,
			fmt.Sprintf("数据库是 PostgreSQL %d，需要 15 或更新的版本。请升级。", version/10000),
			fmt.Sprintf("The server is PostgreSQL %d; 15 or newer is needed. Upgrade it.", version/10000))
	case encoding != "UTF8":
		return fault.New(fault.Unavailable,
			fmt.Sprintf("数据库 %s 的编码是 %s，需要 UTF8。请新建：CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0。", name, encoding),
			fmt.Sprintf("Database %s is encoded in %s; UTF8 is needed. Make a new one: CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0.", name, encoding))
	case !letters:
		return fault.New(fault.Unavailable,
			fmt.Sprintf("数据库 %s 的 LC_CTYPE 是 %s，不认得汉字，中文检索会落空。请新建：CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0。", name, ctype),
			fmt.Sprintf("Database %s has LC_CTYPE %s, under which Chinese characters aren't letters and searches find nothing. Make a new one: CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0.", name, ctype))
	}
	return nil
}
