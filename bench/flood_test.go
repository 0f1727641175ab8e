package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/access/accesstest"
)

const (
	floodRate = 200 // wrong passwords a second
	floodFor  = 20 * time.Second
	readRate  = 40 // what others ask for, a second
	enterRate = 2  // others who sign in, a second
)

func floodTable() *table {
	t := tableAt(58, "A flood of wrong passwords", "while", "others read: p50 / p95 / p99, ms", "others sign in: p50 / p95, ms", "a known browser signs in: p50 / p95, ms",
		"the flood's answers", "memory before → most → after, MB", "heap after, MB")
	t.say("%d wrong passwords a second for %.0f s from one address, while others, each from an address of its own, ask for %d things of the map a second (tiles, figures, incidents, incident tiles by turns), "+
		"and %d sign in each second from addresses that were never seen before, as many with a browser that has signed in before. All over HTTP on loopback, as the application role, fsync on. "+
		"A sign-in checks one argon2id hash of 19 MiB. Memory is what the process has resident, clients among it; the heap is what is left after a collection.",
		floodRate, floodFor.Seconds(), readRate, enterRate)
	return t
}

// resident is how many bytes of the process are in memory.
func resident() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.SplitSeq(string(status), "\n") {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return kilobytes << 10
		}
	}
	return 0
}

func measureFlood(s *serving) {
	county := string(s.code.CountyCode())
	token := s.doors.Person("county-reader", county, []access.Grant{{Role: access.Dispatcher, Code: county}})
	for n := range 40 {
		s.doors.Account(fmt.Sprintf("staff-%d", n), county, "person", []access.Grant{{Role: access.Leader, Code: county}})
	}
	floods := []struct {
		what string
		name func(n int) string
	}{
		{"nothing else", nil},
		{"one name, again and again", func(int) string { return "staff-0" }},
		{"another name each time", func(n int) string { return fmt.Sprintf("nobody-%d", n) }},
	}
	for k, f := range floods {
		s.flood(f.what, token, k, f.name)
	}
}

// flood measures what others get of it.
func (s *serving) flood(what, token string, turn int, name func(int) string) {
	runtime.GC()
	before := resident()
	most, stop := before, make(chan struct{})
	var watching, group sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, resident())
			}
		}
	})
	answers := map[int]int{}
	if name != nil {
		group.Go(func() { answers = s.wrongPasswords(name) })
	}
	var read, enter, known []time.Duration
	group.Go(func() { read = s.readers(token) })
	group.Go(func() { enter = s.newcomers(turn) })
	group.Go(func() { known = s.knownBrowsers(turn) })
	group.Wait()
	close(stop)
	watching.Wait()
	after := resident()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	var said []string
	for status, n := range answers {
		said = append(said, fmt.Sprintf("%d × %d", n, status))
	}
	slices.Sort(said)
	if len(said) == 0 {
		said = []string{"–"}
	}
	floodTable().row(s.B, what,
		milliseconds(percentile(read, .5))+" / "+milliseconds(percentile(read, .95))+" / "+milliseconds(percentile(read, .99)),
		milliseconds(percentile(enter, .5))+" / "+milliseconds(percentile(enter, .95)),
		milliseconds(percentile(known, .5))+" / "+milliseconds(percentile(known, .95)), strings.Join(said, ", "),
		fmt.Sprintf("%d → %d → %d", before>>20, most>>20, after>>20), fmt.Sprint(memory.HeapAlloc>>20))
}

func signInBody(name, password string) []byte {
	body, _ := json.Marshal(map[string]string{"name": name, "password": password})
	return body
}

// wrongPasswords floods from one address, and gives how often which status came back.
func (s *serving) wrongPasswords(name func(int) string) map[int]int {
	client := from("127.0.0.66", "")
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	answers := map[int]int{}
	atRate(s.county, floodRate, floodFor, func(n int) error {
		status, err := answered(client, http.MethodPost, "http://"+s.address+"/api/session", signInBody(name(n), "not-the-password-9"))
		mu.Lock()
		defer mu.Unlock()
		if answers[status]++; err == nil && status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
			err = fmt.Errorf("a wrong password: status %d", status)
		}
		return err
	})
	return answers
}

// readers ask for the map, its figures and its incidents.
func (s *serving) readers(token string) []time.Duration {
	county := string(s.code.CountyCode())
	middle := [2]float64{(s.bounds[0] + s.bounds[2]) / 2, (s.bounds[1] + s.bounds[3]) / 2}
	var paths []string
	for z := 12; z <= 16; z++ {
		x, y := tileOf(middle[0], middle[1], z)
		paths = append(paths, fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layerSets[0].layers, z, x, y), "/api/divisions/"+county+"/figures",
			fmt.Sprintf("/tiles/incidents/%d/%d/%d.mvt", z, x, y), "/api/incidents", fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layerSets[1].layers, z, x, y))
	}
	clients := make([]*http.Client, 8)
	for n := range clients {
		clients[n] = from(fmt.Sprintf("127.0.2.%d", n+1), token)
		defer clients[n].CloseIdleConnections()
	}
	return atRate(s.county, readRate, floodFor, func(n int) error {
		status, err := answered(clients[n%len(clients)], http.MethodGet, "http://"+s.address+paths[n%len(paths)], nil)
		if err == nil && status != http.StatusOK && status != http.StatusNoContent {
			err = fmt.Errorf("%s: status %d", paths[n%len(paths)], status)
		}
		return err
	})
}

// newcomers sign in from addresses that were never seen before.
func (s *serving) newcomers(turn int) []time.Duration {
	return atRate(s.county, enterRate, floodFor, func(n int) error {
		client := from(fmt.Sprintf("127.%d.3.%d", 1+turn, n+1), "")
		defer client.CloseIdleConnections()
		return s.entered(client, fmt.Sprintf("staff-%d", n%40), "")
	})
}

// knownBrowsers sign in with what they were given the first time.
func (s *serving) knownBrowsers(turn int) []time.Duration {
	devices := make([]string, 4)
	for n := range devices {
		made, err := s.doors.SignIn(s.Context(), access.Attempt{Name: fmt.Sprintf("staff-%d", n), Password: accesstest.Password, Address: fmt.Sprintf("127.%d.4.%d", 1+turn, n+1)})
		if err != nil {
			s.Fatal(err)
		}
		devices[n] = made.Device
	}
	return atRate(s.county, enterRate, floodFor, func(n int) error {
		client := from(fmt.Sprintf("127.%d.5.%d", 1+turn, n+1), "")
		defer client.CloseIdleConnections()
		return s.entered(client, fmt.Sprintf("staff-%d", n%4), devices[n%4])
	})
}

func (s *serving) entered(client *http.Client, name, device string) error {
	r, err := http.NewRequest(http.MethodPost, "http://"+s.address+"/api/session", strings.NewReader(string(signInBody(name, accesstest.Password))))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if device != "" {
		r.AddCookie(&http.Cookie{Name: "jingwei_device", Value: device})
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s signs in: %s", name, answer.Status)
	}
	return nil
}
