package access

import (
	"testing"
	"time"
)

// What was read before something was forgotten may be older than that, and isn't remembered after it.
func TestWhatWasReadBeforeIsntRemembered(t *testing.T) {
	k := newIdentities()
	lin := remember{identity: &Identity{Account: Account{ID: 1}, Ends: time.Now().Add(time.Hour)}, read: time.Now()}
	_, turn, ok := k.get("token")
	if ok {
		t.Fatal("something is remembered of nobody")
	}
	k.forget(1) // lin's rights changed while they were being read
	k.put("token", lin, turn)
	if _, _, ok := k.get("token"); ok {
		t.Error("what was read before the change is remembered")
	}
	_, turn, _ = k.get("token")
	k.put("token", lin, turn)
	if r, _, ok := k.get("token"); !ok || r.identity != lin.identity {
		t.Error("what was read after it isn't")
	}
	k.forget(2)
	if _, _, ok := k.get("token"); !ok {
		t.Error("somebody else's change has it forgotten")
	}
	k.forget(0)
	if _, _, ok := k.get("token"); ok {
		t.Error("it is remembered when anybody's may have changed")
	}
}
