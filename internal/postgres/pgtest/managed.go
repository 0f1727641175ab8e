package pgtest

import (
	"context"
	"os"
	"testing"

	"jingwei/internal/postgres"
)

// DataDir is a directory for a managed cluster of the test's own. It is one that the server's user can reach,
// which t.TempDir isn't when root runs the tests.
func DataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jingwei-data-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// OpenManaged opens a managed cluster of the test's own, as a user's would be, for what New's shared one can't
// show. It takes a second, and isn't migrated.
func OpenManaged(t testing.TB) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(context.Background(), postgres.Config{DataDir: DataDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}
