// Package address is the grammar of Chinese addresses, and the places of a county in memory: what an address says, which house it means,
// and what somebody who types the beginning of one is looking for. It is pure: who calls it reads divisions, streets, compounds, buildings,
// entrances and houses, and puts a new Gazetteer into a Live when they change. Nothing leaves the process.
//
// Its one idea: names are known, numbers are counted. Where a name ends and which name it is comes from the gazetteer, as far as it has it;
// what stands behind a name is a row of numbers with units, and which house they lead to is decided by which way through the gazetteer
// uses all of them without a contradiction. One slip is forgiven in a name, none in a number, and where two ways are equally good
// the answer is what both lie in.
//
// # What is read
//
// Every text is folded first (fold.go): half width, capital letters, simplified characters, Chinese numerals as digits (二十一, 二一, 贰拾壹 are
// 21; 五〇一 and 五零幺 are 501), blanks and punctuation gone but for one dash between two numbers. Names are folded in the same way, so 五一路 is found by
// 51路. Where the hand changes another number begins: 玉泉国际三叁号楼 is building 3 of 玉泉国际三.
//
//	address   = { division | street | compound | numbers | rest }
//	division  = name ( 省 | 自治区 | 市 | 县 | 区 | 镇 | 乡 | 街道[办事处] | 社区[居委会] | 居委会 | 村[委会] | 行政村 | 自然村 | … )
//	street    = name ( 路 | 街 | 大街 | 大道 | 巷 | 胡同 | … )
//	compound  = name ( 小区 | 花园 | 公寓 | 新村 | 家属院 | … ) | name, numbers behind it
//	numbers   = element { [dash] [内|的] element }
//	element   = number [unit]
//	remark    = bracket { name | numbers | rest } bracket, between a name and its numbers or behind them
//	number    = [第 | #] [甲…癸] [东西南北中] [A…Z] digits [甲…癸 | A…Z] [(之|附) digits]  |  A…Z, 甲…癸 or 东西南北中 alone, in front of a unit that takes them
//	unit      = 期 | 区 | 组 | 排                  Section
//	          | 号楼 | 栋 | 幢 | #楼 | …            Building
//	          | 座                               Building, or Entrance behind one
//	          | 楼                               Building, or Floor behind one
//	          | 号 | #                           Number behind a street or village, Building behind a compound, House behind a building
//	          | 号院 | 弄                         Number (号院 also a house of a village)
//	          | 单元 | 门 | 梯 | U                 Entrance
//	          | 层 | F                           Floor
//	          | 室 | 户 | 房                       House (户 also a house of a village)
//	rest      = filler (地址, 家住; in front of all whatever ends with 住 or 址) | particle (的, 在, 是) | relation (旁边, 对面) | stranger | what isn't understood
//	stranger  = telephone number | postcode | date | 89平米, 3室2厅, 4人, 5/6层 | 第3网格 | a word of letters (Mingzhu) | name with a title (赵女士) | a short word beside a telephone number, which is somebody's name
//	label     = { 所属, 现, 省, 镇街, 小区, 楼栋, 单元, 房, 号, 名称, … } colon | 楼号, 单元号, ROOM, … in front of a number
//
// Words and letters of English count as the Chinese do, in front of their numbers (Rm 501, Unit 2, Bldg 3; R501 U2 B3) or behind them (3 Building, 5th Floor), No.8 also in front
// of its street, and Road behind it says nothing.
//
// What isn't a house without doubt is read once more without what an address may have besides (spare.go): a list's number in front (3. 三、 （3） ③ 第3户： No.3:), how one gets in
// (从文昌路8号门进), what it is beside (小学对面, 靠近文昌路; 文昌路与重庆路交叉口 in front of a name), who lives there (赵甲，男，1950年1月1日出生，住…), who waits there and when to come. That reading is taken only where it is a house without doubt, and none of its numbers is
// contradicted. What is beside the address itself (，房子后面; ，往东走) is another place, and a number that may be a list's or a building's is neither.
//
// What a name says already is left out before anything is looked for (sides.go): the side or stretch of a street in front of a number (文昌路北侧66号), and a bracket between
// two numbers with the names of what the place lies in (文昌路66号（钟山街道）301). Breaks of lines are blanks where nothing else parts a text (fold.go).
//
// A text that leads to a house and takes it back is read, and asks back (doubt.go): that somebody has moved (已搬走, 原住…), that it is wrong (…，错误), that somebody's mother lives there
// (赵甲之母，住…), that another place beside it is meant (45号对门, 45号东数第二家), that the number is another thing's (45号桥) or can't be read (4□号), that somebody is registered there and
// lives elsewhere; and so does one with two houses in it (大李村45号，前街7号).
//
// A label says nothing of where: it is left out, and a bare number behind it gets the unit that it speaks of (楼栋：3 is 3栋). What stands in front of any other
// colon is left out as well, unless it may be a name. The label of something else (户主：) goes with what is behind it.
//
// Levels may come in any order, the smallest first or mixed, and may be said twice: a number that tells its level needs no place in a row. The numbers of a
// name are those behind it and those elsewhere that belong to no other name (rows.go). Two different numbers of one level belong to nothing together.
//
// An element without a unit can be any level below the one before it: 3-2-501 is building, entrance, room; 3-501 building and room. Parse
// takes the likeliest (likely, reading.go); Match tries all (readings) and keeps those that lead somewhere. 12-1号 is one number. No number and
// no word goes over the edge of a bracket or a comma: 45号（房东） has no 号房, 402，门铃坏了 no 402门.
//
// A compound with a numeral at the end (锦园小区二) is also found as its phase (锦园小区二期, 2期, 二区), and one that is called a phase without saying so, where
// no other place is called that.
//
// # Where things are
//
//	fold.go, numeral.go       the form that everything is compared in; simplified.go has the traditional characters
//	fields.go, strangers.go   labels of forms; numbers and names that are none of an address
//	english.go                the same in English
//	spare.go                  what an address is whole without
//	listed.go, remark.go      the numbers of lists; remarks
//	sides.go                  what stands among numbers and says what a name says already
//	doubt.go                  what speaks against taking a text at its word
//	element.go, words.go      numbers and their units; the words that end names, and those that say nothing
//	parse.go, format.go       a text → its levels, and back
//	reading.go                what a row of numbers can mean
//	input.go, build.go        what the gazetteer is made from, and how
//	gazetteer.go, lineage.go  how it lies in memory; what lies in what
//	names.go, variants.go     all names and the forms in which they are written
//	resolve.go                a named place and numbers → houses
//	match.go, context.go      which of all names in a text is meant, and what around it speaks for and against it
//	tail.go, rows.go          the numbers that belong to a name: behind it, and elsewhere
//	near.go, edit.go          one slip in a name, and which differences are none
//	suggest.go, spell.go      what is being typed: characters, pinyin, first letters; pinyin.go has the readings
//	reach.go                  how far one gets in it with the names of what a place lies in
//	slip.go                   one slip in what is being typed, and which slips are likelier
//	complete.go               the numbers behind a name that is known
//
// # Slips while typing
//
// Match answers for a text; Suggest only offers, and somebody picks. So it forgives more: any one character wrong, missing, doubled or too many, and two
// neighbours that have changed places, behind the names of what the place lies in and in front of its numbers. What a number says is forgiven
// only where none was typed (大石村 may be 大石二村) or it was typed twice; 三区 is never 二区. Characters are compared as they are spoken, so that
// 十 may be 石 misheard. First come the slips that only one name in many can be meant by. A numeral at the end (锦园小区二) is a part of the name before
// it is a building's number.
//
// # How sure
//
// What a text says around a name (in front, in brackets, behind the numbers) is weighed for the house that the numbers lead to: a street runs through
// many communities, its house stands in one. What names the house's own community, compound or gate number speaks for it, and among many streets or
// compounds of a name tells which.
//
// Candidate.Sure is .95 and more where everything in the text is accounted for by names as the gazetteer has them. It falls for a name
// without its kind (.9), a slip (.85), a community that is another one's (.75), a street or gate number that is another one's (.93, and .84 where no town is named), an unusual way through
// the numbers (.88 a step), and numbers that led nowhere (.9). It doesn't fall for what is usual where it stands: 12号院 and 12户 in a village, 12-1 on
// a street. What contradicts the text (a house in another town, a name with more in front of it than is known) is never Best; it is among Others.
//
// Answer.Whole says that all of the text's numbers led to Best, and that nothing is left in front of them that isn't understood: a name, a character in
// front of a name (内看庄村 isn't 看庄村), a number behind nothing that counts; that nothing takes it back, and no other house is named. What is left behind them may be anything that isn't a name or a number of a
// house: （出租）, 放门口. A caller that ties people to houses without asking should ask for .9, a house, and Whole.
package address
