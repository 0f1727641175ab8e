// Package fault is the one error type that crosses rooms: a code for programs, and a message in Chinese
// and in English for people that says what was wrong, where, and what to do about it.
//
// Rooms below return plain wrapped errors for what nobody can mend (a lost connection) and a *fault.Error
// for what somebody can. The HTTP status lives here and nowhere else.
package fault

import (
	"errors"
	"fmt"
	"net/http"
)

// Code says which kind of thing went wrong. The set is closed.
type Code string

const (
	Invalid     Code = "invalid"     // the input is wrong; the message says where
	NotFound    Code = "not-found"   // no such thing, or none that the caller may see
	Conflict    Code = "conflict"    // somebody else changed it, or it exists already
	Unavailable Code = "unavailable" // something outside is missing or not ready; try again or install it
	Internal    Code = "internal"    // a mistake of ours

	SignedOut    Code = "signed-out" // nobody has signed in, or no longer, or only half
	Forbidden    Code = "forbidden"  // the caller may not do this, here or at all
	TooManyTries Code = "too-many"   // later again; the message says when
)

// Error is a fault with its code, its two messages and its cause.
type Error struct {
	Code Code
	ZH   string
	EN   string
	Err  error // the cause, may be nil; never shown to a client
	// Where is what in the input was wrong, by the name it has there, "" when it isn't one thing: a form shows the message beside it.
	Where string
}

// New makes a fault. Both messages say what was wrong, where, and what to do.
func New(code Code, zh, en string) *Error { return &Error{Code: code, ZH: zh, EN: en} }

// Wrap is New with a cause, which is logged and matched by errors.Is but not shown.
func Wrap(err error, code Code, zh, en string) *Error {
	return &Error{Code: code, ZH: zh, EN: en, Err: err}
}

// At says what in the input was wrong, by the name that it has there. It gives back e.
func (e *Error) At(where string) *Error {
	e.Where = where
	return e
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.EN, e.Err)
	}
	return e.EN
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the first fault in err's chain, Internal when there is none.
func CodeOf(err error) Code {
	var f *Error
	if errors.As(err, &f) {
		return f.Code
	}
	return Internal
}

// Status is the HTTP status of a code.
func (c Code) Status() int {
	switch c {
	case Invalid:
		return http.StatusUnprocessableEntity
	case NotFound:
		return http.StatusNotFound
	case Conflict:
		return http.StatusConflict
	case Unavailable:
		return http.StatusServiceUnavailable
	case SignedOut:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case TooManyTries:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}
