package telegramtest

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"
)

// maxCalls bounds the memory of Calls.
const maxCalls = 10000

// ServeHTTP answers Bot API calls and file downloads.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if rest, ok := strings.CutPrefix(path, "/file/bot"); ok {
		s.serveFile(w, rest)
		return
	}
	rest, ok := strings.CutPrefix(path, "/bot")
	token, name, found := strings.Cut(rest, "/")
	if !ok || !found {
		s.write(w, nil, fail(http.StatusNotFound, "Not Found"))
		return
	}
	if !strings.Contains(token, ":") || token[0] == '0' || len(token) > 80 {
		s.write(w, nil, fail(http.StatusUnauthorized, "Unauthorized: invalid token specified"))
		return
	}
	if token != s.token {
		s.write(w, nil, fail(http.StatusUnauthorized, "Unauthorized"))
		return
	}
	q, f := readRequest(r)
	if f != nil {
		s.write(w, nil, f)
		return
	}
	if name == "" { // the method may stand among the parameters
		name = q.params["method"]
	}
	delete(q.params, "method")
	m, known := s.methods[strings.ToLower(name)]
	if !known {
		s.write(w, nil, fail(http.StatusNotFound, "Not Found: method not found"))
		return
	}
	s.serve(w, r, m, q)
}

// serve does a call of a known method, with the troubles that were asked for.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, m method, q *request) {
	trouble := s.takeFault(m.name)
	if trouble != nil && trouble.Delay > 0 {
		select {
		case <-time.After(trouble.Delay):
		case <-r.Context().Done():
		}
	}
	if trouble != nil && trouble.Code != 0 {
		s.record(m, q, trouble.Code)
		if trouble.Drop {
			panic(http.ErrAbortHandler)
		}
		trouble.write(s, w)
		return
	}
	result, f := s.call(r, m, q)
	if trouble != nil && trouble.Drop {
		s.record(m, q, 0)
		panic(http.ErrAbortHandler)
	}
	if f != nil {
		s.record(m, q, f.code)
	} else {
		s.record(m, q, http.StatusOK)
	}
	s.write(w, result, f)
}

// call does what the method does.
func (s *Server) call(r *http.Request, m method, q *request) (any, *failure) {
	if f := m.check(q); f != nil {
		return nil, f
	}
	switch m.name {
	case "getUpdates":
		return s.getUpdates(r, q)
	case "setWebhook", "deleteWebhook":
		return s.setWebhook(q)
	}
	do, played := s.play[m.name]
	if !played {
		return nil, bad("the pretend server does not play %s", m.name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(q)
}

// played is the table of methods that do something; they run under the lock.
func (s *Server) played() map[string]func(*request) (any, *failure) {
	return map[string]func(*request) (any, *failure){
		"getMe":                  s.getMe,
		"getWebhookInfo":         s.getWebhookInfo,
		"getChat":                s.getChat,
		"getChatMember":          s.getChatMember,
		"createForumTopic":       s.createForumTopic,
		"closeForumTopic":        s.closeForumTopic,
		"reopenForumTopic":       s.reopenForumTopic,
		"sendDocument":           s.sendDocument,
		"getFile":                s.getFile,
		"sendMessage":            s.sendMessage,
		"sendPhoto":              s.sendPhoto,
		"sendChatAction":         s.sendChatAction,
		"editMessageText":        s.editMessageText,
		"editMessageCaption":     s.editMessageCaption,
		"editMessageMedia":       s.editMessageMedia,
		"editMessageReplyMarkup": s.editMessageReplyMarkup,
		"deleteMessage":          s.deleteMessage,
		"deleteMessages":         s.deleteMessages,
		"answerCallbackQuery":    s.answerCallbackQuery,
		"setMyCommands":          s.setMyCommands,
		"getMyCommands":          s.getMyCommands,
		"deleteMyCommands":       s.deleteMyCommands,
	}
}

// Call is one Bot API call as it came.
type Call struct {
	Method string
	Params map[string]string // as text; JSON values as JSON
	Files  map[string][]byte
	Code   int // the answer's HTTP status; 0: the connection was cut
	At     time.Time
}

func (s *Server) record(m method, q *request, code int) {
	if m.name == "getUpdates" {
		return
	}
	c := Call{Method: m.name, Params: maps.Clone(q.params), Files: map[string][]byte{}, Code: code, At: s.o.Now()}
	for name, f := range q.files {
		c.Files[name] = f.data
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) >= maxCalls {
		s.calls = s.calls[maxCalls/2:]
	}
	s.calls = append(s.calls, c)
}

// Calls gives the calls so far but getUpdates, oldest first; of very many
// only the newest.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// serveFile gives a file that getFile told the path of.
func (s *Server) serveFile(w http.ResponseWriter, rest string) {
	path, ok := strings.CutPrefix(rest, s.token+"/")
	folder, id, found := strings.Cut(path, "/")
	if !ok || !found {
		s.write(w, nil, fail(http.StatusNotFound, "Not Found"))
		return
	}
	data, kind, ok := s.File(id)
	if folder == "documents" {
		s.mu.Lock()
		data, kind = s.documents[id], "application/octet-stream"
		s.mu.Unlock()
		ok = data != nil
	}
	if !ok {
		s.write(w, nil, fail(http.StatusNotFound, "Not Found"))
		return
	}
	w.Header().Set("Content-Type", kind)
	if _, err := w.Write(data); err != nil {
		s.o.Logger.Debug("file not written", "err", err)
	}
}

// write gives the answer that the fault asks for.
func (t *Fault) write(s *Server, w http.ResponseWriter) {
	if t.HTML {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(t.Code)
		page := fmt.Sprintf("<html><head><title>%d</title></head><body>nginx</body></html>", t.Code)
		if _, err := io.WriteString(w, page); err != nil {
			s.o.Logger.Debug("answer not written", "err", err)
		}
		return
	}
	text := t.Text
	switch {
	case text != "":
	case t.Code == http.StatusTooManyRequests:
		text = fmt.Sprintf("Too Many Requests: retry after %d", t.RetryAfter)
	case t.Code == http.StatusInternalServerError:
		text = "Internal Server Error: restart"
	default:
		text = http.StatusText(t.Code)
	}
	s.write(w, nil, &failure{code: t.Code, text: text, retryAfter: t.RetryAfter})
}
