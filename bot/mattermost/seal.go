package mattermost

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"resetpin/bot"
)

// What is sealed.
const (
	onPost    = "b" // a button on a post of the bot's
	opensForm = "f" // a button that opens a dialog
	onDialog  = "d" // a dialog
)

// scope is what a button or dialog is bound to beside its action and time.
// A press proves who acted and nothing more, a dialog not even that: everything
// that is acted on is in here and signed.
type scope struct {
	User     string    `json:"u"`
	Channel  string    `json:"c"`
	Kind     string    `json:"k"`
	Direct   bool      `json:"o,omitempty"` // Channel is the direct message with the bot
	Exchange string    `json:"x,omitempty"` // the slash command that led to the dialog
	Root     string    `json:"r,omitempty"` // the thread that the button's post stands in
	Form     *bot.Form `json:"f,omitempty"` // the dialog that the button opens
}

// seal signs an action together with its scope. Both parts are needed to open
// it again.
func (a *Adapter) seal(s scope, act bot.Action) (sealed, signature string, err error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", "", err
	}
	sealed = base64.RawURLEncoding.EncodeToString(raw)
	signature, err = a.c.Signer.Sign(sealFor(sealed), act, a.c.Now())
	return sealed, signature, err
}

// unseal gives back what seal was given, or bot.ErrForged.
func (a *Adapter) unseal(sealed, signature string) (scope, bot.Action, error) {
	act, err := a.c.Signer.Verify(sealFor(sealed), signature)
	if err != nil {
		return scope{}, bot.Action{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return scope{}, bot.Action{}, bot.ErrForged
	}
	var s scope
	if err := json.Unmarshal(raw, &s); err != nil {
		return scope{}, bot.Action{}, bot.ErrForged
	}
	return s, act, nil
}

// sealFor lets the signer, which signs for accounts, sign a scope. No account
// id has this form, so nothing that is signed for one passes for the other.
func sealFor(sealed string) bot.Account {
	return bot.Account{Platform: bot.Mattermost, ID: "scope " + sealed}
}

// errState says that a dialog's state is not the bot's.
var errState = errors.New("dialog: its state is not the bot's")

// dialogState writes a sealed action as one text.
func dialogState(sealed, signature string) string { return sealed + "." + signature }

// unsealState reads what dialogState wrote.
func (a *Adapter) unsealState(state string) (scope, bot.Action, error) {
	sealed, signature, ok := strings.Cut(state, ".")
	if !ok {
		return scope{}, bot.Action{}, errState
	}
	s, act, err := a.unseal(sealed, signature)
	if err == nil && s.Kind != onDialog {
		err = errState
	}
	return s, act, err
}
