package sheet

import "fmt"

// phrases are what stands on a sheet besides names and numbers.
type phrases struct {
	title      string
	legend     string
	scale      string
	grid       string
	residents  string
	houses     string
	sides      string
	total      string
	special    string
	estimate   string
	gridBorder string
	edge       string
	block      string
	street     string
	lane       string
	rail       string
	water      string
	building   string
	north      string
	version    func(v int) string
	draft      func(name string) string
	published  string
	printed    string
	source     string
	people     func(n int) string
	gridsOf    func(n, residents int) string
}

var words = [...]phrases{
	Chinese: {
		title: "网格图", legend: "图例", scale: "比例尺", grid: "网格", residents: "居民", houses: "楼栋", sides: "四至", total: "合计", special: "专属网格",
		estimate: "居民数为估算", gridBorder: "网格界线", edge: "社区界线", block: "基本单元", street: "道路", lane: "街巷", rail: "铁路", water: "水系", building: "建筑", north: "北",
		version:   func(v int) string { return fmt.Sprintf("第 %d 版", v) },
		draft:     func(name string) string { return "草案：" + name },
		published: "发布日期", printed: "出图日期", source: "坐标系 CGCS2000，3 度高斯投影",
		people:  func(n int) string { return fmt.Sprintf("%d 人", n) },
		gridsOf: func(n, r int) string { return fmt.Sprintf("%d 个网格，居民 %d 人", n, r) },
	},
	English: {
		title: "Map of grids", legend: "Legend", scale: "Scale", grid: "Grid", residents: "Residents", houses: "Houses", sides: "Bounds", total: "Total", special: "special grid",
		estimate: "Residents are an estimate", gridBorder: "Border of a grid", edge: "Border of the community", block: "Block", street: "Street", lane: "Lane, path", rail: "Railway", water: "Water", building: "Building", north: "N",
		version:   func(v int) string { return fmt.Sprintf("version %d", v) },
		draft:     func(name string) string { return "draft: " + name },
		published: "Published", printed: "Printed", source: "CGCS2000, 3-degree Gauss-Krüger",
		people:  func(n int) string { return fmt.Sprintf("%d people", n) },
		gridsOf: func(n, r int) string { return fmt.Sprintf("%d grids, %d residents", n, r) },
	},
}
