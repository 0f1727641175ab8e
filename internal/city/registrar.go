package city

import (
	"fmt"
	"os"
)

// registrar takes the census where somebody wants it: a taker, or the files. The zero value does nothing.
type registrar struct {
	census *census
	files  *peopleFiles
}

// newRegistrar makes the directory of all files, too.
func newRegistrar(o Options, county []where) (*registrar, error) {
	r, takers := &registrar{}, o.Takers
	if !o.nothing {
		if err := os.MkdirAll(o.Dir, 0o755); err != nil {
			return nil, fmt.Errorf("city: %w", err)
		}
	}
	var err error
	if o.PeopleFiles {
		if r.files, err = newPeopleFiles(o.Dir); err != nil {
			return nil, err
		}
		takers = r.files.takers(takers)
	}
	if takers.none() {
		return r, nil
	}
	r.census, err = newCensus(takers, county)
	return r, err
}

func (r *registrar) place(t *town, in func(ward int) where) error {
	if r.census == nil {
		return nil
	}
	return r.census.place(t, in)
}

// close finishes the files and says how many rows they have.
func (r *registrar) close() ([]ManifestFile, error) {
	if r.files == nil {
		return nil, nil
	}
	return r.files.close()
}

// stop lets go of the files where something went wrong.
func (r *registrar) stop() {
	if r.files == nil {
		return
	}
	for _, s := range r.files.all() {
		if s != nil {
			s.file.Close() // a second time where all went well
		}
	}
}

// wheres are the communities of a county.
func (c *county) wheres() []where {
	var out []where
	for _, l := range c.lots {
		out = append(out, where{l.code, c.towns[l.town].name, l.name, l.people})
	}
	return out
}

// wheres are the communities of a town that stands alone.
func (t *town) wheres() []where {
	var out []where
	for _, m := range t.communities {
		out = append(out, where{m.Code, t.names.town, m.Name, m.People})
	}
	return out
}

// community tells that of a ward.
func (t *town) community() func(ward int) where {
	of, all := map[int]where{}, t.wheres()
	for k, m := range t.communities {
		for _, w := range m.wards {
			of[w] = all[k]
		}
	}
	return func(ward int) where { return of[ward] }
}
