package httpapi

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/draft"
	"jingwei/internal/incident"
	"jingwei/internal/intake"
	"jingwei/internal/layout"
	"jingwei/internal/live"
	"jingwei/internal/organisation"
	"jingwei/internal/register"
	"jingwei/internal/responder"
	"jingwei/internal/tile"
	"jingwei/internal/vault"
)

// Config is what a server is made of.
type Config struct {
	DB      *pgxpool.Pool    // connections of the application role
	Tiles   *tile.Server     // nil: there are no tiles
	Ground  *layout.Locators // the live ground in memory; nil: one of the server's own, that reads when it is asked
	Vault   *vault.Vault     // opens what is sealed; nil: there are no keys, and incidents are neither taken nor shown
	Trail   *audit.Trail     // where looks at persons are written down; nil: there are no such looks
	Assets  fs.FS            // the built page, index.html at its root; nil: there is no page
	Logger  *slog.Logger     // nil: silent
	Version string           // of the program

	Doors          *access.Doors  // the way in
	TrustedProxies []netip.Prefix // whose word about a client's address and connection is taken

	Drafts *draft.Room // where planners propose grids; nil: nowhere

	Addresses *register.Gazetteers // the addresses of the register in memory; nil: of the server's own, that nobody reads

	Intake *intake.Intake // what brings files into the register; nil: one of the server's own

	Live *live.Hub // what happens, for streams of events; nil: there are none

	Demo    bool     // the data is invented, and the page says so
	Basemap *Basemap // a basemap from elsewhere; nil: the county's own ground is the basemap

	// Before runs before each route, after it is known who asks.
	Before []echo.MiddlewareFunc
}

// Server answers HTTP requests. It is an http.Handler; Serve runs it.
type Server struct {
	Config
	echo    *echo.Echo
	api     huma.API
	metrics *metrics
	figures *figureCache
	ground  *layout.Locators
	routed  map[string]struct{} // "METHOD path" of every route

	stopping chan struct{} // closed when Serve is told to stop: streams end then
	stop     sync.Once

	heartbeat, patience time.Duration // of streams
	desk                *incident.Desk
	roll                *responder.Roll
	book                *register.Book
	organisations       *organisation.Book
	files               chan struct{} // one for each file that is read or written at a time
}

const (
	requestTimeout  = 30 * time.Second // for what one request may take in the database
	shutdownTimeout = 10 * time.Second // for requests that run when the server is told to stop
	bodyLimit       = "1M"
)

// New makes a server with all of its routes.
func New(config Config) (*Server, error) {
	if config.Addresses == nil {
		config.Addresses = new(register.Gazetteers)
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	useProblems()
	s := &Server{Config: config, echo: echo.New(), metrics: newMetrics(), figures: newFigureCache(), routed: make(map[string]struct{}), stopping: make(chan struct{}),
		heartbeat: heartbeat, patience: writePatience, files: make(chan struct{}, filesAtOnce)}
	if s.ground = config.Ground; s.ground == nil {
		s.ground = new(layout.Locators)
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.writeError
	s.echo.Use(s.identify, s.observe, s.recover, s.secure(),
		middleware.BodyLimitWithConfig(middleware.BodyLimitConfig{Limit: bodyLimit, Skipper: func(c echo.Context) bool {
			path := c.Request().URL.Path
			return path == locatePath || path == netsPath || path == mergePath || path == intakesPath || strings.HasPrefix(path, "/api/drafts/") && strings.HasSuffix(path, "/acts")
		}}),
		middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024, Skipper: compressesItself}), s.limitTime, s.sameSite, s.permit)
	s.echo.Use(config.Before...)

	s.api = humaecho.New(s.echo, s.openAPI())
	s.sessionRoutes()
	s.accountRoutes()
	s.accountsRoutes()
	s.divisionRoutes()
	s.gridRoutes()
	s.locateRoutes()
	s.layoutRoutes()
	if config.Drafts != nil {
		s.draftRoutes()
		s.draftExportRoute()
	}
	s.searchRoutes()
	s.incidentRoutes()
	s.responderRoutes()
	s.registerRoutes()
	s.registerActRoutes()
	s.watchRoutes()
	s.incidentVisitRoutes()
	s.careRoutes()
	s.intakeRoutes()
	s.organisationRoutes()
	s.vehicleRoutes()
	s.addressRoutes()
	s.postRoutes()
	s.surroundingsRoute()
	s.trailRoutes()
	s.exchangeRoutes()
	s.metaRoutes()
	s.healthRoutes()
	if config.Live != nil {
		s.eventRoutes()
	}
	if config.Tiles != nil {
		s.tileRoutes()
		s.incidentTileRoute()
		s.metrics.registry.MustRegister(config.Tiles.Collectors()...)
	}
	if err := s.pageRoutes(); err != nil {
		return nil, err
	}
	for _, route := range s.Routes() {
		s.routed[route] = struct{}{}
	}
	return s, nil
}

// openAPI is the description of the API, without the documentation pages that load scripts from elsewhere.
func (s *Server) openAPI() huma.Config {
	c := huma.DefaultConfig("经纬 Jingwei", s.Version)
	c.Info.Description = "网格图接口 · The grid map of a county. Errors are problem+json with a Chinese and an English message."
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema in answers
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie}, "token": {Type: "http", Scheme: "bearer"},
	}
	c.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	c.Tags = []*huma.Tag{
		{Name: "access", Description: "登录与账号 sessions, accounts, roles"},
		{Name: "divisions", Description: "区划 the tree of counties, towns and communities"},
		{Name: "grids", Description: "网格 the grids of the live layout"},
		{Name: "incidents", Description: "事件 what was reported, for those whose ground it is on"},
		{Name: "responders", Description: "处置人员与网格岗位 who works where, and which posts are vacant"},
		{Name: "trail", Description: "审计记录 who did what, for auditors"},
		{Name: "drafts", Description: "草案 what planners propose"},
		{Name: "exchange", Description: "导入导出 existing grid maps in, layouts out"},
		{Name: "layouts", Description: "网格布局 versions of a county's grids"},
		{Name: "search", Description: "查找 by code or name"},
		{Name: "events", Description: "实时事件 what happens, as it happens"},
		{Name: "tiles", Description: "矢量瓦片 vector tiles"},
		{Name: "server", Description: "服务器 what the server is and how it is"},
	}
	return c
}

// OpenAPI is the description of all JSON routes, as /openapi.json gives it.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// Routes are all routes as "METHOD path", for tests that go through every one of them.
func (s *Server) Routes() []string {
	var out []string
	for _, r := range s.echo.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// ServeHTTP answers a request. HEAD reaches the route of GET; net/http knows that the client asked for no body. Not where an answer has no end.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead && r.URL.Path != eventsPath {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.echo.ServeHTTP(w, r)
}

// Serve answers requests on l until ctx ends, then lets those that run come to their end. It closes l and
// returns nil when it was stopped by ctx.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      requestTimeout + 30*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.stop.Do(func() { close(s.stopping) })
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		_ = server.Close()
		return err
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// problem is an error of a route in the client's language; a mistake of ours is logged.
func (s *Server) problem(ctx context.Context, op huma.Operation, err error) error {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		s.Logger.ErrorContext(ctx, "request failed", "request", requestID(ctx), "route", op.Path, "error", err)
	}
	return p.in(ctx)
}

// answer is what a JSON route gives back.
type answer[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

// get declares a JSON route. What its function returns as an error becomes a problem in the client's language.
func get[I, O any](s *Server, op huma.Operation, find func(context.Context, *I) (O, error)) {
	op.Method = http.MethodGet
	if op.Errors == nil {
		op.Errors = []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := find(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return &answer[O]{CacheControl: "no-cache", Body: out}, nil
	})
}
