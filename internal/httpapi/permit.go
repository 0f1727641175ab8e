package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// need is what somebody must have to use a route at all. Where they have it is the business of the route and of the database.
type need struct {
	public  bool                // for everybody, signed in or not
	half    bool                // a session that isn't open yet will do: it is on its way
	signed  bool                // any open session will do
	capable postgres.Capability // any open session that has it somewhere
	either  postgres.Capability // … or this one
	other   postgres.Capability // … or this one
}

// needs are all routes. One that doesn't stand here answers nobody (permit): a new route needs a thought first.
var needs = map[string]need{
	"GET /*":                           {public: true}, // the page's files: the same for everybody
	"GET /healthz":                     {public: true},
	"GET /readyz":                      {public: true},
	"GET /openapi.json":                {public: true},
	"GET /openapi.yaml":                {public: true},
	"GET /openapi-3.0.json":            {public: true},
	"GET /openapi-3.0.yaml":            {public: true},
	"GET /api/session":                 {public: true},
	"POST /api/session":                {public: true},
	"DELETE /api/session":              {half: true},
	"POST " + secondFactor:             {half: true},
	"POST " + ownPassword:              {half: true},
	"POST " + ownFactor:                {half: true},
	"POST " + confirmFactor:            {half: true},
	"DELETE " + ownFactor:              {signed: true},
	"GET /api/account":                 {signed: true},
	"DELETE " + ownSessions:            {signed: true},
	"POST " + ownRecovery:              {signed: true},
	"GET /metrics":                     {capable: access.ReadMap},
	"GET /api/meta":                    {capable: access.ReadMap},
	"GET /api/divisions":               {capable: access.ReadMap},
	"GET /api/divisions/:code":         {capable: access.ReadMap},
	"GET /api/divisions/:code/figures": {capable: access.ReadMap},
	"GET /api/grids":                   {capable: access.ReadMap},
	"GET /api/grids/:code":             {capable: access.ReadMap},
	"GET /api/grids/at":                {capable: access.ReadMap},
	"GET /api/grids/:code/history":     {capable: access.ReadMap},
	"GET /api/layouts/:county":         {capable: access.ReadMap},
	"GET /api/events":                  {capable: access.ReadMap},
	"GET /api/search":                  {capable: access.ReadMap},
	"POST /api/locate":                 {capable: access.ReadMap},
	"GET /tiles/:layers":               {capable: access.ReadMap},
	"GET /tiles/:layers/:z/:x/:y":      {capable: access.ReadMap},

	"GET /api/incident-kinds":         {capable: access.ReadMap}, // a list that is the same for everybody
	"GET /api/incidents":              {capable: access.ReadIncidents},
	"POST /api/incidents":             {capable: access.ReportIncidents},
	"GET /api/incidents/:id":          {capable: access.ReadIncidents},
	"POST /api/incidents/:id/contact": {capable: access.UnmaskContacts},
	"GET /api/incident-visits":        {capable: access.ReadRegister}, // and ReadIncidents, by the policies of both tables
	"GET /api/incidents/:id/visit":    {capable: access.ReadRegister},
	"POST /api/incidents/:id/visit":   {capable: access.KeepRegister},
	"DELETE /api/incidents/:id/visit": {capable: access.KeepRegister},
	"GET /tiles/incidents/:z/:x/:y":   {capable: access.ReadIncidents},

	"GET /api/drafts":                      {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts":                     {capable: access.PlanGrids},
	"GET /api/drafts/:id":                  {capable: access.PlanGrids, either: access.ApproveGrids},
	"PATCH /api/drafts/:id":                {capable: access.PlanGrids},
	"POST /api/drafts/:id/state":           {capable: access.PlanGrids, either: access.ApproveGrids},
	"PUT /api/drafts/:id/members":          {capable: access.PlanGrids},
	"PUT /api/drafts/:id/presence":         {capable: access.PlanGrids, either: access.ApproveGrids},
	"GET /api/drafts/:id/ground":           {capable: access.PlanGrids, either: access.ApproveGrids},
	"GET /api/drafts/:id/micro-grids":      {capable: access.PlanGrids, either: access.ApproveGrids},
	"GET /api/drafts/:id/surroundings":     {capable: access.PlanGrids, either: access.ApproveGrids},
	"GET /api/drafts/:id/care":             {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts/:id/acts":            {capable: access.PlanGrids},
	"POST /api/drafts/:id/solution":        {capable: access.PlanGrids},
	"GET /api/drafts/:id/journal":          {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts/:id/remedies":        {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts/:id/alternatives":    {capable: access.PlanGrids},
	"GET /api/drafts/:id/changes":          {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts/:id/publish":         {capable: access.PlanGrids, either: access.ApproveGrids},
	"POST /api/drafts/:id/rebase":          {capable: access.PlanGrids},
	"GET /api/divisions/:code/versions":    {capable: access.ReadMap},
	"PUT /api/grids/:code/surroundings":    {capable: access.PlanGrids},
	"PUT /api/grids/:code/posts/:post":     {capable: access.ManageResponders},
	"GET /api/posts":                       {capable: access.ReadResponders},
	"GET /api/responders":                  {capable: access.ReadResponders},
	"GET /api/responders/:id":              {capable: access.ReadResponders},
	"POST /api/responders":                 {capable: access.ManageResponders},
	"PATCH /api/responders/:id":            {capable: access.ManageResponders},
	"POST /api/responders/:id/phone":       {capable: access.UnmaskContacts, either: access.ManageResponders},
	"GET /api/addresses":                   {capable: access.ReadRegister},
	"GET /api/addresses/match":             {capable: access.ReadRegister},
	"GET /api/houses":                      {capable: access.ReadRegister},
	"GET /api/houses/:id":                  {capable: access.ReadRegister},
	"GET /api/buildings/:id/houses":        {capable: access.ReadRegister},
	"GET /api/houses/:id/acts":             {capable: access.ReadRegister},
	"POST /api/houses/:id/residents":       {capable: access.KeepRegister},
	"POST /api/houses/:id/households":      {capable: access.KeepRegister},
	"POST /api/houses/:id/address":         {capable: access.KeepRegister},
	"POST /api/residents/:id/leave":        {capable: access.KeepRegister},
	"POST /api/register-acts/:id/undo":     {capable: access.KeepRegister},
	"GET /api/watch":                       {capable: access.ReadRegister},
	"POST /api/residents/:id/visits":       {capable: access.KeepRegister},
	"POST /api/visits/:id":                 {capable: access.KeepRegister},
	"POST /api/residents/search":           {capable: access.ReadRegister},
	"GET /api/residents/:id":               {capable: access.ReadRegister},
	"POST /api/residents/:id/numbers":      {capable: access.UnmaskRegister},
	"GET /api/intakes":                     {capable: access.ImportRegister},
	"POST /api/intakes":                    {capable: access.ImportRegister},
	"GET /api/intakes/:id":                 {capable: access.ImportRegister},
	"PUT /api/intakes/:id":                 {capable: access.ImportRegister},
	"GET /api/intakes/:id/:file":           {capable: access.ImportRegister},
	"GET /api/proposals":                   {capable: access.KeepRegister},
	"POST /api/proposals/:id":              {capable: access.KeepRegister},
	"GET /api/drafts/:id/export/:file":     {capable: access.PlanGrids, either: access.ApproveGrids},
	"GET /api/organisations":               {capable: access.ReadRegister},
	"POST /api/organisations/:id/contact":  {capable: access.UnmaskRegister},
	"GET /api/vehicles":                    {capable: access.ReadRegister},
	"POST /api/vehicles/search":            {capable: access.ReadRegister},
	"POST /api/vehicles/:id/plate":         {capable: access.UnmaskRegister},
	"GET /api/unplaced":                    {capable: access.ImportRegister},
	"POST /api/unplaced/:id":               {capable: access.ImportRegister},
	"GET /api/watch/counts":                {capable: access.ReadRegister},
	"GET /api/residents/:id/visits":        {capable: access.ReadRegister},
	"DELETE /api/visits/:id":               {capable: access.KeepRegister},
	"GET /api/care-kinds":                  {capable: access.ReadRegister, either: access.DefineCare},
	"POST /api/care-kinds":                 {capable: access.DefineCare},
	"PUT /api/care-kinds/:county/:kind":    {capable: access.DefineCare},
	"PUT /api/residents/:id/care/:kind":    {capable: access.KeepRegister},
	"DELETE /api/residents/:id/care/:kind": {capable: access.KeepRegister},

	"GET /api/export/:file": {capable: access.ReadMap}, // how many live on each block is for planners of that ground (exchange.go)
	"POST /api/nets":        {capable: access.PlanGrids},
	"POST /api/nets/merged": {capable: access.PlanGrids},

	"GET /api/trail":     {capable: access.ReadTrail},
	"GET /api/trail.csv": {capable: access.ReadTrail},

	"GET /api/accounts":                      {capable: access.ManageAccounts, either: access.GrantRoles, other: access.ReadTrail},
	"GET /api/accounts/:id":                  {capable: access.ManageAccounts, either: access.GrantRoles, other: access.ReadTrail},
	"POST /api/accounts":                     {capable: access.ManageAccounts},
	"PATCH /api/accounts/:id":                {capable: access.ManageAccounts},
	"POST /api/accounts/:id/reset":           {capable: access.ManageAccounts},
	"POST /api/accounts/:id/tokens":          {capable: access.ManageAccounts},
	"DELETE /api/accounts/:id/tokens/:token": {capable: access.ManageAccounts},
	"POST /api/accounts/:id/grants":          {capable: access.GrantRoles},
	"DELETE /api/accounts/:id/grants":        {capable: access.GrantRoles},
	"POST /api/accounts/:id/labels":          {capable: access.GrantRoles},
	"DELETE /api/accounts/:id/labels":        {capable: access.GrantRoles},
}

const (
	sessionCookie = "jingwei_session"
	deviceCookie  = "jingwei_device"
	deviceAge     = 180 * 24 * 3600 // seconds
	// background is the header of what a page asks by itself; it doesn't keep a session alive.
	background = "Jingwei-Background"
)

// permit finds out who asks and lets them through to the routes that they may use.
func (s *Server) permit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx := audit.WithCaller(r.Context(), audit.Caller{Address: s.address(r)})
		n, known := needs[r.Method+" "+c.Path()]
		if !known {
			if _, routed := s.routed[r.Method+" "+c.Path()]; routed {
				s.Logger.ErrorContext(ctx, "a route that nobody may use", "route", r.Method+" "+c.Path())
				return fault.New(fault.Forbidden, "没有权限", "not permitted")
			}
			return next(c) // nothing is there: the router says so
		}
		i, err := s.identity(c, r.Header.Get(background) == "" && c.Path() != eventsPath)
		if err != nil && fault.CodeOf(err) != fault.SignedOut {
			return err
		}
		if i != nil {
			ctx = access.WithIdentity(audit.WithCaller(ctx, audit.Caller{Name: i.Account.Name, Address: s.address(r)}), i)
		}
		c.SetRequest(r.WithContext(ctx))
		if refusal := n.refuse(i); refusal != nil {
			return refusal
		}
		return next(c)
	}
}

// refuse says why an identity may not use a route; nil when it may.
func (n need) refuse(i *access.Identity) error {
	switch {
	case n.public:
		return nil
	case i == nil:
		return fault.New(fault.SignedOut, "尚未登录，或登录已过期，请重新登录", "nobody is signed in, or no longer; sign in again")
	case n.half:
		return nil
	case i.Stage != access.Open:
		return fault.New(fault.SignedOut, "登录尚未完成", "signing in isn't finished yet")
	case n.signed:
		return nil
	}
	for _, c := range []postgres.Capability{n.capable, n.either, n.other} {
		if c != "" && i.Can(c) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "您的角色不能使用这项功能", "none of your roles may do this")
}

// identity is who the request comes from: a token in its header, or the session of its cookie.
// active says that a person does something at this moment.
func (s *Server) identity(c echo.Context, active bool) (*access.Identity, error) {
	r := c.Request()
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.Doors.Identify(r.Context(), strings.TrimSpace(token), active)
	}
	cookie, err := c.Cookie(sessionCookie)
	if err != nil {
		return nil, nil // none was sent
	}
	return s.Doors.Identify(r.Context(), cookie.Value, active)
}

// address is where a request comes from: the peer, or what a proxy that is trusted says of it, from the last hop backwards.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for k := len(hops) - 1; k >= 0 && s.trusts(host); k-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[k]))
		if err != nil {
			break
		}
		host = hop.Unmap().String()
	}
	return host
}

// trusts says whether an address is a proxy's that the operator named.
func (s *Server) trusts(host string) bool {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range s.TrustedProxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// isSecure says whether the client's connection is encrypted: to us, or to a proxy that is trusted.
func (s *Server) isSecure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return s.trusts(host) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
