package mattermosttest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// wireCommand is a slash command. AutocompleteData is only echoed: the server
// does not keep it.
type wireCommand struct {
	ID               string          `json:"id"`
	Token            string          `json:"token"`
	CreateAt         int64           `json:"create_at"`
	UpdateAt         int64           `json:"update_at"`
	DeleteAt         int64           `json:"delete_at"`
	CreatorID        string          `json:"creator_id"`
	TeamID           string          `json:"team_id"`
	Trigger          string          `json:"trigger"`
	Method           string          `json:"method"`
	Username         string          `json:"username"`
	IconURL          string          `json:"icon_url"`
	AutoComplete     bool            `json:"auto_complete"`
	AutoCompleteDesc string          `json:"auto_complete_desc"`
	AutoCompleteHint string          `json:"auto_complete_hint"`
	DisplayName      string          `json:"display_name"`
	Description      string          `json:"description"`
	URL              string          `json:"url"`
	PluginID         string          `json:"plugin_id"`
	AutocompleteData json.RawMessage `json:"autocomplete_data,omitempty"`
}

func (c *command) show() Command {
	return Command{
		ID: c.ID, Token: c.Token, Team: c.TeamID, Trigger: c.Trigger, URL: c.URL, Method: c.Method, Username: c.Username, IconURL: c.IconURL,
		AutoComplete: c.AutoComplete, AutoCompleteHint: c.AutoCompleteHint, AutoCompleteDesc: c.AutoCompleteDesc,
		DisplayName: c.DisplayName, Description: c.Description, Creator: c.CreatorID,
	}
}

// builtIn are the triggers of Mattermost's own commands.
func builtIn() []string {
	return strings.Fields("away clear code collapse dnd echo expand exportlink groupmsg header help invite invite_people join kick leave " +
		"logout marketplace me msg mute offline online open purpose remove rename search settings share-channel secure-connection shortcuts shrug status")
}

// check refuses a malformed command.
func (w *wireCommand) check() *Failure {
	bad := func(what, words string) *Failure {
		return fail(http.StatusBadRequest, "model.command.is_valid."+what+".app_error", words)
	}
	u, err := url.Parse(w.URL)
	switch {
	case w.Trigger == "" || len(w.Trigger) > 128 || strings.HasPrefix(w.Trigger, "/") || strings.Contains(w.Trigger, " "):
		return bad("trigger", "Invalid trigger.")
	case w.URL == "" || len(w.URL) > 1024:
		return bad("url", "Invalid URL.")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return bad("url_http", "Invalid URL. Must be a valid URL and start with http:// or https://.")
	case w.Method != "P" && w.Method != "G":
		return bad("method", "Invalid Method.")
	case len(w.DisplayName) > 64:
		return bad("display_name", "Invalid title.")
	case len(w.Description) > 128:
		return bad("description", "Invalid description.")
	}
	return nil
}

func commandsOff() *Failure {
	return fail(http.StatusNotImplemented, "api.command.disabled.app_error", "Commands have been disabled by the system admin.")
}

func noCommand() *Failure {
	return fail(http.StatusNotFound, "store.sql_command.save.get.app_error", "Unable to get the command.")
}

func (s *Server) newCommand(w wireCommand) *command {
	s.order++
	w.ID, w.Token, w.CreateAt, w.UpdateAt, w.AutocompleteData = newID(), newID(), s.now(), s.now(), nil
	c := &command{wireCommand: w, number: s.order}
	s.commands[c.ID] = c
	return c
}

// createCommand makes a command. Triggers that exist, Mattermost's own among
// them, are refused.
func (s *Server) createCommand(c *call) (any, *Failure) {
	var in wireCommand
	if f := c.read("command", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch t := s.teams[in.TeamID]; {
	case !c.user.admin || t == nil:
		return nil, c.denied("manage_slash_commands")
	case !s.settings.EnableCommands:
		return nil, commandsOff()
	}
	in.Trigger = strings.ToLower(in.Trigger)
	for _, old := range s.commandsOf(in.TeamID) {
		if old.Trigger == in.Trigger {
			return nil, duplicate()
		}
	}
	if slices.Contains(builtIn(), in.Trigger) {
		return nil, duplicate()
	}
	if f := in.check(); f != nil {
		return nil, f
	}
	in.CreatorID = c.user.id
	w := s.newCommand(in).wireCommand
	w.AutocompleteData = in.AutocompleteData
	return w, nil
}

func duplicate() *Failure {
	return fail(http.StatusBadRequest, "api.command.duplicate_trigger.app_error", "This trigger word is already in use. Please choose another word.")
}

// known gives a command that the caller may see, which others do not even
// know of.
func (s *Server) known(c *call) (*command, *Failure) {
	id, f := c.id("command_id")
	if f != nil {
		return nil, f
	}
	m := s.commands[id]
	if m == nil || !c.user.admin || !s.settings.EnableCommands {
		return nil, noCommand()
	}
	return m, nil
}

func (s *Server) getCommand(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, f := s.known(c)
	if f != nil {
		return nil, f
	}
	return m.wireCommand, nil
}

// updateCommand replaces a command but for its token and its team. Unlike
// making one it checks no duplicates.
func (s *Server) updateCommand(c *call) (any, *Failure) {
	var in wireCommand
	if f := c.read("command", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.ID != c.r.PathValue("command_id") {
		return nil, invalidBody("command")
	}
	m, f := s.known(c)
	if f != nil {
		return nil, f
	}
	if in.TeamID != m.TeamID {
		return nil, fail(http.StatusBadRequest, "api.command.team_mismatch.app_error", "Unable to update commands across teams.")
	}
	in.Trigger = strings.ToLower(in.Trigger)
	if f := in.check(); f != nil {
		return nil, f
	}
	in.Token, in.CreateAt, in.UpdateAt, in.CreatorID = m.Token, m.CreateAt, s.now(), m.CreatorID
	out := in
	in.AutocompleteData = nil
	m.wireCommand = in
	return out, nil
}

func (s *Server) deleteCommand(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, f := s.known(c)
	if f != nil {
		return nil, f
	}
	delete(s.commands, m.ID)
	return ok{"OK"}, nil
}

func (s *Server) regenCommandToken(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, f := s.known(c)
	if f != nil {
		return nil, f
	}
	m.Token = newID()
	return map[string]string{"token": m.Token}, nil
}

// getCommands lists commands. Who may not manage them sees those with
// autocompletion, without their secrets.
func (s *Server) getCommands(c *call) (any, *Failure) {
	custom, _ := strconv.ParseBool(c.query("custom_only"))
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.teams[c.query("team_id")]
	switch {
	case c.query("team_id") == "":
		return nil, invalidBody("team_id")
	case t == nil || !t.members[c.user.id] && !c.user.admin:
		return nil, c.denied("view_team")
	case custom && !c.user.admin:
		return nil, c.denied("manage_slash_commands")
	case custom && !s.settings.EnableCommands:
		return nil, commandsOff()
	}
	out := []wireCommand{}
	if s.settings.EnableCommands {
		for _, m := range s.commandsOf(t.id) {
			switch w := m.wireCommand; {
			case custom:
				out = append(out, w)
			case c.user.admin || w.AutoComplete:
				w.Token, w.CreatorID, w.Method, w.URL, w.Username, w.IconURL = "", "", "", "", "", ""
				out = append(out, w)
			}
		}
	}
	if !custom {
		for _, trigger := range builtIn() {
			out = append(out, wireCommand{Trigger: trigger, AutoComplete: true})
		}
	}
	return out, nil
}
