package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
	"jingwei/internal/intake"
)

// bring imports people: good rows, wrong ones, some that differ from what is on record; and looks at everything there is to see of an import, but for
// the rows that were rejected, which come back as they are.
func (p *planter) bring() {
	p.Helper()
	dispatcher := p.cookie
	defer func() { p.cookie = dispatcher }()
	p.cookie = p.doors.Person("clerk", "110108", []access.Grant{{Role: access.Clerk, Code: "110108"}})
	p.importFile("houses", "房屋编号,标准地址,经度,纬度\nh1,北京市海淀区清华园街道南楼社区明珠小区3号楼,116.3205,40.0005\n", 201)
	var good, other strings.Builder
	for n := range plantedEach {
		fmt.Fprintf(&good, "%s,%s,,h1,2020-01-01\n", plantedName(n), plantedPhone(n))
		fmt.Fprintf(&other, "%s,%s,%s,h1,2020-01-01\n", plantedName(n), plantedPhone(n), plantedID(n)) // no division has such a number
	}
	const header = "姓名,手机号,身份证号,房屋编号,入住日期\n"
	p.importFile("residents", header+good.String(), 201)
	p.importFile("residents", header+other.String(), 201)
	p.importFile("residents", header+plantedName(1)+","+plantedPhone(1)+",790108196203151235,h1,2020-01-01\n", 201)
	p.importFile("residents", header+plantedName(2)+","+plantedPhone(2)+",790108196203151235,h1,2020-01-01\n", 201)
	p.importFile("residents", plantedName(3)+","+plantedPhone(3)+","+plantedID(3)+"\n", 422) // no header
	p.importFile("residents", header+plantedName(4)+",\""+plantedPhone(4)+","+plantedID(4)+"\n", 201)
	p.place()
	p.open()
	for _, path := range []string{"/api/intakes?county=110108", "/api/intakes?county=" + plantedPhone(3), "/api/intakes/" + plantedPhone(3)} {
		p.do("GET", path, "")
	}
}

// open brings organisations with whom to call, and vehicles with their owners; looks for both, also by whole numbers; and brings what can't be read.
func (p *planter) open() {
	p.Helper()
	var shops, cars strings.Builder
	for n := range plantedEach {
		fmt.Fprintf(&shops, "演示商店%d号,h1,%s,%s\n", n, plantedName(n), plantedPhone(n))
		fmt.Fprintf(&cars, "鲁Z%05d,%s,h1\n", n, plantedName(n))
	}
	const ofShops, ofCars = "名称,房屋编号,联系人,联系电话\n", "号牌号码,车主,房屋编号\n"
	p.importFile("organisations", ofShops+shops.String(), 201)
	p.importFile("vehicles", ofCars+cars.String(), 201)
	p.importFile("organisations", ofShops+"演示饭店,h99,"+plantedName(5)+","+plantedPhone(5)+"\n", 201) // no such house
	p.importFile("vehicles", ofCars+"不是车牌,"+plantedName(6)+",h1\n", 201)
	var shop, car, house int64
	err := p.db.Owner.QueryRow(p.Context(), `SELECT (SELECT min(id) FROM organisation WHERE contact IS NOT NULL), (SELECT min(id) FROM vehicle), (SELECT min(id) FROM house)`).Scan(&shop, &car, &house)
	if err != nil {
		p.Fatal(err)
	}
	for _, path := range []string{
		fmt.Sprintf("/api/organisations?house=110108-%d", house), "/api/organisations?county=110108&text=%E6%BC%94%E7%A4%BA%E5%95%86%E5%BA%97", fmt.Sprintf("/api/vehicles?house=110108-%d", house),
	} {
		if got := p.do("GET", path, ""); got != 200 {
			p.Errorf("%s: %d", path, got)
		}
	}
	p.do("GET", "/api/organisations?county=110108&text="+plantedPhone(7), "")
	for _, step := range []struct {
		path, body string
		status     int
	}{
		{"/api/vehicles/search", `{"county":110108,"plate":"鲁Z00001"}`, 200}, {"/api/vehicles/search", `{"county":110108,"plate":"` + plantedID(7) + `"}`, 422},
		{fmt.Sprintf("/api/organisations/110108-%d/contact", shop), `{"reason":"x"}`, 422}, {fmt.Sprintf("/api/vehicles/110108-%d/plate", car), `{"reason":"x"}`, 422},
	} {
		if got := p.do("POST", step.path, step.body); got != step.status {
			p.Errorf("%s %s: %d, want %d", step.path, step.body, got, step.status)
		}
	}
}

// place brings people whose address leads nowhere and has numbers in it, looks at the list of such addresses, and places one, closes one and opens it again;
// and once more with names in the addresses, which the list shows to who keeps the register, and nothing else does.
func (p *planter) place() {
	p.Helper()
	if err := p.api.Addresses.Read(p.Context(), p.db.Reader, 110108); err != nil {
		p.Fatal(err)
	}
	const header = "姓名,手机号,居住地址,入住日期\n"
	var numbers, names strings.Builder
	for n := range plantedEach {
		fmt.Fprintf(&numbers, "%s,%s,后院东头 电话%s 证%s,2020-01-01\n", plantedName(n), plantedPhone(n), plantedPhone(n), plantedID(n))
		fmt.Fprintf(&names, "%s,%s,%s家隔壁,2020-01-01\n", plantedName(n), plantedPhone(n), plantedName(n))
	}
	p.importFile("residents", header+numbers.String(), 201)
	p.do("GET", "/api/unplaced?county=110108", "")
	p.decideAddresses()
	p.do("GET", "/api/unplaced?county=110108", "")
	p.do("GET", "/api/unplaced?county=110108&past=true", "")
	before := p.seen.Len() // who brings a file sees the addresses of its first rows
	p.importFile("residents", header+names.String(), 201)
	p.seen.Truncate(before)
	p.decideAddresses()
}

// decideAddresses places, closes and opens again addresses that wait.
func (p *planter) decideAddresses() {
	p.Helper()
	var all []int64
	var house int64
	err := p.db.Owner.QueryRow(p.Context(), `SELECT array_agg(id ORDER BY id DESC), (SELECT min(id) FROM house) FROM unplaced_address WHERE state = 'open'`).Scan(&all, &house)
	if err != nil || len(all) < plantedEach {
		p.Fatalf("%d addresses wait (%v)", len(all), err)
	}
	for _, step := range []struct {
		address int64
		body    string
		status  int
	}{
		{all[0], fmt.Sprintf(`{"act":"place","house":"110108-%d"}`, house), 200}, {all[0], `{"act":"close"}`, 409}, {all[1], `{"act":"close"}`, 200}, {all[1], `{"act":"reopen"}`, 200},
		{all[2], `{"act":"place","house":"110108-99999"}`, 422}, {all[2], `{"act":"place","house":"` + plantedPhone(4) + `"}`, 422}, {99999999, `{"act":"close"}`, 404},
	} {
		if got := p.do("POST", fmt.Sprintf("/api/unplaced/110108-%d", step.address), step.body); got != step.status {
			p.Errorf("%s: %d, want %d", step.body, got, step.status)
		}
	}
}

// importFile sends a file, starts its import, runs it, and keeps what comes back.
func (p *planter) importFile(kind, file string, status int) {
	p.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("kind", kind)
	_ = w.WriteField("division", "110108014")
	part, _ := w.CreateFormFile("file", "people.csv")
	_, _ = part.Write([]byte(file))
	_ = w.Close()
	q, err := http.NewRequestWithContext(p.Context(), "POST", p.http.URL+"/api/intakes", &form)
	if err != nil {
		p.Fatal(err)
	}
	q.Header.Set("Content-Type", w.FormDataContentType())
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: p.cookie})
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(answer.Body)
	p.seen.Write(body.Bytes())
	if answer.StatusCode != status {
		p.Fatalf("a file of %s: %d %s", kind, answer.StatusCode, body.String())
	}
	if status != 201 {
		return
	}
	var made struct{ ID string }
	if err := json.Unmarshal(body.Bytes(), &made); err != nil {
		p.Fatal(err)
	}
	if got := p.do("PUT", "/api/intakes/"+made.ID, `{"act":"start"}`); got != 200 {
		p.Fatalf("starting an import of %s: %d", kind, got)
	}
	id, err := intake.ParseID(made.ID)
	if err != nil {
		p.Fatal(err)
	}
	if err := p.api.Intake.Run(atRegister(p.Context()), id, nil); err != nil {
		p.Fatal(err)
	}
	if got := p.do("GET", "/api/intakes/"+made.ID, ""); got != 200 {
		p.Fatalf("looking at an import of %s: %d", kind, got)
	}
}
