package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"jingwei/internal/access/accesstest"
	"jingwei/internal/draft"
)

// refusal is a problem as a client reads it.
type refusal struct {
	Status   int    `json:"status"`
	Code     string `json:"code"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	Revision int    `json:"revision"`
}

// told is the refusal's sentence without the numbers and names in it: the class that it is counted under.
func (r *refusal) told() string {
	return fmt.Sprintf("%d %s", r.Status, anyNumber.ReplaceAllString(r.EN, "#"))
}

var anyNumber = regexp.MustCompile(`N?\d[\d.]*|“[^”]*”|"[^"]*"`)

// sent is an act that a planner sent, under the name that it bears however often it is sent.
type sent struct {
	draft, kind string
	seq         int // as the 2xx said
	confirmed   bool
	refused     bool
	answered    time.Time // when it was sent for the time that was answered; zero when that was the first
}

// released is a publication that was confirmed.
type released struct {
	draft    string
	version  int
	how      string // edits, roll-back, re-import
	of       int    // the version that a roll-back or a re-import brings back
	pure     bool   // nothing was changed besides
	founding int    // the version that was live when the draft began
}

// ledger is what the storm's planners were told.
type ledger struct {
	sync.Mutex
	acts      map[string]*sent // request → what became of it
	kinds     map[string]*[3]int
	sentences map[string]map[string]int // kind → sentence → how often
	releases  []*released
	again     int // requests that were sent again because their answer was lost
	lost      int // of those, how many had been carried out before
	foundOut  int // publications whose answer was lost, and that had happened
	approvals int
	withdrawn int
	begun     int
}

func (l *ledger) count(kind string, what int) {
	l.Lock()
	defer l.Unlock()
	if l.kinds[kind] == nil {
		l.kinds[kind] = &[3]int{}
	}
	l.kinds[kind][what]++
}

const (
	countSent = iota
	countConfirmed
	countRefused
)

func (l *ledger) refuse(kind string, r *refusal) {
	l.count(kind, countRefused)
	l.Lock()
	defer l.Unlock()
	if l.sentences[kind] == nil {
		l.sentences[kind] = make(map[string]int)
	}
	l.sentences[kind][r.told()]++
}

func (l *ledger) confirmed() (n int) {
	l.Lock()
	defer l.Unlock()
	for _, k := range l.kinds {
		n += k[countConfirmed]
	}
	return n
}

// ask sends one request, once. status is 0 when no answer came.
func (s *storm) ask(cookie, method, path string, in, out any) (status int, refused *refusal, err error) {
	var body []byte
	if in != nil {
		body, _ = json.Marshal(in)
	}
	return s.askWith(cookie, method, path, "application/json", body, out)
}

func (s *storm) askWith(cookie, method, path, kind string, body []byte, out any) (status int, refused *refusal, err error) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	return s.send(cookie, method, path, kind, body, out)
}

// send sends a request whether or not the gate is open.
func (s *storm) send(cookie, method, path, kind string, body []byte, out any) (status int, refused *refusal, err error) {
	q, err := http.NewRequest(method, "http://"+s.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	q.Header.Set("Content-Type", kind)
	q.AddCookie(&http.Cookie{Name: accesstest.SessionCookie, Value: cookie})
	s.flying.Add(1)
	defer s.flying.Add(-1)
	answer, err := s.client.Do(q)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil, err
	}
	switch {
	case answer.StatusCode/100 == 2:
		if raw, wanted := out.(*[]byte); wanted {
			*raw = all
		} else if out != nil {
			err = json.Unmarshal(all, out)
		}
		return answer.StatusCode, nil, err
	case answer.StatusCode >= 500 && answer.StatusCode != http.StatusServiceUnavailable:
		s.violation("%s %s %.300s: %d %.600s", method, path, body, answer.StatusCode, all)
	}
	refused = &refusal{}
	if err := json.Unmarshal(all, refused); err != nil || refused.EN == "" || refused.ZH == "" {
		s.violation("%s %s: %d without a sentence in both languages: %.300s", method, path, answer.StatusCode, all)
	}
	refused.Status = answer.StatusCode
	return answer.StatusCode, refused, nil
}

// insist sends a request until it is answered, as a page does that has lost its connection. again says how often it had to be sent before.
func (s *storm) insist(cookie, method, path string, in, out any) (status int, refused *refusal, again int) {
	status, refused, again, _ = s.insistSince(cookie, method, path, in, out)
	return status, refused, again
}

// insistSince is insist, and says when it sent what was answered.
func (s *storm) insistSince(cookie, method, path string, in, out any) (status int, refused *refusal, again int, last time.Time) {
	for began := time.Now(); ; again++ {
		last = time.Now()
		status, refused, err := s.ask(cookie, method, path, in, out)
		if err == nil && status != http.StatusServiceUnavailable {
			return status, refused, again, last
		}
		if time.Since(began) > 2*time.Minute {
			s.violation("%s %s isn't answered for two minutes: %d %v", method, path, status, err)
			return status, &refusal{Status: status, EN: "no answer"}, again, last
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// act sends an act until it is answered, always under the same name. nil when it was refused.
func (s *storm) act(p *stormPlanner, id string, a map[string]any) *draft.Acted {
	kind := a["kind"].(string)
	request := fmt.Sprintf("%s-%d", p.name, p.acts)
	p.acts++
	a["request"] = request
	s.Lock()
	mine := &sent{draft: id, kind: kind}
	s.ledger.acts[request] = mine
	s.Unlock()
	s.count(kind, countSent)
	var acted draft.Acted
	status, refused, again, last := s.insistSince(p.cookie, "POST", "/api/drafts/"+id+"/acts", a, &acted)
	s.Lock()
	s.again += again
	mine.confirmed, mine.refused, mine.seq = status == http.StatusOK, status/100 == 4, acted.Seq
	if again > 0 && status == http.StatusOK {
		mine.answered = last
	}
	s.Unlock()
	if status != http.StatusOK {
		s.refuse(kind, refused)
		return nil
	}
	s.count(kind, countConfirmed)
	return &acted
}
