package intake

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerWithin is how many lines may stand above the names of the columns: a title, who filled it in.
const headerWithin = 8

// readHeader finds the row that names the columns: the one among the first in which the most are known.
func (t *table) readHeader(kind Kind) error {
	var first []Row
	best, known := -1, 0
	for len(first) < headerWithin {
		r, err := t.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if r.empty() {
			continue
		}
		if n := len(Guess(kind, r.Cells)); n > known {
			best, known = len(first), n
		}
		first = append(first, r)
	}
	switch {
	case len(first) == 0:
		return invalid("文件是空的", "the file is empty")
	case known < 2:
		best = 0
	}
	t.columns, t.headers = trimColumns(first[best].Cells), first[best].Line
	if err := legible(t.columns); err != nil {
		return err
	}
	if known == 0 {
		if err := firstIsNames(kind, first); err != nil {
			return err
		}
	}
	if err := checkColumns(kind, t.columns, known >= 2); err != nil {
		return err
	}
	t.rows = &behind{first[best+1:], t.rows}
	return nil
}

// behind gives rows that were read already before the others.
type behind struct {
	read []Row
	rest rower
}

func (b *behind) next() (Row, error) {
	if len(b.read) > 0 {
		r := b.read[0]
		b.read = b.read[1:]
		return r, nil
	}
	return b.rest.next()
}

func trimColumns(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = tidy(c)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// legible refuses too many columns, and names that can't be read.
func legible(columns []string) error {
	if len(columns) > mostColumns {
		return invalid(fmt.Sprintf("表头有 %d 列，最多 %d 列；请删去不用的列", len(columns), mostColumns), fmt.Sprintf("its header has %d columns, and %d are the most: leave out those that aren't needed", len(columns), mostColumns))
	}
	for _, c := range columns {
		if !utf8.ValidString(c) || strings.ContainsFunc(c, unseen) {
			return invalid("列名中有乱码或不可见的字符：文件的编码不对；请另存为 XLSX，或者 UTF-8 编码的 CSV", "the names of its columns have characters that can't be read: it is in an encoding that isn't known; save it as XLSX, or as CSV in UTF-8")
		}
	}
	return nil
}

// checkColumns refuses a first row that isn't one of names: it would be kept in clear.
func checkColumns(kind Kind, columns []string, known bool) error {
	for _, c := range columns {
		if n := digitsIn(c); n > 5 || utf8.RuneCountInString(c) > 40 || !known && n > 0 {
			zh, en := exampleOf(kind)
			return invalid("没有找到表头：第一行应是各列的名称，"+zh, "no header was found: the first row has to name the columns, "+en)
		}
	}
	if !known && len(columns) < 2 {
		return invalid("没有找到表头，或者各列没有分隔开；可导入 CSV（逗号、分号或制表符分隔）与 XLSX", "no header was found, or nothing that separates the columns; CSV (with commas, semicolons or tabs) and XLSX can be imported")
	}
	return nil
}

func digitsIn(s string) (n int) {
	for _, r := range halfWidth(s) {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// exampleHeaders are first rows with which files of a kind are complete, as docs/people-files.md has them.
var exampleHeaders = map[Kind]string{
	Houses:        "房屋编号,社区编码,小区,楼栋,单元,楼层,房号,标准地址,经度,纬度",
	Residents:     "姓名,性别,出生日期,身份证号,手机号,房屋编号",
	Organisations: "名称,统一社会信用代码,类别,地址,联系人,联系电话",
	Facilities:    "编号,类型,名称,经度,纬度",
	Vehicles:      "号牌号码,车辆类型,颜色,车主,房屋编号",
}

// exampleOf shows how the first row of a file may look.
func exampleOf(kind Kind) (zh, en string) {
	return "如：" + exampleHeaders[kind] + "。请在最上面加一行列名再导入", "for example " + exampleHeaders[kind] + ": put a row of names on top and import it again"
}

// firstIsNames refuses a first row that is data, when nothing in it is called as a column of any kind is: it would be taken as the names of the columns,
// kept in clear, and be missing in the register. What is in its cells isn't repeated in the message.
func firstIsNames(kind Kind, first []Row) error {
	for _, k := range Kinds {
		if len(Guess(k, first[0].Cells)) > 0 {
			return nil
		}
	}
	for i, c := range first[0].Cells {
		below := []string{}
		for _, r := range first[1:] {
			if i < len(r.Cells) {
				below = append(below, tidy(r.Cells[i]))
			}
		}
		if zh, en := dataIn(tidy(c), below); zh != "" {
			exampleZH, exampleEN := exampleOf(kind)
			line, column := first[0].Line, i+1
			return invalid(fmt.Sprintf("第 %d 行不是列名：其中没有认得的列名，第 %d 列%s；第一行应是各列的名称，%s", line, column, zh, exampleZH),
				fmt.Sprintf("line %d doesn't name the columns: no name in it is known, and its cell %d %s; the first row has to name the columns, %s", line, column, en, exampleEN))
		}
	}
	return nil
}

var (
	cardShape  = regexp.MustCompile(`^[0-9]{15}([0-9]{2}[0-9Xx])?$`)
	phoneShape = regexp.MustCompile(`^(\+?86)?(1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8})$`)
	// An address without a number begins with the names of two divisions; what columns are called by has 所, 属, 名, 码 or 址 in it.
	addressShape  = regexp.MustCompile(`^\p{Han}{2,}[省市县区镇乡]\p{Han}{2,}([市县区镇乡村路街巷庄]|街道|社区|小区)`)
	numberedShape = regexp.MustCompile(`[0-9一二三四五六七八九十百]+(号|栋|幢|单元|室|弄|组|#)`)
)

// dataIn says what a cell of the first row looks like, if not like the name of the column; below are the cells under it.
func dataIn(s string, below []string) (zh, en string) {
	plain := strings.NewReplacer(" ", "", "　", "").Replace(halfWidth(s))
	_, notNumber := strconv.ParseFloat(plain, 64)
	_, day := parseDate(s)
	switch {
	case s == "":
		return "", ""
	case cardShape.MatchString(plain):
		return "像是身份证号", "looks like an ID number"
	case phoneShape.MatchString(plain):
		return "像是电话号码", "looks like a telephone number"
	case day && notNumber != nil || day && len(plain) == 8:
		return "像是日期", "looks like a date"
	case notNumber == nil:
		return "是数字", "is a number"
	case numberedShape.MatchString(plain), addressShape.MatchString(plain) && !strings.ContainsAny(plain, "所属名码址及和"):
		return "像是地址", "looks like an address"
	case digitsIn(s) > 0:
		return "含有数字", "has digits in it"
	case slices.Contains(valuesOnly, plain), slices.Contains(below, s):
		return "是内容而不是名称", "is a value, not a name"
	case calledLikePeople(s, below):
		return "像是姓名", "looks like somebody's name"
	}
	return "", ""
}

// valuesOnly are what cells hold and no column is called.
var valuesOnly = []string{"男", "女", "汉族", "回族", "满族", "户主", "配偶", "户籍在册", "人户分离", "流动人口", "自住", "出租", "空置", "商用", "小学", "初中", "高中", "大专", "本科", "大学", "是", "否", "有", "无"}

// calledLikePeople tells that a column has names of people from its first row on: one alone might be a word, as 单位 and 方式 begin with surnames.
func calledLikePeople(s string, below []string) bool {
	if !personal(s) {
		return false
	}
	filled, people := 0, 0
	for _, b := range below {
		if b != "" {
			filled++
		}
		if personal(b) {
			people++
		}
	}
	return people >= 1 && 3*people >= 2*filled
}

// personal tells a text that may be somebody's name: two to four characters, the first a common surname.
func personal(s string) bool {
	r := []rune(s)
	return len(r) >= 2 && len(r) <= 4 && strings.ContainsRune(surnames, r[0]) && !slices.ContainsFunc(r, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}

// surnames are the common ones.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
