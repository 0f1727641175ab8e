package ground

import (
	"context"
	"testing"
	"time"
)

func TestQinghuayuan(t *testing.T) {
	in := qinghuayuan(t)
	start := time.Now()
	g, err := MakeBlocks(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in %v", g.Report, time.Since(start))
	t.Logf("%+v", g.Territories[0].Report)
	picture(t, in, g)
	if g.Report.People != 44166 {
		t.Errorf("%d people came out, 44166 went in", g.Report.People)
	}
	for i := range g.Blocks {
		if g.Blocks[i].Shape.Area < 20 {
			t.Errorf("block %d has %.1f m²", i, g.Blocks[i].Shape.Area)
		}
	}
}
