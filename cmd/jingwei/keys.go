package main

import (
	"os"
	"path/filepath"

	"jingwei/internal/postgres"
	"jingwei/internal/vault"
)

// dataDir is where the program keeps what isn't in the database.
func (s *console) dataDir() string {
	if s.DataDir != "" {
		return s.DataDir
	}
	return postgres.DefaultDataDir()
}

// vault opens the keys: from the environment, or from the file that --keys-file names, by default in the data directory. With create a
// missing file is made.
func (s *console) vault(create bool) (*vault.Vault, error) {
	file := s.KeysFile
	if file == "" {
		file = filepath.Join(s.dataDir(), "keys")
	}
	return vault.Open(vault.Config{File: file, Env: os.Getenv("JINGWEI_KEYS"), Create: create, Logger: s.logger()})
}
