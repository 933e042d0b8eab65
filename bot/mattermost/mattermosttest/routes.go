package mattermosttest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// call is one REST call.
type call struct {
	w       http.ResponseWriter
	r       *http.Request
	user    *user // nil: nobody is logged in
	session *token
}

// handler serves a call. What it gives is written as JSON; []byte as it is,
// and nil not at all.
type handler func(*call) (any, *Failure)

// ok is the answer of calls that have nothing to tell.
type ok struct {
	Status string `json:"status"`
}

func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

func (c *call) denied(permission string) *Failure { return denied(c.user.id, permission) }

// read decodes the body; name is what the server calls it when it is wrong.
func (c *call) read(name string, into any) *Failure {
	err := json.NewDecoder(c.r.Body).Decode(into)
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return fail(http.StatusRequestEntityTooLarge, "api.context.request_body_too_large.app_error", "Unable to process request. Request body too large.").
			because("Use the setting `MaximumPayloadSizeBytes` in Mattermost config to configure allowed payload limit.")
	}
	return invalidBody(name).because("%s", err.Error())
}

// id gives an id of the path.
func (c *call) id(name string) (string, *Failure) {
	id := c.r.PathValue(name)
	if id == "me" && name == userField {
		return c.user.id, nil
	}
	if !validID(id) {
		return "", invalidURL(name)
	}
	return id, nil
}

// route is one line of the table of calls.
type route struct {
	pattern string // method and path under /api/v4
	serve   handler
	status  int  // of success
	public  bool // without a token
}

// table holds the calls that are played. Others answer 404, as unknown ones do.
func (s *Server) table() []route {
	const created = http.StatusCreated
	return []route{
		{"GET /system/ping", s.ping, 200, true},
		{"GET /config/client", s.getClientConfig, 200, true},
		{"GET /config", s.getConfig, 200, false},
		{"PUT /config/patch", s.patchConfig, 200, false},
		{"GET /users/{user_id}", s.getUser, 200, false},
		{"GET /users/username/{name}", s.getUserByName, 200, false},
		{"GET /users/email/{email}", s.getUserByEmail, 200, false},
		{"POST /users/ids", s.getUsersByIDs, 200, false},
		{"GET /users/{user_id}/{what}", s.getOfUser, 200, false},
		{"PUT /users/{user_id}/patch", s.patchUser, 200, false},
		{"POST /users/{user_id}/image", s.postImage, 200, false},
		{"POST /users/{user_id}/typing", s.postTyping, 200, false},
		{"POST /users/{user_id}/tokens", s.createToken, 200, false},
		{"POST /users/tokens/revoke", s.revokeToken, 200, false},
		{"GET /bots", s.getBots, 200, false},
		{"GET /bots/{user_id}", s.getBot, 200, false},
		{"POST /bots", s.createBot, created, false},
		{"POST /bots/{user_id}/assign/{owner_id}", s.assignBot, 200, false},
		{"GET /teams", s.getTeams, 200, false},
		{"GET /teams/{team_id}", s.getTeam, 200, false},
		{"GET /teams/name/{name}", s.getTeamByName, 200, false},
		{"GET /teams/{team_id}/members/{user_id}", s.getTeamMember, 200, false},
		{"POST /teams/{team_id}/members", s.addTeamMember, created, false},
		{"GET /teams/{team_id}/channels/name/{name}", s.getChannelByName, 200, false},
		{"GET /teams/name/{team}/channels/name/{name}", s.getChannelByNames, 200, false},
		{"GET /users/{user_id}/teams/{team_id}/channels", s.getUserChannels, 200, false},
		{"POST /channels/direct", s.createDirect, created, false},
		{"GET /channels/{channel_id}", s.getChannel, 200, false},
		{"GET /channels/{channel_id}/members", s.getChannelMembers, 200, false},
		{"GET /channels/{channel_id}/members/{user_id}", s.getChannelMember, 200, false},
		{"POST /channels/{channel_id}/members", s.addChannelMember, created, false},
		{"GET /channels/{channel_id}/posts", s.getPosts, 200, false},
		{"POST /posts", s.postPost, created, false},
		{"POST /posts/ephemeral", s.postEphemeral, created, false},
		{"GET /posts/{post_id}", s.getPost, 200, false},
		{"PUT /posts/{post_id}", s.putPost, 200, false},
		{"PUT /posts/{post_id}/patch", s.patchPost, 200, false},
		{"DELETE /posts/{post_id}", s.deletePost, 200, false},
		{"GET /posts/{post_id}/thread", s.getThread, 200, false},
		{"POST /posts/{post_id}/actions/{action_id}", s.postAction, 200, false},
		{"POST /actions/dialogs/open", s.postOpenDialog, 200, true},
		{"POST /actions/dialogs/submit", s.postSubmitDialog, 200, false},
		{"POST /actions/dialogs/lookup", s.postLookupDialog, 200, false},
		{"POST /files", s.postFiles, created, false},
		{"GET /files/{file_id}", s.getFile, 200, false},
		{"GET /files/{file_id}/info", s.getFileInfo, 200, false},
		{"GET /commands", s.getCommands, 200, false},
		{"POST /commands", s.createCommand, created, false},
		{"POST /commands/execute", s.executeCommand, 200, false},
		{"GET /commands/{command_id}", s.getCommand, 200, false},
		{"PUT /commands/{command_id}", s.updateCommand, 200, false},
		{"DELETE /commands/{command_id}", s.deleteCommand, 200, false},
		{"PUT /commands/{command_id}/regen_token", s.regenCommandToken, 200, false},
	}
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.table() {
		method, path, _ := strings.Cut(r.pattern, " ")
		mux.HandleFunc(method+" /api/v4"+path, func(w http.ResponseWriter, q *http.Request) { s.serve(w, q, r) })
	}
	mux.HandleFunc("GET /api/v4/websocket", s.serveSocket)
	mux.HandleFunc("POST /hooks/commands/{id}", func(w http.ResponseWriter, q *http.Request) {
		s.serve(w, q, route{serve: s.postHook, status: 200, public: true})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, q *http.Request) { s.writeFailure(w, noPage(q.URL.Path)) })
	return mux
}

// ServeHTTP answers REST calls, response_urls and websockets, with the
// troubles that were asked for.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.o.Now().UTC().Format(http.TimeFormat)) // by the clock that triggers are signed with
	s.trouble(w, r, s.api)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, to route) {
	s.mu.Lock()
	limit := s.settings.MaximumPayloadSizeBytes + 512 // the real server's reader is as generous
	c := &call{w: w, r: r}
	secret := secretOf(r)
	c.session, c.user = s.login(secret)
	s.mu.Unlock()
	if !strings.HasSuffix(r.URL.Path, "/files") {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
	}
	if secret != "" && c.user == nil && !to.public {
		s.writeFailure(w, expired("token="+secret))
		return
	}
	if c.user == nil && !to.public {
		s.writeFailure(w, expired("UserRequired"))
		return
	}
	result, f := to.serve(c)
	if f != nil {
		s.writeFailure(w, f)
		return
	}
	s.write(w, to.status, result)
}

// secretOf gives the token that came with a request.
func secretOf(r *http.Request) string {
	h := r.Header.Get("Authorization")
	switch {
	case len(h) > 6 && strings.EqualFold(h[:6], "bearer"):
		return h[7:]
	case len(h) > 5 && strings.EqualFold(h[:5], "token"):
		return h[6:]
	}
	return ""
}

// login gives the session of a token, or nothing. It runs under the lock.
func (s *Server) login(secret string) (*token, *user) {
	t := s.tokens[secret]
	if t == nil || t.revoked {
		return nil, nil
	}
	u := s.users[t.user]
	if u.gone || !s.settings.EnableUserAccessTokens && !u.bot && t != s.admin {
		return nil, nil
	}
	return t, u
}

func (s *Server) write(w http.ResponseWriter, status int, result any) {
	var body []byte
	switch result := result.(type) {
	case nil:
		return
	case []byte:
		body = result
	case string:
		w.Header().Set("Content-Type", "text/plain")
		body = []byte(result)
	default:
		raw, err := json.Marshal(result)
		if err != nil {
			s.o.Logger.Error("pretend Mattermost could not write JSON", "err", err)
		}
		raw = append(raw, '\n')
		body = raw
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("X-Request-Id", newID())
	w.Header().Set("X-Version-Id", Version+".dev")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		s.o.Logger.Debug("answer not written", "err", err)
	}
}

func (s *Server) writeFailure(w http.ResponseWriter, f *Failure) {
	w.Header().Set("Content-Type", "application/json")
	s.write(w, f.Status, []byte(asText(wireFailure{ID: f.ID, Message: f.Message, Detail: f.Detail, RequestID: newID(), Status: f.Status})))
}

func (s *Server) ping(*call) (any, *Failure) {
	return map[string]string{"status": "OK", "ActiveSearchBackend": "database"}, nil
}

// age tells how long ago a time in milliseconds was.
func (s *Server) age(at int64) time.Duration { return time.Duration(s.now()-at) * time.Millisecond }
