package sandbox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"unicode/utf8"

	"resetpin/bot/telegram/telegramtest"
)

// server is the page and what it asks for.
type server struct {
	pages    pages
	people   map[string]*employee // by key
	telegram *telegramtest.Server
	botName  string
	office   *office
	desk     *desk
	post     *post
	bsre     *authority
	outside  *outside
	log      *slog.Logger
}

// handler routes the page's requests.
func (s *server) handler() (http.Handler, error) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET /pictures/{file}", s.picture)
	mux.HandleFunc("GET /people/{key}/events", s.events)
	mux.HandleFunc("GET /people/{key}/mails/{id}", s.mail)
	mux.HandleFunc("POST /people/{key}/mails/{id}/read", s.mailRead)
	mux.HandleFunc("POST /people/{key}/type", s.typeText)
	mux.HandleFunc("POST /people/{key}/press", s.press)
	mux.HandleFunc("POST /people/{key}/restart", s.restart(platformTelegram))
	mux.HandleFunc("GET /people/{key}/mattermost/files/{id}", s.file)
	mux.HandleFunc("POST /people/{key}/mattermost/type", s.write)
	mux.HandleFunc("POST /people/{key}/mattermost/press", s.click)
	mux.HandleFunc("POST /people/{key}/mattermost/dialog", s.fill)
	mux.HandleFunc("POST /people/{key}/mattermost/restart", s.restart(platformMattermost))
	mux.HandleFunc("POST /people/{key}/phone", s.renumber)
	mux.HandleFunc("GET /officer/events", s.roomEvents)
	mux.HandleFunc("POST /officer/type", s.officerTypes)
	mux.HandleFunc("POST /officer/press", s.officerPresses)
	mux.HandleFunc("GET /officer/mattermost/files/{id}", s.officerFile)
	mux.HandleFunc("POST /officer/mattermost/type", s.officerWrites)
	mux.HandleFunc("POST /officer/mattermost/press", s.officerClicks)
	mux.HandleFunc("POST /outside", s.disturb)
	return mux, nil
}

func (s *server) index(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language")
	lang := r.FormValue("lang")
	if lang == "" {
		lang = visitorsLanguage(r.Header.Get("Accept-Language"))
	}
	s.send(w, r, s.pages.in(lang))
}

func (s *server) picture(w http.ResponseWriter, r *http.Request) {
	data, kind, ok := s.telegram.File(r.PathValue("file"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "max-age=3600, immutable") // a picture's id is made from its bytes
	s.send(w, r, data)
}

// mail shows one mail of the employee's, as HTML or as text.
func (s *server) mail(w http.ResponseWriter, r *http.Request) {
	m, ok := s.ownLetter(w, r)
	if !ok {
		return
	}
	body := textLetter(m.text)
	if r.FormValue("as") == "html" && m.html != "" {
		body = htmlLetter(m.html)
	}
	if err := writeLetter(w, body); err != nil {
		s.log.DebugContext(r.Context(), "a mail was not taken", "error", err)
	}
}

func (s *server) mailRead(w http.ResponseWriter, r *http.Request) {
	m, ok := s.ownLetter(w, r)
	if !ok {
		return
	}
	s.post.read(m)
	s.done(w, r, nil)
}

// ownLetter finds the mail that the path names among the employee's.
func (s *server) ownLetter(w http.ResponseWriter, r *http.Request) (letter, bool) {
	e := s.employee(w, r)
	if e == nil {
		return letter{}, false
	}
	m, ok := s.post.letter(e.Email, r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
	}
	return m, ok
}

func (s *server) typeText(w http.ResponseWriter, r *http.Request) {
	e, text, ok := s.typed(w, r)
	if !ok {
		return
	}
	account, _ := e.now()
	s.done(w, r, map[string]int{"message": account.Type(text)})
}

// typed reads who typed what, or answers what is wrong with it.
func (s *server) typed(w http.ResponseWriter, r *http.Request) (e *employee, text string, ok bool) {
	var in struct{ Text string }
	if e = s.employee(w, r); e == nil || !s.read(w, r, &in) {
		return nil, "", false
	}
	if in.Text == "" || utf8.RuneCountInString(in.Text) > 4096 {
		http.Error(w, "a message has 1 to 4096 characters", http.StatusBadRequest)
		return nil, "", false
	}
	return e, in.Text, true
}

func (s *server) press(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	var in struct {
		Message int
		Data    string
	}
	if e == nil || !s.read(w, r, &in) {
		return
	}
	account, _ := e.now()
	s.pressed(w, r, account, in.Message, in.Data)
}

// pressed presses a button of a message of Telegram's.
func (s *server) pressed(w http.ResponseWriter, r *http.Request, account *telegramtest.Person, message int, data string) {
	query, _, err := account.Press(message, data)
	if errors.Is(err, telegramtest.ErrNoButton) {
		http.Error(w, "the message has no such button any more", http.StatusConflict)
		return
	}
	s.done(w, r, map[string]string{"query": query})
}

// restart gives an employee a new account on a platform.
func (s *server) restart(platform string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := s.employee(w, r)
		if e == nil {
			return
		}
		e.restart(platform)
		s.done(w, r, nil)
	}
}

// phoneForm is what BSrE's portal takes for a phone number.
var phoneForm = regexp.MustCompile(`^\d{10,15}$`)

// renumber changes the phone number that BSrE has of an employee, as an
// operator does in its portal.
func (s *server) renumber(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	var in struct{ Phone string }
	if e == nil || !s.read(w, r, &in) {
		return
	}
	if !phoneForm.MatchString(in.Phone) {
		http.Error(w, "a phone number has 10 to 15 digits", http.StatusBadRequest)
		return
	}
	s.bsre.renumber(e, in.Phone)
	s.done(w, r, nil)
}

func (s *server) disturb(w http.ResponseWriter, r *http.Request) {
	var in map[string]string
	if !s.read(w, r, &in) {
		return
	}
	if err := s.outside.set(s, in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.done(w, r, nil)
}

// employee finds whom the path names, or answers that there is nobody.
func (s *server) employee(w http.ResponseWriter, r *http.Request) *employee {
	e := s.people[r.PathValue("key")]
	if e == nil {
		http.NotFound(w, r)
	}
	return e
}

// read takes a small JSON body, or answers what is wrong with it.
func (s *server) read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(into); err != nil {
		http.Error(w, "the body is not the JSON that is wanted here", http.StatusBadRequest)
		return false
	}
	return true
}

// done answers with JSON; nil is an empty object.
func (s *server) done(w http.ResponseWriter, r *http.Request, v any) {
	if v == nil {
		v = struct{}{}
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.log.DebugContext(r.Context(), "an answer was not taken", "error", err)
	}
}

func (s *server) send(w http.ResponseWriter, r *http.Request, data []byte) {
	if _, err := w.Write(data); err != nil { //nolint:gosec // what the request says only chooses among pages and pictures
		s.log.DebugContext(r.Context(), "an answer was not taken", "error", err)
	}
}
