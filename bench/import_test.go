package bench

import (
	"bytes"
	"context"
	"fmt"

	"jingwei/internal/postgres/pgtest"
)

// importedTables are what an import of ground fills, in the order in which they may be filled.
var importedTables = []string{"line_feature", "area_feature", "building", "entrance"}

// measureImport compares the import that was with the least that any import must do: COPY of the rows that came
// of it into the same tables, with their indexes and keys.
func measureImport(c *county) {
	t := tableAt(70, "Import", "what", "ours", "COPY of the same rows", "ratio", "rows", "rows/s", "MB/s")
	t.say("`ingest.Ground` on the demo town's GeoJSON files: read, parsed, put on the lattice, repaired, counties found, staged, merged by " +
		"digest. The baseline is a binary COPY of the very rows that came of it into the same empty tables with their indexes, out of " +
		"memory; it parses nothing and checks nothing, so it is what the database alone costs. Both once.")
	ctx := context.Background()
	source, err := c.db.Owner.Acquire(ctx)
	if err != nil {
		c.Fatal(err)
	}
	defer source.Release()
	target, err := pgtest.New(c.B).Owner.Acquire(ctx)
	if err != nil {
		c.Fatal(err)
	}
	defer target.Release()
	content := make([]bytes.Buffer, len(importedTables))
	rows := 0
	for i, table := range importedTables {
		tag, err := source.Conn().PgConn().CopyTo(ctx, &content[i], "COPY "+table+" TO STDOUT (FORMAT binary)")
		if err != nil {
			c.Fatal(err)
		}
		rows += int(tag.RowsAffected())
	}
	took := once(func() {
		for i, table := range importedTables {
			tag, err := target.Conn().PgConn().CopyFrom(ctx, &content[i], "COPY "+table+" FROM STDIN (FORMAT binary)")
			if err != nil {
				c.Fatal(err)
			}
			rows -= int(tag.RowsAffected())
		}
	})
	if rows != 0 {
		c.Fatalf("COPY left %d rows behind", rows)
	}
	ours := c.imported.ground
	t.row(c.B, c.name+", streets, water, rail, walls, landuse, buildings, entrances", seconds(ours), seconds(took), faster(ours, took),
		fmt.Sprint(c.imported.rows), fmt.Sprintf("%.0f", float64(c.imported.rows)/ours.Seconds()),
		fmt.Sprintf("%.1f", float64(c.imported.bytes)/1e6/ours.Seconds()))
}
