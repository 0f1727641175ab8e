package vault

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"jingwei/internal/fault"
)

// fileHead is what a new file of keys says about itself.
const fileHead = `# 经纬（Jingwei）的密钥。没有它，数据库里的身份证号、电话等加密内容再也打不开。
# 请把本文件与数据库分开备份：两者放在一起，等于没有加密。不要删除仍在使用的行，不要发送给任何人。
#
# The keys of Jingwei. Without them the sealed fields of the database (ID numbers, telephone numbers) can never be
# opened again. Back this file up, apart from the database: who holds both reads everything.
#
# One key a line: id, 32 bytes in base64, time made; "audit" behind it for a key of the audit trail.
# The last key that isn't the trail's seals what is new, the others open what is old.
`

// auditWord marks a line as a key of the trail's.
const auditWord = "audit"

// line is one key as the file has it.
func line(id KeyID, master []byte, created time.Time, audit bool) string {
	s := fmt.Sprintf("%s %s %s", id, base64.StdEncoding.EncodeToString(master), created.UTC().Format(time.RFC3339))
	if audit {
		s += " " + auditWord
	}
	return s + "\n"
}

// freshText is a new file of keys: one for data, one for the trail.
func freshText(now time.Time) string {
	id, master := freshMaster(nil)
	auditID, auditMaster := freshMaster([]*key{{id: id}})
	return fileHead + line(id, master, now, false) + line(auditID, auditMaster, now, true)
}

// parse reads keys from the text of a file or of the environment; where names it in messages. Faults: Invalid, with the number of the line and never what is in it.
func parse(text, where string) (*ring, error) {
	var keys []*key
	lineOf := make(map[KeyID]int)
	lineOfMaster := make(map[string]int)
	n := -1
	for l := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		n++
		words := wordsOf(l)
		if len(words) == 0 {
			continue
		}
		bad := func(zh, en string) error {
			return fault.New(fault.Invalid,
				fmt.Sprintf("%s 第 %d 行：%s", where, n+1, zh), fmt.Sprintf("%s, line %d: %s", where, n+1, en))
		}
		if len(words) < 3 || len(words) > 4 || len(words) == 4 && words[3] != auditWord {
			return nil, bad("每行应为“编号 base64 时间”，审计密钥再加 audit。请改正，或从备份恢复密钥文件。",
				"a line is \"id base64 time\", with \"audit\" behind it for a key of the trail. Mend it, or restore the file from its backup.")
		}
		id, err := ParseKeyID(words[0])
		if err != nil {
			return nil, bad("编号应为 8 位小写十六进制数字。", "the id has to be eight lower-case hexadecimal digits.")
		}
		master, err := base64.StdEncoding.Strict().DecodeString(words[1])
		if err != nil || len(master) != keyLength || weak(master) {
			return nil, bad("密钥应为 32 个随机字节的 base64（44 个字符）。请从备份恢复这一行。",
				"the key has to be 32 random bytes in base64 (44 characters). Restore the line from the backup.")
		}
		created, err := time.Parse(time.RFC3339, words[2])
		if err != nil {
			return nil, bad("时间应如 2025-01-31T08:00:00Z。", "the time has to look like 2025-01-31T08:00:00Z.")
		}
		if first, ok := lineOf[id]; ok {
			return nil, bad(fmt.Sprintf("编号与第 %d 行相同。请删去多余的一行。", first),
				fmt.Sprintf("the same id as in line %d. Remove the one that is too many.", first))
		}
		if first, ok := lineOfMaster[string(master)]; ok {
			return nil, bad(fmt.Sprintf("密钥与第 %d 行相同。每行应是不同的密钥。", first),
				fmt.Sprintf("the same key as in line %d. Each line needs a key of its own.", first))
		}
		lineOf[id], lineOfMaster[string(master)] = n+1, n+1
		keys = append(keys, newKey(id, master, created, len(words) == 4))
	}
	r := newRing(keys)
	switch {
	case len(r.data) == 0:
		return nil, fault.New(fault.Invalid,
			where+" 中没有数据密钥。请从备份恢复。", where+" has no key for data. Restore it from its backup.")
	case len(r.auditing) == 0:
		return nil, fault.New(fault.Invalid,
			where+" 中没有审计密钥（行尾有 audit 的一行）。请从备份恢复。",
			where+" has no key for the audit trail (a line that ends in \"audit\"). Restore it from its backup.")
	}
	return r, nil
}

// wordsOf gives the words of a line without its comment.
func wordsOf(l string) []string {
	l, _, _ = strings.Cut(l, "#")
	return strings.Fields(l)
}

// weak says whether all bytes are the same: somebody's placeholder.
func weak(master []byte) bool {
	return strings.Count(string(master), string(master[:1])) == len(master)
}
