package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jingwei/internal/access"
)

// OwnAccount is somebody's own account.
type OwnAccount struct {
	Session
	RecoveryCodesLeft int          `json:"recovery_codes_left"`
	Sessions          []OwnSession `json:"sessions" doc:"Where it is signed in, the last used first"`
}

// OwnSession is one place where an account is signed in.
type OwnSession struct {
	Created time.Time `json:"created_at"`
	Seen    time.Time `json:"seen_at" doc:"Last used, to the minute"`
	Address string    `json:"address"`
	Agent   string    `json:"agent" doc:"What the browser calls itself"`
	Current bool      `json:"current" doc:"The one that asks"`
}

// NewFactor is a second factor that is being set up.
type NewFactor struct {
	Secret string `json:"secret" doc:"To be typed where no picture can be taken"`
	URI    string `json:"uri" doc:"otpauth://, as in RFC 6238 apps"`
	QR     string `json:"qr" doc:"The same as a picture, a data: URI"`
}

// RecoveryCodes are shown this once.
type RecoveryCodes struct {
	Codes   []string `json:"recovery_codes" doc:"Each is good for once, instead of a code of the second factor"`
	Session *Session `json:"session,omitempty"`
}

type passwordInput struct {
	Device string `cookie:"jingwei_device"`
	Body   struct {
		Current string `json:"current" maxLength:"2000"`
		Next    string `json:"next" maxLength:"2000"`
	}
}

type ownPasswordInput struct {
	Device string `cookie:"jingwei_device"`
	Body   struct {
		Password string `json:"password" maxLength:"2000"`
	}
}

// private is an answer that nobody keeps.
type private[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func privately[T any](body T) *private[T] { return &private[T]{"no-store", body} }

func (s *Server) accountRoutes() {
	tags := []string{"access"}
	ask(s, huma.Operation{OperationID: "getAccount", Method: http.MethodGet, Path: "/api/account", Tags: tags, Summary: "My account"}, s.getAccount)
	ask(s, huma.Operation{OperationID: "changePassword", Method: http.MethodPost, Path: ownPassword, Tags: tags,
		Summary: "Change my password", Description: "Ends the account's other sessions."},
		func(ctx context.Context, in *passwordInput) (*sessionAnswer, error) {
			i := access.IdentityOf(ctx)
			if err := s.Doors.ChangePassword(ctx, i, in.Body.Current, in.Body.Next, fromWhere(ctx, in.Device)); err != nil {
				return nil, err
			}
			return s.again(ctx, i)
		})
	ask(s, huma.Operation{OperationID: "beginSecondFactor", Method: http.MethodPost, Path: ownFactor, Tags: tags, Summary: "Begin to set up a second factor"},
		func(ctx context.Context, _ *struct{}) (*private[NewFactor], error) {
			f, err := s.Doors.BeginFactor(ctx, access.IdentityOf(ctx))
			if err != nil {
				return nil, err
			}
			return privately(NewFactor{f.Secret, f.URI, f.QR}), nil
		})
	ask(s, huma.Operation{OperationID: "confirmSecondFactor", Method: http.MethodPost, Path: confirmFactor, Tags: tags,
		Summary: "Set up the second factor with a code of it", Description: "Gives the recovery codes, this once."}, s.confirmFactor)
	ask(s, huma.Operation{OperationID: "removeSecondFactor", Method: http.MethodDelete, Path: ownFactor, Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Do without a second factor", Description: "Administrators, security officers and auditors can't."},
		func(ctx context.Context, in *ownPasswordInput) (*nothing, error) {
			return &nothing{CacheControl: "no-store"}, s.Doors.RemoveFactor(ctx, access.IdentityOf(ctx), in.Body.Password, fromWhere(ctx, in.Device))
		})
	ask(s, huma.Operation{OperationID: "renewRecoveryCodes", Method: http.MethodPost, Path: ownRecovery, Tags: tags, Summary: "New recovery codes"},
		func(ctx context.Context, in *codeInput) (*private[RecoveryCodes], error) {
			codes, err := s.Doors.RenewRecoveryCodes(ctx, access.IdentityOf(ctx), in.Body.Code, fromWhere(ctx, in.Device))
			if err != nil {
				return nil, err
			}
			return privately(RecoveryCodes{Codes: codes}), nil
		})
	ask(s, huma.Operation{OperationID: "signOutEverywhere", Method: http.MethodDelete, Path: ownSessions, Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Sign out everywhere, here too"}, func(ctx context.Context, _ *struct{}) (*nothing, error) {
		if err := s.Doors.SignOutEverywhere(ctx, access.IdentityOf(ctx)); err != nil {
			return nil, err
		}
		return &nothing{CacheControl: "no-store", SetCookie: []http.Cookie{s.cookie(ctx, sessionCookie, "", -1)}}, nil
	})
}

func (s *Server) getAccount(ctx context.Context, _ *struct{}) (*private[OwnAccount], error) {
	i := access.IdentityOf(ctx)
	session, err := s.sessionOf(ctx, i)
	if err != nil {
		return nil, err
	}
	out := OwnAccount{Session: session.Body, Sessions: []OwnSession{}}
	sessions, left, err := s.Doors.Sessions(ctx, i)
	if err != nil {
		return nil, err
	}
	out.RecoveryCodesLeft = left
	for _, x := range sessions {
		out.Sessions = append(out.Sessions, OwnSession(x))
	}
	return privately(out), nil
}

func (s *Server) confirmFactor(ctx context.Context, in *codeInput) (*private[RecoveryCodes], error) {
	i := access.IdentityOf(ctx)
	codes, err := s.Doors.ConfirmFactor(ctx, i, in.Body.Code)
	if err != nil {
		return nil, err
	}
	now, err := s.again(ctx, i)
	if err != nil {
		return nil, err
	}
	return privately(RecoveryCodes{codes, &now.Body}), nil
}
