package intake

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// How often a node looks for imports to run, and how long what is left of them is kept.
const (
	lookEvery   = 5 * time.Second
	keepReading = "1 day"
	keepRows    = "30 days" // of an import that is over: its rejects can be fetched so long
)

// Follow runs the imports that are to be run, one after another, as those who started them, until ctx ends. as gives a context in which an account acts
// with what it may do now.
func (in *Intake) Follow(ctx context.Context, as func(context.Context, int64) (context.Context, error)) {
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	var tidied time.Time
	for {
		if time.Since(tidied) > time.Hour {
			in.tidy(ctx)
			tidied = time.Now()
		}
		for _, j := range in.due(ctx) {
			acting, err := as(ctx, j.Account)
			if err != nil {
				in.fail(ctx, j.ID, fault.Wrap(err, fault.Forbidden, "启动导入的账号已停用或无权登录", "the account that started the import is disabled"))
				continue
			}
			if err := in.Run(audit.WithCaller(acting, audit.Caller{Name: j.By}), j.ID, nil); err != nil && ctx.Err() == nil {
				in.Log.WarnContext(ctx, "an import stopped", "import", j.ID.String(), "error", plainError(err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		case <-in.wake:
		}
	}
}

// due are the imports that accounts have started and that aren't through. Those of the command line are run by it.
func (in *Intake) due(ctx context.Context) (jobs []*Job) {
	acting := asRunner(ctx)
	err := postgres.Snapshot(acting, in.DB, func(tx pgx.Tx) error {
		rows, err := tx.Query(acting, `SELECT `+jobColumns+` FROM intake_job WHERE state = 'running' AND account IS NOT NULL ORDER BY started_at`)
		if err != nil {
			return err
		}
		jobs, err = pgx.CollectRows(rows, scanJob)
		return err
	})
	if err != nil && ctx.Err() == nil {
		in.Log.ErrorContext(ctx, "imports can't be looked for", "error", plainError(err))
	}
	return jobs
}

// tidy drops files that never came in whole, and the rows of imports that are long over.
func (in *Intake) tidy(ctx context.Context) {
	acting := asRunner(ctx)
	err := postgres.InTx(acting, in.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(acting, `DELETE FROM intake_job WHERE state = 'reading' AND made_at < now() - $1::interval`, keepReading); err != nil {
			return err
		}
		_, err := tx.Exec(acting, `DELETE FROM intake_part p USING intake_job j WHERE j.county = p.county AND j.id = p.job
			AND j.state IN ('done', 'cancelled', 'failed') AND j.ended_at < now() - $1::interval`, keepRows)
		return err
	})
	if err != nil && ctx.Err() == nil {
		in.Log.ErrorContext(ctx, "old imports can't be dropped", "error", plainError(err))
	}
}

// plainError is an error as it may be logged: the database's without the values that its details repeat.
func plainError(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return &pgconn.PgError{Severity: e.Severity, Code: e.Code, Message: e.Message, ConstraintName: e.ConstraintName, TableName: e.TableName}
	}
	return err
}
