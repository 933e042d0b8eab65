package mattermosttest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// wireDialog is a dialog. Invalid ones (titles of more than 24 characters,
// unknown kinds of element) are sent to the client like others.
type wireDialog struct {
	CallbackID       string    `json:"callback_id"`
	Title            string    `json:"title"`
	IntroductionText string    `json:"introduction_text"`
	IconURL          string    `json:"icon_url"`
	Elements         []Element `json:"elements"`
	SubmitLabel      string    `json:"submit_label"`
	NotifyOnCancel   bool      `json:"notify_on_cancel"`
	State            string    `json:"state"`
}

// Element is a field of a dialog.
type Element struct {
	DisplayName string   `json:"display_name"`
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	SubType     string   `json:"subtype"`
	Default     string   `json:"default"`
	Placeholder string   `json:"placeholder"`
	HelpText    string   `json:"help_text"`
	Optional    bool     `json:"optional"`
	MinLength   int      `json:"min_length"`
	MaxLength   int      `json:"max_length"`
	DataSource  string   `json:"data_source"`
	Options     []option `json:"options"`
}

// openDialog is what the bot sends to open a dialog, and what the client is
// told of it: the client sees the address and the state too.
type openDialog struct {
	TriggerID string     `json:"trigger_id"`
	URL       string     `json:"url"`
	Dialog    wireDialog `json:"dialog"`
}

// postOpenDialog opens a dialog for whom the trigger was made. The trigger is
// all it takes: no token is needed.
func (s *Server) postOpenDialog(c *call) (any, *Failure) {
	var in openDialog
	if f := c.read("dialog", &in); f != nil {
		return nil, f
	}
	if in.URL == "" {
		return nil, invalidBody("url")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	short, user, f := s.openTrigger(in.TriggerID)
	if f != nil {
		return nil, f
	}
	in.TriggerID = short
	s.publish(event{name: "open_dialog", user: user, data: map[string]any{"dialog": asText(in)}})
	if u := s.users[user]; u != nil {
		u.desk.dialog = &Dialog{
			URL: in.URL, CallbackID: in.Dialog.CallbackID, Title: in.Dialog.Title, Intro: in.Dialog.IntroductionText,
			SubmitLabel: in.Dialog.SubmitLabel, State: in.Dialog.State, NotifyOnCancel: in.Dialog.NotifyOnCancel, Elements: in.Dialog.Elements,
		}
		s.tell(Change{Kind: ChangeDialog, User: user})
	}
	return ok{"OK"}, nil
}

// submission is what a client sends; the bot is sent the same without the
// address, with the user of the session.
type submission struct {
	Type       string         `json:"type"`
	URL        string         `json:"url,omitempty"`
	CallbackID string         `json:"callback_id"`
	State      string         `json:"state"`
	UserID     string         `json:"user_id"`
	ChannelID  string         `json:"channel_id"`
	TeamID     string         `json:"team_id"`
	Submission map[string]any `json:"submission"`
	Cancelled  bool           `json:"cancelled"`
}

// submitAnswer is what the bot answers and the client is told.
type submitAnswer struct {
	Error  string            `json:"error,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
}

// postSubmitDialog is POST /actions/dialogs/submit.
func (s *Server) postSubmitDialog(c *call) (any, *Failure) {
	var in submission
	if f := c.read("dialog", &in); f != nil {
		return nil, f
	}
	return s.submit(c.user, in)
}

// submit hands a submission to the bot. Nothing in it is checked but the user,
// the channel and the team: neither the values nor that there was a dialog.
func (s *Server) submit(u *user, in submission) (*submitAnswer, *Failure) {
	in.Type = "dialog_submission"
	var out submitAnswer
	return &out, s.ofDialog(u, in, &out, "submit_interactive_dialog", "submission")
}

// lookupAnswer are a field's choices as the bot answers and the client is told.
type lookupAnswer struct {
	Items []choice `json:"items"`
}

type choice struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// postLookupDialog is POST /actions/dialogs/lookup of 11.x, by which a client
// asks the bot for the choices of a field while somebody types into it:
// submission holds query and selected_field. Tried on 11.6: it is handed on
// like a submission, whatever dialog or none there is.
func (s *Server) postLookupDialog(c *call) (any, *Failure) {
	var in submission
	if f := c.read("dialog", &in); f != nil {
		return nil, f
	}
	if !strings.HasPrefix(in.URL, "http://") && !strings.HasPrefix(in.URL, "https://") {
		return nil, invalidBody("url")
	}
	in.Type = "dialog_lookup"
	var out lookupAnswer
	return &out, s.ofDialog(c.user, in, &out, "lookup_interactive_dialog", "lookup")
}

// ofDialog hands what a client says of a dialog to the bot, and reads its
// answer into out; an empty one tells nothing. id and words are of the failures.
func (s *Server) ofDialog(u *user, in submission, out any, id, words string) *Failure {
	if in.URL == "" {
		return invalidBody("url")
	}
	if f := s.maySubmit(u, in); f != nil {
		return f
	}
	address := in.URL
	in.URL, in.UserID = "", u.id
	body, f := s.integrate(address, in, func(detail string) *Failure {
		return fail(http.StatusInternalServerError, "app."+id+".read_body_error",
			"Encountered an error reading response body from interactive dialog "+words+".").because("%s", detail)
	})
	if f != nil || len(body) == 0 {
		return f
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fail(http.StatusInternalServerError, "app."+id+".decode_json_error",
			"Encountered an error decoding JSON response from interactive dialog "+words+".").because("%s", err.Error())
	}
	return nil
}

// maySubmit looks whether the user reads the channel and sees the team.
func (s *Server) maySubmit(u *user, in submission) *Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, t := s.channels[in.ChannelID], s.teams[in.TeamID]
	switch {
	case ch == nil:
		return noChannel(in.ChannelID)
	case !s.reads(u, ch):
		return denied(u.id, "read_channel_content")
	case t == nil || !t.members[u.id] && !u.admin:
		return denied(u.id, "view_team")
	}
	return nil
}
