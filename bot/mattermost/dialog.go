package mattermost

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
)

// Bounds of a dialog: the server's own for what it shows, and the bot's for
// what comes back, which the server does not check.
const (
	maxTitle       = 24
	maxLabel       = 24
	maxHelp        = 150
	maxPlaceholder = 150
	maxFields      = 16
	maxFieldName   = 64
	maxValue       = 3000
	dialogLife     = 12 * time.Hour

	typeSubmission = "dialog_submission"
	typeLookup     = "dialog_lookup"
)

// errTrigger says that there is nothing to open a dialog with.
var errTrigger = errors.New("mattermost: no trigger to open a dialog with, or it is too old")

// openForm opens a dialog for whom the trigger was made. It is tried once: a
// trigger is short-lived.
func (a *Adapter) openForm(ctx context.Context, trigger string, from scope, f bot.Form) error {
	if trigger == "" {
		return errTrigger
	}
	from.Kind, from.Form = onDialog, nil
	sealed, signature, err := a.seal(from, f.Action)
	if err != nil {
		return err
	}
	request := model.OpenDialogRequest{
		TriggerId: trigger, URL: a.c.PublicURL + "/mattermost/dialog",
		Dialog: dialogOf(f, dialogState(sealed, signature)),
	}
	ctx, cancel := context.WithTimeout(ctx, a.c.Timing.Call)
	defer cancel()
	if r, err := a.api.OpenInteractiveDialog(ctx, request); err != nil {
		e := server.Explain("open a dialog", r, err)
		a.health.heard(e)
		return e
	}
	return nil
}

// dialogOf renders a form within the server's bounds.
func dialogOf(f bot.Form, state string) model.Dialog {
	d := model.Dialog{
		CallbackId: f.Action.Name, Title: cutRunes(f.Title, maxTitle), IntroductionText: Markdown(f.Intro),
		SubmitLabel: cutRunes(f.Submit, maxTitle), State: state,
	}
	for _, field := range f.Fields {
		d.Elements = append(d.Elements, model.DialogElement{
			Type: "text", Name: field.Name, DisplayName: cutRunes(field.Label, maxLabel), HelpText: cutRunes(field.Help, maxHelp),
			Placeholder: cutRunes(field.Placeholder, maxPlaceholder), Default: cutRunes(field.Value, maxValue), MaxLength: min(max(field.MaxLength, 1), maxPlaceholder),
		})
	}
	return d
}

// cutRunes cuts a text to so many characters.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// dialogAnswer is the answer to a submitted dialog: with errors it stays
// open, without any it closes.
type dialogAnswer struct {
	Error  string            `json:"error,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
}

// serveDialog takes a submitted dialog. Its user is the server's word, all
// else is the client's.
func (a *doors) serveDialog(w http.ResponseWriter, r *http.Request) {
	var d model.SubmitDialogRequest
	if err := readJSON(r, &d); err != nil {
		a.refuse(w, r, bot.RefusedForm, "a dialog that cannot be read")
		return
	}
	s, act, err := a.unsealState(d.State)
	if err != nil || d.CallbackId != act.Name {
		a.refuse(w, r, bot.RefusedForm, "a dialog that the bot did not sign")
		return
	}
	switch {
	case s.User != d.UserId:
		a.say(w, dialogAnswer{Error: a.wordsTo(r.Context(), d.UserId).Foreign})
		return
	case d.Cancelled:
		a.say(w, dialogAnswer{})
		return
	case d.Type == typeLookup: // of 11.x: a client may ask any dialog for the choices of a field
		a.say(w, model.LookupDialogResponse{Items: []model.DialogSelectOption{}})
		return
	case d.Type != "" && d.Type != typeSubmission:
		a.say(w, dialogAnswer{})
		return
	case a.c.Now().Sub(act.At) > dialogLife:
		a.say(w, dialogAnswer{Error: a.wordsTo(r.Context(), d.UserId).Old})
		return
	}
	e := a.dialogExchange(d.State, s)
	u := bot.Update{
		Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: s.User}, Private: true, Handle: inThread(e.id, s.Root)},
		ID:     e.id + "." + rand.Text(), Kind: bot.KindForm, Action: act, Fields: fieldsOf(d.Submission), At: a.c.Now(),
	}
	if e.direct {
		u.Chat = e.channel
	}
	a.serve(w, r, e, ticket{e.id, dialogLife}, u, phrases{
		again:   func(w Words) any { return dialogAnswer{Error: w.Again} },
		trouble: func(w Words) any { return dialogAnswer{Error: w.Trouble} },
		working: func(Words) any { return dialogAnswer{} },
	})
}

// dialogExchange makes a submission's exchange. Submissions have no id of
// their own: a dialog's state counts once at a time, and once for all when it
// was answered without errors, over all replicas.
func (a *Adapter) dialogExchange(state string, s scope) *exchange {
	e := &exchange{source: fromDialog, id: "d" + handleOf(state), user: s.User, channel: s.Channel, direct: s.Direct}
	if command := a.exchanges.get(s.Exchange); command != nil {
		e.parent, e.team = command, command.team
	}
	return e
}

// fieldsOf gives a dialog's values within bounds; what is no text is left
// out.
func fieldsOf(submission map[string]any) map[string]string {
	out := make(map[string]string)
	for name, value := range submission {
		text, ok := value.(string)
		if !ok || len(name) > maxFieldName || len(out) >= maxFields {
			continue
		}
		text = strings.ToValidUTF8(text, "�")
		if utf8.RuneCountInString(text) > maxValue {
			text = string([]rune(text)[:maxValue])
		}
		out[name] = text
	}
	return out
}
