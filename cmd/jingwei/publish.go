package main

import (
	"context"
	"os/user"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/organisation"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/responder"
)

// publish makes a proposal live, with everything that goes with it, as the command line; also is what goes with this one besides.
func (s *console) publish(ctx context.Context, db *postgres.DB, p *layout.Proposal, note string, also ...layout.Also) (*layout.Publication, error) {
	in, err := s.entrance(ctx, db)
	if err != nil {
		return nil, err
	}
	ctx = atRoll(ctx)
	var done *layout.Publication
	var released []responder.Released
	err = db.InTx(ctx, func(tx pgx.Tx) (err error) {
		hooks := publicationHooks(in.trail, func(r []responder.Released) { released = r })
		done, err = layout.Publish(ctx, tx, p, layout.Author{By: operator(), Note: note}, append(also, hooks...)...)
		return err
	})
	if err == nil {
		s.chain(ctx, db, in)
		s.tellReleased(released)
	}
	return done, err
}

// chain links what a command wrote into the trail. What was done is done and written; if it can't be chained now, the next server or command does it.
func (s *console) chain(ctx context.Context, db *postgres.DB, in *entrance) {
	if _, err := in.trail.Chain(ctx, db.App, s.heads()); err != nil {
		s.logger().Warn("the audit trail wasn't chained", "error", err)
	}
}

// publicationHooks are what else happens in the transaction of a publication. tell hears of those whose grid is gone. Reports wait for it from
// incident.Retie on.
func publicationHooks(trail *audit.Trail, tell func([]responder.Released)) []layout.Also {
	return []layout.Also{layout.CountCells, noted(trail), responder.Release{Trail: trail, Tell: tell}.Also, incident.Retie, register.Retie, organisation.Retie, announce}
}

// noted writes who published what into the trail.
func noted(trail *audit.Trail) layout.Also {
	return func(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
		return trail.Write(ctx, tx, audit.Entry{
			County: int(p.County), Place: int64(p.County) * 1e9, Action: audit.LayoutPublished,
			Details: map[string]any{"version": done.Version, "grids": len(done.Grids)},
		})
	}
}

// announce tells every node which tiles are stale.
func announce(ctx context.Context, tx pgx.Tx, p *layout.Proposal, done *layout.Publication) error {
	return outbox.Write(ctx, tx, int(p.County), outbox.LayoutPublished, done)
}

// operator names who publishes from the command line.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "cli"
}
