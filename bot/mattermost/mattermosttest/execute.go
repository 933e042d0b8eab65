package mattermosttest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// maxReply is how much of the answer to a slash command is read.
const maxReply = 1 << 20

// channelMention finds ~names.
var channelMention = regexp.MustCompile(`\B~[a-zA-Z0-9\-_]+`)

// args are what a person typed where.
type args struct {
	Channel string `json:"channel_id"`
	Team    string `json:"team_id"`
	Root    string `json:"root_id"`
	Command string `json:"command"`
}

// executeCommand is POST /commands/execute.
func (s *Server) executeCommand(c *call) (any, *Failure) {
	var in args
	if f := c.read("command_args", &in); f != nil {
		return nil, f
	}
	return s.execute(c.user, in)
}

// execute runs a slash command for a user and shows the bot's answer.
func (s *Server) execute(u *user, in args) (*commandReply, *Failure) {
	if len(in.Command) <= 1 || in.Command[0] != '/' || !validID(in.Channel) {
		return nil, fail(http.StatusBadRequest, "api.command.execute_command.start.app_error", "No command trigger found.")
	}
	s.mu.Lock()
	run, f := s.prepare(u, in)
	s.mu.Unlock()
	if f != nil || run == nil {
		return &commandReply{}, f
	}
	reply, f := s.runCommand(run)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	reply.TriggerID = run.short
	if f := s.show(run, reply); f != nil {
		return nil, f
	}
	return reply, nil
}

// run is a slash command on its way.
type run struct {
	user    *user
	args    args
	command wireCommand
	trigger string
	form    url.Values
	short   string // of the trigger id
}

// prepare finds the command and writes the form. It gives nothing for
// Mattermost's own commands, which are not played. It runs under the lock.
func (s *Server) prepare(u *user, in args) (*run, *Failure) {
	ch, f := s.postsTo(u, in.Channel)
	if f != nil {
		return nil, f
	}
	if ch.team != "" {
		in.Team = ch.team
	} else if t := s.teams[in.Team]; (t == nil || !t.members[u.id]) && !u.admin {
		return nil, denied(u.id, "create_post")
	}
	trigger, text := in.Command, ""
	if i := strings.IndexFunc(in.Command, unicode.IsSpace); i >= 0 {
		trigger, text = in.Command[:i], in.Command[i+1:]
	}
	trigger = strings.TrimPrefix(strings.ToLower(trigger), "/")
	if !s.settings.EnableCommands {
		return nil, commandsOff()
	}
	t := s.teams[in.Team]
	if t == nil {
		return nil, notFound("app.team.get.find.app_error", "Unable to find the existing team.", "Team", in.Team)
	}
	for _, m := range s.commandsOf(t.id) { // they come before Mattermost's own
		if m.Trigger == trigger && s.settings.NoSiteURL {
			return nil, fail(http.StatusBadRequest, "api.command.execute_command.site_url_required.app_error", "Site URL is required to execute custom slash commands.")
		}
		if m.Trigger == trigger {
			r := &run{user: u, args: in, command: m.wireCommand, trigger: trigger}
			r.form = s.form(r, t, ch, text)
			return r, nil
		}
	}
	for _, own := range builtIn() {
		if own == trigger {
			return nil, nil
		}
	}
	return nil, fail(http.StatusNotFound, "api.command.execute_command.not_found.app_error",
		"Command with a trigger of '"+trigger+"' not found. To send a message beginning with \"/\", try adding an empty space at the beginning of the message.")
}

// form writes what the bot is told. Where the command was typed in a thread is
// not among it.
func (s *Server) form(r *run, t *team, ch *channel, text string) url.Values {
	h := &hook{id: newID(), command: r.command.ID, user: r.user.id, channel: ch.id, root: r.args.Root, created: s.now()}
	s.hooks[h.id] = h
	short, trigger := s.newTrigger(r.user.id)
	r.short = short
	form := url.Values{
		"token": {r.command.Token}, "team_id": {t.id}, "team_domain": {t.name}, "channel_id": {ch.id}, "channel_name": {ch.name},
		userField: {r.user.id}, "user_name": {r.user.username}, "command": {"/" + r.trigger}, "text": {text},
		"trigger_id": {trigger}, "response_url": {s.siteURL() + "/hooks/commands/" + h.id},
	}
	for _, u := range s.mentions(text, func(u *user) bool { return t.members[u.id] }) {
		form.Add("user_mentions", u.username)
		form.Add("user_mentions_ids", u.id)
	}
	seen := map[string]bool{}
	for _, name := range channelMention.FindAllString(text, -1) {
		for _, c := range s.channels {
			if c.team == t.id && c.kind == kindOpen && c.name == name[1:] && !seen[c.id] {
				seen[c.id] = true
				form.Add("channel_mentions", c.name)
				form.Add("channel_mentions_ids", c.id)
			}
		}
	}
	return form
}

// failed is what a person is told when the bot did not answer well; the bot's
// own words are not in it.
func (r *run) failed(how, words, detail string) *Failure {
	return fail(http.StatusInternalServerError, "api.command.execute_command."+how+".app_error",
		"Command with a trigger of '"+r.trigger+"' "+words+".").because("%s", detail)
}

// runCommand calls the bot and reads its answer.
func (s *Server) runCommand(r *run) (*commandReply, *Failure) {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.IntegrationTimeout)
	defer cancel()
	req, err := r.request(ctx)
	if err != nil {
		return nil, r.failed("failed", "failed", err.Error())
	}
	answer, err := s.client.Do(req)
	if err != nil {
		return nil, r.failed("failed", "failed", err.Error())
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxReply))
	if answer.StatusCode != http.StatusOK {
		return nil, r.failed("failed_resp", "returned response "+answer.Status, string(body))
	}
	if err == nil {
		var reply *commandReply
		if reply, err = readReply(answer.Header.Get("Content-Type"), body); err == nil {
			return reply, nil
		}
	}
	return nil, r.failed("failed", "failed", err.Error())
}

func (r *run) request(ctx context.Context) (*http.Request, error) {
	var req *http.Request
	var err error
	if r.command.Method == "G" {
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, r.command.URL, nil); err != nil {
			return nil, err
		}
		if req.URL.RawQuery != "" {
			req.URL.RawQuery += "&"
		}
		req.URL.RawQuery += r.form.Encode()
	} else {
		if req, err = http.NewRequestWithContext(ctx, http.MethodPost, r.command.URL, strings.NewReader(r.form.Encode())); err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Token "+r.command.Token)
	return req, nil
}

// readReply reads the answer to a slash command. What is not said to be JSON
// is shown as it is, JSON too.
func readReply(contentType string, body []byte) (*commandReply, error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind != "application/json" {
		return &commandReply{Text: string(body)}, nil
	}
	if len(body) == 0 {
		return nil, errors.New("parsing error at line 1, character 1: unexpected end of JSON input")
	}
	var r commandReply
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	return &r, nil
}
