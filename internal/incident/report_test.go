package incident

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/outbox"
	"jingwei/internal/vault"
)

// A report comes to an incident in the right grid, block and building, with its event and its entry in the trail.
func TestReport(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Lon, r.Lat = 116.3204, 40.0005 // 11 m north of building way/20
	r.Contact = Contact{"王五", "+86 138-0000-1234"}
	i := d.mustReport(r)
	if i.ID.County != 110108 || i.Kind != "fire" || i.Severity != Urgent || i.State != "reported" || i.Grid != west || i.FiledGrid != west || i.Block != 1 ||
		i.GridName != "西区" || i.Lon != 116.3204 || i.Lat != 40.0005 || i.GivenX != 116.3204 || i.GivenCRS != "wgs84" || i.NearBorder {
		t.Errorf("%+v", i)
	}
	if b := i.Building; b == nil || b.Name != "南1楼" || b.Metres < 11 || b.Metres > 11.3 {
		t.Errorf("building %+v, want 南1楼 at 11 m", b)
	}
	if i.Place != "清华园街道 · 南楼社区 · 南1楼" || i.ReportedBy != "网格员 li" {
		t.Errorf("place %q, by %q", i.Place, i.ReportedBy)
	}
	var payload string
	if err := o.db.Owner.QueryRow(context.Background(), `SELECT payload::text FROM outbox WHERE county = 110108 AND kind = $1`, outbox.IncidentReported).Scan(&payload); err != nil {
		t.Fatal(err)
	}
	var e Event
	if err := json.Unmarshal([]byte(payload), &e); err != nil || e.ID != i.ID || payload != `{"id": "`+i.ID.String()+`"}` {
		t.Errorf("event %s (%v), want the id and nothing else", payload, err)
	}
	if n := o.number(`SELECT count(*) FROM audit_entry WHERE action = $1 AND subject = $2 AND place = $3 AND account = $4`,
		audit.IncidentReported, "incident:"+i.ID.String(), west, d.actor.Account); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	if n := o.number(`SELECT filed_version FROM incident`); n != 2 {
		t.Errorf("filed under version %d", n)
	}
}

// A position in another system is kept as it came, beside what was made of it.
func TestReportKeepsWhatCameIn(t *testing.T) {
	o := setup(t)
	r := fire()
	r.Lon, r.Lat, r.CRS = 116.3267, 40.0018, "GCJ-02" // what Amap shows for about 116.3206, 40.0005
	i := o.dispatcher("li", "110108").mustReport(r)
	if i.GivenX != 116.3267 || i.GivenY != 40.0018 || i.GivenCRS != "gcj02" {
		t.Errorf("given %v %v %s", i.GivenX, i.GivenY, i.GivenCRS)
	}
	if i.Grid != west || i.Lon < 116.3204 || i.Lon > 116.3208 || i.Lat < 40.0003 || i.Lat > 40.0007 {
		t.Errorf("at %v %v in %v", i.Lon, i.Lat, i.Grid)
	}
}

// Within 20 m of another grid one is asked, and gets what one says.
func TestReportNearBorder(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Lon, r.Lat = 116.3219, 40.0005 // 8.5 m west of the border between west and south
	_, err := d.report(r)
	o.isFault(err, fault.Conflict)
	a := new(Ambiguous)
	if !errors.As(err, &a) || len(a.Choices) != 2 || a.Choices[0] != (layout.NearGrid{Code: "110108014001001", Name: "西区"}) ||
		a.Choices[1].Code != "110108014001002" || a.Choices[1].DistanceM < 8.4 || a.Choices[1].DistanceM > 8.7 {
		t.Fatalf("choices %+v", a.Choices)
	}
	for _, c := range []struct {
		grid       string
		want       layout.Code
		nearBorder bool
	}{{"nearest", west, false}, {"110108014001001", west, false}, {"110108014001002", south, true}} {
		r.Grid = c.grid
		if i := d.mustReport(r); i.Grid != c.want || i.FiledGrid != c.want || i.NearBorder != c.nearBorder || i.Block != 2 {
			t.Errorf("%s: %+v", c.grid, i)
		}
	}
	r.Grid = "110108014001003"
	_, err = d.report(r)
	o.isFault(err, fault.Invalid)
	if !strings.Contains(err.Error(), "110108014001001") {
		t.Errorf("%v, want it to name what is there", err)
	}
	r = fire()
	r.Grid = "110108014001002"
	_, err = d.report(r)
	o.isFault(err, fault.Invalid)
	if n := o.number(`SELECT count(*) FROM incident`); n != 3 {
		t.Errorf("%d incidents, want 3", n)
	}
}

// Outside of all grids a report is refused with the reason, and told where there are some.
func TestReportOutside(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	for _, c := range []struct {
		lon, lat float64
		want     string
	}{{116.327, 40.0015, "未划镇（110108015）"}, {116.6, 40.3, "不在任何已登记的区划之内"}, {40.0005, 116.3205, "是否颠倒"}, {2, 48, "不在中国境内"}} {
		r := fire()
		r.Lon, r.Lat = c.lon, c.lat
		_, err := d.report(r)
		o.isFault(err, fault.Invalid)
		f := new(fault.Error)
		if !errors.As(err, &f) || !strings.Contains(f.ZH, c.want) {
			t.Errorf("%v %v: %v, want %s", c.lon, c.lat, f.ZH, c.want)
		}
		if c.lon > 116 && !strings.Contains(f.ZH, "海淀区（110108）") {
			t.Errorf("%v, want it to say where there are grids", f.ZH)
		}
	}
}

// Nobody reports beyond their ground; a grid worker does in the community around their grid, and gets an answer though they can't see it afterwards.
func TestReportScope(t *testing.T) {
	o := setup(t)
	worker := o.person("zhao", []access.Grant{{Role: access.GridWorker, Code: "110108014001001"}})
	r := fire()
	r.Lon, r.Lat = 116.3235, 40.0005 // in south
	r.Text, r.Request = "井盖缺失，电话 13800001234", "a"
	i := worker.mustReport(r)
	if i.Grid != south || i.ReportedBy != "网格员 zhao" || strings.Contains(i.Text, "13800001234") {
		t.Errorf("%+v", i)
	}
	_, err := worker.look(i.ID)
	o.isFault(err, fault.NotFound)
	if again := worker.mustReport(r); again.ID != i.ID {
		t.Errorf("again: %v, want %v", again.ID, i.ID)
	}
	r.Lon, r.Request = 116.3246, "" // in the other community
	_, err = worker.report(r)
	o.isFault(err, fault.Forbidden)
	if !strings.Contains(err.Error(), "东楼社区") || !strings.Contains(err.Error(), "110108014002001") {
		t.Errorf("%v, want it to name the place", err)
	}
	r.Lon, r.Grid = 116.3239, "110108014002001" // at its border, choosing the other community's grid
	_, err = worker.report(r)
	o.isFault(err, fault.Forbidden)
	leader := o.person("qian", []access.Grant{{Role: access.Leader, Code: "110108"}})
	_, err = leader.report(fire())
	o.isFault(err, fault.Forbidden)
	nobody := person{office: o, ctx: context.Background()}
	_, err = nobody.report(fire())
	o.isFault(err, fault.SignedOut)
}

// What concerns a special group can be reported by who has its label there, and a kind that is about one has to say which.
func TestReportSpecial(t *testing.T) {
	o := setup(t)
	r := fire()
	r.Kind = "special-group"
	d := o.dispatcher("li", "110108")
	_, err := d.report(r)
	o.isFault(err, fault.Invalid)
	r.Special = "mental"
	_, err = d.report(r)
	o.isFault(err, fault.Forbidden)
	r.Special = "none such"
	_, err = d.report(r)
	o.isFault(err, fault.Invalid)
	labelled := o.person("sun", []access.Grant{{Role: access.Dispatcher, Code: "110108"}}, access.LabelGrant{Label: access.Mental, Code: "110108014001"})
	r.Special = "mental"
	if i := labelled.mustReport(r); i.Special != "mental" {
		t.Errorf("%+v", i)
	}
	r.Lon, r.Lat = 116.3245, 40.0005 // where the label doesn't reach
	_, err = labelled.report(r)
	o.isFault(err, fault.Forbidden)
}

// The same report sent eight times at once is one incident with one event and one entry in the trail, and everybody is told of that one.
func TestReportOnce(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Request = "3f6c"
	var group sync.WaitGroup
	ids, errs := make([]ID, 8), make([]error, 8)
	for n := range ids {
		group.Go(func() {
			i, err := d.report(r)
			if errs[n] = err; err == nil {
				ids[n] = i.ID
			}
		})
	}
	group.Wait()
	for n := range ids {
		if errs[n] != nil || ids[n] != ids[0] {
			t.Errorf("%d: %v %v, the first %v", n, ids[n], errs[n], ids[0])
		}
	}
	for _, table := range []string{"incident", "outbox", "audit_entry"} {
		if n := o.number(`SELECT count(*) FROM ` + table); n != 1 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	r.Text = "别的内容"
	r.Lon = 116.3219 // near a border: it would be asked
	if i := d.mustReport(r); i.ID != ids[0] || i.Text != fire().Text {
		t.Errorf("again with another text: %+v", i)
	}
	if other := o.dispatcher("wu", "110108").mustReport(func() Report { r := fire(); r.Request = "3f6c"; return r }()); other.ID == ids[0] {
		t.Error("another account's report of the same name came to the same incident")
	}
	if a, b := d.mustReport(fire()), d.mustReport(fire()); a.ID == b.ID {
		t.Error("two reports without a name came to one incident")
	}
}

// An incident, its event and its entry are there together or not at all.
func TestReportIsOneTransaction(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	stop := errors.New("stop")
	err := o.db.InTx(d.ctx, func(tx pgx.Tx) error {
		if _, err := o.desk.Report(d.ctx, tx, fire()); err != nil {
			t.Fatal(err)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	unnamed := d
	unnamed.ctx = audit.WithCaller(d.ctx, audit.Caller{}) // the trail doesn't take it
	if _, err := unnamed.report(fire()); err == nil {
		t.Fatal("a report without an entry in the trail was taken")
	}
	for _, table := range []string{"incident", "outbox", "audit_entry"} {
		if n := o.number(`SELECT count(*) FROM ` + table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

// Without its key an incident is neither taken nor shown, and the fault says why.
func TestKeysAreMissing(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	id := d.mustReport(fire()).ID
	keys := o.desk.Vault
	o.desk.Vault = vault.New(vault.Generate())
	_, err := d.look(id)
	o.isFault(err, fault.Unavailable)
	_, err = d.list(Filter{})
	o.isFault(err, fault.Unavailable)
	_, err = d.unmask(id, "回访居民")
	o.isFault(err, fault.Unavailable)
	o.desk.Vault = nil
	_, err = d.report(fire())
	o.isFault(err, fault.Unavailable)
	o.desk.Vault = keys
	o.run(`UPDATE incident SET details = set_byte(details, 30, get_byte(details, 30) # 1)`)
	_, err = d.look(id)
	o.isFault(err, fault.Unavailable)
	if !strings.Contains(err.Error(), id.String()) {
		t.Errorf("%v, want it to name the incident", err)
	}
}
