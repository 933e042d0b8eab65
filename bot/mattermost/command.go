package mattermost

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// commandAnswer is the answer to a slash command, and what is sent to its
// response_url; without a type it is ephemeral.
type commandAnswer struct {
	Type      string `json:"response_type,omitempty"`
	Text      string `json:"text,omitempty"`
	SkipSlack bool   `json:"skip_slack_parsing"`
}

func ephemeral(text string) commandAnswer {
	return commandAnswer{Type: model.CommandResponseTypeEphemeral, Text: text, SkipSlack: true}
}

// serveCommand takes a slash command. Its answer holds nothing personal: what
// proves who acts does not prove where, so it may not be read by whoever sends
// the request.
func (a *doors) serveCommand(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || !a.knowsToken(r.Context(), r.PostForm.Get("team_id"), r.PostForm.Get("token")) {
		a.refuse(w, r, bot.RefusedToken, "a slash command with a token that is not among MATTERMOST_COMMAND_TOKENS; run resetpin mattermost setup, and start the bot anew")
		return
	}
	f := r.PostForm
	user, me := f.Get("user_id"), a.meNow(r.Context())
	p, err := a.prove(r.Context(), f.Get("trigger_id"), user)
	switch {
	case me.ID != "" && user == me.ID: // the doctor, who tries the way
		a.say(w, ephemeral(wayBack(err)))
		return
	case err != nil:
		a.doubt(r.Context(), "command", err)
		a.say(w, ephemeral(linked(a.wordsTo(r.Context(), "").Unproven, a.DMLink(f.Get("team_domain")))))
		return
	}
	e := &exchange{
		source: fromCommand, id: "c" + p.id,
		user: user, channel: f.Get("channel_id"), team: f.Get("team_domain"), trigger: f.Get("trigger_id"),
		response: a.responseURL(f.Get("response_url")),
		direct:   a.isDirect(r.Context(), f.Get("channel_name"), user),
	}
	u := a.commandUpdate(e, f)
	a.serve(w, r, e, p.ticket(), u, phrases{
		again:   func(Words) any { return struct{}{} },
		trouble: func(w Words) any { return ephemeral(w.Trouble) },
		working: func(w Words) any { return ephemeral(w.Working) },
	})
}

// responsePath is how a response_url goes on after the server's address.
const responsePath = "/hooks/commands/"

// responseURL gives a response_url by the address at which the bot reaches the
// server. The server writes the address that people use, which may be another;
// and nothing is ever sent to a host that a request names.
func (a *Adapter) responseURL(from string) string {
	u, err := url.Parse(from)
	if err != nil {
		return ""
	}
	_, id, ok := strings.Cut(u.Path, responsePath)
	if !ok || !model.IsValidId(id) {
		return ""
	}
	return a.c.URL + responsePath + id
}

// commandUpdate makes an update of a slash command. It counts as private
// wherever it was typed: neither the command nor the answer is shown to
// others. It is only a wish: see proof. Mattermost's own languages are no hint at the person's: most leave
// the server's default.
func (a *Adapter) commandUpdate(e *exchange, f url.Values) bot.Update {
	u := bot.Update{
		Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: e.user}, Private: true, Handle: handleOfCommand(e)},
		ID:     e.id, At: a.c.Now(), Wish: true,
	}
	if e.direct {
		u.Chat = e.channel
	}
	trigger := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(f.Get("command")), "/"))
	u.Kind, u.Command, u.Text = a.command(trigger, strings.TrimSpace(f.Get("text")))
	return u
}

// command reads what was typed after a trigger word: a word of the bot's with
// its arguments, or just words.
func (a *Adapter) command(trigger, args string) (kind bot.Kind, command, text string) {
	if trigger == a.c.StatusCommand {
		return bot.KindCommand, "status", args
	}
	word, rest := cutWord(args)
	switch {
	case args == "":
		return bot.KindCommand, "resetpin", ""
	case slices.Contains(a.c.CommandWords, strings.ToLower(word)):
		return bot.KindCommand, strings.ToLower(word), rest
	}
	return bot.KindText, "", args
}

// words reads a direct message: what is written like a slash command, or is a
// word of the bot's and nothing else, or begins with one of the admins', is a
// command.
func (a *Adapter) words(text string) (kind bot.Kind, command, rest string) {
	word, rest := cutWord(text)
	word = strings.ToLower(word)
	typed, slash := strings.CutPrefix(word, "/")
	switch {
	case slash && (typed == a.c.ResetCommand || typed == a.c.StatusCommand):
		return a.command(typed, rest)
	case slash && typed != "":
		return bot.KindCommand, typed, rest
	case slices.Contains(a.c.CommandWords, word) && (rest == "" || isNumber(rest)), slices.Contains(a.c.AdminWords, word):
		return bot.KindCommand, word, rest
	}
	return bot.KindText, "", text
}

// isNumber tells whether words are a number, however it is written.
func isNumber(s string) bool {
	return strings.Trim(s, "0123456789 .-") == ""
}

// cutWord cuts off the first word.
func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, " \t\r\n")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}
