package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// demoTexts are what the demo's incidents say, by kind; their contacts have numbers of a range that isn't given out.
var demoTexts = map[incident.Kind][]string{
	"fire":             {"楼道堆放杂物，堵住了疏散门", "电动自行车在楼梯间充电"},
	"gas":              {"厨房闻到燃气味，已关总阀"},
	"road":             {"人行道地砖松动，老人绊了一跤", "路面塌了一小块，已放锥桶"},
	"streetlight":      {"整条巷子的路灯都不亮", "路灯忽明忽暗"},
	"water":            {"井盖移位，下水道往外冒水", "二楼水管漏水，流到楼道"},
	"power":            {"整栋楼停电两小时了"},
	"garbage":          {"垃圾桶满了三天没有清运", "装修垃圾堆在绿地上"},
	"noise":            {"夜里十一点工地还在施工", "楼上深夜放音乐"},
	"stray-animals":    {"小区门口有流浪狗追人"},
	"parking":          {"车停在消防通道上", "几辆车把路口堵住了"},
	"illegal-building": {"楼顶在搭彩钢房"},
	"dispute":          {"两家为楼道放鞋柜争执", "停车位归谁说不清，吵起来了"},
	"public-order":     {"有人在车棚里撬锁"},
	"elderly":          {"独居老人三天没有出门，敲门不应", "老人轮椅坏了，下不了楼"},
	"medical":          {"有人在广场晕倒，已打急救电话"},
}

const demoIncidents = 120

// makeDemoIncidents has the demo's dispatcher report invented incidents at buildings all over the county, the way a person would: each is
// located, sealed, written to the trail and told to whoever listens.
//
// Some are in the grid worker's own grid: who signs in as that must see something.
func makeDemoIncidents(ctx context.Context, db *postgres.DB, in *entrance, county, grid string) error {
	desk := &incident.Desk{Ground: new(layout.Locators), Vault: in.keys, Trail: in.trail}
	server := access.AtServer(ctx)
	var dispatcher int64
	if err := db.InTx(server, func(tx pgx.Tx) (err error) {
		dispatcher, err = access.Named(server, tx, demoNames[access.Dispatcher])
		return err
	}); err != nil {
		return err
	}
	ctx = audit.WithCaller(postgres.WithActor(ctx, postgres.Actor{
		Account: dispatcher, Scope: access.ScopeOf([]access.Grant{{Role: access.Dispatcher, Code: county}}, nil),
	}), audit.Caller{Name: demoNames[access.Dispatcher]})
	return db.InTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT ST_X(p), ST_Y(p) FROM (
			(SELECT ST_PointOnSurface(geom) AS p FROM building WHERE county = $1::integer AND residents > 0 ORDER BY md5(source), id LIMIT $2)
			UNION ALL
			(SELECT ST_PointOnSurface(b.geom) FROM grid_block g JOIN block_building w ON w.county = g.county AND w.block = g.block
				JOIN building b ON b.county = w.county AND b.id = w.building
				WHERE g.county = $1::integer AND g.grid = $3::bigint ORDER BY md5(b.source), b.id LIMIT 6)) b`, county, demoIncidents, grid)
		if err != nil {
			return err
		}
		places, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Lon, Lat float64 }])
		if err != nil {
			return err
		}
		for n, place := range places {
			kind := incident.Kinds[(n*7+n/len(incident.Kinds))%len(incident.Kinds)].Kind
			texts := demoTexts[kind]
			if len(texts) == 0 { // a special group wants its label, and what is other says nothing
				kind = "parking"
				texts = demoTexts[kind]
			}
			_, err := desk.Report(ctx, tx, incident.Report{
				Kind: string(kind), Text: texts[n%len(texts)] + "（演示）", Lon: place.Lon, Lat: place.Lat, Grid: incident.Nearest,
				Contact: incident.Contact{Name: "演示群众", Phone: fmt.Sprintf(city.PhoneSeries+"0000%04d", n)}, Request: fmt.Sprintf("demo-%d", n),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
