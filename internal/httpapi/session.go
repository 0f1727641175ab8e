package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/postgres"
)

const (
	sessionPath   = "/api/session"
	secondFactor  = "/api/session/second-factor"
	ownPassword   = "/api/account/password"
	ownFactor     = "/api/account/second-factor"
	confirmFactor = "/api/account/second-factor/confirm"
	ownSessions   = "/api/account/sessions"
	ownRecovery   = "/api/account/recovery-codes"
)

// Session is who is signed in, how far, and what they may do where.
type Session struct {
	Stage   string              `json:"stage" enum:"out,second-factor,password,enrol,open" doc:"out: nobody; second-factor: a code is wanted; password: a new one must be chosen; enrol: the role demands a second factor; open: signed in"`
	Demo    bool                `json:"demo" doc:"The data is invented"`
	Account *SessionAccount     `json:"account,omitempty"`
	Grants  []GrantedRole       `json:"grants"`
	Labels  []GrantedLabel      `json:"labels"`
	Can     map[string][]string `json:"can" doc:"What may be done, and where: codes of divisions and grids"`
	Ends    *time.Time          `json:"ends_at,omitempty" doc:"When it ends however busy it is"`
}

// SessionAccount is the account that is signed in.
type SessionAccount struct {
	ID           int64  `json:"id"`
	Name         string `json:"name" doc:"What is typed to sign in"`
	Display      string `json:"display"`
	Division     string `json:"division" doc:"Where it belongs"`
	DivisionName string `json:"division_name"`
	SecondFactor bool   `json:"second_factor" doc:"One is set up"`
}

// GrantedRole is a role on a piece of ground.
type GrantedRole struct {
	Role  string `json:"role" enum:"planner,dispatcher,leader,grid-worker,clerk,administrator,security-officer,auditor"`
	Code  string `json:"code" doc:"Of a division; a grid worker's of a grid"`
	Place string `json:"place" doc:"Its name"`
}

// GrantedLabel is a special group's label on a piece of ground.
type GrantedLabel struct {
	Label string `json:"label" enum:"released,correction,mental,drugs,youth,petition"`
	Code  string `json:"code"`
	Place string `json:"place"`
}

type signInInput struct {
	Device string `cookie:"jingwei_device"`
	Agent  string `header:"User-Agent"`
	Body   struct {
		Name     string `json:"name" maxLength:"200"`
		Password string `json:"password" maxLength:"2000"`
	}
}

type codeInput struct {
	Device string `cookie:"jingwei_device"`
	Body   struct {
		Code string `json:"code" maxLength:"40" doc:"Six figures, or a recovery code"`
	}
}

// sessionAnswer is a session with its cookies.
type sessionAnswer struct {
	CacheControl string        `header:"Cache-Control"`
	SetCookie    []http.Cookie `header:"Set-Cookie"`
	Body         Session
}

type nothing struct {
	CacheControl string        `header:"Cache-Control"`
	SetCookie    []http.Cookie `header:"Set-Cookie"`
}

func (s *Server) sessionRoutes() {
	tags := []string{"access"}
	ask(s, huma.Operation{OperationID: "getSession", Method: http.MethodGet, Path: sessionPath, Tags: tags,
		Summary: "Who is signed in"}, func(ctx context.Context, _ *struct{}) (*sessionAnswer, error) {
		return s.sessionOf(ctx, access.IdentityOf(ctx))
	})
	ask(s, huma.Operation{OperationID: "signIn", Method: http.MethodPost, Path: sessionPath, Tags: tags, Summary: "Sign in",
		Description: "Sets the session's cookie. With a second factor the session is only half open then, and wants its code."}, s.signIn)
	ask(s, huma.Operation{OperationID: "passSecondFactor", Method: http.MethodPost, Path: secondFactor, Tags: tags,
		Summary: "Give the code of the second factor, or a recovery code"}, s.passFactor)
	ask(s, huma.Operation{OperationID: "signOut", Method: http.MethodDelete, Path: sessionPath, Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Sign out"}, func(ctx context.Context, _ *struct{}) (*nothing, error) {
		if err := s.Doors.SignOut(ctx, access.IdentityOf(ctx)); err != nil {
			return nil, err
		}
		return &nothing{CacheControl: "no-store", SetCookie: []http.Cookie{s.cookie(ctx, sessionCookie, "", -1)}}, nil
	})
}

// ask declares a JSON route of any method; what its function returns as an error becomes a problem in the client's language.
func ask[I, O any](s *Server, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	if op.Errors == nil {
		op.Errors = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity,
			http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err == nil {
			return out, nil
		}
		p := s.problem(ctx, op, err)
		if wait := new(access.Wait); errors.As(err, &wait) {
			seconds := int64((wait.For + time.Second - 1) / time.Second)
			return nil, huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.FormatInt(seconds, 10)}})
		}
		return nil, p
	})
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionAnswer, error) {
	// The caller's address was found by permit.
	made, err := s.Doors.SignIn(ctx, access.Attempt{
		Name: in.Body.Name, Password: in.Body.Password, Device: in.Device, Agent: in.Agent, Address: audit.CallerOf(ctx).Address,
	})
	if err != nil {
		return nil, err
	}
	i, err := s.Doors.Identify(ctx, made.Token, false)
	if err != nil {
		return nil, err
	}
	out, err := s.sessionOf(ctx, i)
	if err != nil {
		return nil, err
	}
	out.SetCookie = []http.Cookie{s.cookie(ctx, sessionCookie, made.Token, int(access.Absolute/time.Second))}
	if made.Stage != access.SecondFactor {
		out.SetCookie = append(out.SetCookie, s.cookie(ctx, deviceCookie, made.Device, deviceAge))
	}
	return out, nil
}

func (s *Server) passFactor(ctx context.Context, in *codeInput) (*sessionAnswer, error) {
	i := access.IdentityOf(ctx)
	if _, err := s.Doors.PassFactor(ctx, i, in.Body.Code, fromWhere(ctx, in.Device)); err != nil {
		return nil, err
	}
	out, err := s.again(ctx, i)
	if err != nil {
		return nil, err
	}
	out.SetCookie = []http.Cookie{s.cookie(ctx, deviceCookie, s.Doors.Known(i, in.Device), deviceAge)}
	return out, nil
}

func fromWhere(ctx context.Context, device string) access.Place {
	return access.Place{Address: audit.CallerOf(ctx).Address, Device: device}
}

// again is the session after something about it has changed.
func (s *Server) again(ctx context.Context, i *access.Identity) (*sessionAnswer, error) {
	fresh, err := s.Doors.Again(ctx, i)
	if err != nil {
		return nil, err
	}
	return s.sessionOf(ctx, fresh)
}

// cookie is one that scripts can't read and other sites' requests don't bring along.
func (s *Server) cookie(ctx context.Context, name, value string, age int) http.Cookie {
	secure, _ := ctx.Value(secureKey).(bool)
	return http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode}
}

func (s *Server) sessionOf(ctx context.Context, i *access.Identity) (*sessionAnswer, error) {
	out := &sessionAnswer{CacheControl: "no-store", Body: Session{Stage: "out", Demo: s.Demo, Grants: []GrantedRole{}, Labels: []GrantedLabel{}, Can: map[string][]string{}}}
	if i == nil {
		return out, nil
	}
	out.Body.Stage, out.Body.Ends = string(i.Stage), &i.Ends
	out.Body.Account = &SessionAccount{ID: i.Account.ID, Name: i.Account.Name, Display: i.Account.Display, Division: i.Account.Division, SecondFactor: i.SecondFactor}
	if i.Stage != access.Open {
		return out, nil
	}
	err := s.read(ctx, func(tx pgx.Tx) error {
		codes := []string{i.Account.Division}
		codes = append(codes, codesOf(i.Grants, i.Labels)...)
		names, err := placeNames(ctx, tx, codes)
		if err != nil {
			return err
		}
		out.Body.Account.DivisionName = names[i.Account.Division]
		out.Body.Grants, out.Body.Labels = named(names, i.Grants, i.Labels)
		return nil
	})
	out.Body.Can = capabilities(i)
	return out, err
}

// capabilities says what an identity may do, and on which codes.
func capabilities(i *access.Identity) map[string][]string {
	can := map[string][]string{}
	for _, g := range i.Grants {
		for c, code := range access.CapabilitiesOf(g) {
			can[string(c)] = append(can[string(c)], code)
		}
	}
	for _, l := range i.Labels {
		can[string(access.Special(l.Label))] = append(can[string(access.Special(l.Label))], l.Code)
	}
	return can
}

func codesOf(grants []access.Grant, labels []access.LabelGrant) (codes []string) {
	for _, g := range grants {
		codes = append(codes, g.Code)
	}
	for _, l := range labels {
		codes = append(codes, l.Code)
	}
	return codes
}

func named(names map[string]string, grants []access.Grant, labels []access.LabelGrant) ([]GrantedRole, []GrantedLabel) {
	g, l := make([]GrantedRole, len(grants)), make([]GrantedLabel, len(labels))
	for i, x := range grants {
		g[i] = GrantedRole{string(x.Role), x.Code, names[x.Code]}
	}
	for i, x := range labels {
		l[i] = GrantedLabel{string(x.Label), x.Code, names[x.Code]}
	}
	return g, l
}

// placeNames are the names of divisions and grids: a grid's own, or that of its community with the last figures of its code.
func placeNames(ctx context.Context, tx pgx.Tx, codes []string) (map[string]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT c, coalesce(d.name, nullif(g.name, ''), below.name || ' ' || right(c, 3), '') FROM unnest($1::text[]) AS c
		LEFT JOIN division d ON d.code = c
		LEFT JOIN grid g ON length(c) = 15 AND g.county = left(c, 6)::integer AND g.code = CASE WHEN length(c) = 15 THEN c::bigint END
		LEFT JOIN division below ON length(c) = 15 AND below.code = left(c, 12)`, codes)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string)
	var code, name string
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error { names[code] = name; return nil })
	return names, err
}

// write runs f in a transaction of the actor's.
func (s *Server) write(ctx context.Context, f func(tx pgx.Tx) error) error {
	return postgres.InTx(ctx, s.DB, f)
}
