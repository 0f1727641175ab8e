package gridnet

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// nameOf is what a label is called in sentences: by its name and code, or by its place in the file.
func (w *work) nameOf(label int32) Words {
	if int(label) >= len(w.net.Polygons) || label < 0 {
		return Words{"新网格", "a new grid"}
	}
	return w.net.Polygons[label].words()
}

func (p *Polygon) words() Words {
	switch {
	case p.Name != "" && p.Code != "":
		return Words{fmt.Sprintf("“%s”（%s）", p.Name, p.Code), fmt.Sprintf("%q (%s)", p.Name, p.Code)}
	case p.Code != "":
		return Words{p.Code, p.Code}
	case p.Name != "":
		return Words{"“" + p.Name + "”", fmt.Sprintf("%q", p.Name)}
	}
	return Words{"第 " + p.Feature + " 个要素", "feature " + p.Feature}
}

func wordsOutside(p Polygon, area float64) Words {
	n := p.words()
	return Words{fmt.Sprintf("%s 在区划之外（%.0f m²）", n.ZH, area), fmt.Sprintf("%s lies outside of the division (%.0f m²)", n.EN, area)}
}

func wordsFar(p Polygon, area float64) Words {
	n := p.words()
	return Words{fmt.Sprintf("%s 有一部分（%.0f m²）远离其余部分", n.ZH, area), fmt.Sprintf("a part of %s (%.0f m²) lies far from the rest", n.EN, area)}
}

func wordsFarDone(lost bool) Words {
	if lost {
		return Words{"那里另有网格，不采用这一部分", "other polygons lie there, so the part isn't used"}
	}
	return Words{"保留；与其余部分不相连", "it counts, and doesn't hang together with the rest"}
}

func wordsUncovered(c Community, residents int) (what, done Words) {
	return Words{fmt.Sprintf("%s（%s，%d 人）没有任何网格多边形", c.Name, c.Code, residents), fmt.Sprintf("no polygon lies in %s (%s, %d residents)", c.Name, c.Code, residents)},
		Words{"保持现状", "it stays as it is"}
}

func wordsSameCode(code string, n int) Words {
	return Words{fmt.Sprintf("%d 个多边形用了同一编码 %s", n, code), fmt.Sprintf("%d polygons bear one code, %s", n, code)}
}

func wordsUsed(code string) Words {
	return Words{fmt.Sprintf("编码 %s 曾用于已撤销的网格，不能再用", code), fmt.Sprintf("code %s was that of a grid that is no more, and codes are never used again", code)}
}

func wordsForeign(code string, c Community) Words {
	return Words{fmt.Sprintf("编码 %s 不属于所在的 %s（%s）", code, c.Name, c.Code), fmt.Sprintf("code %s isn't of %s (%s), in which it lies", code, c.Name, c.Code)}
}

func wordsAcross(name Words, n int) Words {
	return Words{fmt.Sprintf("%s 跨 %d 个社区", name.ZH, n), fmt.Sprintf("%s lies in %d communities", name.EN, n)}
}

func wordsAcrossDone(n int) Words {
	return Words{fmt.Sprintf("每个社区一个网格，共 %d 个", n), fmt.Sprintf("it becomes %d grids, one in each", n)}
}

func wordsNoBlock(name Words) Words {
	return Words{fmt.Sprintf("没有基本单元归 %s", name.ZH), fmt.Sprintf("no block goes to %s", name.EN)}
}

func wordsNoCode(n int) Words {
	return Words{fmt.Sprintf("%d 个多边形没有编码", n), fmt.Sprintf("%d polygons have no code", n)}
}

func wordsOddCode(n int) Words {
	return Words{fmt.Sprintf("%d 个多边形的编码不是 15 位数字", n), fmt.Sprintf("%d polygons have a code that isn't fifteen digits", n)}
}

func wordsCutOff(name Words, blocks, residents int) Words {
	return Words{fmt.Sprintf("%s 的 %d 个基本单元（%d 人）与其余部分不相连", name.ZH, blocks, residents),
		fmt.Sprintf("%d blocks of %s (%d residents) don't hang together with the rest", blocks, name.EN, residents)}
}

func wordsBlocks(blocks int, d Decision) Words {
	best := d.Candidates[0]
	return Words{fmt.Sprintf("%d 个基本单元（%d 人）归属不清：占比最大的多边形只有 %.0f%%", blocks, d.Residents, 100*best.Share),
		fmt.Sprintf("where %d blocks (%d residents) belong isn't clear: the polygon with most of them has %.0f %%", blocks, d.Residents, 100*best.Share)}
}

func wordsHole(blocks int, d Decision) Words {
	return Words{fmt.Sprintf("%d 个基本单元（%d 人）不在任何多边形内", blocks, d.Residents), fmt.Sprintf("%d blocks (%d residents) lie in no polygon", blocks, d.Residents)}
}

// wordsOfPiece says what an overlap, a gap, a sliver or ground outside is.
func wordsOfPiece(f *Flaw, name func(int32) Words) Words {
	kind := f.Kind
	thinZH, thinEN := "", ""
	if kind == Sliver {
		kind, thinZH, thinEN = f.Of, fmt.Sprintf("细小（%d 处）：", f.Pieces), fmt.Sprintf("slivers, %d: ", f.Pieces)
	}
	size := fmt.Sprintf("%.0f m²", f.AreaM2)
	switch kind {
	case Overlap:
		a, b := name(int32(f.Polygons[0])), name(int32(f.Polygons[1]))
		return Words{fmt.Sprintf("%s%s 与 %s 重叠 %s，%d 人", thinZH, a.ZH, b.ZH, size, f.Residents),
			fmt.Sprintf("%s%s and %s overlap by %s, %d residents", thinEN, a.EN, b.EN, size, f.Residents)}
	case Stray:
		a := name(int32(f.Polygons[0]))
		return Words{fmt.Sprintf("%s 有 %s 伸出区划", a.ZH, size), fmt.Sprintf("%s reaches out of the division by %s", a.EN, size)}
	}
	return Words{fmt.Sprintf("%s空隙 %s，%d 人不在任何网格内", thinZH, size, f.Residents),
		fmt.Sprintf("%sa gap of %s, %d residents are in no grid", thinEN, size, f.Residents)}
}

// wordsDone says where the blocks of a piece went.
func wordsDone(f *Flaw, went map[int32]int, name func(int32) Words) Words {
	if f.Kind == Stray {
		return Words{"区划以外的部分不采用", "what lies outside isn't used"}
	}
	if len(went) == 0 {
		return Words{"不涉及任何基本单元的多数", "it makes no difference to a block"}
	}
	var zh, en []string
	for _, l := range slices.Sorted(maps.Keys(went)) {
		n := Words{"暂不划入任何网格（按决定）", "no grid for now, as decided:"}
		if l >= 0 {
			n = name(l)
		}
		zh, en = append(zh, fmt.Sprintf("%s %d 个", n.ZH, went[l])), append(en, fmt.Sprintf("%s %d", n.EN, went[l]))
	}
	out := Words{"涉及的单元整个归：" + strings.Join(zh, "，"), "the blocks there go whole to: " + strings.Join(en, ", ")}
	if f.Open() {
		out.ZH, out.EN = out.ZH+"（暂定，待决定）", out.EN+" (for now)"
	}
	return out
}

func wordsElsewhere(n int, box, here Bounds, metres float64) (zh, en string) {
	return fmt.Sprintf("%d 个多边形都不在该区划内：它们在经度 %.4f–%.4f、纬度 %.4f–%.4f，区划在 %.4f–%.4f、%.4f–%.4f，相距约 %.1f km；请检查文件是哪里的、坐标系（--crs）是否正确", n, box[0], box[2], box[1], box[3],
			here[0], here[2], here[1], here[3], metres/1000),
		fmt.Sprintf("none of the %d polygons lies in the division: they lie at longitude %.4f to %.4f, latitude %.4f to %.4f, the division at %.4f to %.4f, %.4f to %.4f, about %.1f km apart; see what place the file is of, and whether its coordinate system (--crs) is right",
			n, box[0], box[2], box[1], box[3], here[0], here[2], here[1], here[3], metres/1000)
}
