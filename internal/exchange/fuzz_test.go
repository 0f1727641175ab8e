package exchange

import (
	"encoding/csv"
	"strings"
	"testing"

	"jingwei/internal/fault"
)

// Whatever a table holds, it becomes an assignment of each block to one grid, or is refused in words.
func FuzzTable(f *testing.F) {
	f.Add("block,grid\n1,370883100201001\n2,370883100201001\n")
	f.Add("\ufeff地块,网格,名称\r\n7,370883100201001.0,甲\r\n")
	f.Add("block,grid\n1\n")
	f.Add("block,grid\n-1,x\n1,\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) == 0 {
			return
		}
		table, err := tableOf(rows, "x.csv")
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for block, grid := range table.Grid {
			if block <= 0 || grid < 0 || grid >= len(table.Net.Polygons) || table.Net.Polygons[grid].Code == "" {
				t.Fatalf("%q: block %d in grid %d of %+v", text, block, grid, table.Net.Polygons)
			}
		}
	})
}
