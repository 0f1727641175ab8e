package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

// The access table: every route of the router × every role, on the ground where something lies and on other ground × signed out, half signed in
// and with a role taken away. Own ground is community 110108014001, other ground its neighbour 110108014002.

const (
	ownGround, otherGround = "110108014001", "110108014002"
	secret                 = "绝密口令一二三" // the text of the incident on own ground
	specialSecret          = "特殊人群四五六" // that of the one about a special group
	witness                = "19900001234"
	draftName              = "西区调整七八九"     // the name of the planner's draft of own ground
	workersPhone           = "19999994321" // of the worker of the grid on own ground
)

// row is one way to use a route.
type row struct {
	route   string        // as the router has it
	path    string        // what is asked; {incident}, {special}, {account}, {token} and {n} are filled in; "": the route's path
	body    string        // JSON
	roles   []access.Role // who may
	own     int           // the status they get on their own ground
	other   int           // … on other ground
	must    []string      // in the answer on own ground
	mustNot []string      // in no answer but that
	never   []string      // in no answer at all
	public  bool          // for everyRole, signed in or not
	fresh   bool          // it ends the session that asks
}

var (
	everyRole  = access.Roles
	readers    = []access.Role{access.Dispatcher, access.Leader, access.GridWorker, access.Clerk}
	reporters  = []access.Role{access.Dispatcher, access.GridWorker, access.Clerk}
	keepers    = []access.Role{access.Planner, access.Clerk}                                                      // of responders
	seers      = []access.Role{access.Planner, access.Dispatcher, access.Leader, access.GridWorker, access.Clerk} // of responders
	callers    = []access.Role{access.Planner, access.Dispatcher, access.GridWorker, access.Clerk}
	planners   = []access.Role{access.Planner}
	inHouses   = []access.Role{access.GridWorker, access.Clerk} // they enter who moves in and out
	inRegister = []access.Role{access.Dispatcher, access.GridWorker, access.Clerk}
	admins     = []access.Role{access.Administrator}
	officers   = []access.Role{access.SecurityOfficer}
	auditors   = []access.Role{access.Auditor}
	importers  = []access.Role{access.Clerk}
	registrars = []access.Role{access.GridWorker, access.Clerk}                              // they keep the register
	planning   = []access.Role{access.Planner, access.Leader}                                // they see drafts
	threeOf    = []access.Role{access.Administrator, access.SecurityOfficer, access.Auditor} // they have a second factor; the rest have none
	restOf     = []access.Role{access.Planner, access.Dispatcher, access.Leader, access.GridWorker, access.Clerk}
)

// theMap is a row of what everyRole with any role sees alike, and nobody else.
func theMap(route, path string, must ...string) row {
	return row{route: route, path: path, roles: everyRole, own: 200, other: 200, must: must, never: []string{secret, specialSecret, witness}}
}

var table = []row{
	{route: "GET /*", path: "/", public: true, own: 200, must: []string{"经纬"}},
	{route: "GET /*", path: "/assets/app-1a2b3c.js", public: true, own: 200, must: []string{"answer"}},
	{route: "GET /*", path: "/accounts", public: true, own: 200, must: []string{"经纬"}, never: []string{"subject-own"}},
	{route: "GET /*", path: "/../../etc/passwd", public: true, own: 200, must: []string{"经纬"}, never: []string{"root:"}},
	{route: "GET /healthz", public: true, own: 200, never: []string{"110108"}},
	{route: "GET /readyz", public: true, own: 200, never: []string{"110108"}},
	{route: "GET /openapi.json", public: true, own: 200, never: []string{"subject-own", secret}},
	{route: "GET /openapi.yaml", public: true, own: 200},
	{route: "GET /openapi-3.0.json", public: true, own: 200},
	{route: "GET /openapi-3.0.yaml", public: true, own: 200},
	{route: "GET /api/session", public: true, own: 200, must: []string{`"stage"`}, never: []string{"subject-own"}},
	{route: "POST /api/session", body: `{"name":"stranger-{n}","password":"wrong"}`, public: true, own: 401, never: []string{"stranger"}},

	{route: "DELETE /api/session", roles: everyRole, own: 204, other: 204, fresh: true},
	{route: "POST /api/session/second-factor", body: `{"code":"000000"}`, roles: everyRole, own: 200, other: 200, must: []string{`"stage":"open"`}},
	{route: "GET /api/account", roles: everyRole, own: 200, other: 200, must: []string{`"sessions"`}, never: []string{"subject-own"}},
	{route: "POST /api/account/password", body: `{"current":"wrong","next":"another-long-one-7"}`, roles: everyRole, own: 403, other: 403},
	{route: "POST /api/account/second-factor", roles: restOf, own: 200, other: 200, must: []string{"otpauth"}},
	{route: "POST /api/account/second-factor/confirm", body: `{"code":"0"}`, roles: restOf, own: 422, other: 422},
	{route: "DELETE /api/account/second-factor", body: `{"password":"wrong"}`, roles: everyRole, own: 403, other: 403},
	{route: "POST /api/account/recovery-codes", body: `{"code":"0"}`, roles: threeOf, own: 401, other: 401},
	{route: "DELETE /api/account/sessions", roles: everyRole, own: 204, other: 204, fresh: true},

	theMap("GET /metrics", "", "go_goroutines"),
	theMap("GET /api/meta", "", "清华园街道"),
	theMap("GET /api/divisions", "/api/divisions?parent=110108014", "110108014002"),
	theMap("GET /api/divisions/:code", "/api/divisions/110108014", "清华园街道"),
	theMap("GET /api/divisions/:code/figures", "/api/divisions/110108014/figures", "residents"),
	theMap("GET /api/grids", "/api/grids?division=110108014", "110108014002001"),
	theMap("GET /api/grids/:code", "/api/grids/110108014001001", "西区"),
	theMap("GET /api/grids/at", "/api/grids/at?lon=116.321&lat=40.0015", "110108014001001"),
	theMap("GET /api/grids/:code/history", "/api/grids/110108014001009/history", `"retired"`),
	theMap("GET /api/layouts/:county", "/api/layouts/110108", "version"),
	theMap("GET /api/divisions/:code/versions", "/api/divisions/"+ownGround+"/versions", `"version":1`),
	theMap("GET /api/search", "/api/search?q=%E6%B8%85%E5%8D%8E", "清华园街道"),
	theMap("POST /api/locate", "", "110108014001001"),
	theMap("GET /tiles/:layers", "/tiles/grids.json", "3.0.0"),
	theMap("GET /tiles/:layers/:z/:x/:y", "/tiles/grids/16/53943/24810.mvt", "110108014001001"),
	theMap("GET /api/incident-kinds", "", "消防隐患"),
	theMap("GET /api/events", "/api/events?once", ": once"),
	theMap("GET /api/export/:file", "/api/export/grids.geojson?division="+ownGround, "110108014001001"),
	theMap("GET /api/export/:file", "/api/export/assignment.csv?division="+ownGround, "block,grid"),       // with or without counts: TestCountsOfBlocksAreForPlanners
	theMap("GET /api/export/:file", "/api/export/micro-grids.csv?division="+ownGround, "grid,micro_grid"), // likewise

	{route: "POST /api/intakes", roles: importers, own: 201, other: 403, must: []string{`"state":"waiting"`, "演", `"card":1`}, mustNot: []string{`"state"`}, never: []string{neighbour, neighbourPhone, neighbourCard()}},
	{route: "GET /api/intakes", path: "/api/intakes?county=110108", roles: importers, own: 200, other: 200, must: []string{"{intake}"}, mustNot: []string{"{intake}"}, never: []string{neighbour}},
	{route: "GET /api/intakes/:id", path: "/api/intakes/{intake}", roles: importers, own: 200, other: 404, must: []string{"{intake}", `"proposed":1`, `"rejected":2`}, mustNot: []string{`"proposed"`}, never: []string{neighbour, neighbourPhone, neighbourCard()}},
	{route: "PUT /api/intakes/:id", path: "/api/intakes/{intake}", body: `{"act":"pause"}`, roles: importers, own: 409, other: 404, never: []string{neighbour}},
	{route: "PUT /api/intakes/:id", path: "/api/intakes/{intake}", body: `{"act":"eat"}`, roles: importers, own: 422, other: 422},
	{route: "GET /api/intakes/:id/:file", path: "/api/intakes/{intake}/rejects.csv", roles: importers, own: 200, other: 404, must: []string{"错误说明", "n999"}, mustNot: []string{"n999"}},
	{route: "GET /api/intakes/:id/:file", path: "/api/intakes/{intake}/rejects.xlsx", roles: importers, own: 200, other: 404, must: []string{"PK\x03\x04"}, mustNot: []string{"PK\x03\x04"}},
	{route: "GET /api/proposals", path: "/api/proposals?county=110108", roles: registrars, own: 200, other: 200, must: []string{"{proposal}", "154****0001", "154****9876"}, mustNot: []string{"{proposal}", neighbour}, never: []string{neighbourPhone, neighbourCard()}},
	{route: "POST /api/proposals/:id", path: "/api/proposals/{proposal}", body: `{"accept":false}`, roles: registrars, own: 200, other: 404, must: []string{`"accepted":false`}, mustNot: []string{neighbour}},

	{route: "GET /api/organisations", path: "/api/organisations?house={house}", roles: inRegister, own: 200, other: 200, must: []string{shopName, "154****4321", "演**主", "{organisation}"}, mustNot: []string{shopName, "4321", "{organisation}"}, never: []string{shopOwner, shopPhone}},
	{route: "GET /api/organisations", path: "/api/organisations?building={building}", roles: inRegister, own: 200, other: 200, must: []string{shopName}, mustNot: []string{shopName}, never: []string{shopOwner, shopPhone}},
	{route: "GET /api/organisations", path: "/api/organisations?county=110108&text=%E7%A4%BA%E4%BE%8B%E5%B0%8F", roles: inRegister, own: 200, other: 200, must: []string{shopName}, mustNot: []string{shopName}, never: []string{shopOwner, shopPhone}},
	{route: "GET /api/organisations", path: "/api/organisations?county=110108&text=x", roles: inRegister, own: 422, other: 422},
	{route: "GET /api/organisations", path: "/api/organisations", roles: inRegister, own: 422, other: 422},
	{route: "POST /api/organisations/:id/contact", path: "/api/organisations/{organisation}/contact", body: `{"reason":"消防检查"}`, roles: inRegister, own: 200, other: 404, must: []string{shopOwner, shopPhone}, mustNot: []string{shopOwner, shopPhone}},
	{route: "POST /api/organisations/:id/contact", path: "/api/organisations/{organisation}/contact", body: `{"reason":"x"}`, roles: inRegister, own: 422, other: 422, never: []string{shopPhone}},

	{route: "GET /api/vehicles", path: "/api/vehicles?house={house}", roles: inRegister, own: 200, other: 200, must: []string{"鲁I***32", "{vehicle}"}, mustNot: []string{"鲁I", "{vehicle}"}, never: []string{shopPlate, neighbour}},
	{route: "POST /api/vehicles/search", body: `{"county":110108,"plate":"` + shopPlate + `"}`, roles: inRegister, own: 200, other: 200, must: []string{"鲁I***32", "{house}"}, mustNot: []string{"鲁I", "{house}"}, never: []string{shopPlate, neighbour}},
	{route: "POST /api/vehicles/search", body: `{"county":110108,"plate":"x"}`, roles: inRegister, own: 422, other: 422},
	{route: "POST /api/vehicles/:id/plate", path: "/api/vehicles/{vehicle}/plate", body: `{"reason":"占道挪车"}`, roles: inRegister, own: 200, other: 404, must: []string{shopPlate, neighbour}, mustNot: []string{shopPlate, neighbour}},

	{route: "GET /api/incidents", roles: readers, own: 200, other: 200, must: []string{secret, "{incident}"}, mustNot: []string{secret, "{incident}"}, never: []string{witness, specialSecret}},
	{route: "GET /api/incidents", path: "/api/incidents?division=" + ownGround + "001", roles: readers, own: 200, other: 403, must: []string{secret}, mustNot: []string{secret}, never: []string{witness, specialSecret}},
	{route: "GET /api/incidents/:id", path: "/api/incidents/{incident}", roles: readers, own: 200, other: 404, must: []string{secret, "199****1234"}, mustNot: []string{secret, "199****1234"}, never: []string{witness}},
	{route: "GET /api/incidents/:id", path: "/api/incidents/{special}", roles: readers, own: 404, other: 404, never: []string{specialSecret}},
	{route: "POST /api/incidents/:id/contact", path: "/api/incidents/{incident}/contact", body: `{"reason":"回访核实"}`, roles: reporters, own: 200, other: 404, must: []string{witness}, mustNot: []string{witness, secret}},
	{route: "POST /api/incidents/:id/contact", path: "/api/incidents/{incident}/contact", body: `{"reason":"x"}`, roles: reporters, own: 422, other: 422, never: []string{witness}},
	{route: "POST /api/incidents/:id/contact", path: "/api/incidents/{special}/contact", body: `{"reason":"回访核实"}`, roles: reporters, own: 404, other: 404, never: []string{specialSecret}},
	{route: "POST /api/incidents", body: `{"kind":"fire","text":"x","lon":116.3205,"lat":40.0005,"request":"{n}"}`, roles: reporters, own: 201, other: 403, must: []string{"110108014001001"}, mustNot: []string{secret}},
	{route: "POST /api/incidents", body: `{"kind":"fire","special":"mental","text":"x","lon":116.3205,"lat":40.0005,"request":"{n}"}`, roles: reporters, own: 403, other: 403},
	{route: "GET /tiles/incidents/:z/:x/:y", path: "/tiles/incidents/16/53943/24810.mvt", roles: readers, own: 200, other: 204, must: []string{"{incident}"}, mustNot: []string{"{incident}"}, never: []string{secret, witness, "{special}"}},

	{route: "GET /api/drafts", roles: planning, own: 200, other: 200, must: []string{"{draft}", draftName}, mustNot: []string{"{draft}", draftName}},
	{route: "POST /api/drafts", body: `{"division":"` + ownGround + `","name":"新 {n}"}`, roles: planners, own: 201, other: 403, must: []string{"110108-"}, mustNot: []string{"110108-"}},
	{route: "GET /api/drafts/:id", path: "/api/drafts/{draft}", roles: planning, own: 200, other: 404, must: []string{draftName, "110108014001001"}, mustNot: []string{draftName}},
	{route: "PATCH /api/drafts/:id", path: "/api/drafts/{draft}", body: `{"note":"说明"}`, roles: planners, own: 200, other: 404, must: []string{draftName}, mustNot: []string{draftName}},
	{route: "POST /api/drafts/:id/state", path: "/api/drafts/{draft}/state", body: `{"to":"eaten"}`, roles: planning, own: 422, other: 422, never: []string{draftName}},
	{route: "PUT /api/drafts/:id/members", path: "/api/drafts/{draft}/members", body: `{"accounts":[]}`, roles: planners, own: 200, other: 404, must: []string{draftName}, mustNot: []string{draftName}},
	{route: "PUT /api/drafts/:id/members", path: "/api/drafts/{draft}/members", body: `{"accounts":["other-planner"]}`, roles: planners, own: 404, other: 404, never: []string{draftName}},
	{route: "PUT /api/drafts/:id/presence", path: "/api/drafts/{draft}/presence", body: `{"center":[116.32,40],"zoom":14}`, roles: planning, own: 200, other: 404, must: []string{`"others"`}, mustNot: []string{`"others"`}},
	{route: "GET /api/drafts/:id/ground", path: "/api/drafts/{draft}/ground", roles: planning, own: 200, other: 404, must: []string{`"arcs"`}, mustNot: []string{`"arcs"`}},
	{route: "GET /api/drafts/:id/micro-grids", path: "/api/drafts/{draft}/micro-grids?grid=110108014001001", roles: planning, own: 200, other: 404, must: []string{`"households"`}, mustNot: []string{`"households"`}},
	{route: "GET /api/drafts/:id/surroundings", path: "/api/drafts/{draft}/surroundings?grid=110108014001001", roles: planning, own: 200, other: 404, must: []string{`"text_zh"`, `"live":true`}, mustNot: []string{`"text_zh"`}},
	{route: "GET /api/drafts/:id/care", path: "/api/drafts/{draft}/care", roles: planning, own: 200, other: 404, must: []string{`"grid":"110108014001001"`}, mustNot: []string{`"grids"`}, never: []string{neighbour}},
	{route: "POST /api/drafts/:id/acts", path: "/api/drafts/{draft}/acts", body: `{"kind":"redo","revision":0}`, roles: planners, own: 422, other: 404, never: []string{draftName}},
	{route: "POST /api/drafts/:id/solution", path: "/api/drafts/{draft}/solution", body: `{"revision":0}`, roles: planners, own: 200, other: 404, must: []string{`"progress"`}, mustNot: []string{`"progress"`}},
	{route: "GET /api/drafts/:id/journal", path: "/api/drafts/{draft}/journal", roles: planning, own: 200, other: 404, must: []string{`"acts"`}, mustNot: []string{`"acts"`}},
	{route: "POST /api/drafts/:id/remedies", path: "/api/drafts/{draft}/remedies", body: `{"problem":"none"}`, roles: planning, own: 404, other: 404, never: []string{draftName}},
	{route: "POST /api/drafts/:id/alternatives", path: "/api/drafts/{draft}/alternatives", body: `{"kind":"redraw","revision":0,"community":"999999999999"}`, roles: planners, own: 422, other: 404, never: []string{draftName}},
	{route: "GET /api/drafts/:id/changes", path: "/api/drafts/{draft}/changes", roles: planning, own: 200, other: 404, must: []string{"110108014001001"}, mustNot: []string{"110108014001001"}},
	{route: "POST /api/drafts/:id/publish", path: "/api/drafts/{draft}/publish", body: `{"on":"soon"}`, roles: planning, own: 422, other: 422, never: []string{draftName}},
	{route: "POST /api/drafts/:id/rebase", path: "/api/drafts/{draft}/rebase", body: `{}`, roles: planners, own: 200, other: 404, must: []string{`"revision"`}, mustNot: []string{`"revision"`}},
	{route: "GET /api/drafts/:id/export/:file", path: "/api/drafts/{draft}/export/map.pdf", roles: planning, own: 200, other: 404, must: []string{"%PDF"}, mustNot: []string{"%PDF"}},
	{route: "POST /api/nets/merged", roles: []access.Role{access.Planner}, own: 200, other: 403, must: []string{`"pairs"`}, mustNot: []string{`"pairs"`}},
	{route: "POST /api/nets", roles: []access.Role{access.Planner}, own: 200, other: 403, must: []string{`"assigned"`}, mustNot: []string{`"assigned"`}},

	{route: "GET /api/responders", path: "/api/responders?division=110108", roles: seers, own: 200, other: 200, must: []string{"甲乙丙丁"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "GET /api/responders", path: "/api/responders?division=" + ownGround + "001", roles: seers, own: 200, other: 403, must: []string{"甲乙丙丁", "199****4321"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "GET /api/responders/:id", path: "/api/responders/{responder}", roles: seers, own: 200, other: 404, must: []string{"甲乙丙丁"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "POST /api/responders", body: `{"kind":"police","name":"新","division":"` + ownGround + `001"}`, roles: keepers, own: 422, other: 422},
	{route: "POST /api/responders", body: `{"kind":"police","name":"新","division":"` + ownGround + `"}`, roles: keepers, own: 201, other: 403, must: []string{"新"}, mustNot: []string{"110108-"}},
	{route: "PATCH /api/responders/:id", path: "/api/responders/{responder}", body: `{"name":"甲乙丙丁"}`, roles: keepers, own: 200, other: 404, must: []string{"甲乙丙丁"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "POST /api/responders/:id/phone", path: "/api/responders/{responder}/phone", body: `{"reason":"回访核实"}`, roles: callers, own: 200, other: 404, must: []string{workersPhone}, mustNot: []string{workersPhone, "甲乙丙丁"}},
	{route: "POST /api/responders/:id/phone", path: "/api/responders/{responder}/phone", body: `{"reason":"x"}`, roles: callers, own: 422, other: 422, never: []string{workersPhone}},
	{route: "GET /api/posts", path: "/api/posts?division=110108", roles: seers, own: 200, other: 200, must: []string{"甲乙丙丁"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "PUT /api/grids/:code/posts/:post", path: "/api/grids/" + ownGround + "001/posts/worker", body: `{"responder":"{responder}"}`, roles: keepers, own: 200, other: 403, must: []string{"甲乙丙丁"}, mustNot: []string{"甲乙丙丁"}, never: []string{workersPhone}},
	{route: "PUT /api/grids/:code/surroundings", path: "/api/grids/" + ownGround + "001/surroundings", body: `{"zh":"东至甲路"}`, roles: planners, own: 200, other: 403, must: []string{"东至甲路"}},

	// Addresses are the same for all who may see the register somewhere: they say nothing about who lives there.
	{route: "GET /api/addresses", path: "/api/addresses?county=110108&text=mzxq", roles: inRegister, own: 200, other: 200, must: []string{"明珠小区"}, never: []string{neighbour, neighbourPhone}},
	{route: "GET /api/addresses/match", path: "/api/addresses/match?county=110108&text=%E6%98%8E%E7%8F%A0%E5%B0%8F%E5%8C%BA3-2-501", roles: inRegister, own: 200, other: 200, must: []string{"{house}", `"whole":true`}, never: []string{neighbour, neighbourPhone}},
	// A house is shown to who may see the register anywhere, who lives in it where they may.
	{route: "GET /api/houses", path: "/api/houses?county=110108&fragment=%E6%98%8E%E7%8F%A0", roles: inRegister, own: 200, other: 200, must: []string{"明珠小区", `"occupancy":"rented"`}, mustNot: []string{`"occupancy"`}, never: []string{neighbour, neighbourPhone}},
	{route: "GET /api/houses", path: "/api/houses?county=110108&fragment=x", roles: inRegister, own: 422, other: 422},
	{route: "GET /api/houses/:id", path: "/api/houses/{house}", roles: inRegister, own: 200, other: 200, must: []string{neighbour, "154****9876", `"alone"`}, mustNot: []string{neighbour, "9876", "alone", "floating", "rented"}, never: []string{neighbourPhone, neighbourCard()}},
	{route: "GET /api/houses/:id", path: "/api/houses/110108-999999", roles: inRegister, own: 404, other: 404},
	{route: "GET /api/buildings/:id/houses", path: "/api/buildings/{building}/houses", roles: inRegister, own: 200, other: 200, must: []string{"演***庚", `"residents":1`}, mustNot: []string{"演*", `"residents":1`, `"floating":1`, "alone", "rented"}, never: []string{neighbour, neighbourPhone, neighbourCard()}},
	{route: "POST /api/residents/search", body: `{"county":110108,"card":"` + neighbourCard() + `"}`, roles: inRegister, own: 200, other: 200, must: []string{neighbour, "154****9876", "{house}"}, mustNot: []string{neighbour, "9876", "{house}"}, never: []string{neighbourPhone, neighbourCard()}},
	{route: "POST /api/residents/search", body: `{"county":110108,"name":"` + neighbour + `","born":"1962-03-15"}`, roles: inRegister, own: 200, other: 200, must: []string{neighbour}, mustNot: []string{neighbour}, never: []string{neighbourPhone, neighbourCard()}},
	{route: "POST /api/residents/search", body: `{"county":110108,"name":"` + neighbour + `"}`, roles: inRegister, own: 422, other: 422, never: []string{neighbourPhone}},
	{route: "GET /api/residents/:id", path: "/api/residents/{resident}", roles: inRegister, own: 200, other: 404, must: []string{neighbour, "154****9876", "{house}", `"alone"`}, mustNot: []string{neighbour, "9876", "alone"}, never: []string{neighbourPhone, neighbourCard()}},
	{route: "POST /api/residents/:id/numbers", path: "/api/residents/{resident}/numbers", body: `{"reason":"上门核实"}`, roles: inRegister, own: 200, other: 404, must: []string{neighbour, neighbourPhone, neighbourCard()}, mustNot: []string{neighbour, neighbourPhone, neighbourCard()}},
	{route: "POST /api/residents/:id/numbers", path: "/api/residents/{resident}/numbers", body: `{"reason":"x"}`, roles: inRegister, own: 422, other: 422, never: []string{neighbourPhone}},
	{route: "GET /api/houses/:id/acts", path: "/api/houses/{house}/acts", roles: inRegister, own: 200, other: 200, must: []string{`"birth"`}, mustNot: []string{"birth"}, never: []string{neighbour}},
	// A card that somebody has is refused to all alike; the day before birth to those alone who keep the register there.
	{route: "POST /api/houses/:id/residents", path: "/api/houses/{house}/residents", body: `{"name":"演示新","card":"` + neighbourCard() + `","stay":"registered","since":"2024-01-01"}`, roles: inHouses, own: 409, other: 403, never: []string{neighbour}},
	{route: "POST /api/houses/:id/residents", path: "/api/houses/{house}/residents", body: `{"name":"演示新{n}","stay":"registered","since":"2024-01-01","newborn":true}`, roles: inHouses, own: 200, other: 403, must: []string{`"act"`}},
	{route: "POST /api/houses/:id/households", path: "/api/houses/{house}/households", body: `{"household":"n1-1","residents":["{resident}"]}`, roles: inHouses, own: 200, other: 403, must: []string{`"act"`}},
	{route: "POST /api/houses/:id/address", path: "/api/houses/{house}/address", body: `{"place":"明珠小区","number":"3号楼","unit":"2单元","floor":5,"room":"501","address":"北京市海淀区清华园街道南楼社区明珠小区3号楼2单元501室（{n}）"}`, roles: inHouses, own: 200, other: 403, must: []string{`"act"`}},
	{route: "POST /api/houses/:id/address", path: "/api/houses/{house}/address", body: `{"place":"","number":"","unit":"","floor":0,"room":"","address":" "}`, roles: inHouses, own: 422, other: 403},
	{route: "POST /api/residents/:id/leave", path: "/api/residents/{resident}/leave", body: `{"on":"2999-01-01"}`, roles: inHouses, own: 422, other: 404},
	{route: "POST /api/register-acts/:id/undo", path: "/api/register-acts/110108-999999/undo", roles: inHouses, own: 404, other: 404},
	{route: "POST /api/register-acts/:id/undo", path: "/api/register-acts/{act}/undo", roles: inHouses, own: 409, other: 404},
	{route: "GET /api/watch", path: "/api/watch?division=" + ownGround, roles: inRegister, own: 200, other: 200, must: []string{"演***庚", `"alone"`}, mustNot: []string{"演*", "{resident}", "alone"}, never: []string{neighbour, neighbourPhone, neighbourCard()}},
	{route: "GET /api/watch/counts", path: "/api/watch/counts?division=" + ownGround, roles: inRegister, own: 200, other: 200, must: []string{`"alone"`, `"people":1`}, mustNot: []string{`"alone"`, `"people":1`}, never: []string{neighbour}},
	// The visit is seen by who sees the incident; it says nothing of what was reported. That of an incident with a label nobody sees here.
	{route: "GET /api/incident-visits", path: "/api/incident-visits?division=" + ownGround, roles: inRegister, own: 200, other: 403, must: []string{"{incident}", `"emergency"`, `"total":1`}, mustNot: []string{"{incident}"}, never: []string{secret, witness, specialSecret, "{special}"}},
	{route: "GET /api/incidents/:id/visit", path: "/api/incidents/{incident}/visit", roles: inRegister, own: 200, other: 404, must: []string{`"emergency"`}, mustNot: []string{`"emergency"`}, never: []string{secret, witness}},
	{route: "GET /api/incidents/:id/visit", path: "/api/incidents/{special}/visit", roles: inRegister, own: 404, other: 404, never: []string{`"emergency"`}},
	{route: "POST /api/incidents/:id/visit", path: "/api/incidents/{incident}/visit", body: `{"on":"2999-01-01"}`, roles: inHouses, own: 422, other: 404},
	{route: "POST /api/incidents/:id/visit", path: "/api/incidents/{special}/visit", body: `{"on":"2026-01-01"}`, roles: inHouses, own: 404, other: 404},
	{route: "DELETE /api/incidents/:id/visit", path: "/api/incidents/{special}/visit", roles: inHouses, own: 404, other: 404},
	{route: "GET /api/residents/:id/visits", path: "/api/residents/{resident}/visits", roles: inRegister, own: 200, other: 404, must: []string{"{visit}", `"reason":"care"`}, mustNot: []string{"{visit}"}, never: []string{neighbour, neighbourPhone}},
	{route: "POST /api/residents/:id/visits", path: "/api/residents/{resident}/visits", body: `{"reason":"care","due":"2030-01-01"}`, roles: inHouses, own: 200, other: 404, must: []string{`"visit"`}},
	{route: "POST /api/visits/:id", path: "/api/visits/{visit}", body: `{"on":"2999-01-01"}`, roles: inHouses, own: 422, other: 404},
	{route: "GET /api/unplaced", path: "/api/unplaced?county=110108", roles: importers, own: 200, other: 200, must: []string{"{unplaced}", nowhere, `"all":1`}, mustNot: []string{"{unplaced}", nowhere}, never: []string{neighbour, "演示壬"}},
	{route: "GET /api/unplaced", path: "/api/unplaced?county=110108&past=true", roles: importers, own: 200, other: 200, must: []string{`"all":1`}, mustNot: []string{nowhere, `"all":1`}, never: []string{neighbour}},
	{route: "POST /api/unplaced/:id", path: "/api/unplaced/{unplaced}", body: `{"act":"place","house":"110108-99999"}`, roles: importers, own: 422, other: 404, mustNot: []string{nowhere}},
	{route: "POST /api/unplaced/:id", path: "/api/unplaced/{unplaced}", body: `{"act":"place","house":"{house}"}`, roles: importers, own: 200, other: 404, must: []string{`"accepted":1`}, mustNot: []string{nowhere}},
	{route: "POST /api/unplaced/:id", path: "/api/unplaced/{unplaced}", body: `{"act":"close"}`, roles: importers, own: 409, other: 404, mustNot: []string{nowhere}},
	{route: "POST /api/unplaced/:id", path: "/api/unplaced/{unplaced}", body: `{"act":"reopen"}`, roles: importers, own: 200, other: 404, mustNot: []string{nowhere}},
	{route: "DELETE /api/visits/:id", path: "/api/visits/110108-999999", roles: inHouses, own: 404, other: 404},
	{route: "PUT /api/residents/:id/care/:kind", path: "/api/residents/{resident}/care/alone", roles: inHouses, own: 409, other: 404, never: []string{neighbour}},
	{route: "PUT /api/residents/:id/care/:kind", path: "/api/residents/{resident}/care/rich", roles: inHouses, own: 404, other: 404},
	{route: "DELETE /api/residents/:id/care/:kind", path: "/api/residents/{resident}/care/veteran", roles: inHouses, own: 404, other: 404, never: []string{neighbour}},
	// Kinds of care say nothing about anybody. They are defined for a whole county, which nobody here has.
	{route: "GET /api/care-kinds", path: "/api/care-kinds?county=110108", roles: append([]access.Role{access.Administrator}, inRegister...), own: 200, other: 200, must: []string{"独居老人"}, never: []string{neighbour}},
	{route: "POST /api/care-kinds", body: `{"county":110108,"zh":"失独{n}","en":"x"}`, roles: admins, own: 403, other: 403},
	{route: "PUT /api/care-kinds/:county/:kind", path: "/api/care-kinds/110108/own-1", body: `{"zh":"失独","en":"x","used":true}`, roles: admins, own: 403, other: 403},

	{route: "GET /api/trail", roles: auditors, own: 200, other: 200, must: []string{"incident.reported"}, mustNot: []string{"incident:{incident}"}, never: []string{secret, witness}},
	{route: "GET /api/trail.csv", roles: auditors, own: 200, other: 200, must: []string{"incident.reported"}, mustNot: []string{"incident:{incident}"}, never: []string{secret, witness}},

	{route: "GET /api/accounts", roles: threeOf, own: 200, other: 200, must: []string{"subject-own"}, mustNot: []string{"subject-own"}, never: []string{"argon2"}},
	{route: "GET /api/accounts/:id", path: "/api/accounts/{account}", roles: threeOf, own: 200, other: 404, must: []string{"subject-own"}, mustNot: []string{"subject-own"}, never: []string{"argon2"}},
	{route: "POST /api/accounts", body: `{"name":"made-{n}","display":"新","kind":"person","division":"` + ownGround + `"}`, roles: admins, own: 201, other: 403, must: []string{`"password"`}, mustNot: []string{`"password"`}},
	{route: "PATCH /api/accounts/:id", path: "/api/accounts/{account}", body: `{"display":"改"}`, roles: admins, own: 200, other: 404, must: []string{"改"}, mustNot: []string{"subject-own"}},
	{route: "POST /api/accounts/:id/reset", path: "/api/accounts/{account}/reset", body: `{"what":"password"}`, roles: admins, own: 200, other: 404, must: []string{`"password"`}, mustNot: []string{`"password"`}},
	{route: "POST /api/accounts/:id/tokens", path: "/api/accounts/{machine}/tokens", body: `{"name":"x","days":1}`, roles: admins, own: 201, other: 404, must: []string{"jw_"}, mustNot: []string{"jw_"}},
	{route: "DELETE /api/accounts/:id/tokens/:token", path: "/api/accounts/{machine}/tokens/{token}", roles: admins, own: 200, other: 404, mustNot: []string{"machine-own"}},
	{route: "POST /api/accounts/:id/grants", path: "/api/accounts/{account}/grants", body: `{"role":"leader","code":"` + ownGround + `"}`, roles: officers, own: 200, other: 404, must: []string{"subject-own"}, mustNot: []string{"subject-own"}},
	{route: "DELETE /api/accounts/:id/grants", path: "/api/accounts/{account}/grants?role=leader&code=" + ownGround, roles: officers, own: 200, other: 404, mustNot: []string{"subject-own"}},
	{route: "POST /api/accounts/:id/labels", path: "/api/accounts/{account}/labels", body: `{"label":"mental","code":"` + ownGround + `"}`, roles: officers, own: 200, other: 404, must: []string{"subject-own"}, mustNot: []string{"subject-own"}},
	{route: "DELETE /api/accounts/:id/labels", path: "/api/accounts/{account}/labels?label=mental&code=" + ownGround, roles: officers, own: 200, other: 404, mustNot: []string{"subject-own"}},
}

// cast is who plays in the table.
type cast struct {
	*site
	fill  *strings.Replacer
	asked int // cases so far; every one of them has its own {n}
}

func newCast(t *testing.T) *cast {
	t.Helper()
	who := make(map[string][]access.Grant)
	for _, role := range access.Roles {
		for where, code := range map[string]string{"own": ownGround, "other": otherGround} {
			if role == access.GridWorker {
				code += "001"
			}
			who[where+"-"+string(role)] = []access.Grant{{Role: role, Code: code}}
		}
	}
	who["labelled"] = []access.Grant{{Role: access.Dispatcher, Code: ownGround}}
	s, _ := staffed(t, who, map[string][]access.LabelGrant{"labelled": {{Label: access.Mental, Code: ownGround}}})
	account := s.doors.Account("subject-own", ownGround, "person", nil)
	machine := s.doors.Account("machine-own", ownGround, "machine", nil)
	var made, special Incident
	s.ask("own-dispatcher", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "severity", 1, "text", secret, "contact", body{"phone": witness}), 201, &made)
	s.ask("labelled", "POST", "/api/incidents", fireAt(116.32052, 40.00052, "severity", 1, "text", specialSecret, "special", "mental"), 201, &special)
	var worker Responder
	s.ask("own-planner", "POST", "/api/responders", body{"kind": "grid-worker", "name": "甲乙丙丁", "phone": workersPhone, "division": ownGround}, 201, &worker)
	s.ask("own-planner", "PUT", "/api/grids/"+ownGround+"001/posts/worker", body{"responder": worker.ID}, 200, nil)
	var proposed draft.Head
	s.ask("own-planner", "POST", "/api/drafts", body{"division": ownGround, "name": draftName}, 201, &proposed)
	house, building, resident := s.moveIn()
	var born, undone MadeAct
	s.ask("own-clerk", "POST", "/api/houses/"+house+"/residents", body{"name": "演示初", "stay": "registered", "since": "2024-01-01", "newborn": true}, 200, &born)
	s.ask("own-clerk", "POST", "/api/register-acts/"+born.Act+"/undo", nil, 200, &undone)
	var visit MadeVisit
	s.ask("own-clerk", "POST", "/api/residents/"+resident+"/visits", body{"reason": "care", "due": "2030-01-01"}, 200, &visit)
	shop, vehicle := s.openShop(house)
	brought, proposal, unplaced := s.bringIn()
	var token MadeToken
	s.ask("own-administrator", "POST", fmt.Sprintf("/api/accounts/%d/tokens", machine), body{"name": "x", "days": 1}, 201, &token)
	return &cast{site: s, fill: strings.NewReplacer("{incident}", made.ID, "{special}", special.ID, "{draft}", proposed.ID, "{responder}", worker.ID, "{house}", house, "{organisation}", shop, "{vehicle}", vehicle, "{building}", building, "{resident}", resident, "{act}", born.Act, "{visit}", visit.Visit, "{intake}", brought, "{proposal}", proposal, "{unplaced}", unplaced, "{account}", fmt.Sprint(account),
		"{machine}", fmt.Sprint(machine), "{token}", fmt.Sprint(token.Made.ID))}
}

// play asks a row's question with a session's cookie.
func (c *cast) play(r row, cookie string) (int, string) {
	c.Helper()
	c.asked++
	method, path, _ := strings.Cut(r.route, " ")
	if r.path != "" {
		path = r.path
	}
	text := strings.ReplaceAll(c.fill.Replace(r.body), "{n}", fmt.Sprint(c.asked))
	kind := "application/json"
	if path == "/api/locate" {
		text, kind = "lon,lat\n116.321,40.0015\n", "text/csv"
	}
	if path == netsPath {
		text, kind = netForm("net.geojson", wholeNet, "division", ownGround)
	}
	if path == intakesPath && method == http.MethodPost {
		text, kind = netForm("people.csv", peopleFile, "division", ownGround, "kind", "residents")
	}
	if path == mergePath {
		text, kind = netForms(map[string]string{"a.geojson": wholeNet, "b.geojson": wholeNet}, "division", ownGround)
	}
	if path == "/api/events?once" {
		return c.firstEvent(cookie)
	}
	q, err := http.NewRequestWithContext(c.Context(), method, c.http.URL+c.fill.Replace(path), strings.NewReader(text))
	if err != nil {
		c.Fatal(err)
	}
	if text != "" {
		q.Header.Set("Content-Type", kind)
	}
	if cookie != "" {
		q.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	answer, raw := c.send(q)
	return answer.StatusCode, string(raw)
}

// firstEvent opens the stream of events, and closes it when it has said hello: the stream itself has tests of its own.
func (c *cast) firstEvent(cookie string) (int, string) {
	c.Helper()
	q, err := http.NewRequestWithContext(c.Context(), http.MethodGet, c.http.URL+eventsPath, nil)
	if err != nil {
		c.Fatal(err)
	}
	if cookie != "" {
		q.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		c.Fatal(err)
	}
	defer answer.Body.Close()
	first := make([]byte, 200)
	n, _ := answer.Body.Read(first)
	if strings.Contains(string(first[:n]), "event: hello") {
		return answer.StatusCode, ": once"
	}
	return answer.StatusCode, string(first[:n])
}

// holds checks an answer: its status, what must be in it and what must not.
func (c *cast) holds(r row, who string, cookie string, status int, must, mustNot []string) {
	c.Helper()
	got, text := c.play(r, cookie)
	if got != status {
		c.Errorf("%s %s as %s: %d, want %d: %.300s", r.route, r.path, who, got, status, text)
	}
	for _, what := range must {
		if !strings.Contains(text, c.fill.Replace(what)) {
			c.Errorf("%s %s as %s: %q isn't in the answer: %.300s", r.route, r.path, who, c.fill.Replace(what), text)
		}
	}
	for _, what := range slices.Concat(mustNot, r.never) {
		if strings.Contains(text, c.fill.Replace(what)) {
			c.Errorf("%s %s as %s: %q is in the answer: %.300s", r.route, r.path, who, c.fill.Replace(what), text)
		}
	}
}

func TestAccessTable(t *testing.T) {
	c := newCast(t)
	covered := make(map[string]bool)
	half := c.halfSignedIn()
	bare := c.doors.Person("bare", "110108", nil)
	for _, r := range table {
		covered[r.route] = true
		for _, role := range access.Roles {
			for where, status := range map[string]int{"own": r.own, "other": r.other} {
				who := where + "-" + string(role)
				cookie := c.people[who]
				switch {
				case r.public:
					c.holds(r, who, cookie, r.own, r.must, nil)
				case !slices.Contains(r.roles, role):
					c.holds(r, who, cookie, c.refusal(r), nil, r.mustNot)
				case where == "own":
					c.holds(r, who, cookie, status, r.must, nil)
				default:
					c.holds(r, who, cookie, status, nil, r.mustNot)
				}
				if r.fresh {
					c.people[who] = c.again(who)
				}
			}
		}
		// Signed out, with a session that has ended or never was, on the way in, and with no role at all.
		outside := 401
		if r.public {
			outside = r.own
		}
		c.holds(r, "nobody", "", outside, nil, r.mustNot)
		c.holds(r, "a made-up session", "x", outside, nil, r.mustNot)
		if n := needs[r.route]; !n.public && !n.half {
			c.holds(r, "half signed in", half, 401, nil, r.mustNot)
			if !n.signed {
				c.holds(r, "no role", bare, 403, nil, r.mustNot)
			}
		}
	}
	for _, route := range c.server.Routes() {
		if !covered[route] {
			t.Errorf("%s stands in no row of the access table", route)
		}
	}
	t.Logf("the access table: %d rows over %d routes, %d answers checked", len(table), len(covered), c.asked)
}

// refusal is what those get who may not use a route: 403, but 409 where a second factor is there already, or none is.
func (c *cast) refusal(r row) int {
	switch r.route {
	case "POST /api/account/second-factor", "POST /api/account/second-factor/confirm", "POST /api/account/recovery-codes":
		return 409
	}
	return 403
}

// again signs somebody in once more, for a row that ends the session.
func (c *cast) again(who string) string {
	c.Helper()
	if _, err := c.db.Owner.Exec(c.Context(), `UPDATE account SET totp = NULL, totp_step = 0 WHERE name = $1`, who); err != nil {
		c.Fatal(err)
	}
	return c.doors.SignedIn(who)
}

// halfSignedIn is a session that still wants its second factor.
func (c *cast) halfSignedIn() string {
	c.Helper()
	c.doors.Account("half", "110108", "person", []access.Grant{{Role: access.Auditor, Code: ownGround}})
	made, err := c.doors.SignIn(c.Context(), access.Attempt{Name: "half", Password: "violet-harbour-lantern-9", Address: "192.0.2.200"})
	if err != nil || made.Stage != access.Enrol {
		c.Fatal(made, err)
	}
	return made.Token
}
