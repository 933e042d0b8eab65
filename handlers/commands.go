package handlers

import (
	"context"
	"slices"

	"resetpin/bot"
)

// Command is a row of the one table of what people can type. Help, Telegram's
// command list and Mattermost's autocompletion are made from it.
type Command struct {
	Name    string
	Aliases []string
	Hidden  bool // works, but is not listed
	run     func(h *Handlers, ctx context.Context, r request) (bot.Reply, error)
}

// CommandInfo is a command as platforms list it.
type CommandInfo struct {
	Name        string
	Description map[string]string // by language
}

// commandTable is the table, in the order of the help. The description of a
// command is the text "command.NAME".
func commandTable() []Command {
	return []Command{
		{Name: "resetpin", Aliases: []string{"reset"}, run: (*Handlers).resetPIN},
		{Name: "status", Aliases: []string{"statusds"}, run: (*Handlers).status},
		{Name: "link", run: (*Handlers).link},
		{Name: "panduan", Aliases: []string{"guide"}, run: (*Handlers).guide},
		{Name: "unlink", run: (*Handlers).unlink},
		{Name: "bahasa", Aliases: []string{"language"}, run: (*Handlers).chooseLanguage},
		{Name: "privasi", Aliases: []string{"privacy"}, run: (*Handlers).privacy},
		{Name: "help", Aliases: []string{"bantuan"}, run: (*Handlers).help},
		{Name: "start", Hidden: true, run: (*Handlers).start},
	}
}

// actions are what pressed buttons do, by the name in the signed Action.
func actions() map[string]func(h *Handlers, ctx context.Context, r request) (bot.Reply, error) {
	return map[string]func(h *Handlers, ctx context.Context, r request) (bot.Reply, error){
		"cmd":          (*Handlers).pressCommand,
		"link.again":   (*Handlers).verifyAgain,
		"code.again":   (*Handlers).codeAgain,
		"code.missing": (*Handlers).codeMissing,
		"code.nip":     (*Handlers).otherNIP,
		"link.cut":     (*Handlers).cutAsked,
		"link.cut.ok":  (*Handlers).cutConfirmed,
		"unlink.ok":    (*Handlers).unlinkConfirmed,
		"cancel":       (*Handlers).cancel,
		"lang":         (*Handlers).languageChosen,
		"browser":      (*Handlers).browserChosen,
		"quiet":        (*Handlers).quietChosen,
		"worked":       (*Handlers).workedAnswered,
		"mean":         (*Handlers).meant,
		"given":        (*Handlers).givenAway,
		"reset.ok":     (*Handlers).resetConfirmed,
		"reset.new":    (*Handlers).resetAnew,
		"reset.phone":  (*Handlers).phoneVerified,
		"helpdesk":     (*Handlers).callHelp,
		"walk":         (*Handlers).walkMove,
		"walk.start":   (*Handlers).walkStart,
		"walk.here":    (*Handlers).walkResume,
		"walk.own":     (*Handlers).walkOwn,
		"page":         (*Handlers).onePage,
		"mode":         (*Handlers).modeChosen,
	}
}

// Commands lists the commands for a platform to show.
func Commands(t *Texts) []CommandInfo {
	var out []CommandInfo
	for _, c := range commandTable() {
		if c.Hidden {
			continue
		}
		info := CommandInfo{Name: c.Name, Description: make(map[string]string)}
		for _, lang := range []string{Indonesian, English} {
			info.Description[lang] = t.Get(lang, "command."+c.Name)
		}
		out = append(out, info)
	}
	return out
}

// CommandWords lists every word that is a command, aliases included.
func CommandWords() []string {
	var out []string
	for _, c := range commandTable() {
		out = append(append(out, c.Name), c.Aliases...)
	}
	return out
}

func (h *Handlers) findCommand(name string) *Command {
	i := slices.IndexFunc(h.commands, func(c Command) bool {
		return c.Name == name || slices.Contains(c.Aliases, name)
	})
	if i < 0 {
		return nil
	}
	return &h.commands[i]
}

// pressCommand runs the command that a button names, as if it was typed.
func (h *Handlers) pressCommand(ctx context.Context, r request) (bot.Reply, error) {
	c := h.findCommand(r.Action.Arg)
	if c == nil {
		return h.lost(r), nil
	}
	r.Command, r.Text = c.Name, ""
	return c.run(h, ctx, r)
}

// cancel takes the buttons off a question that was answered with no.
func (h *Handlers) cancel(_ context.Context, r request) (bot.Reply, error) {
	return replace(r.say("cancelled"), h.homeButtons(r)...), nil
}
