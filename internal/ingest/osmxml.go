package ingest

import (
	"context"
	"errors"
	"io"
	"math"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"

	"jingwei/internal/planar"
)

// xmlFile is an OSM XML file on disk.
type xmlFile struct{ path string }

func (f *xmlFile) scan(ctx context.Context, v osmVisitor, tell func(done int64)) error {
	file, err := openPlain(f.path)
	if err != nil {
		return unreadable(f.path, err)
	}
	defer file.Close()
	c := &counter{r: file, ctx: ctx, tell: tell}
	s := osmxml.New(ctx, c)
	defer s.Close()
	for s.Scan() {
		if err := visitObject(s.Object(), v); err != nil {
			return err
		}
	}
	err = s.Err()
	switch {
	case err == nil && c.n == 0:
		return &brokenError{feature: -1, err: errEmpty}
	case err == nil:
		return ctx.Err()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errCut
	}
	return &brokenError{at: c.n, feature: -1, err: err}
}

func visitObject(o osm.Object, v osmVisitor) error {
	switch o := o.(type) {
	case *osm.Node:
		if math.IsNaN(o.Lon) || math.IsNaN(o.Lat) || math.Abs(o.Lon) > 180 || math.Abs(o.Lat) > 90 {
			return nil // as if it were missing
		}
		p := planar.FromDegrees(o.Lon, o.Lat)
		if v.place != nil {
			v.place(int64(o.ID), p)
		}
		if v.node != nil && len(o.Tags) > 0 {
			return v.node(int64(o.ID), p, tagsOf(o.Tags))
		}
	case *osm.Way:
		if v.way != nil {
			refs := make([]int64, len(o.Nodes))
			for i, n := range o.Nodes {
				refs[i] = int64(n.ID)
			}
			return v.way(int64(o.ID), tagsOf(o.Tags), refs)
		}
	case *osm.Relation:
		if v.relation != nil {
			members := make([]osmMember, len(o.Members))
			for i, m := range o.Members {
				members[i] = osmMember{way: m.Type == osm.TypeWay, ref: m.Ref, role: m.Role}
			}
			return v.relation(int64(o.ID), tagsOf(o.Tags), members)
		}
	}
	return nil
}

func tagsOf(from osm.Tags) tags {
	t := make(tags, len(from))
	for i, kv := range from {
		t[i] = tag{kv.Key, kv.Value}
	}
	return t
}
