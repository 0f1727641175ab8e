package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/idcard"
	"jingwei/internal/intake"
	"jingwei/internal/organisation"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

const (
	neighbour      = "演示戊己庚" // who lives in the house on own ground
	neighbourPhone = "15400009876"
)

// neighbourCard is the ID number of who lives in the house on own ground: nobody's.
func neighbourCard() string {
	const digits = idcard.Invented + "010819620315123"
	return digits + string(idcard.Check(digits))
}

// moveIn puts a house with somebody in it into the first building of grid 110108014001001, and gives the numbers of the house, the building and
// the person.
func (s *site) moveIn() (house, building, resident string) {
	s.Helper()
	ctx := postgres.WithActor(s.Context(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: {postgres.Everywhere}, access.KeepRegister: {postgres.Everywhere}}})
	book := &register.Book{Vault: s.server.Vault, Trail: s.server.Trail}
	err := postgres.InTx(ctx, s.db.App, func(tx pgx.Tx) error {
		var b int64
		if err := tx.QueryRow(ctx, `SELECT id FROM building WHERE source = 'way/20'`).Scan(&b); err != nil {
			return err
		}
		_, err := book.TakeHouses(ctx, tx, 110108, []register.NewHouse{{Code: "n1", Building: b, Place: "明珠小区", Number: "3号楼", Unit: "2单元", Floor: 5, Room: "501",
			Address: "北京市海淀区清华园街道南楼社区明珠小区3号楼2单元501室", Kind: register.Home, Occupancy: register.Rented, At: planar.FromDegrees(116.3205, 40.0005), Block: 1, Community: 110108014001}})
		if err != nil {
			return err
		}
		refs, err := book.Refs(ctx, tx, 110108, []string{"n1"})
		if err != nil {
			return err
		}
		p, err := book.Prepare(ctx, tx, 110108, []register.Arrival{{Person: register.Person{Name: neighbour, Card: neighbourCard(), Phone: neighbourPhone, Sex: register.Female,
			Born: time.Date(1962, 3, 15, 0, 0, 0, 0, time.UTC)}, House: refs["n1"], Household: "n1-1", Relation: "户主", Stay: register.Floating, Care: []string{"alone"}}})
		if err != nil {
			return err
		}
		if _, err = book.TakeResidents(ctx, tx, p); err != nil {
			return err
		}
		var r int64
		err = tx.QueryRow(ctx, `SELECT id FROM resident`).Scan(&r)
		house, building, resident = fmt.Sprintf("110108-%d", refs["n1"].Number), fmt.Sprintf("110108-%d", b), fmt.Sprintf("110108-%d", r)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	if err := s.server.Addresses.Read(ctx, s.db.App, 110108); err != nil {
		s.Fatal(err)
	}
	return house, building, resident
}

// What an invented shop in that house is called, whose it is, whom to call, and the plate of a vehicle there.
const shopName, shopOwner, shopPhone, shopPlate = "示例小卖部", "演示店主", "15400004321", "鲁I54332"

// openShop puts both there, the vehicle the neighbour's, and gives their numbers.
func (s *site) openShop(house string) (shop, vehicle string) {
	s.Helper()
	ctx := postgres.WithActor(s.Context(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: {postgres.Everywhere}, access.KeepRegister: {postgres.Everywhere}}})
	in, err := register.ParseID(house)
	if err != nil {
		s.Fatal(err)
	}
	err = postgres.InTx(ctx, s.db.App, func(tx pgx.Tx) error {
		_, err := s.server.organisations.Take(ctx, tx, in.County, []organisation.New{{Name: shopName, Kind: organisation.Trader, Staff: 2, Contact: shopOwner, Phone: shopPhone,
			House: register.HouseRef{Number: in.Number, Ground: 110108014001000}}})
		if err != nil {
			return err
		}
		_, err = s.server.organisations.TakeVehicles(ctx, tx, in.County, []organisation.NewVehicle{{Plate: shopPlate, Owner: neighbour, House: register.HouseRef{Number: in.Number, Ground: 110108014001000}}})
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT o.county || '-' || o.id, v.county || '-' || v.id FROM organisation o, vehicle v`).Scan(&shop, &vehicle)
	})
	if err != nil {
		s.Fatal(err)
	}
	return shop, vehicle
}

// nowhere is an address that leads to no house.
const nowhere = "老粮站后院东头"

// peopleFile has who lives in the house on own ground with another telephone number, somebody in a house that isn't there, and somebody at an address that
// leads nowhere.
var peopleFile = "姓名,身份证号,手机号,房屋编号,居住地址\n" + neighbour + "," + neighbourCard() + ",15400000001,n1,\n演示辛,,,n999,\n演示壬,,,," + nowhere + "\n"

// bringIn lets the clerk of own ground bring a file of people, runs its import, and gives the numbers of the import, of what it proposes, and of the address
// that is to be placed.
func (s *site) bringIn() (brought, proposal, unplaced string) {
	s.Helper()
	form, kind := netForm("people.csv", peopleFile, "division", ownGround, "kind", "residents")
	q, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.http.URL+intakesPath, strings.NewReader(form))
	if err != nil {
		s.Fatal(err)
	}
	q.Header.Set("Content-Type", kind)
	q.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people["own-clerk"]})
	answer, raw := s.send(q)
	var made IntakeView
	if err := json.Unmarshal(raw, &made); err != nil || answer.StatusCode != http.StatusCreated {
		s.Fatalf("%d %v %s", answer.StatusCode, err, raw)
	}
	s.ask("own-clerk", "PUT", "/api/intakes/"+made.ID, body{"act": "start"}, 200, nil)
	id, err := intake.ParseID(made.ID)
	if err != nil {
		s.Fatal(err)
	}
	everywhere := postgres.Ranges{postgres.Everywhere}
	ctx := postgres.WithActor(s.Context(), postgres.Actor{Scope: postgres.Scope{access.ReadRegister: everywhere, access.KeepRegister: everywhere, access.ImportRegister: everywhere}})
	if err := s.server.Intake.Run(audit.WithCaller(ctx, audit.Caller{Name: "own-clerk"}), id, nil); err != nil {
		s.Fatal(err)
	}
	var list ProposalList
	s.ask("own-clerk", "GET", "/api/proposals?county=110108", nil, 200, &list)
	if len(list.Proposals) != 1 {
		s.Fatalf("%d proposals", len(list.Proposals))
	}
	var addresses UnplacedList
	s.ask("own-clerk", "GET", "/api/unplaced?county=110108", nil, 200, &addresses)
	if len(addresses.Addresses) != 1 {
		s.Fatalf("%d addresses to be placed", len(addresses.Addresses))
	}
	return made.ID, list.Proposals[0].ID, addresses.Addresses[0].ID
}

// A file for a division that isn't on record is refused beside the field that names it, and no import is begun.
func TestAFileForADivisionThatIsntOnRecord(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{"clerk": {{Role: access.Clerk, Code: "110108"}}}, nil)
	form, kind := netForm("people.csv", peopleFile, "division", "110108999", "kind", "residents")
	q, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.http.URL+intakesPath, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", kind)
	q.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people["clerk"]})
	answer, raw := s.send(q)
	if text := string(raw); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "没有代码为 110108999 的区划") || !strings.Contains(text, `"body.division"`) {
		t.Errorf("%d %s", answer.StatusCode, raw)
	}
	var list IntakeList
	if s.ask("clerk", "GET", "/api/intakes?county=110108", nil, 200, &list); len(list.Intakes) != 0 {
		t.Errorf("%+v", list.Intakes)
	}
}
