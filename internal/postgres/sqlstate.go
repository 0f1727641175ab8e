package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/fault"
)

const (
	tooManyConnections    = "53300"
	insufficientPrivilege = "42501"
	duplicateDatabase     = "42P04"
	uniqueViolation       = "23505"
	undefinedTable        = "42P01"
)

// sqlState is the code that the server gave an error, "" for errors of another origin.
func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// The database's own refusals (migrations/00002_partition.sql) carry a state of class JW, the English message
// as the message and the Chinese one as the hint.
const (
	groundRefused = "JW001" // the blocks of a community don't tile it
	gridsRefused  = "JW002" // a block isn't in exactly one live grid of its community
	historyEdited = "JW003" // something was changed that never changes: an id, a code, a block's ground
	wrongTime     = "JW004" // written in a transaction that couldn't be proved
)

// explain turns a refusal of the database's own into a fault; other errors come back as they are.
func explain(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case groundRefused, gridsRefused, historyEdited, wrongTime:
		return fault.Wrap(err, fault.Conflict, e.Hint, e.Message)
	default:
		return err
	}
}
