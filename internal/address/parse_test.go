package address

import (
	"strings"
	"testing"
)

func show(a Address) string {
	var out []string
	for _, p := range a.Parts {
		out = append(out, p.Level.String()+":"+p.Normal)
	}
	for _, r := range a.Rest {
		out = append(out, r.Kind.String()+"="+r.Text)
	}
	return strings.Join(out, " ")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"山东省济宁市邹城市钢山街道文昌社区文昌路12号明珠小区3号楼2单元501室", "province:山东省 prefecture:济宁市 county:邹城市 town:钢山街道 community:文昌社区 street:文昌路 number:12 compound:明珠小区 building:3 entrance:2 house:501"},
		{"明珠小区3-2-501", "compound:明珠小区 building:3 entrance:2 house:501"},
		{"明珠小区３－２－５０１", "compound:明珠小区 building:3 entrance:2 house:501"},
		{"明珠小区 3 2 501", "compound:明珠小区 building:3 entrance:2 house:501"},
		{"明珠小区三号楼二单元五〇一室", "compound:明珠小区 building:3 entrance:2 house:501"},
		{"明珠小区十二栋一单元二十一层2101", "compound:明珠小区 building:12 entrance:1 floor:21 house:2101"},
		{"明珠小区12#2-501", "compound:明珠小区 building:12 entrance:2 house:501"},
		{"明珠小区12＃楼2单元501", "compound:明珠小区 building:12 entrance:2 house:501"},
		{"明珠小区12#", "compound:明珠小区 building:12"},
		{"明珠小区3号楼501", "compound:明珠小区 building:3 house:501"},
		{"明珠小区3-501", "compound:明珠小区 building:3 house:501"},
		{"明珠小区A座1201室", "compound:明珠小区 building:A house:1201"},
		{"明珠小区甲3号楼乙单元101", "compound:明珠小区 building:3甲 entrance:乙 house:101"},
		{"金桂华庭二期3号楼2单元501", "compound:金桂华庭 section:2期 building:3 entrance:2 house:501"},
		{"锦绣花园（东区）3幢2门5楼501", "compound:锦绣花园 section:东区 building:3 entrance:2 floor:5 house:501"},
		{"文昌路12号之1", "street:文昌路 number:12-1"},
		{"文昌路12号附1号", "street:文昌路 number:12-1"},
		{"文昌路12-1号", "street:文昌路 number:12-1"},
		{"文昌路甲12号", "street:文昌路 number:12甲"},
		{"人民路88弄3号501室", "street:人民路 number:88 building:3 house:501"},
		{"文昌路12号院内3号楼2单元501", "street:文昌路 number:12 building:3 entrance:2 house:501 filler=内"},
		{"大李村45号", "community:大李村 number:45"},
		{"城前镇大李村三组45号", "town:城前镇 community:大李村 section:3组 number:45"},
		{"大李村前街12号", "community:大李村 street:前街 number:12"},
		{"文昌街道花园街社区花园街5号", "town:文昌街道 community:花园街社区 street:花园街 number:5"},
		{"三里营社区一中家属院2号楼", "community:三里营社区 compound:一中家属院 building:2"},
		{"地址：明珠小区3号楼旁边", "compound:明珠小区 building:3 filler=地址 relation=旁边"},
		{"明珠小区3号楼2单元501室 13800001234", "compound:明珠小区 building:3 entrance:2 house:501 phone=13800001234"},
		{"明珠小区3号楼2单元501，电话0537-5212345", "compound:明珠小区 building:3 entrance:2 house:501 phone=电话0537-5212345"},
		{"明珠小区3号楼2单元5层东户", "compound:明珠小区 building:3 entrance:2 floor:5 house:东"},
		{"西南12楼3门", "building:西南12 entrance:3"},
		{"清泉街道办事处北关社区居委会", "town:清泉街道办事处 community:北关社区居委会"},
		{"明珠小区3一2一501", "compound:明珠小区 building:3 entrance:2 house:501"},
		{"?!", ""},
	} {
		if got := show(Parse(c.in)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}
