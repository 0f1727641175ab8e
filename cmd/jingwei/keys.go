package main

import (
	"os"
	"path/filepath"

	"jingwei/internal/audit"
	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// dataDir is where the program keeps what isn't in the database: the keys, the heads of the audit chains.
func (s *console) dataDir() string {
	if s.DataDir != "" {
		return s.DataDir
	}
	return postgres.DefaultDataDir()
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
