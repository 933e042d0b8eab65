package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// The places of the world outside that can be disturbed.
const (
	placeAPI    = "api"    // BSrE's status service
	placePortal = "portal" // BSrE's portal, which resets
	placeMail   = "mail"   // the mail server
)

// The kinds of trouble.
const (
	troubleNone    = "ok"
	troubleSlow    = "slow"    // answers after 4 s
	troubleDown    = "down"    // cuts the connection
	troubleError   = "error"   // 500
	troubleHTML    = "html"    // a proxy's page
	troubleGarbage = "garbage" // not what was agreed
	troubleLogin   = "login"   // 401
	troubleSilent  = "silent"  // says nothing for 30 s
	troubleLate    = "late"    // mails come 20 s later
)

// place is one part of the world with the kinds of trouble it can have.
type place struct {
	Place string
	Kinds []string
}

func places() []place {
	service := []string{troubleNone, troubleSlow, troubleDown, troubleError, troubleHTML, troubleGarbage, troubleLogin, troubleSilent}
	return []place{
		{placeAPI, service},
		{placePortal, service},
		{placeMail, []string{troubleNone, troubleLate, troubleDown}},
	}
}

// outside keeps which troubles were asked for.
type outside struct {
	mu       sync.Mutex
	troubles map[string]string
	news     chan struct{} // closed and replaced at every change
}

// outsideView is the world outside as the page shows it.
type outsideView struct {
	Troubles map[string]string `json:"troubles"` // by place
	Resets   map[string]int    `json:"resets"`   // that BSrE counted, by employee's key
}

func newOutside() *outside {
	o := &outside{troubles: map[string]string{}, news: make(chan struct{})}
	for _, p := range places() {
		o.troubles[p.Place] = troubleNone
	}
	return o
}

// changed gives a channel that is closed at the next change.
func (o *outside) changed() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.news
}

// tell wakes every page.
func (o *outside) tell() {
	close(o.news)
	o.news = make(chan struct{})
}

func (o *outside) view(s *server) *outsideView {
	resets := map[string]int{}
	for key, e := range s.people {
		resets[key] = s.bsre.resets(e)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return &outsideView{Troubles: maps.Clone(o.troubles), Resets: resets}
}

// set makes the troubles, given by place. It fails when there is no such
// place or no such trouble there, and then changes nothing.
func (o *outside) set(s *server, troubles map[string]string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for where, kind := range troubles {
		at := slices.IndexFunc(places(), func(p place) bool { return p.Place == where })
		if at < 0 || !slices.Contains(places()[at].Kinds, kind) {
			return fmt.Errorf("there is no trouble %q at %q", kind, where)
		}
	}
	for where, kind := range troubles {
		if o.troubles[where] == kind {
			continue
		}
		o.troubles[where] = kind
		if where == placeMail {
			s.post.disturb(kind)
		} else {
			s.bsre.disturb(where, kind)
		}
	}
	o.tell()
	return nil
}
