package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"net"

	"golang.org/x/sync/errgroup"

	"jingwei/internal/address"
	"jingwei/internal/audit"
	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/httpapi"
	"jingwei/internal/intake"
	"jingwei/internal/layout"
	"jingwei/internal/live"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/tile"
	"jingwei/web"
)

type serveFlags struct {
	Listen    string `help:"Address to listen on." default:"127.0.0.1:8080"`
	URLFile   string `help:"Write the address here once the map is ready, for programs that start this one." placeholder:"FILE"`
	TileCache int    `help:"Memory for rendered tiles, in MiB." default:"128"`

	AuditMonths int `help:"Months that the audit trail is kept; six at least." default:"36"`

	TLSCert      string   `help:"Serve HTTPS with this certificate (PEM, with its chain); it is read again when it changes." placeholder:"FILE"`
	TLSKey       string   `help:"The certificate's key (PEM)." placeholder:"FILE"`
	TrustedProxy []string `help:"A proxy in front (address or network) whose X-Forwarded-For and X-Forwarded-Proto are believed; may be repeated." placeholder:"ADDRESS"`
}

type serveCommand struct {
	serveFlags
}

func (c *serveCommand) Run(ctx context.Context, s *console) error {
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	return serve(ctx, s, db, listener, c.serveFlags, false)
}

// listen takes the address before anything else is done: that it is in use is best said at once.
func (f serveFlags) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable,
			fmt.Sprintf("无法在 %s 监听（%v）；用 --listen 另选地址", f.Listen, err),
			fmt.Sprintf("can't listen on %s (%v); choose another address with --listen", f.Listen, err))
	}
	if c, err := f.certificate(); err != nil || c != nil {
		if err != nil {
			l.Close()
			return nil, err
		}
		return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}), nil
	}
	return l, nil
}

// serve answers until ctx ends, then lets requests under way finish for some seconds.
func serve(ctx context.Context, s *console, db *postgres.DB, listener net.Listener, flags serveFlags, demo bool) error {
	assets, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return err
	}
	tiles, err := tile.New(tile.Config{DB: db.Reader, CacheBytes: uint64(flags.TileCache) << 20, Logger: s.logger()})
	if err != nil {
		return err
	}
	since, err := tiles.Position(ctx)
	if err != nil {
		return err
	}
	if err := audit.CheckMonths(flags.AuditMonths); err != nil {
		return err
	}
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	proxies, err := flags.proxies()
	if err != nil {
		return err
	}
	ground := new(layout.Locators)
	addresses := new(register.Gazetteers)
	drafts := draft.New(db.App, publicationHooks(in.trail, nil)...)
	hub := live.New(live.Config{App: db.App, Reader: db.Reader, Logger: s.logger()})
	bringing := intake.New(intake.Intake{DB: db.App, Book: &register.Book{Vault: in.keys, Trail: in.trail}, Ground: ground, Log: s.logger(),
		Addresses: func(_ context.Context, county int32) (*address.Gazetteer, error) { return addresses.Of(county) }})
	api, err := httpapi.New(httpapi.Config{
		DB: db.App, Tiles: tiles, Ground: ground, Assets: assets, Logger: s.logger(), Version: version(), Demo: demo,
		Doors: in.doors, Vault: in.keys, Trail: in.trail, TrustedProxies: proxies, Live: hub, Drafts: drafts, Addresses: addresses, Intake: bringing,
	})
	if err != nil {
		return err
	}
	address := flags.scheme() + "://" + listener.Addr().String()
	if flags.URLFile != "" {
		if err := writeText(flags.URLFile, address+"\n"); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.stderr, "经纬 Jingwei: %s （Ctrl-C 结束 / ends it）\n", address)

	// Tiles that no longer follow what is published would be stale without anybody knowing: if the
	// follower fails, so does the server.
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := tiles.Follow(ctx, since); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error {
		if err := ground.Follow(ctx, db.Reader, s.logger()); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error {
		if err := addresses.Follow(ctx, db.Reader, s.logger()); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error {
		if err := in.doors.Follow(ctx, db.Reader, s.logger()); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error { _ = in.trail.Follow(ctx, db.App, s.heads(), s.logger()); return nil })
	group.Go(func() error { _ = in.trail.Retain(ctx, db.Owner, s.heads(), flags.AuditMonths, s.logger()); return nil })
	group.Go(func() error {
		if err := hub.Follow(ctx); ctx.Err() == nil {
			return err
		}
		return nil
	})
	group.Go(func() error { drafts.PublishOnTheirDays(ctx, in.doors.As, s.logger()); return nil })
	group.Go(func() error { bringing.Follow(ctx, in.doors.As); return nil })
	group.Go(func() error { return api.Serve(ctx, listener) })
	group.Go(func() error { api.Warm(ctx); return nil })
	return group.Wait()
}
