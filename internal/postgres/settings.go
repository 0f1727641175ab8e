package postgres

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// defaultSettings suit a machine of 2 cores and 8 GB that runs the program beside the server. What somebody
// sets with ALTER SYSTEM wins over them.
var defaultSettings = map[string]string{
	"shared_buffers":                      "1GB",
	"effective_cache_size":                "3GB",
	"work_mem":                            "32MB",
	"maintenance_work_mem":                "256MB",
	"max_connections":                     "60",
	"max_wal_size":                        "2GB",
	"wal_compression":                     "on",
	"checkpoint_timeout":                  "15min",
	"random_page_cost":                    "1.1",
	"max_parallel_workers_per_gather":     "1",
	"jit":                                 "off", // it costs more than it saves on queries of milliseconds
	"timezone":                            "Asia/Shanghai",
	"log_min_messages":                    "warning",
	"log_min_error_statement":             "panic", // statements may hold what is nobody's business
	"log_line_prefix":                     "%m [%p] ",
	"idle_in_transaction_session_timeout": "10min",
}

// writeSettings writes the file that postgresql.conf includes. It belongs to us and only the account has to
// read it.
func (c *Cluster) writeSettings() error {
	all := maps.Clone(defaultSettings)
	maps.Copy(all, c.settings)
	var b strings.Builder
	b.WriteString("# Written by jingwei at each start: edits are lost. Use ALTER SYSTEM.\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s = '%s'\n", name, strings.ReplaceAll(all[name], "'", "''"))
	}
	path := filepath.Join(c.dir, "jingwei.conf")
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write the server's settings: %w", err)
	}
	return os.Rename(path+".new", path)
}
