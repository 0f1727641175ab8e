package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// dataDir is where the program keeps what isn't in the database: the keys, the heads of the audit chains. A database of somebody else's has a
// directory of its own unless one is named: two of them must not share these.
func (s *console) dataDir() string {
	switch {
	case s.DataDir != "":
		return s.DataDir
	case s.DatabaseURL == "":
		return postgres.DefaultDataDir()
	}
	name := "unnamed"
	if c, err := pgx.ParseConfig(s.DatabaseURL); err == nil {
		name = fmt.Sprintf("%s-%d-%s", c.Host, c.Port, c.Database)
	}
	return filepath.Join(postgres.DefaultDataDir(), "databases", strings.Trim(strings.ReplaceAll(name, "/", "_"), "._"))
}

// vault opens the keys: those of JINGWEI_KEYS, or of --keys-file, or of the file in the data directory. With create a file
// that isn't there is made, with fresh keys: only where nothing is sealed yet. Faults: NotFound, Invalid and Unavailable.
func (s *console) vault(create bool) (*vault.Vault, error) {
	file := s.KeysFile
	if file == "" {
		file = filepath.Join(s.dataDir(), "keys")
		if create { // with a database elsewhere nobody has made it yet
			if err := os.MkdirAll(s.dataDir(), 0o755); err != nil {
				return nil, unwritable(file, err)
			}
		}
	}
	return vault.Open(vault.Config{File: file, Env: os.Getenv("JINGWEI_KEYS"), Create: create, Logger: s.logger()})
}

// heads is this node's file of the audit chains' heads.
func (s *console) heads() *audit.Heads {
	return audit.OpenHeads(filepath.Join(s.dataDir(), audit.HeadsFile))
}
