package vault

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jingwei/internal/fault"
)

// Rotate adds a new key, which seals from now on; other processes notice within a second. What was sealed before
// still opens: RotateColumns renews it, Unused says which old keys have nothing left, and Forget drops them. Faults:
// Conflict, with what to do, when the keys come from the environment.
func (v *Vault) Rotate() error {
	if v.env {
		return fault.New(fault.Conflict,
			"密钥来自环境变量 JINGWEI_KEYS，程序改不了它。请在其末尾加一行（或用分号隔开）："+envLine+
				" 的输出，先在所有节点上加在最后一行之前并重启，再移到末尾并重启，然后更新已存的字段。",
			"The keys come from the environment (JINGWEI_KEYS), which the program can't change. Add a line to it (or after a semicolon): the output of "+
				envLine+". With several nodes, put it before the last line first and restart all of them, then move it to the end and restart; then renew what is stored.")
	}
	if v.file == "" {
		for old := v.ring.Load(); ; old = v.ring.Load() {
			if v.ring.CompareAndSwap(old, newRing(append(slices.Clone(old.all), freshKey(old.next(), false, old.all)))) {
				return nil
			}
		}
	}
	return v.change(func(text string, held *ring) (string, error) {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		id, master := freshMaster(held.all)
		return text + line(id, master, held.next(), false), nil
	})
}

// next is when a key made now was made, in whole seconds as the file has it; never before the one that it
// follows, also when the clock was put back.
func (r *ring) next() time.Time {
	now, newest := time.Now().Truncate(time.Second), r.newest().created
	if now.Before(newest) {
		return newest
	}
	return now
}

// envLine is what an operator runs for a new line.
const envLine = `echo "$(openssl rand -hex 4) $(openssl rand -base64 32) $(date -u +%FT%TZ)"`

// Forget drops old keys. The caller has asked Unused first: what is still sealed under them is lost, also in
// backups of the database that are older than the rotation, so the operator keeps the old file with those. Faults:
// NotFound for an id that isn't held; Conflict for the newest key, the trail's keys, and keys from the environment.
func (v *Vault) Forget(ids ...KeyID) error {
	if v.env {
		return fault.New(fault.Conflict,
			"密钥来自环境变量 JINGWEI_KEYS，程序改不了它。请删去其中不再使用的行并重启。",
			"The keys come from the environment (JINGWEI_KEYS), which the program can't change. Remove the lines that aren't used any more, and restart.")
	}
	if v.file == "" {
		for old := v.ring.Load(); ; old = v.ring.Load() {
			if err := old.mayForget(ids); err != nil {
				return err
			}
			left := slices.DeleteFunc(slices.Clone(old.all), func(k *key) bool { return slices.Contains(ids, k.id) })
			if v.ring.CompareAndSwap(old, newRing(left)) {
				return nil
			}
		}
	}
	return v.change(func(text string, held *ring) (string, error) {
		if err := held.mayForget(ids); err != nil {
			return "", err
		}
		var left strings.Builder
		for l := range strings.SplitAfterSeq(text, "\n") {
			if !slices.ContainsFunc(ids, func(id KeyID) bool { return holds(l, id) }) {
				left.WriteString(l)
			}
		}
		return left.String(), nil
	})
}

// holds says whether the line of a file is the key's.
func holds(l string, id KeyID) bool {
	words := wordsOf(l)
	return len(words) > 0 && words[0] == id.String()
}

func (r *ring) mayForget(ids []KeyID) error {
	for _, id := range ids {
		k := r.byID[id]
		switch {
		case k == nil:
			return fault.New(fault.NotFound,
				fmt.Sprintf("没有编号为 %s 的密钥。", id), fmt.Sprintf("There is no key %s.", id))
		case k.audit:
			return fault.New(fault.Conflict,
				fmt.Sprintf("密钥 %s 是审计记录的，不能删除：没有它就不能证明记录完整。", id),
				fmt.Sprintf("Key %s is the audit trail's and stays: without it the trail can't be proved whole.", id))
		case k == r.newest():
			return fault.New(fault.Conflict,
				fmt.Sprintf("密钥 %s 正在使用，不能删除。请先轮换。", id),
				fmt.Sprintf("Key %s is the one in use and stays. Rotate first.", id))
		}
	}
	return nil
}

// change rewrites the file, alone, from what is in it at this moment, and takes up what it wrote.
func (v *Vault) change(edit func(text string, held *ring) (string, error)) error {
	err := locked(v.file, func() error {
		text, _, err := read(v.file)
		if err != nil {
			return err
		}
		held, err := parse(text, v.file)
		if err != nil {
			return err
		}
		next, err := edit(text, held)
		if err != nil {
			return err
		}
		if _, err := parse(next, v.file); err != nil {
			return err
		}
		return write(v.file, next)
	})
	if err == nil {
		v.refresh()
	}
	return err
}
