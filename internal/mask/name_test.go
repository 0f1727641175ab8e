package mask

import "testing"

func TestName(t *testing.T) {
	for name, want := range map[string]string{"": "", "王": "王", "王某": "王*", "王某某": "王*某", "欧阳某某": "欧**某"} {
		if got := Name(name); got != want {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
	}
}

func TestPlate(t *testing.T) {
	for plate, want := range map[string]string{"": "", "鲁I12345": "鲁I***45", "鲁ID12345": "鲁I****45", "12345": "*****", "济宁A12345": "济宁****45"} {
		if got := Plate(plate); got != want {
			t.Errorf("%s is shown as %s, want %s", plate, got, want)
		}
	}
}
