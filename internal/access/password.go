package access

import (
	"crypto/rand"
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"jingwei/internal/fault"
)

// The parameters of argon2id: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet). One check takes some 25 ms of one core.
var argon = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	leastPassword = 10  // characters; length is what counts
	mostPassword  = 200 // bytes; more would only be work for an attacker to give us
)

//go:embed worst.txt
var worstText string

// worst are passwords and their stems that attackers try first, one a line, in lower case.
var worst = func() map[string]bool {
	set := make(map[string]bool)
	for line := range strings.Lines(worstText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set
}()

// CheckPassword says what is wrong with a password that somebody chose: too short, too long, or one of those that attackers try
// first. It asks for no kinds of characters and never expires one: that makes passwords worse (NIST SP 800-63B). Fault: Invalid.
func CheckPassword(password, name string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < leastPassword:
		return fault.New(fault.Invalid, fmt.Sprintf("密码太短：%d 个字符，至少 %d 个；几个不相干的词连起来就好记又安全", n, leastPassword),
			fmt.Sprintf("the password is too short: %d characters, at least %d; a few unrelated words are easy to keep in mind", n, leastPassword))
	case len(password) > mostPassword:
		return fault.New(fault.Invalid, fmt.Sprintf("密码太长：最多 %d 字节", mostPassword), fmt.Sprintf("the password is too long: at most %d bytes", mostPassword))
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return fault.New(fault.Invalid, "密码中有控制字符，很可能是粘贴时带进来的", "the password holds control characters, probably from pasting")
	}
	if easy(password, name) {
		return fault.New(fault.Invalid, "这个密码太容易猜到（常见密码、重复或连续的字符、与登录名相近），请换一个",
			"that password is too easy to guess (a common one, repeated or consecutive characters, or close to the name); choose another")
	}
	return nil
}

// easy says whether a password is one of the first that an attacker tries: on the list, as it is or without what people add to it;
// few different characters; a run along the keyboard or the alphabet; or the account's own name.
func easy(password, name string) bool {
	p := strings.ToLower(norm.NFKC.String(password))
	stem := strings.TrimFunc(p, func(r rune) bool { return !unicode.IsLetter(r) })
	plain := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(stem)
	if worst[p] || len(stem) > 0 && len(stem) < leastPassword && (worst[stem] || worst[plain]) || worst[plain] {
		return true
	}
	if name != "" && (strings.Contains(stem, name) || strings.Contains(name, stem) && stem != "") && len(p)-len(name) < 6 {
		return true
	}
	different := make(map[rune]bool)
	for _, r := range p {
		different[r] = true
	}
	return len(different) < 5 || isRun(p)
}

// rows are what fingers run along.
var rows = []string{"01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()"}

// isRun says whether a password is made of nothing but pieces of rows, of three characters or more each.
func isRun(p string) bool {
	for p != "" {
		longest := 0
		for n := 3; n <= len(p); n++ {
			found := false
			for _, row := range rows {
				found = found || strings.Contains(row, p[:n])
			}
			if !found {
				break
			}
			longest = n
		}
		if longest == 0 {
			return false
		}
		p = p[longest:]
	}
	return true
}

// hashPassword makes what is stored of a password. The form is normalised first: the same characters can be typed in two ways.
func hashPassword(password string) (string, error) {
	return argon2id.CreateHash(norm.NFKC.String(password), argon)
}

// matches compares a password with what is stored. Against "" it takes as long and says no, so that the time tells nobody which
// names exist.
func matches(password, hash string) (bool, error) {
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash("", decoy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(norm.NFKC.String(password), hash)
}

// decoy is a hash with the same parameters of a password that nobody has.
var decoy = func() string {
	h, err := argon2id.CreateHash(rand.Text()+rand.Text(), argon)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return h
}()

// syllables of passwords that the program makes: easy to read out and to type, six bits each.
const consonants, vowels = "bdfghjklmnprstvz", "aeio"

// NewPassword makes a password of four words of two syllables and two digits, some 54 bits.
func NewPassword() (string, error) {
	var b strings.Builder
	random := make([]byte, 18)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	for i := range 8 {
		if i > 0 && i%2 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(consonants[random[2*i]%16])
		b.WriteByte(vowels[random[2*i+1]%4])
	}
	fmt.Fprintf(&b, "-%c%c", '2'+random[16]%8, '2'+random[17]%8)
	return b.String(), nil
}
