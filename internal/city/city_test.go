package city

import (
	"context"
	"os"
	"testing"
)

func TestTry(t *testing.T) {
	m, err := Generate(context.Background(), Options{Seed: 1, People: 45000, Dir: "/tmp/demo-town"})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", m)
	_ = os.Stdout
}
