package city

// relations to the head of the household, by the head's part and the member's, in the words of GB/T 4761 or narrower ones: for a man, for a
// woman.
var relations = map[part]map[part][2]string{
	husband:    {wife: {"", "配偶"}, child: {"子", "女"}, elderMan: {"父亲", ""}, elderWoman: {"", "母亲"}, brother: {"兄弟", "姐妹"}},
	wife:       {husband: {"配偶", ""}, child: {"子", "女"}, elderMan: {"公公", ""}, elderWoman: {"", "婆婆"}},
	elderMan:   {elderWoman: {"", "配偶"}, husband: {"子", ""}, wife: {"", "儿媳"}, child: {"孙子", "孙女"}, brother: {"子", "女"}},
	elderWoman: {elderMan: {"配偶", ""}, husband: {"子", ""}, wife: {"", "儿媳"}, child: {"孙子", "孙女"}, brother: {"子", "女"}},
	brother:    {husband: {"兄弟", ""}, elderMan: {"父亲", ""}, elderWoman: {"", "母亲"}},
}

const (
	headOfHousehold = "户主"
	notRelated      = "其他"
)

// relation of a member to the head.
func (f *family) relation(i int) string {
	m, h := f.members[i], f.members[f.head]
	if i == f.head {
		return headOfHousehold
	}
	sex := 1
	if m.man {
		sex = 0
	}
	if word := relations[h.part][m.part][sex]; word != "" {
		return word
	}
	return notRelated
}
