package sheet

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"jingwei/internal/fault"
)

// fontFiles are files of fonts with Chinese, the best first, as distributions call them.
var fontFiles = []string{
	"NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf", "SourceHanSansCN-Regular.otf",
	"SourceHanSansSC-Regular.otf", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf",
}

// fontFolders are where they lie.
var fontFolders = []string{"/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"}

// em is in how many steps a letter's height is measured.
const em = 1000

// typeface gives the outlines of letters. It may be used by several goroutines at once.
type typeface struct {
	mu     sync.Mutex
	fonts  []*sfnt.Font // a letter comes from the first that has it
	buffer sfnt.Buffer
	known  map[rune]*glyph
}

// glyph is a letter: its outline in steps of a thousandth of its height, y upwards, and how wide it is.
type glyph struct {
	letter  rune
	outline []segment
	advance float64
}

// segment of an outline: 'M' to a point, 'L' a line, 'C' a curve with two handles.
type segment struct {
	kind byte
	at   [3]spot
}

// spot is a position: on a page in mm from its top left, in a glyph in steps.
type spot struct{ x, y float64 }

var loaded = sync.OnceValues(loadTypeface)

// loadTypeface finds a font with Chinese on this machine. Some have nothing but that: Latin letters then come from a font that the program brings.
// Fault: Unavailable, with the package to install.
func loadTypeface() (*typeface, error) {
	latin, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	for _, file := range candidates() {
		if f, err := openFont(file); err == nil {
			return &typeface{fonts: []*sfnt.Font{f, latin}, known: make(map[rune]*glyph)}, nil
		}
	}
	return nil, fault.New(fault.Unavailable,
		"本机没有中文字体，无法出图；请安装：apt-get install fonts-droid-fallback（或 fonts-noto-cjk）",
		"there is no font with Chinese on this machine, so nothing can be printed: apt-get install fonts-droid-fallback (or fonts-noto-cjk)")
}

// candidates are the known fonts on this machine, the best first.
func candidates() []string {
	folders := fontFolders
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(slices.Clone(folders), filepath.Join(home, ".local/share/fonts"), filepath.Join(home, ".fonts"))
	}
	found := make([]string, len(fontFiles))
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil // a folder that can't be looked into holds nothing for us
			}
			if i := slices.IndexFunc(fontFiles, func(name string) bool { return strings.EqualFold(name, d.Name()) }); i >= 0 && found[i] == "" {
				found[i] = path
			}
			return nil
		})
	}
	return slices.DeleteFunc(found, func(s string) bool { return s == "" })
}

// openFont opens a file; of a collection the font with the simplified forms, or the first.
func openFont(file string) (*sfnt.Font, error) {
	f, err := os.Open(file) // stays open: letters are read when they are needed
	if err != nil {
		return nil, err
	}
	all, err := sfnt.ParseCollectionReaderAt(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	var first *sfnt.Font
	var buffer sfnt.Buffer
	for i := range all.NumFonts() {
		one, err := all.Font(i)
		if err != nil {
			continue
		}
		if first == nil {
			first = one
		}
		if name, err := one.Name(&buffer, sfnt.NameIDFull); err == nil && strings.HasSuffix(strings.TrimSuffix(name, " Regular"), "CJK SC") {
			first = one
			break
		}
	}
	if first == nil {
		f.Close()
		return nil, sfnt.ErrNotFound
	}
	return first, nil
}

// glyph gives a letter; one that the font lacks is a space.
func (t *typeface) glyph(r rune) *glyph {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g := t.known[r]; g != nil {
		return g
	}
	g := &glyph{letter: r, advance: em / 2}
	t.known[r] = g
	for _, f := range t.fonts {
		if index, err := f.GlyphIndex(&t.buffer, r); err == nil && index != 0 {
			g.read(f, &t.buffer, index)
			break
		}
	}
	return g
}

// read takes a letter's outline and width from a font.
func (g *glyph) read(f *sfnt.Font, buffer *sfnt.Buffer, index sfnt.GlyphIndex) {
	size := fixed.I(em)
	if advance, err := f.GlyphAdvance(buffer, index, size, font.HintingNone); err == nil {
		g.advance = steps(advance)
	}
	segments, err := f.LoadGlyph(buffer, index, size, nil)
	if err != nil {
		return
	}
	var last spot
	for _, s := range segments {
		var p [3]spot
		for i, a := range s.Args {
			p[i] = spot{steps(a.X), -steps(a.Y)}
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			g.outline = append(g.outline, segment{'M', [3]spot{p[0]}})
			last = p[0]
		case sfnt.SegmentOpLineTo:
			g.outline = append(g.outline, segment{'L', [3]spot{p[0]}})
			last = p[0]
		case sfnt.SegmentOpQuadTo:
			g.outline = append(g.outline, cubic(last, p[0], p[1]))
			last = p[1]
		case sfnt.SegmentOpCubeTo:
			g.outline = append(g.outline, segment{'C', p})
			last = p[2]
		}
	}
}

func steps(v fixed.Int26_6) float64 { return float64(v) / 64 }

// cubic is a quadratic curve as a cubic one.
func cubic(from, handle, to spot) segment {
	third := func(p spot) spot { return spot{p.x + (handle.x-p.x)*2/3, p.y + (handle.y-p.y)*2/3} }
	return segment{'C', [3]spot{third(from), third(to), to}}
}

// width of a text of a height in mm.
func (t *typeface) width(text string, height float64) (sum float64) {
	for _, r := range text {
		sum += t.glyph(r).advance
	}
	return sum * height / em
}

// clinging are the marks that no line begins with: they stay with the sign before them.
const clinging = "，。；：、？！）》”’,.;:!?)"

// fold cuts a text into lines that are no wider than a width; Chinese may break anywhere but before a mark, other words between them.
func (t *typeface) fold(text string, height, width float64) (lines []string) {
	line, sum, space := []rune{}, 0.0, -1
	for _, r := range text {
		w := t.glyph(r).advance * height / em
		if sum+w > width && len(line) > 0 {
			cut := len(line)
			if r < 0x2E80 && r != ' ' && space > 0 {
				cut = space
			}
			for next := r; cut > 1 && strings.ContainsRune(clinging, next); {
				cut--
				next = line[cut]
			}
			lines = append(lines, strings.TrimSpace(string(line[:cut])))
			line, space = append([]rune{}, line[cut:]...), -1
			sum = t.width(string(line), height)
		}
		line = append(line, r)
		sum += w
		if r == ' ' {
			space = len(line)
		}
	}
	if rest := strings.TrimSpace(string(line)); rest != "" {
		lines = append(lines, rest)
	}
	return lines
}
