package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
)

// Account is an account as those see it who look after accounts.
type Account struct {
	ID           int64          `json:"id"`
	Name         string         `json:"name" doc:"What is typed to sign in"`
	Display      string         `json:"display"`
	Kind         string         `json:"kind" enum:"person,machine"`
	Division     string         `json:"division" doc:"Where it belongs: whose administrator looks after it"`
	DivisionName string         `json:"division_name"`
	Disabled     bool           `json:"disabled"`
	SecondFactor bool           `json:"second_factor"`
	MustChange   bool           `json:"must_change" doc:"The first password wasn't changed yet"`
	SignedIn     *time.Time     `json:"signed_in_at,omitempty"`
	Created      time.Time      `json:"created_at"`
	Grants       []GrantedRole  `json:"grants"`
	Labels       []GrantedLabel `json:"labels"`
	Tokens       []Token        `json:"tokens"`
}

// Token is an API token of a machine, without what is secret.
type Token struct {
	ID      int64      `json:"id"`
	Name    string     `json:"name"`
	Created time.Time  `json:"created_at"`
	Expires time.Time  `json:"expires_at"`
	Used    *time.Time `json:"used_at,omitempty"`
	Revoked bool       `json:"revoked"`
}

// Accounts is a page of accounts.
type Accounts struct {
	Accounts []Account `json:"accounts"`
	Cursor   string    `json:"cursor" doc:"Of the next page; empty on the last"`
}

// MadeAccount is a new account; its first password is shown this once.
type MadeAccount struct {
	Account  Account `json:"account"`
	Password string  `json:"password,omitempty" doc:"To be changed at the first sign-in"`
}

// FreshPassword is what a reset gives.
type FreshPassword struct {
	Password string `json:"password,omitempty"`
}

// MadeToken is a new token, shown this once.
type MadeToken struct {
	Token string `json:"token"`
	Made  Token  `json:"made"`
}

type accountsInput struct {
	Q        string `query:"q" maxLength:"100" doc:"Found in names"`
	Role     string `query:"role" enum:"planner,dispatcher,leader,grid-worker,clerk,administrator,security-officer,auditor"`
	Division string `query:"division" pattern:"^[0-9]{6,15}$" doc:"Accounts that belong there or hold a role there"`
	Cursor   string `query:"cursor" maxLength:"60"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// AccountInput says which account. Its name is exported because huma passes over fields of embedded types that are not.
type AccountInput struct {
	ID int64 `path:"id"`
}

type newAccountInput struct {
	Body struct {
		Name     string `json:"name" maxLength:"60"`
		Display  string `json:"display" maxLength:"400"`
		Kind     string `json:"kind" enum:"person,machine" default:"person"`
		Division string `json:"division" maxLength:"20"`
	}
}

type changeInput struct {
	AccountInput
	Body struct {
		Display  *string `json:"display,omitempty" maxLength:"400"`
		Division *string `json:"division,omitempty" maxLength:"20"`
		Disabled *bool   `json:"disabled,omitempty"`
	}
}

type resetInput struct {
	AccountInput
	Body struct {
		What string `json:"what" enum:"password,second-factor,sessions"`
	}
}

type grantBody struct {
	Role string `json:"role" maxLength:"40"`
	Code string `json:"code" maxLength:"20"`
}

type labelBody struct {
	Label string `json:"label" maxLength:"40"`
	Code  string `json:"code" maxLength:"20"`
}

type giveInput struct {
	AccountInput
	Body grantBody
}

type takeInput struct {
	AccountInput
	Role string `query:"role" required:"true" maxLength:"40"`
	Code string `query:"code" required:"true" maxLength:"20"`
}

type giveLabelInput struct {
	AccountInput
	Body labelBody
}

type takeLabelInput struct {
	AccountInput
	Label string `query:"label" required:"true" maxLength:"40"`
	Code  string `query:"code" required:"true" maxLength:"20"`
}

type newTokenInput struct {
	AccountInput
	Body struct {
		Name string `json:"name" maxLength:"200"`
		Days int    `json:"days" minimum:"1" maximum:"366" default:"90"`
	}
}

type tokenInput struct {
	AccountInput
	Token int64 `path:"token"`
}

func (s *Server) accountsRoutes() {
	op := func(id, method, path, summary string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"access"}, Summary: summary, DefaultStatus: status}
	}
	const one = "/api/accounts/{id}"
	ask(s, op("listAccounts", http.MethodGet, "/api/accounts", "Accounts that one looks after", 0), s.listAccounts)
	ask(s, op("getOneAccount", http.MethodGet, one, "One account", 0), func(ctx context.Context, in *AccountInput) (*private[Account], error) {
		return s.account(ctx, in.ID)
	})
	ask(s, op("createAccount", http.MethodPost, "/api/accounts", "Make an account, without any role", http.StatusCreated), s.createAccount)
	ask(s, op("changeAccount", http.MethodPatch, one, "Change, disable or enable an account", 0), func(ctx context.Context, in *changeInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error {
			return s.Doors.Change(ctx, tx, in.ID, access.Change{Display: in.Body.Display, Division: in.Body.Division, Disabled: in.Body.Disabled})
		})
	})
	ask(s, op("resetAccount", http.MethodPost, one+"/reset", "Reset a password, take a second factor away, end sessions", 0), s.resetAccount)
	ask(s, op("giveRole", http.MethodPost, one+"/grants", "Give a role", 0), func(ctx context.Context, in *giveInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error {
			return s.Doors.Give(ctx, tx, in.ID, access.Grant{Role: access.Role(in.Body.Role), Code: in.Body.Code})
		})
	})
	ask(s, op("takeRole", http.MethodDelete, one+"/grants", "Take a role away", 0), func(ctx context.Context, in *takeInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error {
			return s.Doors.Take(ctx, tx, in.ID, access.Grant{Role: access.Role(in.Role), Code: in.Code})
		})
	})
	ask(s, op("giveLabel", http.MethodPost, one+"/labels", "Give a special group's label", 0), func(ctx context.Context, in *giveLabelInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error {
			return s.Doors.GiveLabel(ctx, tx, in.ID, access.LabelGrant{Label: access.Label(in.Body.Label), Code: in.Body.Code})
		})
	})
	ask(s, op("takeLabel", http.MethodDelete, one+"/labels", "Take a special group's label away", 0), func(ctx context.Context, in *takeLabelInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error {
			return s.Doors.TakeLabel(ctx, tx, in.ID, access.LabelGrant{Label: access.Label(in.Label), Code: in.Code})
		})
	})
	ask(s, op("makeToken", http.MethodPost, one+"/tokens", "Make a token for a machine", http.StatusCreated), s.makeToken)
	ask(s, op("revokeToken", http.MethodDelete, one+"/tokens/{token}", "Revoke a token", 0), func(ctx context.Context, in *tokenInput) (*private[Account], error) {
		return s.on(ctx, in.ID, func(tx pgx.Tx) error { return s.Doors.RevokeToken(ctx, tx, in.ID, in.Token) })
	})
}

// on changes an account and answers with what it is then. This node forgets at once what it remembers of it.
func (s *Server) on(ctx context.Context, id int64, f func(pgx.Tx) error) (*private[Account], error) {
	if err := s.write(ctx, f); err != nil {
		return nil, err
	}
	s.Doors.Forget(id)
	return s.account(ctx, id)
}

func (s *Server) account(ctx context.Context, id int64) (out *private[Account], err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		found, err := access.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := shown(ctx, tx, []access.Listed{found})
		if err != nil {
			return err
		}
		out = privately(all[0])
		return nil
	})
	return out, err
}

// shown is accounts with the names of their places.
func shown(ctx context.Context, tx pgx.Tx, accounts []access.Listed) ([]Account, error) {
	var codes []string
	for _, a := range accounts {
		codes = append(codes, a.Division)
		codes = append(codes, codesOf(a.Grants, a.Labels)...)
	}
	names, err := placeNames(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	out := make([]Account, len(accounts))
	for i, a := range accounts {
		out[i] = Account{ID: a.ID, Name: a.Name, Display: a.Display, Kind: a.Kind, Division: a.Division, DivisionName: names[a.Division],
			Disabled: a.Disabled, SecondFactor: a.SecondFactor, MustChange: a.MustChange, SignedIn: a.SignedIn, Created: a.Created, Tokens: []Token{}}
		out[i].Grants, out[i].Labels = named(names, a.Grants, a.Labels)
		for _, t := range a.Tokens {
			out[i].Tokens = append(out[i].Tokens, tokenOf(t))
		}
	}
	return out, nil
}

func tokenOf(t access.Token) Token {
	return Token{ID: t.ID, Name: t.Name, Created: t.Created, Expires: t.Expires, Used: t.Used, Revoked: t.Revoked}
}

func (s *Server) listAccounts(ctx context.Context, in *accountsInput) (*private[Accounts], error) {
	out := Accounts{Accounts: []Account{}}
	err := s.read(ctx, func(tx pgx.Tx) error {
		found, more, err := access.List(ctx, tx, in.Q, in.Role, in.Division, in.Cursor, in.Limit)
		if err != nil {
			return err
		}
		if more {
			out.Cursor = found[len(found)-1].Name
		}
		out.Accounts, err = shown(ctx, tx, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return privately(out), nil
}

func (s *Server) createAccount(ctx context.Context, in *newAccountInput) (*private[MadeAccount], error) {
	var made access.Account
	var password string
	err := s.write(ctx, func(tx pgx.Tx) (err error) {
		made, password, err = s.Doors.Create(ctx, tx, access.Draft{Name: in.Body.Name, Display: in.Body.Display, Kind: in.Body.Kind, Division: in.Body.Division})
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := s.account(ctx, made.ID)
	if err != nil {
		return nil, err
	}
	return privately(MadeAccount{out.Body, password}), nil
}

func (s *Server) resetAccount(ctx context.Context, in *resetInput) (*private[FreshPassword], error) {
	var password string
	err := s.write(ctx, func(tx pgx.Tx) (err error) {
		password, err = s.Doors.Reset(ctx, tx, in.ID, in.Body.What)
		return err
	})
	s.Doors.Forget(in.ID)
	if err != nil {
		return nil, err
	}
	return privately(FreshPassword{password}), nil
}

func (s *Server) makeToken(ctx context.Context, in *newTokenInput) (*private[MadeToken], error) {
	var token string
	var made access.Token
	err := s.write(ctx, func(tx pgx.Tx) (err error) {
		token, made, err = s.Doors.MakeToken(ctx, tx, in.ID, in.Body.Name, in.Body.Days)
		return err
	})
	if err != nil {
		return nil, err
	}
	return privately(MadeToken{token, tokenOf(made)}), nil
}
