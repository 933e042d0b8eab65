package handlers

import (
	"context"
	"embed"
	"io/fs"

	"resetpin/bot"
	"resetpin/handlers/talk"
)

//go:embed texts
var builtinTexts embed.FS

// LoadTexts reads the built-in texts. It fails when a key or a placeholder
// exists in one language only.
func LoadTexts() (*talk.Texts, error) {
	own, err := fs.Sub(builtinTexts, "texts")
	if err != nil {
		return nil, err
	}
	return talk.LoadTexts(own)
}

// Names of this package's own buttons and dialogs.
const (
	codeMissing talk.Name = "code.missing"
	cutOK       talk.Name = "link.cut.ok"
	formNIP     talk.Name = "link.nip"
	formCode    talk.Name = "link.code"
)

// capabilities lists all that the bot can do.
func (h *Handlers) capabilities() []talk.Capability {
	return []talk.Capability{{
		Name: "all",
		Commands: []talk.Command{
			{Name: "resetpin", Aliases: []string{"reset"}, Listed: 10, Run: h.resetPIN},
			{Name: "status", Aliases: []string{"statusds"}, Listed: 20, Run: h.status},
			{Name: "link", Listed: 30, Run: h.link},
			{Name: "panduan", Aliases: []string{"guide"}, Listed: 40, Run: h.guide},
			{Name: "unlink", Listed: 50, Run: h.unlink},
			{Name: "bahasa", Aliases: []string{"language"}, Listed: 60, Run: h.chooseLanguage},
			{Name: "privasi", Aliases: []string{"privacy"}, Listed: 70, Run: h.privacy},
			{Name: "help", Aliases: []string{"bantuan"}, Listed: 80, Run: h.help},
			{Name: "start", Run: h.start},
		},
		Actions: map[talk.Name]talk.Handler{
			talk.LinkAgain: h.verifyAgain,
			talk.CodeAgain: h.codeAgain,
			codeMissing:    h.codeMissing,
			talk.OtherNIP:  h.otherNIP,
			talk.LinkCut:   h.cutAsked,
			cutOK:          h.cutConfirmed,
			talk.UnlinkOK:  h.unlinkConfirmed,
			talk.Language:  h.languageChosen,
			talk.Browser:   h.browserChosen,
			talk.Quiet:     h.quietChosen,
			talk.Worked:    h.workedAnswered,
			talk.Mean:      h.meant,
			talk.Given:     h.givenAway,
			talk.ResetOK:   h.resetConfirmed,
			talk.ResetNew:  h.resetAnew,
			talk.Phone:     h.phoneVerified,
			talk.Helpdesk:  h.callHelp,
			talk.Walk:      h.walkMove,
			talk.WalkStart: h.walkStart,
			talk.WalkHere:  h.walkResume,
			talk.WalkOwn:   h.walkOwn,
			talk.Page:      h.onePage,
			talk.Mode:      h.modeChosen,
		},
		Forms: map[talk.Name]talk.Handler{
			formNIP: func(ctx context.Context, r talk.Request) (bot.Reply, error) {
				return h.enterNIP(ctx, r, r.Fields[fieldNIP])
			},
			formCode: func(ctx context.Context, r talk.Request) (bot.Reply, error) {
				return h.enterCode(ctx, r, r.Fields[fieldCode])
			},
		},
		Jobs: map[talk.JobKind]talk.Work{
			jobMail:    h.mail,
			jobPrepare: h.prepare,
			jobReset:   h.reset,
			jobTell:    h.tell,
			jobLinks:   h.tellLinked,
			jobAlarm:   h.alarm,
			jobRemind:  h.remind,
			jobAsk:     h.ask,
		},
		Words: h.text, Introduce: h.introduce, Here: h.here,
	}}
}

// Kinds of durable jobs.
const (
	jobMail    talk.JobKind = "mail"    // a mail to an employee
	jobPrepare talk.JobKind = "prepare" // the question before a reset, when one's turn has come
	jobReset   talk.JobKind = "reset"   // the one call to BSrE for a reset that was written down
	jobTell    talk.JobKind = "tell"    // the outcome of a reset, to the account that asked
	jobLinks   talk.JobKind = "links"   // a new link, to the employee's other accounts
	jobAlarm   talk.JobKind = "alarm"   // a danger that officers are told of
	jobRemind  talk.JobKind = "remind"  // a link waits, and the walk does not go on
	jobAsk     talk.JobKind = "ask"     // did signing work?
)

// Speak lets the handlers speak unasked and send mails, from their durable
// jobs. It is called once, before the first of them.
func (h *Handlers) Speak(p talk.Pusher, m *MailRoom) { h.Pusher, h.mails = p, m }

// CommandInfo is a command as platforms list it.
type CommandInfo struct {
	Name        string
	Description map[string]string // by language
}

// Commands lists the commands for a platform to show.
func Commands(t *talk.Texts) []CommandInfo {
	var out []CommandInfo
	for _, c := range table().Listed() {
		info := CommandInfo{Name: c.Name, Description: make(map[string]string)}
		for _, lang := range []string{talk.Indonesian, talk.English} {
			info.Description[lang] = t.Get(lang, "command."+c.Name)
		}
		out = append(out, info)
	}
	return out
}

// CommandWords lists every word that is a command, aliases included.
func CommandWords() []string { return table().Words() }

// table is what the capabilities bring, for those who only look at it.
func table() *talk.Table {
	h := assemble(Config{})
	if err := h.Register(h.capabilities()...); err != nil {
		panic(err) // New says so first, and a test
	}
	return h.Table()
}
