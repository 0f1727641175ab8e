package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"jingwei/internal/fault"
)

// oldestMajor is the oldest PostgreSQL that Jingwei runs on.
const oldestMajor = 15

// programs is one installed PostgreSQL.
type programs struct {
	bin     string // the directory that holds initdb and postgres
	major   int
	postgis bool // its PostGIS seems to be there; false also where the layout isn't Debian's
}

// findPrograms looks for PostgreSQL in PATH and where distributions put it. With major 0 it gives the newest,
// one with PostGIS before one without; otherwise the one of that major version, which a data directory needs.
func findPrograms(major int) (programs, error) {
	found := installed()
	if major != 0 {
		for _, p := range found {
			if p.major == major {
				return p, nil
			}
		}
		return programs{}, wrongVersion(major, found)
	}
	if len(found) == 0 || found[0].major < oldestMajor {
		return programs{}, fault.New(fault.Unavailable,
			"找不到 PostgreSQL 15 或更新的版本（PATH 和 /usr/lib/postgresql 中都没有 initdb 与 postgres）。请安装：apt-get install postgresql postgresql-postgis，或用 --database-url 指定数据库。",
			"PostgreSQL 15 or newer isn't installed (no initdb and postgres in PATH or /usr/lib/postgresql). Install it: apt-get install postgresql postgresql-postgis, or name a database with --database-url.")
	}
	return found[0], nil
}

func wrongVersion(major int, found []programs) error {
	have := "-"
	if len(found) > 0 {
		have = strconv.Itoa(found[0].major)
	}
	return fault.New(fault.Unavailable,
		fmt.Sprintf("数据目录是 PostgreSQL %d 建的，而本机装的最高是 %s。请安装 PostgreSQL %d：apt-get install postgresql-%d postgresql-%d-postgis-3，或用 --data-dir 换一个目录。", major, have, major, major, major),
		fmt.Sprintf("The data directory was made by PostgreSQL %d, the best installed here is %s. Install PostgreSQL %d: apt-get install postgresql-%d postgresql-%d-postgis-3, or choose another directory with --data-dir.", major, have, major, major, major))
}

// installed lists what is there, the one to use first at the front.
func installed() []programs {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql@*/bin"} {
		more, _ := filepath.Glob(pattern)
		dirs = append(dirs, more...)
	}
	var found []programs
	for _, dir := range dirs {
		p, ok := inspect(dir)
		if ok && !slices.ContainsFunc(found, func(q programs) bool { return q.bin == p.bin }) {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b programs) int {
		if a.postgis != b.postgis && min(a.major, b.major) >= oldestMajor {
			if a.postgis {
				return -1
			}
			return 1
		}
		return b.major - a.major
	})
	return found
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`)

// inspect says what PostgreSQL lies in a directory. A link (as /usr/local/bin/initdb may be) is followed,
// because initdb looks for postgres and its libraries beside itself.
func inspect(dir string) (programs, bool) {
	initdb, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb"))
	if err != nil {
		return programs{}, false
	}
	bin := filepath.Dir(initdb)
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return programs{}, false
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return programs{}, false
	}
	major, _ := strconv.Atoi(string(m[1]))
	control := fmt.Sprintf("/usr/share/postgresql/%d/extension/postgis.control", major)
	_, err = os.Stat(control)
	return programs{bin: bin, major: major, postgis: err == nil}, true
}
