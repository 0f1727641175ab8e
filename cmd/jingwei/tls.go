package main

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"time"

	"jingwei/internal/fault"
)

// certificate is a certificate and its key, read again when the files change: they are renewed while the program serves.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  time.Time // of the newer file when it was loaded
	looked time.Time
}

const lookAgain = time.Minute

// certificate is what the flags name, nil when they name none. Fault: Invalid.
func (f serveFlags) certificate() (*certificate, error) {
	if f.TLSCert == "" && f.TLSKey == "" {
		return nil, nil
	}
	if f.TLSCert == "" || f.TLSKey == "" {
		return nil, fault.New(fault.Invalid, "--tls-cert 与 --tls-key 要一起给出", "--tls-cert and --tls-key go together")
	}
	c := &certificate{cert: f.TLSCert, key: f.TLSKey}
	if err := c.load(); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, fmt.Sprintf("证书 %s 与私钥 %s 用不了：%v", f.TLSCert, f.TLSKey, err),
			fmt.Sprintf("the certificate %s and the key %s can't be used: %v", f.TLSCert, f.TLSKey, err))
	}
	return c, nil
}

// get is tls.Config.GetCertificate. New files that can't be used yet (one of the two is written first) leave the old ones in force.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) > lookAgain && c.newest().After(c.stamp) {
		if err := c.load(); err != nil && c.loaded == nil {
			return nil, err
		}
	}
	return c.loaded, nil
}

func (c *certificate) load() error {
	c.looked = time.Now()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.loaded, c.stamp = &pair, c.newest()
	return nil
}

func (c *certificate) newest() (t time.Time) {
	for _, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil && info.ModTime().After(t) {
			t = info.ModTime()
		}
	}
	return t
}

// scheme is that of the server's own address.
func (f serveFlags) scheme() string {
	if f.TLSCert != "" {
		return "https"
	}
	return "http"
}

// proxies are the networks of the proxies that are trusted. Fault: Invalid.
func (f serveFlags) proxies() (out []netip.Prefix, err error) {
	for _, text := range f.TrustedProxy {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fault.New(fault.Invalid, fmt.Sprintf("--trusted-proxy %q 应为地址或网段，如 10.0.0.5 或 10.0.0.0/24", text),
					fmt.Sprintf("--trusted-proxy %q must be an address or a network, such as 10.0.0.5 or 10.0.0.0/24", text))
			}
			p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
