package mattermosttest

import (
	"encoding/json"
	"net/http"
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
	if in.URL == "" {
		return nil, invalidBody("url")
	}
	s.mu.Lock()
	ch, t := s.channels[in.ChannelID], s.teams[in.TeamID]
	var f *Failure
	switch {
	case ch == nil:
		f = noChannel(in.ChannelID)
	case !s.reads(u, ch):
		f = denied(u.id, "read_channel_content")
	case t == nil || !t.members[u.id] && !u.admin:
		f = denied(u.id, "view_team")
	}
	s.mu.Unlock()
	if f != nil {
		return nil, f
	}
	address := in.URL
	in.URL, in.Type, in.UserID = "", "dialog_submission", u.id
	body, f := s.integrate(address, in, func(detail string) *Failure {
		return fail(http.StatusInternalServerError, "app.submit_interactive_dialog.read_body_error",
			"Encountered an error reading response body from interactive dialog submission.").because("%s", detail)
	})
	if f != nil {
		return nil, f
	}
	var out submitAnswer
	if len(body) > 0 {
		if err := json.Unmarshal(body, &out); err != nil {
			return nil, fail(http.StatusInternalServerError, "app.submit_interactive_dialog.decode_json_error",
				"Encountered an error decoding JSON response from interactive dialog submission.").because("%s", err.Error())
		}
	}
	return &out, nil
}
