package access

import "jingwei/internal/vault"

// SealedColumns are the sealed columns of accounts, for changing the keys. A second factor that is being set up in a session isn't among them: it
// is confirmed in minutes or begun anew, and the old key opens it until it is dropped.
func SealedColumns() []vault.Column {
	return []vault.Column{
		{Table: "account", Key: []string{"id"}, Sealed: "totp", About: func(key []any) string { return factorOf(key[0].(int64)) }},
	}
}
