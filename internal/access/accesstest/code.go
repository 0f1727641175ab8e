package accesstest

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// Code is the code of a second factor at this moment.
func Code(t testing.TB, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}
