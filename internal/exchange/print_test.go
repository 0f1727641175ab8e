package exchange

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
)

// keep writes what a test has printed where it can be looked at, when JINGWEI_PRINTS names a folder.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if dir := os.Getenv("JINGWEI_PRINTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMapsArePrinted(t *testing.T) {
	v := newTown(t)
	pdf := v.exported(Job{What: Print, Format: "pdf", Division: townCode})
	keep(t, "town.pdf", pdf)
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.5")) || bytes.Count(pdf, []byte("/Type /Page ")) != 2 || !bytes.Contains(pdf, []byte("[0 0 1190.55 841.89]")) {
		t.Errorf("a PDF of %d bytes with %d pages", len(pdf), bytes.Count(pdf, []byte("/Type /Page ")))
	}
	picture := v.exported(Job{What: Print, Format: "png", Division: westCode})
	keep(t, "west.png", picture)
	image, err := png.Decode(bytes.NewReader(picture))
	if err != nil || image.Bounds().Dx() != 2480 || image.Bounds().Dy() != 1754 {
		t.Fatalf("%v, %v", image.Bounds(), err)
	}
	// The middle of the frame lies in a grid: what is there isn't paper.
	if r, g, b, _ := image.At(930, 920).RGBA(); r == 0xffff && g == 0xffff && b == 0xffff {
		t.Error("the middle of the map is empty")
	}
	err = v.db.InTx(context.Background(), func(tx pgx.Tx) error {
		return Job{What: Print, Format: "png", Division: townCode}.Run(context.Background(), tx, &bytes.Buffer{}, when)
	})
	refused(t, "a picture of two villages", err, fault.Invalid, "2 communities")
	if !strings.HasPrefix(v.load(townCode, 1).title(), "测试镇") {
		t.Error("the title names the town")
	}
}
