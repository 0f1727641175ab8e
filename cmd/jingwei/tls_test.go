package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jingwei/internal/fault"
)

// selfSigned writes a certificate with a serial number, and its key.
func selfSigned(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// A certificate that is renewed is served without a restart; one half of a renewal, or nonsense, leaves the old one in force.
func TestCertificatesAreRenewed(t *testing.T) {
	dir := t.TempDir()
	cert, key := selfSigned(t, dir, 1)
	c, err := serveFlags{TLSCert: cert, TLSKey: key}.certificate()
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		c.looked = time.Time{} // it looks once a minute
		served, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(served.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	later := time.Now().Add(time.Minute)
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(cert, later, later); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 1 {
		t.Errorf("while it is renewed: %d", got)
	}
	selfSigned(t, dir, 2)
	later = later.Add(time.Minute)
	if err := os.Chtimes(key, later, later); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("renewed: %d", got)
	}
}

func TestTLSAndProxyFlags(t *testing.T) {
	cert, key := selfSigned(t, t.TempDir(), 1)
	other, _ := selfSigned(t, t.TempDir(), 2)
	for _, f := range []serveFlags{{TLSCert: cert}, {TLSKey: key}, {TLSCert: other, TLSKey: key}, {TLSCert: "gone.pem", TLSKey: key}} {
		if _, err := f.certificate(); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if c, err := (serveFlags{}).certificate(); c != nil || err != nil {
		t.Errorf("without flags: %v %v", c, err)
	}
	got, err := serveFlags{TrustedProxy: []string{"10.0.0.5", "192.168.1.7/24", "::1"}}.proxies()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.5/32"), netip.MustParsePrefix("192.168.1.0/24"), netip.MustParsePrefix("::1/128")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v (%v), want %v", got, err, want)
	}
	for _, bad := range []string{"", "proxy.example", "10.0.0.0/33", "10.0.0"} {
		if _, err := (serveFlags{TrustedProxy: []string{bad}}).proxies(); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
