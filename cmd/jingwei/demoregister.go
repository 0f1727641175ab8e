package main

import (
	"context"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
	"jingwei/internal/settle"
)

// atRegister acts as the program itself, which may do anything with the register.
func atRegister(ctx context.Context) context.Context {
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx = postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{access.ReadRegister: everywhere, access.KeepRegister: everywhere, access.ImportRegister: everywhere}})
	return audit.WithCaller(ctx, audit.Caller{Name: audit.CommandLine})
}

// people puts the invented people into their houses, when nobody is there yet.
func (c *demoCommand) people(ctx context.Context, s *console, db *postgres.DB, bar *progress) error {
	var there bool
	if err := db.Owner.QueryRow(ctx, `SELECT EXISTS (SELECT FROM resident)`).Scan(&there); err != nil || there {
		return err
	}
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	start := time.Now()
	book := &register.Book{Vault: in.keys, Trail: in.trail}
	settled, err := settle.All(atRegister(ctx), db, book, city.Options{City: c.place(), Seed: c.Seed, People: c.residents()},
		func(done float64) { bar.say("居民 moving in: %3.0f %%", 100*done) })
	if err == nil {
		bar.step("居民 %d residents in %d houses, %d 家单位 organisations, %d 辆车 vehicles, %.1f s", settled.People, settled.Houses, settled.Organisations, settled.Vehicles, time.Since(start).Seconds())
	}
	return err
}
