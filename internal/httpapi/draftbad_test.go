package httpapi

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

// badDraft is a draft of the town of testdata/town.sql, in which grid 001 is a ring round block 6.
type badDraft struct {
	*site
	id, cookie string
}

func newBadDraft(t *testing.T) *badDraft {
	s := setup(t)
	d := &badDraft{site: s, cookie: s.person("planner", access.Grant{Role: access.Planner, Code: "110108014"})}
	d.id = d.begin("110108014")
	for n, act := range []string{`{"kind":"assign","blocks":[3,7,11],"grid":"110108014001001","revision":0}`, `{"kind":"assign","blocks":[6],"grid":"new","revision":1}`} {
		if status, body := d.send2("POST", "/api/drafts/{id}/acts", act); status != 200 {
			t.Fatalf("act %d: %d %s", n, status, body)
		}
	}
	return d
}

func (d *badDraft) begin(division string) string {
	d.Helper()
	var h draft.Head
	status, body := d.send2("POST", "/api/drafts", `{"division":"`+division+`","name":"草案"}`)
	if err := json.Unmarshal([]byte(body), &h); status != 201 || err != nil {
		d.Fatalf("%d %s", status, body)
	}
	return h.ID
}

// send2 sends a body as it is; {id} is the draft's.
func (d *badDraft) send2(method, path, body string) (int, string) {
	d.Helper()
	status, _, raw := d.sendRaw(method, path, body)
	return status, string(raw)
}

func (d *badDraft) sendRaw(method, path, body string) (int, *http.Response, []byte) {
	d.Helper()
	r, err := http.NewRequest(method, d.http.URL+strings.ReplaceAll(path, "{id}", d.id), strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: d.cookie})
	answer, raw := d.send(r)
	return answer.StatusCode, answer, raw
}

// is is all that a draft is and all that is live: what a refusal must not change.
func (d *badDraft) is() string {
	d.Helper()
	sum := sha256.New()
	for _, path := range []string{"/api/drafts/{id}", "/api/drafts/{id}/ground", "/api/drafts/{id}/journal"} {
		status, body := d.send2("GET", path, "")
		if status != 200 {
			d.Fatalf("%s: %d %s", path, status, body)
		}
		fmt.Fprint(sum, body)
	}
	for _, table := range []string{"draft", "draft_act", "draft_block", "draft_cut", "draft_piece", "draft_grid", "draft_lock", "draft_member", "layout", "block", "grid", "grid_block"} {
		var text string
		err := d.db.Owner.QueryRow(d.Context(), `SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM `+table+` t`).Scan(&text)
		if err != nil {
			d.Fatal(err)
		}
		fmt.Fprint(sum, table, text)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

var chineseSentence = regexp.MustCompile(`\p{Han}{2,}`)

// communityName stands in English sentences as it is.
var communityName = regexp.MustCompile(`\p{Han}+社区`)

// refuses asks for something bad: it has to be refused with a status and a sentence in both languages, and to change nothing.
func (d *badDraft) refuses(what, method, path, body string, status int, says string) {
	d.Helper()
	before := d.is()
	got, answer, raw := d.sendRaw(method, path, body)
	if got != status {
		d.Errorf("%s: %d, want %d: %.300s", what, got, status, raw)
		return
	}
	p := d.isProblem(what, answer, raw, status)
	if !strings.Contains(p.EN, says) || !chineseSentence.MatchString(p.ZH) || chineseSentence.MatchString(communityName.ReplaceAllString(p.EN, "")) || len(p.EN) > 1000 || len(p.ZH) > 1500 {
		d.Errorf("%s: wants %q in: %.1500s / %.1500s", what, says, p.EN, p.ZH)
	}
	if d.is() != before {
		d.Errorf("%s was refused (%s) and changed something", what, p.EN)
	}
}

// repeat is n times something, with commas between.
func repeat(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }

func TestBadActsChangeNothing(t *testing.T) {
	d := newBadDraft(t)
	const ring = `"110108014001001"`
	line := func(points string, more ...string) string {
		return `{"kind":"split-line","grid":` + ring + `,"line":[` + points + `],"revision":2` + strings.Join(more, "") + `}`
	}
	act := func(fields string) string { return `{"revision":2,` + fields + `}` }
	for _, c := range []struct {
		what, body string
		status     int
		says       string
	}{
		// lines
		{"a line that crosses itself", line(`[116.3195,40.0005],[116.325,40.0025],[116.325,40.0005],[116.3195,40.0025]`), 422, "crosses itself"},
		{"a line that goes back over itself", line(`[116.3195,40.0005],[116.325,40.0005],[116.322,40.0005]`), 422, "crosses itself"},
		{"a cut from the hole to the outside", line(`[116.3215,40.0015],[116.3215,40.004]`), 422, "doesn't divide"},
		{"a cut that ends in the hole", line(`[116.3195,40.0017],[116.3215,40.0015]`), 422, "doesn't divide"},
		{"a line within the hole", line(`[116.3214,40.0015],[116.3216,40.0015]`), 422, "doesn't divide"},
		{"a line that begins inside", line(`[116.3205,40.0005],[116.3205,40.004]`), 422, "begins inside"},
		{"a line that ends inside", line(`[116.3205,40.004],[116.3205,40.0005]`), 422, "ends inside"},
		{"a line beside the grid", line(`[116.3195,40.004],[116.325,40.004]`), 422, "doesn't divide"},
		{"a line in the sea", line(`[122.5,36.1],[122.6,36.2]`), 422, "doesn't divide"},
		{"a line through the sea, across the world", line(`[-179.9,40.0005],[179.9,40.0007]`), 422, "too long"},
		{"a line of no length", line(`[116.321,40.001],[116.321,40.001]`), 422, "in one place"},
		{"a line of one point", line(`[116.321,40.001]`), 422, "2 to 2000 points"},
		{"a line of no point", line(``), 422, "2 to 2000 points"},
		{"a line with no point at all", act(`"kind":"split-line","grid":` + ring), 422, "2 to 2000 points"},
		{"a line beyond the earth", line(`[181,40],[116,91]`), 422, "no longitude and latitude"},
		{"a line of latitude and longitude", line(`[40.0005,116.3195],[40.0005,116.325]`), 422, "no longitude and latitude"},
		{"NaN", line(`[NaN,40],[116,40]`), 422, ""},
		{"Infinity", line(`[1e999,40],[116,40]`), 422, ""},
		{"points of three numbers", line(`[116.3195,40.0005,5],[116.325,40.0005,5]`), 422, ""},
		{"points of one number", line(`[116.3195],[116.325]`), 422, ""},
		{"points in words", line(`["x","y"],["x","y"]`), 422, ""},
		{"2001 points", line(repeat(`[116.3195,40.0005]`, 2001)), 422, ""},
		{"a lasso of 100,000 vertices", line(repeat(`[116.3195,40.0005]`, 100_000)), 422, ""},
		{"a line through a building", line(`[116.3195,40.0003],[116.325,40.0003]`), 409, "buildings"},
		{"a cut of nothing", act(`"kind":"cut","line":[[122.5,36.1],[122.6,36.2]]`), 422, "cuts no block"},
		{"a cut along a border", act(`"kind":"cut","line":[[116.3195,40.001],[116.324,40.001]]`), 422, "cuts no block"},
		{"a cut of a block that isn't there", act(`"kind":"cut","blocks":[999],"line":[[116.3195,40.0015],[116.325,40.0015]]`), 409, "isn't in the draft"},
		{"a border to a grid that doesn't touch", act(`"kind":"move-border","from":"110108014002001","to":` + ring + `,"line":[[116.3195,40.0015],[116.326,40.0015]]`), 422, "community's border"},
		{"a border to itself", act(`"kind":"move-border","from":` + ring + `,"to":` + ring + `,"line":[[116.3195,40.0015],[116.326,40.0015]]`), 422, "two grids"},
		// painting
		{"a lasso around nothing", act(`"kind":"assign","blocks":[],"grid":` + ring), 422, "no block was chosen"},
		{"no blocks named", act(`"kind":"assign","grid":` + ring), 422, "no block was chosen"},
		{"a block that isn't there", act(`"kind":"assign","blocks":[4,99999],"grid":` + ring), 409, "isn't in the draft"},
		{"a block under 0", act(`"kind":"assign","blocks":[-5],"grid":` + ring), 409, "isn't in the draft"},
		{"a block with a fraction", act(`"kind":"assign","blocks":[1.5],"grid":` + ring), 422, ""},
		{"a block beyond all numbers", act(`"kind":"assign","blocks":[99999999999999999999999],"grid":` + ring), 422, ""},
		{"a block of another community", act(`"kind":"assign","blocks":[13],"grid":` + ring), 422, "community's border"},
		{"blocks of two communities", act(`"kind":"assign","blocks":[4,13],"grid":"new"`), 422, "community's border"},
		{"a code of another county", act(`"kind":"assign","blocks":[4],"grid":"370883001001001"`), 422, "no grid"},
		{"a code that was retired", act(`"kind":"assign","blocks":[4],"grid":"110108014001009"`), 422, "no grid"},
		{"a code that never was", act(`"kind":"assign","blocks":[4],"grid":"110108014001777"`), 422, "no grid"},
		{"a new grid that isn't there", act(`"kind":"assign","blocks":[4],"grid":"new-99"`), 422, "no grid"},
		{"a grid in words", act(`"kind":"assign","blocks":[4],"grid":"'; DROP TABLE grid"`), 422, "no grid"},
		{"a grid with a long name", act(`"kind":"assign","blocks":[4],"grid":"` + strings.Repeat("1", 10_000) + `"`), 422, ""},
		{"20,001 blocks", act(`"kind":"assign","blocks":[` + repeat("4", 20_001) + `],"grid":` + ring), 422, ""},
		{"nothing that would change", act(`"kind":"assign","blocks":[1],"grid":` + ring), 422, "nothing would change"},
		// whole assignments
		{"an empty assignment", act(`"kind":"place"`), 422, "no block was given"},
		{"a block assigned twice", act(`"kind":"place","assignment":[{"key":4,"grid":` + ring + `},{"key":4,"grid":"new-1"}]`), 422, "twice"},
		{"a block assigned twice to one grid", act(`"kind":"place","assignment":[{"key":4,"grid":` + ring + `},{"key":4,"grid":` + ring + `}]`), 422, "twice"},
		{"an assignment across communities", act(`"kind":"place","assignment":[{"key":4,"grid":"new-7"},{"key":13,"grid":"new-7"}]`), 422, "community's border"},
		{"an assignment of foreign blocks", act(`"kind":"place","assignment":[{"key":4,"grid":` + ring + `},{"key":500,"grid":` + ring + `}]`), 409, "isn't in the draft"},
		{"an assignment of more than a megabyte", act(`"kind":"place","assignment":[` + repeat(`{"key":99999,"grid":`+ring+`}`, 60_000) + `]`), 409, "isn't in the draft"},
		// splitting, merging, redrawing
		{"a split into none", act(`"kind":"split","grid":` + ring + `,"into":0`), 422, "2 to 20"},
		{"a split into one", act(`"kind":"split","grid":` + ring + `,"into":1`), 422, "2 to 20"},
		{"a split into 10000", act(`"kind":"split","grid":` + ring + `,"into":10000`), 422, ""},
		{"a split into −1", act(`"kind":"split","grid":` + ring + `,"into":-1`), 422, ""},
		{"a split into more than there are blocks", act(`"kind":"split","grid":` + ring + `,"into":20`), 422, "can't be 20 grids"},
		{"a split of nothing", act(`"kind":"split","into":2`), 409, "isn't in the draft"},
		{"a split of a block", act(`"kind":"split","grid":"new-1","into":2`), 422, "can't be 2 grids"},
		{"a merger of none", act(`"kind":"merge"`), 422, "two of them"},
		{"a merger of one", act(`"kind":"merge","grids":[` + ring + `]`), 422, "two of them"},
		{"a merger with itself", act(`"kind":"merge","grids":[` + ring + `,` + ring + `]`), 422, "chosen twice"},
		{"a merger across communities", act(`"kind":"merge","grids":["110108014001002","110108014002001"]`), 422, "community's border"},
		{"a merger with what isn't there", act(`"kind":"merge","grids":[` + ring + `,"new-5"]`), 409, "isn't in the draft"},
		{"a redrawing of another county's community", act(`"kind":"redraw","community":"370883001001"`), 422, "nothing to redraw"},
		{"a redrawing of no community", act(`"kind":"redraw","community":"south"`), 422, "12 digits"},
		{"a redrawing of a grid twice", act(`"kind":"redraw","grids":[` + ring + `,` + ring + `]`), 422, "chosen twice"},
		{"a redrawing into more than there are blocks", act(`"kind":"redraw","grids":["new-1"],"into":2`), 422, "can't be 2 grids"},
		{"a seed under 0", act(`"kind":"redraw","grids":["new-1"],"seed":-1`), 422, ""},
		// names and kinds
		{"a name of 10,000 characters", act(`"kind":"rename","grid":` + ring + `,"name":"` + strings.Repeat("长", 10_000) + `"`), 422, "may be 60"},
		{"a name of two lines", act(`"kind":"rename","grid":` + ring + `,"name":"一\n二"`), 422, "one line"},
		{"a name of control characters alone", act(`"kind":"rename","grid":"new-1","name":"\u0000\u0007\u001b\u202e"`), 422, "nothing would change"},
		{"a name for no grid", act(`"kind":"rename","grid":"new-8","name":"一"`), 409, "isn't in the draft"},
		{"an unknown kind of grid", act(`"kind":"special","grid":` + ring + `,"special":"castle"`), 422, "no kind of special grid"},
		// locks, and back and forth
		{"a lock of nothing", act(`"kind":"lock"`), 422, "nothing would change"},
		{"a lock of what isn't there", act(`"kind":"lock","blocks":[4,777]`), 409, "isn't in the draft"},
		{"a redo of nothing", act(`"kind":"redo"`), 422, "nothing to do again"},
		{"back to the future", act(`"kind":"back","seq":2000000000`), 422, "no step"},
		{"back before the beginning", act(`"kind":"back","seq":-1`), 422, ""},
		// the request itself
		{"a revision under 0", `{"kind":"undo","revision":-1}`, 422, ""},
		{"a revision to come", `{"kind":"undo","revision":3}`, 409, "no revision 3"},
		{"a revision beyond all numbers", `{"kind":"undo","revision":1e30}`, 422, ""},
		{"no revision", `{"kind":"undo"}`, 422, "revision"},
		{"no kind", `{"revision":2}`, 422, "kind"},
		{"an unknown act", act(`"kind":"erase"`), 422, "no act"},
		{"an act with a long name", act(`"kind":"` + strings.Repeat("x", 5000) + `"`), 422, "no act"},
		{"a request with a long name", act(`"kind":"undo","request":"` + strings.Repeat("x", 101) + `"`), 422, "at most 100 bytes"},
		{"a field that isn't there", act(`"kind":"undo","force":true`), 422, "force"},
		{"a list", `[]`, 422, ""},
		{"nothing", ``, 422, ""},
		{"no JSON", `kind=undo`, 422, ""},
		{"JSON that is cut off", `{"kind":"undo"`, 422, ""},
		{"more than is read", act(`"kind":"undo","name":"` + strings.Repeat("x", 30<<20) + `"`), 413, ""},
	} {
		d.refuses(c.what, "POST", "/api/drafts/{id}/acts", c.body, c.status, c.says)
	}
}

// The same ring can be cut by a line that leads all the way: into two grids that hang together.
func TestALineThroughARingPartsIt(t *testing.T) {
	d := newBadDraft(t)
	var done draft.Acted
	status, body := d.send2("POST", "/api/drafts/{id}/acts", `{"kind":"split-line","grid":"110108014001001","line":[[116.3215,39.9995],[116.3215,40.0035]],"revision":2,"cut_buildings":true}`)
	if err := json.Unmarshal([]byte(body), &done); status != 200 || err != nil {
		t.Fatalf("%d %s", status, body)
	}
	parted := 0
	for _, g := range done.Grids {
		if g.Blocks > 0 {
			parted++
			if g.Parts != 1 {
				t.Errorf("grid %s is in %d parts", g.Key, g.Parts)
			}
		}
	}
	if parted != 2 {
		t.Errorf("%d grids: %s", parted, body)
	}
}

func TestBadQuestionsAboutDraftsChangeNothing(t *testing.T) {
	d := newBadDraft(t)
	long := strings.Repeat("长", 10_000)
	for _, c := range []struct {
		what, method, path, body string
		status                   int
		says                     string
	}{
		{"a draft of nothing", "POST", "/api/drafts", `{"division":"","name":"一"}`, 422, "division"},
		{"a draft of no division", "POST", "/api/drafts", `{"division":"south","name":"一"}`, 422, "division"},
		{"a draft of another county", "POST", "/api/drafts", `{"division":"110105","name":"一"}`, 403, "ground that you plan"},
		{"a draft of the whole county", "POST", "/api/drafts", `{"division":"110108","name":"一"}`, 403, "ground that you plan"},
		{"a draft without a name", "POST", "/api/drafts", `{"division":"110108014","name":" \u0007 "}`, 422, "empty"},
		{"a draft with a long name", "POST", "/api/drafts", `{"division":"110108014","name":"` + long + `"}`, 422, "may be 100"},
		{"a draft with a name of two lines", "POST", "/api/drafts", `{"division":"110108014","name":"一\u2028二"}`, 422, "one line"},
		{"a draft of a version to come", "POST", "/api/drafts", `{"division":"110108014","name":"一","begin":"version","version":77}`, 422, "no version 77"},
		{"a draft of version 0", "POST", "/api/drafts", `{"division":"110108014","name":"一","begin":"version"}`, 422, "no version 0"},
		{"a copy of nothing", "POST", "/api/drafts", `{"division":"110108014","name":"一","begin":"draft","draft":"x"}`, 404, "no draft"},
		{"a copy of a draft of another division", "POST", "/api/drafts", `{"division":"110108014001","name":"一","begin":"draft","draft":"{id}"}`, 422, "same division"},
		{"a draft that begins somehow", "POST", "/api/drafts", `{"division":"110108014","name":"一","begin":"magic"}`, 422, "begin"},
		{"an id of SQL", "GET", "/api/drafts/110108-1%27%20OR%201=1", ``, 404, "no draft"},
		{"an id beyond all numbers", "GET", "/api/drafts/110108-99999999999999999999", ``, 404, "no draft"},
		{"a long note", "PATCH", "/api/drafts/{id}", `{"note":"` + long + `"}`, 422, "may be 2000"},
		{"a long new name", "PATCH", "/api/drafts/{id}", `{"name":"` + long + `"}`, 422, "may be 100"},
		{"a state of one's own", "POST", "/api/drafts/{id}/state", `{"to":"published"}`, 422, "to"},
		{"an approval of what wasn't handed in", "POST", "/api/drafts/{id}/state", `{"to":"approved"}`, 409, "can't become that"},
		{"a long reason", "POST", "/api/drafts/{id}/state", `{"to":"handed-in","note":"` + long + `"}`, 422, "may be 2000"},
		{"a stranger as a member", "PUT", "/api/drafts/{id}/members", `{"accounts":["nobody-here"]}`, 404, "no account"},
		{"a member with a NUL", "PUT", "/api/drafts/{id}/members", `{"accounts":["a\u0000b"]}`, 422, ""},
		{"51 members", "PUT", "/api/drafts/{id}/members", `{"accounts":[` + repeat(`"planner"`, 51) + `]}`, 422, ""},
		{"a place beyond the earth", "PUT", "/api/drafts/{id}/presence", `{"center":[999,999],"zoom":14}`, 422, "no longitude"},
		{"a zoom of 99", "PUT", "/api/drafts/{id}/presence", `{"center":[116.32,40],"zoom":99}`, 422, ""},
		{"a long doing", "PUT", "/api/drafts/{id}/presence", `{"center":[116.32,40],"zoom":9,"doing":"` + long + `"}`, 422, "may be 60"},
		{"the ground of another community", "GET", "/api/drafts/{id}/ground?community=370883001001", ``, 404, "isn't in the draft"},
		{"the ground of no community", "GET", "/api/drafts/{id}/ground?community=x", ``, 422, "12 digits"},
		{"a journal of none", "GET", "/api/drafts/{id}/journal?limit=0", ``, 422, ""},
		{"a journal of 501", "GET", "/api/drafts/{id}/journal?limit=501", ``, 422, ""},
		{"a journal before the beginning", "GET", "/api/drafts/{id}/journal?before=-1", ``, 422, ""},
		{"a comparison with a version to come", "GET", "/api/drafts/{id}/changes?with=77", ``, 422, "no version 77"},
		{"a comparison with anything", "GET", "/api/drafts/{id}/changes?with=yesterday", ``, 422, ""},
		{"a remedy for nothing", "POST", "/api/drafts/{id}/remedies", `{"problem":"over:new-88"}`, 404, ""},
		{"a remedy for a long problem", "POST", "/api/drafts/{id}/remedies", `{"problem":"` + long + `"}`, 422, ""},
		{"alternatives to a merger", "POST", "/api/drafts/{id}/alternatives", `{"kind":"merge","revision":2,"grids":["new-1"]}`, 422, "alternatives to a redraw"},
		{"alternatives of nothing", "POST", "/api/drafts/{id}/alternatives", `{"kind":"redraw","revision":2,"grids":["new-88"]}`, 409, "isn't in the draft"},
		{"a publication with a long note", "POST", "/api/drafts/{id}/publish", `{"note":"` + long + `"}`, 422, "may be 500"},
		{"a publication on a day that isn't", "POST", "/api/drafts/{id}/publish", `{"on":"2027-02-30"}`, 422, "2026-12-01"},
		{"a publication yesterday", "POST", "/api/drafts/{id}/publish", `{"on":"2020-01-01"}`, 422, "tomorrow"},
		{"a publication in the year 9999", "POST", "/api/drafts/{id}/publish", `{"on":"9999-01-01"}`, 422, "tomorrow"},
		{"a choice for no block", "POST", "/api/drafts/{id}/rebase", `{"take":{"x":"mine"}}`, 422, "mine or theirs"},
		{"a choice of neither", "POST", "/api/drafts/{id}/rebase", `{"take":{"4":"ours"}}`, 422, "mine or theirs"},
		{"a choice for a block beyond all numbers", "POST", "/api/drafts/{id}/rebase", `{"take":{"99999999999999999999":"mine"}}`, 422, "mine or theirs"},
		{"a file of no kind", "GET", "/api/drafts/{id}/export/map.dwg", ``, 404, "map.pdf"},
		{"a table against a version to come", "GET", "/api/drafts/{id}/export/changes.xlsx?with=77", ``, 422, "no version 77"},
	} {
		d.refuses(c.what, c.method, c.path, strings.ReplaceAll(c.body, "{id}", d.id), c.status, c.says)
	}
}

// What is published or withdrawn is over; what its division became part of another has no ground any more. Each says so.
func TestActsOnDraftsThatAreOver(t *testing.T) {
	d := newBadDraft(t)
	rename := `{"kind":"rename","grid":"new-1","name":"一","revision":%d,"request":"r-%d"}`
	if status, body := d.send2("POST", "/api/drafts/{id}/acts", fmt.Sprintf(rename, 2, 1)); status != 200 {
		t.Fatal(body)
	}
	if status, body := d.send2("POST", "/api/drafts/{id}/state", `{"to":"withdrawn"}`); status != 200 {
		t.Fatal(body)
	}
	d.refuses("an act on a withdrawn draft", "POST", "/api/drafts/{id}/acts", fmt.Sprintf(rename, 4, 2), 409, "withdrawn")
	d.refuses("a withdrawn draft published", "POST", "/api/drafts/{id}/publish", `{}`, 409, "withdrawn")
	d.refuses("a withdrawn draft brought up to date", "POST", "/api/drafts/{id}/rebase", `{}`, 409, "withdrawn")
	// What was carried out before is answered all the same: its sender only missed the answer.
	if status, body := d.send2("POST", "/api/drafts/{id}/acts", fmt.Sprintf(rename, 2, 1)); status != 200 || !strings.Contains(body, `"seq":3,`) {
		t.Errorf("an act of which the answer was lost: %d %s", status, body)
	}
	d.id = d.begin("110108014001")
	if status, body := d.send2("POST", "/api/drafts/{id}/acts", `{"kind":"assign","blocks":[3],"grid":"110108014001001","revision":0}`); status != 200 {
		t.Fatal(body)
	}
	if status, body := d.send2("POST", "/api/drafts/{id}/publish", `{}`); status != 200 {
		t.Fatal(body)
	}
	d.refuses("an act on a published draft", "POST", "/api/drafts/{id}/acts", `{"kind":"undo","revision":1}`, 409, "published as version 3")
	d.refuses("a draft published twice", "POST", "/api/drafts/{id}/publish", `{}`, 409, "published as version 3")
	d.refuses("a published draft withdrawn", "POST", "/api/drafts/{id}/state", `{"to":"withdrawn"}`, 409, "published as version 3")
}

func TestADraftOfADivisionThatWasMergedMeanwhile(t *testing.T) {
	d := newBadDraft(t)
	d.id = d.begin("110108014002")
	if status, body := d.send2("POST", "/api/drafts/{id}/acts", `{"kind":"assign","blocks":[13],"grid":"new","revision":0}`); status != 200 {
		t.Fatal(body)
	}
	// The community becomes part of its neighbour: its ground is that one's now.
	tx, err := d.db.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`SET LOCAL session_replication_role = replica`,
		`UPDATE block SET community = 110108014001 WHERE community = 110108014002`,
		`INSERT INTO layout (county, version, live, published_by, settings) SELECT county, 3, false, 'test', settings FROM layout WHERE live`,
		`UPDATE layout SET live = version = 3`,
		`UPDATE grid SET retired = 3 WHERE community = 110108014002`,
		`UPDATE grid_block SET grid = 110108014001002 WHERE grid = 110108014002001`,
		`UPDATE territory SET geom = (SELECT ST_Multi(ST_Union(geom)) FROM territory) WHERE community = 110108014001`,
		`DELETE FROM territory WHERE community = 110108014002`,
	} {
		if _, err := tx.Exec(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := func() (n int) {
		if err := d.db.Owner.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM draft_act) + 1000 * (SELECT count(*) FROM layout) + (SELECT sum(revision) FROM draft)`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := kept()
	for _, c := range [][3]string{
		{"GET", "/api/drafts/{id}", ``}, {"GET", "/api/drafts/{id}/ground", ``}, {"GET", "/api/drafts/{id}/changes", ``},
		{"POST", "/api/drafts/{id}/acts", `{"kind":"assign","blocks":[14],"grid":"new","revision":1}`}, {"POST", "/api/drafts/{id}/acts", `{"kind":"undo","revision":1}`},
		{"POST", "/api/drafts/{id}/publish", `{}`}, {"POST", "/api/drafts/{id}/rebase", `{}`},
	} {
		status, answer, raw := d.sendRaw(c[0], c[1], c[2])
		if status != 409 {
			t.Errorf("%s %s: %d, want 409: %s", c[0], c[1], status, raw)
			continue
		}
		if p := d.isProblem(c[1], answer, raw, 409); !strings.Contains(p.EN, "no ground of its own any more") || !strings.Contains(p.EN, "withdraw") || !chineseSentence.MatchString(p.ZH) {
			t.Errorf("%s %s: %s / %s", c[0], c[1], p.EN, p.ZH)
		}
	}
	if kept() != before {
		t.Error("something was changed")
	}
	if status, body := d.send2("POST", "/api/drafts/{id}/state", `{"to":"withdrawn"}`); status != 200 {
		t.Errorf("it can't be withdrawn: %d %s", status, body)
	}
}
