package address

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// handCases are addresses as people, forms and machines write them: by principle, the text and the house's label.
func TestHands(t *testing.T) {
	const pearl, village, shop = "钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室", "清泗镇大李村45号", "钟山街道文昌社区文昌路66号301室"
	g := small(t)
	for _, c := range []struct{ what, text, want string }{
		{"traditional", "鐘山街道文昌社區文昌路8號明珠小區3號樓2單元501室", pearl},
		{"traditional", "泗濱市清泗鎮大李邨45號", village},
		{"financial", "明珠小区叁栋贰单元伍佰零壹室", pearl},
		{"financial", "明珠小區參號樓貳單元伍零壹室", pearl},
		{"financial", "文昌路陆拾陆号叁零壹", shop},
		{"financial", "清泗镇大李村肆拾伍号", village},
		{"two hands", "北关社区锦园小区二壹号楼贰单元伍零壹室", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"spoken digits", "明珠小区三号楼二单元五零幺", pearl},
		{"spoken dashes", "明珠小区三杠二杠五零一", pearl},
		{"signs for figures", "明珠小区⒊-②-５0１", pearl},
		{"signs for figures", "明珠小区3️⃣号楼2️⃣单元5O1", pearl},
		{"zero width", "明珠\u200b小区3\u200d号楼\ufeff2单元501", pearl},
		{"separators", "钟山街道_明珠小区_3_2_501", pearl},
		{"separators", "钟山街道>明珠小区>3号楼>2单元>501", pearl},
		{"separators", "钟山街道·明珠小区·3号楼\n2单元\n501室", pearl},
		{"separators", "【钟山街道】【明珠小区】【3号楼】【2单元】【501室】", pearl},
		{"separators", "「钟山街道」「明珠小区」「3栋」「2」「501」", pearl},
		{"letters", "明珠小区3#/2U/501", pearl},
		{"letters", "明珠小区3号楼2单元5F501", pearl},
		{"letters", "明珠小区_3_2u_5f_501", pearl},
		{"hash in front", "明珠小区#3-2-501", pearl},
		{"labels", "县（市、区）：泗滨市；乡镇/街道：钟山街道；小区名称：明珠小区；楼栋号：3；单元号：2；房间号：501", pearl},
		{"labels", "区县=泗滨市|街镇=清泗镇|行政村=大李村|门牌号码=45", village},
		{"labels", "所属街道: 钟山街道, 道路: 文昌路, 门牌: 66, 室: 301", shop},
		{"labels", "小区：明珠小区\n幢：三\n单元：二\n室号：五〇一", pearl},
		{"labels", "楼栋：3号楼，单元：2单元，房号：501室，小区：明珠小区，街道：钟山街道", pearl},
		{"labels", "镇街:钟山街道小区:明珠小区 楼号:3单元:2房号:501", ""},
		{"labels", "户主：赵甲；小区：明珠小区；楼栋：3；单元：2；房号：501；面积：90", pearl},
		{"labels", `{"town":"钟山街道","compound":"明珠小区","building":"3","unit":"2","room":"501"}`, pearl},
		{"labels without colons", "钟山街道明珠小区楼号3单元号2房号501", pearl},
		{"labels without colons", "Room 501, Unit 2, Building 3, 明珠小区, 钟山街道", pearl},
		{"labels without colons", "钟山街道，明珠小区，楼号3，单元2，房间501", pearl},
		{"labels without colons", "No.45, 大李村, 清泗镇", village},
		{"hash in front", "明珠小区 #3 #2 #501", pearl},
		{"any order", "文昌社区，301室，钟山街道，文昌路66号", shop},
		{"spoken", "喂你好，我现在在钟山街道文昌社区明珠小区这个三号楼，然后是二单元的五零幺，快点来", pearl},
		{"labels without colons", "文昌路No.66 Room 301", shop},
		{"announced", "烦请师傅送至：明珠小区3-2-501", pearl},
		{"announced", "我的收货地址是：钟山街道明珠小区3-2-501", pearl},
		{"announced by a name", "刘家庄：大李村45号", ""},
		{"announced by a name", "刘庄子：大李村45号", ""},
		{"smallest first", "501室2单元3号楼明珠小区文昌路8号文昌社区钟山街道泗滨市", pearl},
		{"smallest first", "501-2-3，明珠小区，钟山街道", pearl},
		{"smallest first", "五〇一，二单元，三号楼，明珠小区", pearl},
		{"smallest first", "45号 大李村 清泗镇 泗滨市", village},
		{"smallest first", "301, 文昌路66号, 钟山街道", shop},
		{"any order", "2单元，钟山街道，501室，明珠小区，泗滨市，3号楼", pearl},
		{"any order", "明珠小区501室3号楼2单元", pearl},
		{"any order", "明珠小区，钟山街道，3号楼2单元501室", pearl},
		{"any order", "明珠小区（钟山街道文昌路8号）501室（3号楼2单元）", pearl},
		{"repeated", "3号楼2单元501室 明珠小区3号楼2单元501室", pearl},
		{"repeated", "明珠小区 3号楼 3号楼2单元 2单元501室", pearl},
		{"spoken", "我家就在钟山街道的明珠小区啊，是三号楼二单元五零一，对", pearl},
		{"spoken", "嗯我住的是文昌社区那个明珠小区的三号楼的二单元的五〇一", pearl},
		{"spoken", "俺家在清泗镇的那个大李村，四十五号", village},
		{"spoken together", "北关社区锦园小区二二号楼一单元五零一", "钟山街道北关社区锦园小区二2号楼1单元501室"},
		{"spoken together", "锦园小区二十二号楼一单元五零一", ""}, // 22, as it is written
		{"no filler in a name", "美的明珠小区3-2-501", ""},
		{"phases", "北关社区锦园小区二期1号楼2单元501", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"phases", "锦园小区（2期）1-2-501", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"phases", "东方红一3-2-501", "钟山街道北关社区东方红一区3号楼2单元501室"},
		{"strangers", "赵甲乙 13900000000 钟山街道明珠小区3-2-501", pearl},
		{"strangers", "13900000000，赵甲乙，钟山街道明珠小区3-2-501", pearl},
		{"strangers", "2026-11-30 14:20 钟山街道明珠小区3-2-501", pearl},
		{"strangers", "2026年11月30日14时20分，明珠小区3-2-501", pearl},
		{"strangers", "看庄 13900000000 明珠小区3-2-501", ""},
		{"strangers", "赵甲乙，明珠小区3-2-501", ""},
		{"layout", "明珠小区3号楼2单元501（3室2厅）", pearl},
		{"said again", "明珠小区3号楼2单元501室（3-2-501）", pearl},
		{"ways in", "明珠小区东门进3号楼里面的2单元501", pearl},
		{"tags", "<镇街>钟山街道</镇街><小区>明珠小区</小区><楼>3</楼><单元>2</单元><室>501</室>", pearl},
		{"header", "小区\t楼栋\t单元\t房号\n明珠小区\t3\t2\t501", pearl},
		{"labels in brackets", "明珠小区3（栋）2（单元）501（室）", pearl},
		{"labels as units", "明珠小区3楼栋2单元号501房号", pearl},
		{"remarks", "大李村45号，门口有树", village},
		{"remarks", "明珠小区3号楼2单元501，对面是超市", pearl},
		{"remarks", "明珠小区3号楼2单元501对面", ""},
		{"remarks", "明珠小区3号楼2单元501，对面", ""},
		{"remarks", "明珠小区3号楼2单元501，门铃坏了请敲门", pearl},
		{"remarks", "明珠小区3号楼2单元501（门口有狗，到了打电话13900000000）", pearl},
		{"remarks", "明珠小区3号楼2单元501室。麻烦放门口鞋柜，谢谢", pearl},
		{"another's numbers", "明珠小区，幸福小区3号楼2单元501室", ""},
		{"another's numbers", "大李村45号，王家大院，2单元301", ""},
		{"another's numbers", "小李村301号，文昌路66号", ""},
		{"another's numbers", "明珠东门3-2-501，文昌社区", ""},
		{"two of a level", "3号楼2单元501室，明珠小区5号楼1单元301", ""},
		{"two of a level", "大李村45号，大李村46号", ""},
		{"two of a level", "大李村45号，清泗镇大李村46号", ""},
		{"remarks", "3. 大李村45号，房子后面", ""},
		{"remarks", "大李村45号，从文昌路进，房子后面", ""},
		{"a list's number", "序号：3，大李村45号", village},
		{"an empty field", "明珠小区（号）3号楼2单元501室", pearl},
		{"remarks", "大李村45号，往里走", ""},
		{"remarks", "幸福小区对面，明珠小区3-2-501", pearl},
		{"remarks", "大李村45号，院子后面", ""},
		{"remarks", "搬到大李村45号，从明珠小区3-2-501走", ""},
		{"no list's number", "501. 大李村45号", ""},
		{"no list's number", "2. 501，明珠小区3号楼", ""},
		{"no list's number", "1号楼：明珠小区2单元501", "钟山街道文昌社区文昌路8号明珠小区1号楼2单元501室"},
		{"no list's number", "3-2-501，明珠小区", pearl},
		{"two rooms", "明珠小区3号楼2单元501室、502室", ""},
		{"beside", "3号楼2单元501室隔壁的明珠小区", ""},
		{"a list's number", "501、明珠小区3号楼2单元", ""},
		{"a list's number", "14. 明珠小区 3号楼2单元5楼501", pearl},
		{"a list's number", "14．明珠小区3-2-501", pearl},
		{"a list's number", "16、明珠小区3-2-501", pearl},
		{"a list's number", "7、大李村45号", village},
		{"a list's number", "十二、大李村45号", village},
		{"a list's number", "3)文昌路66号301", shop},
		{"a list's number", "（3）大李村 45号", village},
		{"a list's number", "（一）明珠小区3-2-501", pearl},
		{"a list's number", "[8] 明珠小区3-2-501", pearl},
		{"a list's number", "①明珠小区3-2-501", pearl},
		{"a list's number", "⑿ 大李村45号", village},
		{"a list's number", "2️⃣大李村45号", village},
		{"a list's number", "第3户：明珠小区3-2-501", pearl},
		{"a list's number", "第十二家 大李村45号", village},
		{"a list's number", "No.5: 明珠小区3-2-501", pearl},
		{"a list's number", "#3 明珠小区3-2-501", pearl},
		{"a list's number", "序号12：大李村45号", village},
		{"a list's number", "3\t大李村45号", village},
		{"a list's number", "a) 大李村45号", village},
		{"a list's number", "101. 明珠小区3-2-501", pearl},
		{"a list's number", "（2）3号楼2单元501室，明珠小区", pearl},
		{"• in front", "• 明珠小区3-2-501", pearl},
		{"no list's number", "101. 大李村45号", ""},   // its room, perhaps
		{"no list's number", "3、2单元501，明珠小区", ""}, // building 3, perhaps
		{"no list's number", "3，明珠小区7号楼501", ""},
		{"remarks", "大李村45号，放门口", village},
		{"remarks", "大李村45号，那家的后面", ""},
		{"no list's number", "#9 文昌路明珠小区3-2-501", ""},
		{"no list's number", "45、大李村", ""},
		{"no list's number", "12、大李村47号", ""},
		{"ways in", "钟山 明珠小区 3号楼 2单元 5楼 501，从文昌路8号门进", pearl},
		{"ways in", "明珠小区3-2-501，从重庆路12号门进", pearl},
		{"ways in", "明珠小区3-2-501 从北门进", pearl},
		{"ways in", "明珠小区3-2-501，从朝阳街88号门进", pearl},
		{"ways in", "明珠小区3-2-501，从朝阳街往东走", ""},
		{"ways in", "明珠小区3-2-501（由文昌路进）", pearl},
		{"ways in", "走东门，明珠小区3-2-501", pearl},
		{"ways in", "明珠小区3-2-501，请走2号门", pearl},
		{"ways in", "从文昌路进，大李村45号，到了打电话", village},
		{"ways in", "明珠小区7号楼501，从2单元进", ""}, // it has one
		{"ways in", "大李村45号，从门口往东走", ""},
		{"ways in", "从大李村45号走", ""},
		{"remarks", "大李村45号，村委会对面", village},
		{"remarks", "大李村45号，靠近文昌路", village},
		{"remarks", "幸福超市旁边，明珠小区3-2-501", pearl},
		{"remarks", "明珠小区3-2-501，在幸福小区对面", pearl},
		{"remarks", "文昌路66号301室（离火车站不远）", shop},
		{"remarks", "大李村45号，紧邻小学", village},
		{"remarks", "大李村45号，他家隔壁", ""},
		{"remarks", "大李村45号，房子后面", ""},
		{"remarks", "大李村45号，马路对面", ""},
		{"remarks", "大李村45号，46号对面", ""},
		{"remarks", "明珠小区3-2-501，明珠小区对面", ""},
		{"remarks", "幸福超市旁边，明珠小区", ""},
		{"remarks", "大李村45号对面，小李村", ""},
		{"remarks", "大李村45号，小李村3号", ""},
		{"remarks", "明珠小区3-2-501，1楼有人接，带上工具", pearl},
		{"remarks", "明珠小区3-2-501，在3号楼下等", pearl},
		{"remarks", "请于明天下午3点来，大李村45号", village},
		{"remarks", "大李村45号，晚上8点以后在家", village},
		{"remarks", "明珠小区7号楼501，2单元有人等", ""},
		{"a floor in words", "泗滨钟山街道，明珠小区，三号楼二单元，上五楼，五零一", pearl},
		{"a floor in words", "明珠小区三号楼二单元，住五层，五零一", pearl},
		{"a floor in words", "明珠小区三号楼二单元，在5楼，501", pearl},
		{"a floor in words", "明珠小区三号楼二单元，五楼的五零一", pearl},
		{"a floor in words", "明珠小区三号楼，二单元坐电梯到五楼，五零一", pearl},
		{"a floor in words", "明珠小区12号楼2单元，顶层，1201", "钟山街道文昌社区文昌路8号明珠小区12号楼2单元1201室"},
		{"a floor in words", "明珠小区三号楼二单元，上四楼，五零一", ""},
		{"English", "Rm 501, Unit 2, Bldg 3, 明珠小区, No.8 文昌路, 钟山街道, 泗滨市", pearl},
		{"English", "Room 501, Unit 2, Building 3, 明珠小区, 8 文昌路, 钟山街道", pearl},
		{"English", "Apt. 501, Entrance 2, Blk 3, 明珠小区, 文昌路 Road, 钟山街道 Subdistrict, China", pearl},
		{"English", "Flat 501, Gate 2, Tower 3, 明珠小区", pearl},
		{"English", "钟山街道, 明珠小区, Bldg. 3, Unit 2, 5th Floor, Room 501", pearl},
		{"English", "明珠小区 3 Building 2 Unit 501 Room", pearl},
		{"English", "R501, U2, B3, 明珠小区, 钟山街道", pearl},
		{"English", "明珠小区 B3-U2-R501", pearl},
		{"English", "Rm 301, No.66 文昌路, 文昌社区, 钟山街道", shop},
		{"English", "No. 45 大李村 Village, 清泗镇 Town, 泗滨市 City", village},
		{"English", "Nr 45 大李村, 清泗镇", village},
		{"English", "Rm 501, Unit 2, Bldg 4, 明珠小区, No.8 文昌路", ""},
		{"another list", "【山东省 济宁市 泗滨市 钟山街道】明珠小区3号楼2单元501", pearl},
		{"another list", "山东省济宁市泗滨市钟山街道|明珠小区(文昌路8号)|3号楼2单元501", pearl},
		{"another list", "明珠小区(泗滨市钟山街道文昌路8号) 3栋2单元501", pearl},
		{"another list", "明珠小区3栋2单元501(钟山街道文昌路)", pearl},
		{"another list", "文昌路8号 明珠小区 3栋 2单元 5F 501", pearl},
		{"another list", "明珠小区·3号楼 2单元501室", pearl},
		{"another list", "明珠小区西门 3号楼2单元501", pearl},
		{"another list", "明珠小区(西门)3号楼2单元501", pearl},
		{"another list", "明珠小区-西门 3号楼2单元501", pearl},
		{"another list", "明珠小区-3号楼 2单元501", pearl},
		{"another list", "明珠小区3号楼(2单元) 501室", pearl},
		{"another list", "明珠小区A区3号楼2单元501", ""},
		{"another list", "明珠小区三期3号楼2单元501", ""},
		{"another list", "大李村村委会45号", village},
		{"another list", "大李村(村委会)45号", village},
		{"another list", "清泗镇-大李村-45号", village},
		{"another list", "清泗镇大李村 45 号 院", village},
		{"another list", "清泗镇大李村前街45号", ""},
		{"another list", "清泗镇大李村第3组45号", village},
		{"another list", "清泗镇大李村三队45号", village},
		{"another list", "清泗镇大李村一组045", village},
		{"another list", "清泗镇大李村四十五号附一号", "清泗镇大李村45号附1"},
		{"another list", "清泗镇大李村45-1号", "清泗镇大李村45号附1"},
		{"another list", "清泗镇大李村45号之一", "清泗镇大李村45号附1"},
		{"another list", "清泗镇大李村45号（附1号）", "清泗镇大李村45号附1"},
		{"another list", "清泗镇大李村45号副1号", "清泗镇大李村45号附1"},
		{"another list", "户籍：泗滨市清泗镇大李村45号 现住：泗滨市钟山街道明珠小区3号楼2单元501", ""},
		{"another list", "泗滨市清泗镇大李村45号，身份证号 379983195001010015", village},
		{"another list", "泗滨市清泗镇大李村45号 邮编:273500", village},
		{"another list", "泗滨市清泗镇大李村45号（邮编273500）", village},
		{"another list", "Sibin City, 清泗镇, 大李村, No. 45", village},
		{"another list", "45 大李村, 清泗镇, Sibin, Shandong, China", ""},
		{"another list", "House 45, 大李村, 清泗镇", village},
		{"another list", "House No. 45, 大李村, 清泗镇", village},
		{"another list", "Apt 501, Entrance 2, Bldg 3, 明珠小区 (8 文昌路)", pearl},
		{"another list", "3-2-501 明珠小区, 文昌路 8, 钟山街道", pearl},
		{"another list", "明珠小区 3-2-501, No. 8 文昌路, 钟山街道 Subdistrict, 泗滨 City, Shandong Province, P. R. China", pearl},
		{"another list", "Building 3, Unit 2, Room 501, 明珠小区 (Mingzhu Community), 钟山街道", pearl},
		{"another list", "明珠小区3号楼二单元 5 楼 五零一 东边户", ""},
		{"another list", "那个，钟山街道文昌路，六十六号，三楼，三零一", shop},
		{"another list", "哎，我说一下地址啊，文昌社区，明珠小区，三号楼，二单元，五零一室", pearl},
		{"another list", "地址我说一下：明珠小区三号楼二单元五零一", pearl},
		{"another list", "师傅你好，送到明珠小区三号楼二单元五零一，谢谢", pearl},
		{"another list", "麻烦派个人，明珠小区3号楼2单元501", pearl},
		{"another list", "我家是大李村的，四十五号", village},
		{"another list", "大李村，四十五号，门口有棵大树", village},
		{"another list", "大李村四十五号那家", village},
		{"another list", "大李村的45号", village},
		{"another list", "文昌社区的明珠小区的3号楼的2单元的501", pearl},
		{"another list", "钟山街道下面的文昌社区明珠小区3号楼2单元501", pearl},
		{"another list", "钟山街道辖区文昌社区内明珠小区3号楼2单元501", pearl},
		{"another list", "文昌社区（明珠小区）3号楼2单元501室", pearl},
		{"another list", "（文昌社区）明珠小区3号楼2单元501室", pearl},
		{"another list", "[文昌社区]明珠小区3-2-501", pearl},
		{"another list", "文昌社区-明珠小区-3-2-501", pearl},
		{"another list", "文昌社区_明珠小区_3号楼_2单元_501", pearl},
		{"another list", "文昌社区,明珠小区,3,2,501", pearl},
		{"another list", "文昌，明珠小区，3号楼2单元501", pearl},
		{"another list", "钟山/文昌/明珠小区/3/2/501", pearl},
		{"another list", "明珠小区/3/2/501", pearl},
		{"another list", "明珠小区|3|2|501", pearl},
		{"another list", "明珠小区 3 2 501", pearl},
		{"another list", "明珠小区3 2 501", pearl},
		{"another list", "明珠小区,3#,2,501", pearl},
		{"another list", "明珠小区3.2.501", pearl},
		{"another list", "明珠小区3.2.501室", pearl},
		{"another list", "明珠小区3，2，501", pearl},
		{"another list", "明珠小区3--2--501", pearl},
		{"another list", "明珠小区3—2—501", pearl},
		{"another list", "明珠小区3~2~501", pearl},
		{"another list", "明珠小区3+2+501", pearl},
		{"another list", "明珠小区3栋2单元5-501", pearl},
		{"another list", "明珠小区（3-2-501）", pearl},
		{"another list", "明珠小区【3-2-501】", pearl},
		{"another list", "明珠小区“3-2-501”", pearl},
		{"another list", "“明珠小区”3号楼2单元501", pearl},
		{"another list", "《明珠小区》3号楼2单元501", pearl},
		{"another list", "明珠小区３号楼２单元５０１室", pearl},
		{"another list", "明珠小区③号楼②单元501", pearl},
		{"another list", "明珠小区Ⅲ号楼Ⅱ单元501", pearl},
		{"another list", "明珠小区3號樓2單元501室", pearl},
		{"another list", "明珠小區3號2單元501", pearl},
		{"another list", "钟山街道明珠小区3号楼2单元5楼西501", ""},
		{"another list", "明珠小区3号楼2单元501西户", ""},
		{"another list", "明珠小区3号楼2单元501室（西）", pearl},
		{"another list", "明珠小区3号楼2单元501室 90㎡", pearl},
		{"another list", "明珠小区3号楼2单元501室，建筑面积90.5平方米", pearl},
		{"another list", "明珠小区3号楼2单元501室，3室2厅1卫", pearl},
		{"another list", "明珠小区3号楼2单元501室，三室两厅", pearl},
		{"another list", "明珠小区3号楼2单元501室，两室", pearl},
		{"another list", "明珠小区3号楼2单元501室，租金800", pearl},
		{"another list", "明珠小区3号楼2单元501室，月租800元", pearl},
		{"another list", "明珠小区3号楼2单元501室 房东直租", pearl},
		{"another list", "明珠小区3号楼2单元501室 出租 押一付三", pearl},
		{"another list", "明珠小区3号楼2单元501室，5楼/6层", pearl},
		{"another list", "明珠小区3号楼2单元501室（5/6层）", pearl},
		{"another list", "明珠小区3号楼2单元501室 共6层", pearl},
		{"another list", "明珠小区3号楼2单元501室 电梯房", pearl},
		{"another list", "明珠小区3号楼2单元501室，看房随时", pearl},
		{"another list", "明珠小区3号楼2单元501，2026-11-30入住", pearl},
		{"another list", "明珠小区3号楼2单元501，11月30日入住", pearl},
		{"another list", "明珠小区3号楼2单元501 一人居住", pearl},
		{"another list", "明珠小区3号楼2单元501 独居老人", pearl},
		{"another list", "明珠小区3号楼2单元501，孤寡老人，有轮椅", pearl},
		{"another list", "明珠小区3号楼2单元501，有2个孩子", pearl},
		{"another list", "明珠小区3号楼2单元501，502对门", ""},
		{"another list", "明珠小区3号楼2单元501与502", ""},
		{"another list", "明珠小区3号楼2单元501/502", ""},
		{"another list", "明珠小区3号楼2单元501、502", ""},
		{"another list", "明珠小区3号楼2单元501-502", ""},
		{"another list", "明珠小区3号楼2单元501和502室", ""},
		{"another list", "明珠小区3号楼1、2单元501", ""},
		{"another list", "明珠小区1-3号楼2单元501", ""},
		{"another list", "泗滨市钟山办事处文昌居明珠小区3楼2单元501", pearl},
		{"another list", "泗滨市钟山办文昌居委明珠小区3楼2单元501", pearl},
		{"another list", "钟山街道文昌社区居委明珠小区3楼2单元501", pearl},
		{"another list", "清泗镇大李村委45号", village},
		{"another list", "清泗镇大李居45号", village},
		{"another list", "文昌路66号院301", shop},
		{"another list", "文昌路66号院内301室", shop},
		{"another list", "明珠小区-3号楼2单元501(文昌路8号)", pearl},
		{"another list", "明珠小区(文昌路8号)3号楼2单元501室", pearl},
		{"another list", "明珠小区(钟山街道文昌路8号)-3栋-2单元-501", pearl},
		{"another list", "明珠小区(文昌路店)3-2-501", ""},
		{"another list", "1. 赵甲 明珠小区3-2-501 2人", pearl},
		{"another list", "接龙：明珠小区3-2-501", pearl},
		{"another list", "山东省泗滨市钟山街道文昌社区明珠小区003幢02单元0501室", pearl},
		{"another list", "山东省泗滨市钟山街道文昌社区居民委员会文昌路8号明珠小区3号楼2单元501室", pearl},
		{"another list", "清泗镇大李村民委员会大李村45号", village},
		{"another list", "泗滨市清泗镇大李村4组45号", village},
		{"another list", "泗滨市清泗镇大李村第四村民小组45号", village},
		{"another list", "清泗镇大李村045号", village},
		{"another list", "清泗镇大李村门牌45", village},
		{"another list", "清泗镇大李村45号院", village},
		{"another list", "清泗镇大李村45号民房", village},
		{"another list", "清泗镇大李村45号自建房", village},
		{"another list", "清泗镇大李村45号（自建房）", village},
		{"another list", "清泗镇大李村45号平房", village},
		{"another list", "清泗镇大李村45号整栋", village},
		{"another list", "清泗镇大李村45号1层", village},
		{"another list", "大李村45号 整租", village},
		{"another list", "明珠小区3号楼2单元501整租", pearl},
		{"another list", "明珠小区3号楼2单元501 主卧", pearl},
		{"another list", "明珠小区3号楼2单元501室主卧", pearl},
		{"another list", "明珠小区3号楼2单元501室A房间", ""},
		{"another list", "明珠小区 3号楼 2单元 5层 501 （两室一厅 89㎡）", pearl},
		{"another list", "明珠小区3-2-501 89平 精装", pearl},
		{"another list", "文昌路8号明珠小区3幢2单元5楼501室", pearl},
		{"another list", "泗滨市文昌路8号3号楼2单元501", pearl},
		{"another list", "泗滨市文昌路8号3-2-501", pearl},
		{"another list", "用户地址:钟山街道明珠小区3号楼2单元501 表号:12345678", pearl},
		{"another list", "户号3702001234 明珠小区3-2-501", pearl},
		{"another list", "明珠小区3-2-501 户名：赵甲", pearl},
		{"another list", "用水地址：明珠小区3#2-501", pearl},
		{"another list", "明珠小区3#2-501", pearl},
		{"another list", "明珠小区3#-2-501", pearl},
		{"another list", "明珠小区3#楼2-501", pearl},
		{"another list", "明珠小区3幢2-501", pearl},
		{"another list", "明珠小区3栋501", ""},
		{"another list", "明珠小区3号2单元501", pearl},
		{"another list", "明珠小区3号2门501号", pearl},
		{"another list", "明珠小区3号楼2门501", pearl},
		{"another list", "明珠小区3楼2门501", pearl},
		{"another list", "明珠小区3座2单元501", pearl},
		{"another list", "明珠小区3号楼2单元五楼501", pearl},
		{"another list", "明珠小区3号楼2单元5层1号", pearl},
		{"another list", "明珠小区3号楼2单元5-1", pearl},
		{"another list", "明珠小区3号楼2单元0501", pearl},
		{"another list", "明珠小区3号楼二单元5楼1户", pearl},
		{"another list", "明珠小区3号楼2单元5楼东户", ""},
		{"another list", "明珠小区三号楼二单元五〇一", pearl},
		{"another list", "明珠小区三号楼二单元五百零一", pearl},
		{"another list", "明珠小区三号楼二单元五百零一室", pearl},
		{"another list", "户籍地：泗滨市清泗镇大李村45号", village},
		{"another list", "现住：钟山街道明珠小区3-2-501（租住）", pearl},
		{"another list", "现居住于钟山街道明珠小区3-2-501", pearl},
		{"another list", "住所地泗滨市钟山街道文昌路66号301室", shop},
		{"another list", "住所地：泗滨市钟山街道文昌路66号301室。", shop},
		{"another list", "住泗滨市钟山街道文昌路66号301室", shop},
		{"another list", "住山东省泗滨市清泗镇大李村45号", village},
		{"another list", "户籍所在地山东省泗滨市清泗镇大李村45号", village},
		{"another list", "经常居住地泗滨市清泗镇大李村45号", village},
		{"another list", "送达地址：山东省泗滨市钟山街道文昌社区明珠小区3号楼2单元501室", pearl},
		{"another list", "报警人称在泗滨市钟山街道文昌路66号301室", shop},
		{"another list", "报警人称：钟山街道文昌路66号301室有人吵架", shop},
		{"another list", "钟山街道文昌路66号301室着火", shop},
		{"another list", "钟山街道文昌路66号301室，厨房着火", shop},
		{"another list", "明珠小区3号楼2单元501，老人摔倒", pearl},
		{"another list", "明珠小区3号楼2单元501有人被困", pearl},
		{"another list", "泗滨市 钟山街道 明珠小区 三号楼 两单元 五零一", pearl},
		{"another list", "明珠小区三号楼两单元五零一室", pearl},
		{"another list", "明珠小区，三号，二单元，五零一", pearl},
		{"another list", "Rm.501, Unit 2, No.3 Building, 明珠小区, 8 文昌路", pearl},
		{"another list", "Room 501, Unit 2, Building No. 3, 明珠小区", pearl},
		{"another list", "501 Unit 2 Building 3 明珠小区", pearl},
		{"another list", "#501, Unit 2, Bldg #3, 明珠小区, 钟山街道, 泗滨市, 山东省, P.R. China 273500", pearl},
		{"another list", "Unit 2-501, Building 3, 明珠小区", pearl},
		{"another list", "明珠小区 Building 3 Unit 2 501", pearl},
		{"another list", "明珠小区 Bldg 3, Unit 2, Apt 501, 钟山街道, Sibin", pearl},
		{"another list", "273500 泗滨市钟山街道明珠小区3-2-501", pearl},
		{"another list", "(273500)泗滨市钟山街道明珠小区3-2-501", pearl},
		{"another list", "泗滨市钟山街道明珠小区3-2-501，273500", pearl},
		{"another list", "山东省-济宁市-泗滨市-钟山街道-明珠小区-3-2-501", pearl},
		{"another list", "钟山街道-文昌社区-明珠小区-3号楼-2单元-501室", pearl},
		{"another list", "钟山街道->文昌社区->明珠小区->3号楼->2单元->501", pearl},
		{"another list", "钟山街道/文昌社区/文昌路/8号/明珠小区/3/2/501", pearl},
		{"another list", "钟山街道 文昌社区 第3网格 明珠小区 3-2-501", pearl},
		{"another list", "文昌社区03网格明珠小区3-2-501", pearl},
		{"another list", "文昌社区第二网格 明珠小区3号楼2单元501", pearl},
		{"another list", "泗滨市钟山街道文昌社区明珠小区3号楼2单元501室（三口人）", pearl},
		{"another list", "泗滨市钟山街道文昌社区明珠小区3号楼2单元501室 4人", pearl},
		{"another list", "明珠小区3号楼2单元501 密接1人", pearl},
		{"another list", "明珠3-2-501", ""},
		{"another list", "明珠小区3-2-501（产权人：赵甲）", pearl},
		{"another list", "明珠小区3-2-501 赵甲收", pearl},
		{"another list", "明珠小区3-2-501 赵甲（收）13900000000", pearl},
		{"another list", "赵女士 明珠小区3-2-501 139****0000", pearl},
		{"another list", "明珠小区3号楼2单元501室-赵先生", pearl},
		{"another list", "清泗镇大李村 45号 村东头", village},
		{"another list", "清泗镇大李村村东45号", village},
		{"another list", "清泗镇大李村（村东头）45号", village},
		{"another list", "清泗镇大李村东头45号", village},
		{"another list", "清泗镇大李村里45号", village},
		{"another list", "清泗镇大李村，门牌号是45号", village},
		{"another list", "清泗镇大李村门牌号四十五", village},
		{"another list", "清泗公社大李大队45号", village},
		{"another list", "明珠小区3-1-1201 (273500)", "钟山街道文昌社区文昌路8号明珠小区3号楼1单元1201室"},
		{"another list", "住所地泗滨市钟山街道文昌路66号301室。", shop},
		{"broken lines", "文昌路66\n号301\n室", shop},
		{"broken lines", "明珠小区3号楼2单\n元501室", pearl},
		{"remarks between", "文昌路66号(泗滨市钟山街道)301", shop},
		{"remarks between", "文昌路66号（钟山街道文昌社区）301", shop},
		{"remarks between", "明珠小区3（钟山街道文昌路8号）2-501", pearl},
		{"remarks between", "文昌路66号（清泗镇）301", ""},
		{"remarks between", "锦园小区二（北关社区）2号楼1单元501", "钟山街道北关社区锦园小区二2号楼1单元501室"},
		{"remarks between", "文昌路66号（二楼）301", ""},
		{"another list", "文昌路66号临街301室", shop},
		{"another list", "文昌路66号沿街楼301室", shop},
		{"another list", "文昌路66号门面301", shop},
		{"another list", "文昌路66号商铺301", shop},
		{"another list", "文昌路66号三楼301", shop},
		{"another list", "文昌路66号3楼301室", shop},
		{"another list", "文昌路六十六号三层301", shop},
		{"another list", "文昌路六六号三〇一", shop},
		{"another list", "文昌路66-301", shop},
		{"another list", "文昌路66号-301", shop},
		{"another list", "文昌路第66号第301室", shop},
		{"another list", "泗滨市文昌路66号301室（文昌社区）", shop},
		{"another list", "泗滨市（钟山街道文昌社区）文昌路66号301室", shop},
		{"another list", "泗滨市文昌路66号301室（原文昌路58号）", ""},
		{"another list", "泗滨市文昌路66号301室（近朝阳街）", shop},
		{"another list", "明珠小区3号楼2单元501，走朝阳街进", pearl},
		{"another list", "泗滨市钟山街道明珠小区3号楼2单元501室（快递放菜鸟驿站）", pearl},
		{"another list", "泗滨市钟山街道明珠小区3号楼2单元501室 放丰巢柜", pearl},
		{"another list", "泗滨市钟山街道明珠小区3号楼2单元501室，家里有人", pearl},
		{"another list", "泗滨市钟山街道明珠小区3号楼2单元501室【不要放驿站】", pearl},
		{"another list", "1. 赵甲 明珠小区3-2-501 2人", pearl},
		{"another list", "Rm.501, Unit 2, No.3 Building, 明珠小区, 8 文昌路", pearl},
		{"another list", "No. 3 Bldg, Unit 2, Rm 501, 明珠小区", pearl},
		{"another list", "钟山街道文昌社区居民委员会明珠小区3号楼2单元501室", pearl},
		{"another list", "明珠小区(文昌社区)3号楼2单元501室", pearl},
		{"another list", "明珠小区（南区）3号楼2单元501", ""},
		{"another list", "明珠小区内3号楼2单元501", pearl},
		{"another list", "明珠小区3号楼2单元501房", pearl},
		{"another list", "明珠小区3号楼2单元501户", pearl},
		{"another list", "明珠小区3号楼2单元501号房", pearl},
		{"another list", "明珠小区3号楼2单元501住户", pearl},
		{"another list", "明珠小区3号楼2单元501家", pearl},
		{"another list", "明珠小区3号楼2单元501门", pearl},
		{"another list", "明珠小区3栋2梯501房", pearl},
		{"another list", "明珠小区三栋二单五零一", pearl},
		{"another list", "明珠小区3栋2单501", pearl},
		{"another list", "明珠小区 3栋 2 501", pearl},
		{"another list", "明珠小区3号楼-2单元-501", pearl},
		{"another list", "明珠小区 三 号楼 二 单元 五〇一 室", pearl},
		{"another list", "大 李 村 45 号", village},
		{"another list", "清泗镇大李村（四十五号）", village},
		{"another list", "清泗镇大李村４５号", village},
		{"another list", "清泗镇大李村45#", village},
		{"another list", "清泗镇大李村#45", village},
		{"another list", "清泗镇大李村第45号", village},
		{"another list", "清泗镇大李村第45户", village},
		{"another list", "清泗镇大李村45户", village},
		{"another list", "清泗镇大李村45", village},
		{"another list", "清泗镇大李村-45", village},
		{"another list", "大李村民委员会45号", village},
		{"another list", "泗滨市清泗镇大李村0045号", village},
		{"another list", "泗滨清泗大李村45号", village},
		{"another list", "泗滨市清泗大李45号", village},
		{"another list", "清泗镇 大李 45号", village},
		{"another list", "清泗大李45", village},
		{"another list", "云山省泗滨市清泗镇大李村45号", village},
		{"another list", "泗滨市泗滨市清泗镇大李村45号", village},
		{"another list", "清泗镇清泗镇大李村45号", village},
		{"another list", "泗滨市清泗镇清泗镇大李村45号", village},
		{"another list", "清泗镇大李村大李村45号", village},
		{"another list", "大李村45号（老宅）", village},
		{"another list", "大李村45号(空置)", village},
		{"another list", "大李村45号 无人", village},
		{"another list", "大李村45号，户主赵甲", village},
		{"another list", "大李村赵甲家45号", ""},
		{"another list", "赵甲，男，1950年生，住清泗镇大李村45号", village},
		{"another list", "赵甲，男，汉族，1950年1月1日出生，住泗滨市清泗镇大李村45号", village},
		{"another list", "赵甲，女，汉族，1950年1月1日出生，户籍地泗滨市钟山街道文昌社区明珠小区3号楼2单元501室", pearl},
		{"another list", "被告：赵甲，住泗滨市钟山街道文昌路66号301室", shop},
		{"another list", "原告赵甲住泗滨市钟山街道文昌路66号301室", shop},
		{"another list", "赵甲 男 76岁 明珠小区3号楼2单元501", ""},
		{"another list", "用户编号0012345678 地址 明珠小区3号楼2单元501", pearl},
		{"another list", "户名赵甲 地址明珠小区3号楼2单元501", ""},
		{"another list", "明珠小区3号楼2单元501,燃气表号 0012345678", pearl},
		{"another list", "明珠小区3号楼2单元501，电话：13900000000", pearl},
		{"another list", "明珠小区3号楼2单元501(13900000000)", pearl},
		{"another list", "明珠小区3号楼2单元501/赵甲/13900000000", pearl},
		{"another list", "钟山街道|文昌社区|明珠小区|3|2|501", pearl},
		{"another list", "\"钟山街道\",\"文昌社区\",\"明珠小区\",\"3号楼\",\"2单元\",\"501\"", pearl},
		{"another list", "钟山街道;文昌社区;文昌路;66号;;;301", shop},
		{"another list", "钟山街道, 文昌社区, 文昌路, 66号, , , 301室", shop},
		{"another list", "钟山街道\t文昌社区\t明珠小区\t3\t2\t501", pearl},
		{"another list", "钟山街道\n文昌社区\n明珠小区\n3-2-501", pearl},
		{"another list", "街道：钟山 社区：文昌 小区：明珠小区 楼栋：3 单元：2 室：501", pearl},
		{"another list", "我在明珠小区，3号楼，2单元，5楼，501，快来人", pearl},
		{"another list", "我是明珠小区的，3号楼2单元501", pearl},
		{"another list", "我们住明珠小区三号楼二单元五楼五零一室", pearl},
		{"another list", "就在文昌路六十六号，三楼三零一", shop},
		{"another list", "文昌路上66号301室", shop},
		{"another list", "文昌路 上 66号301室", shop},
		{"another list", "文昌路路北66号301室", shop},
		{"another list", "文昌路北侧66号301室", shop},
		{"another list", "文昌路中段66号301室", shop},
		{"another list", "文昌路（中段）66号301室", shop},
		{"another list", "文昌路东段66号301室", shop},
		{"another list", "文昌路66号院3楼301", shop},
		{"another list", "文昌路66号楼301室", shop},
		{"another list", "文昌路66号1单元301", ""},
		{"another list", "文昌路66号1号楼301", ""},
		{"another list", "文昌路8号院明珠小区3号楼2单元501", pearl},
		{"another list", "文昌路8号院3号楼2单元501", pearl},
		{"another list", "文昌路8号（明珠小区内）3号楼2单元501", pearl},
		{"another list", "文昌路8号（明珠小区）内3号楼2单元501", pearl},
		{"another list", "文昌路8号·明珠小区·3号楼·2单元·501", pearl},
		{"another list", "文昌路与重庆路交叉口东北角明珠小区3号楼2单元501", pearl},
		{"another list", "文昌路与重庆路交叉口明珠小区3号楼2单元501", pearl},
		{"another list", "重庆路口明珠小区3号楼2单元501", pearl},
		{"another list", "明珠小区3号楼2单元501（文昌路与重庆路交叉口）", pearl},
		{"another list", "明珠小区3号楼2单元501（靠近重庆路）", pearl},
		{"another list", "明珠小区[公交站]旁3-2-501", ""},
		{"another list", "中国山东省济宁市泗滨市钟山街道明珠小区3-2-501", pearl},
		{"another list", "山东济宁市泗滨钟山街道明珠小区3-2-501", pearl},
		{"another list", "山东省济宁市其它区钟山街道明珠小区3-2-501", pearl},
		{"another list", "山东省济宁市泗滨市城区钟山街道明珠小区3-2-501", pearl},
		{"another list", "山东省济宁市泗滨市城关镇明珠小区3-2-501", ""},
		{"another list", "泗滨市区明珠小区3-2-501", pearl},
		{"another list", "泗滨市钟山街道办文昌社区居委会明珠小区3-2-501", pearl},
		{"another list", "泗滨市钟山街办文昌社区明珠小区3-2-501", pearl},
		{"another list", "泗滨市人民政府钟山街道办事处文昌社区明珠小区3-2-501", pearl},
		{"another list", "明珠小区3号楼二单元501室东户", ""},
		{"another list", "明珠小区3号楼2单元501室（东卧）", pearl},
		{"another list", "明珠小区3号楼2单元501（1）", ""},
		{"another list", "明珠小区3号楼2单元501A", ""},
		{"another list", "明珠小区3号楼2单元501-1", ""},
		{"another list", "明珠小区3号楼2单元501室1", ""},
		{"another list", "明珠小区03-02-0501", pearl},
		{"another list", "明珠小区03幢02单元05层0501室", pearl},
		{"another list", "明珠小区3号楼2单元5层501室", pearl},
		{"another list", "明珠小区3号楼2单元第5层501室", pearl},
		{"another list", "明珠小区第3幢第2单元第501室", pearl},
		{"another list", "明珠小区第三栋二单元五楼五零一", pearl},
		{"another list", "明珠小区第3号楼第2单元第501号", pearl},
		{"another list", "明珠小区3号住宅楼2单元501室", pearl},
		{"another list", "明珠小区住宅3号楼2单元501室", pearl},
		{"another list", "明珠小区高层3号楼2单元501室", pearl},
		{"another list", "明珠小区3号高层2单元501室", pearl},
		{"another list", "明珠小区（高层）3号楼2单元501室", pearl},
		{"another list", "明珠小区居民楼3号2单元501室", pearl},
		{"another list", "明珠小区3#楼2#单元501#", pearl},
		{"another list", "明珠小区3号楼2号单元501号房", pearl},
		{"another list", "明珠小区3楼栋2单元501房号", pearl},
		{"another list", "明珠小区，楼3，单元2，501室", pearl},
	} {
		a := g.Match(c.text, Options{})
		got := ""
		if a.Whole && !a.Near && a.Best.House != 0 && a.Best.Sure >= .9 {
			got = a.Best.Label
		}
		if got != c.want {
			t.Errorf("%s: %s: %q, want %q; %s sure %.2f whole %v, others %q", c.what, c.text, got, c.want, a.Best.Label, a.Best.Sure, a.Whole, labels(a.Others))
		}
	}
}

// traditionalOf are the ways in which a character is written elsewhere.
var traditionalOf = func() map[rune][]rune {
	m := map[rune][]rune{}
	for _, pair := range strings.Fields(traditional) {
		two := []rune(pair)
		m[two[1]] = append(m[two[1]], two[0])
	}
	return m
}()

// scribe is somebody who writes addresses: his digits, his characters, what he puts between levels.
type scribe struct {
	digits, between int
	old             bool
}

var betweens = []string{"，", " ", "、", "|", "；", "/", "\n", "_", ", ", "→", " - ", "　", "。"}

const digitHands = 5

// number writes a number: counted is whether it may be said with tens and hundreds.
func (s scribe) number(n string, counted bool) string {
	switch s.digits {
	case 1:
		return wide(n)
	case 2, 3:
		text := hanDigits(n)
		if counted {
			text = hanNumber(atoi(n))
		}
		if s.digits == 2 {
			return text
		}
		return strings.NewReplacer("一", "壹", "二", "贰", "三", "叁", "四", "肆", "五", "伍", "六", "陆", "七", "柒", "八", "捌", "九", "玖", "十", "拾", "百", "佰", "千", "仟", "〇", "零").Replace(text)
	case 4:
		return strings.NewReplacer("一", "幺").Replace(hanDigits(n))
	}
	return n
}

// characters writes a text in old characters, if he does.
func (s scribe) characters(text string, r *rand.Rand) string {
	if !s.old {
		return text
	}
	return strings.Map(func(c rune) rune {
		if all := traditionalOf[c]; len(all) > 0 {
			return all[r.IntN(len(all))]
		}
		return c
	}, text)
}

// levels are those of a house's address, each as a piece of its own.
func (s scribe) levels(w *world, h home, upper []bool) (out []string) {
	pick := func(i int, text string) {
		if upper[i] {
			out = append(out, text)
		}
	}
	pick(0, w.county)
	pick(1, h.town)
	if h.village {
		return append(out, h.community, s.number(h.number, true)+"号")
	}
	pick(2, h.community)
	pick(3, h.street+s.number(h.number, true)+"号")
	return append(out, h.compound+h.section, s.number(h.building, true)+"号楼", s.number(h.entrance, true)+"单元", s.number(h.room, false)+"室")
}

// However somebody writes figures and characters, whatever he puts between the levels, and in whatever order they come: it is the same house.
func TestAnyHandLeadsToTheSameHouse(t *testing.T) {
	w := invent(21, 20000, 150)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		s := scribe{rapid.IntRange(0, digitHands-1).Draw(t, "digits"), rapid.IntRange(0, len(betweens)-1).Draw(t, "between"), rapid.Bool().Draw(t, "old")}
		levels := s.levels(w, h, rapid.SliceOfN(rapid.Bool(), 4, 4).Draw(t, "upper levels"))
		switch rapid.IntRange(0, 2).Draw(t, "order") {
		case 1:
			slices.Reverse(levels)
		case 2:
			levels = rapid.Permutation(levels).Draw(t, "permutation")
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "characters"), 1))
		text := s.characters(strings.Join(levels, betweens[s.between]), r)
		a := g.Match(text, Options{})
		if a.Best.House != h.id || !a.Whole || a.Best.Sure < .9 {
			t.Fatalf("%s: %s sure %.2f whole %v, want %+v", text, a.Best.Label, a.Best.Sure, a.Whole, h)
		}
	})
}

// form writes levels as fields with labels.
func form(levels []string, numbered int, r *rand.Rand) string {
	colon, between := []string{"：", ":", "=", ": "}[r.IntN(4)], []string{"；", "\n", "|", ", "}[r.IntN(4)]
	out := make([]string, len(levels))
	for i, l := range levels {
		label := []string{"所属区域", "乡镇（街道）", "小区名称", "详细地址"}[r.IntN(4)]
		if k := i - (len(levels) - numbered); k >= 0 && numbered == 3 {
			label = [][]string{{"楼栋", "幢号"}, {"单元", "单元号"}, {"房号", "室号"}}[k][r.IntN(2)]
			l = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(l, "号楼"), "单元"), "室")
		} else if k >= 0 {
			label, l = "门牌号", strings.TrimSuffix(l, "号")
		}
		out[i] = label + colon + l
	}
	return strings.Join(out, between)
}

// A form's labels say what its numbers count, whatever the hand they are filled in with.
func TestLabelsOfFormsSayNothingElse(t *testing.T) {
	w := invent(22, 20000, 150)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		s := scribe{digits: rapid.IntRange(0, digitHands-1).Draw(t, "digits"), old: rapid.Bool().Draw(t, "old")}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "labels"), 1))
		numbered := 3
		if h.village {
			numbered = 1
		}
		text := s.characters(form(s.levels(w, h, rapid.SliceOfN(rapid.Bool(), 4, 4).Draw(t, "upper levels")), numbered, r), r)
		a := g.Match(text, Options{})
		if a.Best.House != h.id || !a.Whole || a.Best.Sure < .9 {
			t.Fatalf("%s: %s sure %.2f whole %v, want %+v", text, a.Best.Label, a.Best.Sure, a.Whole, h)
		}
		covered(t, text, a.Read)
	})
}

// Where many places have the same name, no order, hand or label makes another house a sure answer; nor does a number that isn't the house's.
func TestAnyHandIsCareful(t *testing.T) {
	w := inventNames(23, 60000, 900, false)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(24, 6))
	careful(t, g, func(a Answer) bool { return a.Whole && a.Best.House != 0 && a.Best.Sure >= .9 }, func() (string, int64, any) {
		h := w.homes[r.IntN(len(w.homes))]
		s := scribe{digits: r.IntN(digitHands), between: r.IntN(len(betweens)), old: r.IntN(3) == 0}
		said := h
		other := r.IntN(4) == 0
		if other && h.village {
			said.number = "998"
		} else if other {
			said.room = []string{"9901", h.room + "1"}[r.IntN(2)]
		}
		levels := s.levels(w, said, []bool{r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0})
		numbered := 3
		if h.village {
			numbered = 1
		}
		text := form(levels, numbered, r)
		if r.IntN(3) > 0 {
			r.Shuffle(len(levels), func(i, j int) { levels[i], levels[j] = levels[j], levels[i] })
			text = strings.Join(levels, betweens[s.between])
		}
		if other {
			return s.characters(text, r), 0, said
		}
		return s.characters(text, r), h.id, said
	})
}

// careful asks many texts and says of each answer whether it is the right house, none for sure, or another; none may be another. ask gives a text, the house
// that is right, 0 where no sure answer is, and what was meant.
func careful(t *testing.T, g *Gazetteer, sure func(Answer) bool, ask func() (text string, right int64, meant any)) {
	t.Helper()
	right, above, wrongs, n := 0, 0, 0, 20000
	for range n {
		text, house, meant := ask()
		switch a := g.Match(text, Options{}); {
		case !sure(a):
			above++
		case a.Best.House == house:
			right++
		default:
			if wrongs++; wrongs < 12 {
				t.Logf("%s: %s sure %.2f, want %+v", text, a.Best.Label, a.Best.Sure, meant)
			}
		}
	}
	t.Logf("of %d addresses %d lead to their house, %d ask back, %d lead to another", n, right, above, wrongs)
	if wrongs > 0 {
		t.Errorf("%d of %d lead to another house", wrongs, n)
	}
}

// What is simplified stays so, and is one character for one.
func TestSimplified(t *testing.T) {
	for _, pair := range strings.Fields(traditional) {
		two := []rune(pair)
		if len(two) != 2 || simplified(two[0]) != two[1] || simplified(two[1]) != two[1] {
			t.Errorf("%s: %c is %c, and that %c", pair, two[0], simplified(two[0]), simplified(simplified(two[0])))
		}
	}
	if got := string(simplified('乾')) + string(simplified('明')) + string(simplified('é')); got != "乾明é" || utf8.RuneCountInString(got) != 3 {
		t.Errorf("乾明é is %s", got)
	}
}
