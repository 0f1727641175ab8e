package access

import (
	"net/netip"
	"time"
)

// Wrong passwords cost whoever types them a wait that grows, and nobody else: they are counted for the account together with where they
// come from, never for the account alone. So somebody who wants to lock another out can't: the owner comes from another address, or with
// a browser that has signed in before, which has a count of its own (the "device cookies" of OWASP).

const (
	freeTries  = 5 // a mistyped password costs nothing
	firstWait  = 5 * time.Second
	longestLag = 30 * time.Minute
	forgotten  = 24 * time.Hour // a count that old begins again
)

// waitAfter is how long the next try waits after so many failed ones.
func waitAfter(failed int) time.Duration {
	if failed < freeTries {
		return 0
	}
	wait := firstWait
	for range failed - freeTries {
		if wait *= 2; wait >= longestLag {
			return longestLag
		}
	}
	return wait
}

// networkOf is what counts as one place to come from: an address of IPv4, the half of one of IPv6 that a provider gives out.
func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	p, _ := a.WithZone("").Prefix(64) // 64 bits always fit
	return p.String()
}
