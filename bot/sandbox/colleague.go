package sandbox

import (
	"errors"
	"net/http"
	"strings"

	"resetpin/bot/mattermost/mattermosttest"
)

// acted is the answer to what somebody does on Mattermost.
type acted struct {
	Error  string      `json:"error,omitempty"` // the server's words to the person; empty: it went well
	Dialog *dialogView `json:"dialog"`          // that is open now; nil: none
}

// write posts as the employee; what begins with a slash is a command.
func (s *server) write(w http.ResponseWriter, r *http.Request) {
	e, text, ok := s.typed(w, r)
	if !ok {
		return
	}
	me := e.colleague()
	var err error
	if strings.HasPrefix(text, "/") {
		err = me.Slash(me.direct, text)
	} else {
		_, err = me.Type(me.direct, text)
	}
	s.told(w, r, me, err)
}

// click clicks a button of a post.
func (s *server) click(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	var in struct{ Message, Data string }
	if e == nil || !s.read(w, r, &in) {
		return
	}
	me := e.colleague()
	s.told(w, r, me, me.Click(in.Message, in.Data))
}

// fill submits the open dialog, or closes it.
func (s *server) fill(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	var in struct {
		Cancel bool
		Values map[string]string
	}
	if e == nil || !s.read(w, r, &in) {
		return
	}
	me := e.colleague()
	if in.Cancel {
		s.told(w, r, me, me.Cancel())
		return
	}
	values := make(map[string]any, len(in.Values))
	for name, value := range in.Values {
		values[name] = value
	}
	s.told(w, r, me, me.Submit(values))
}

// told answers with what the person sees after an act. A refusal of
// Mattermost's is something to see; an act that its client would not let
// through is a wrong request.
func (s *server) told(w http.ResponseWriter, r *http.Request, me seat, err error) {
	var refused *mattermosttest.Failure
	switch {
	case errors.As(err, &refused):
		s.done(w, r, acted{Error: refused.Message, Dialog: me.dialog()})
	case err != nil:
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		s.done(w, r, acted{Dialog: me.dialog()})
	}
}

// file gives a file of the direct message.
func (s *server) file(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	if e == nil {
		return
	}
	s.sendFile(w, r, e.colleague())
}

// officerFile gives a file of the officers' channel.
func (s *server) officerFile(w http.ResponseWriter, r *http.Request) { s.sendFile(w, r, s.desk.seat) }

func (s *server) sendFile(w http.ResponseWriter, r *http.Request, me seat) {
	f, ok := me.file(r.PathValue("id"))
	if !ok || !strings.HasPrefix(f.Type, "image/") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Cache-Control", "max-age=3600, immutable") // a file there never changes
	s.send(w, r, f.Data)
}
