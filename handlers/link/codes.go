package link

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strconv"
	"time"
)

const (
	codeAttempts = 5   // wrong ones for one code
	wrongInRow   = 100 // for one NIP (NIST SP 800-63B-4, 3.2.2)
)

// codeLimits bound the codes that are mailed. A mailbox gets at most 30 a day
// for all strangers together, and 10 for each chat that is trusted with it.
func codeLimits() store.CodeLimits {
	const day = 24 * time.Hour
	return store.CodeLimits{
		Asker:     []store.Rate{{Most: 3, Per: time.Hour}, {Most: 10, Per: day}},
		NIP:       []store.Rate{{Most: 3, Per: time.Hour}, {Most: 6, Per: day}},
		Reserve:   []store.Rate{{Most: 2, Per: time.Hour}, {Most: 24, Per: day}},
		Strangers: store.Rate{Most: 300, Per: time.Hour}, Share: 4, // a quarter of an agency may link in one hour
		Wrong: wrongInRow,
	}
}

// sendCode makes a one-time code and lets a durable job mail it. For a NIP
// that does not exist the same work is done, and the job mails nothing: the
// answer and its speed tell nobody who works here.
func (h *Room) sendCode(ctx context.Context, r talk.Request, nip string) (bot.Reply, error) {
	e, err := h.people.Employee(ctx, nip)
	if err != nil && !talk.NotFound(err) {
		return bot.Reply{}, fmt.Errorf("read employee: %w", err)
	}
	code, err := newCode()
	if err != nil {
		return bot.Reply{}, err
	}
	mail, err := h.codeMail(r, e, nip, code)
	if err != nil {
		return bot.Reply{}, err
	}
	grant, err := h.db.CreateCode(ctx, store.CodeRequest{
		Account: r.Asker(), Update: r.ID, NIP: nip, Code: code, Linked: r.Session.Linked && r.Session.Employee.NIP == nip,
		Now: r.Now, Expires: r.Now.Add(h.codeTTL), Limits: codeLimits(), Mail: mail,
		Alarm: func(d store.Danger) store.Job { return alarmJob(nip, d) },
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("create code: %w", err)
	}
	if grant.Verdict == store.CodeIssued || !grant.Open.IsZero() {
		if err := h.Await(ctx, r, store.PromptCode); err != nil {
			return bot.Reply{}, err
		}
	}
	if grant.Verdict != store.CodeIssued {
		return h.noCode(r, grant), nil
	}
	return h.askCode(r), nil
}

// askCode tells that a code comes, and by when; or that it waits with all
// others for the mail server.
func (h *Room) askCode(r talk.Request) bot.Reply {
	key, until := "code.sent", r.Now.Add(h.codeTTL)
	if h.post.Down(r.Now) {
		key, until = "code.trouble", r.Now.Add(letters.CodeLate)
	}
	text := r.Say(key, "until", h.Clock(until, r.Now), "chat", h.db.Reference(r.Asker()))
	answer := talk.Reply(text, r.Button("button.nocode", codeMissing, ""), r.Button("button.othernip", talk.OtherNIP, ""))
	answer.Messages[0].Topic = string(talk.TopicLink)
	answer.Form = &bot.Form{
		Action: formCode.With(""), Title: r.Say("form.code"), Intro: text, Submit: r.Say("form.send"),
		Fields: []bot.Field{{Name: fieldCode, Label: r.Say("form.code"), Help: r.Say("form.codehelp"), Placeholder: "123456", MaxLength: 12}},
	}
	return talk.AboutLink.Of(answer)
}

// noCode tells that none was sent, why, and what to do. It is the same for a
// NIP that nobody has.
func (h *Room) noCode(r talk.Request, g store.CodeGrant) bot.Reply {
	span := "code.span.hour"
	if g.Limit.Per > time.Hour {
		span = "code.span.day"
	}
	text := r.Say("code.no."+string(g.Verdict), "number", strconv.Itoa(g.Limit.Most), "span", r.Say(span), "time", h.Clock(g.Until, r.Now),
		"helpdesk", h.Helpdesk(r), "chat", h.db.Reference(r.Asker()))
	if !g.Open.IsZero() {
		text = r.Say("code.open", "until", h.Clock(g.Open, r.Now)) + "\n\n" + text
	}
	return talk.Reply(text, r.Button("button.newcode", talk.CodeAgain, ""), r.Button("button.othernip", talk.OtherNIP, ""), r.Button("button.help", talk.Cmd, "help"))
}

// codeMissing helps somebody whose code does not come.
func (h *Room) codeMissing(ctx context.Context, r talk.Request) (bot.Reply, error) {
	nip, asked, err := h.lastNIP(ctx, r)
	if err != nil || nip == "" {
		return h.orAskNIP(ctx, r, err)
	}
	key := "code.missing"
	if h.post.Down(r.Now) {
		key = "code.waits"
	}
	return talk.Reply(r.Say(key, "time", h.Clock(asked, r.Now), "last", letters.LastOfNIP(nip), "helpdesk", h.Helpdesk(r)),
		r.Primary("button.newcode", talk.CodeAgain, ""), r.Button("button.othernip", talk.OtherNIP, ""), r.Button("button.oldaddress", talk.Page, "link.address"), r.Button("button.help", talk.Cmd, "help")), nil
}

// codeAgain sends another code for the NIP that this chat typed last.
func (h *Room) codeAgain(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if h.Verified(r) {
		return h.Profile(r, "link.already"), nil
	}
	nip, _, err := h.lastNIP(ctx, r)
	if err != nil || nip == "" {
		return h.orAskNIP(ctx, r, err)
	}
	return h.sendCode(ctx, r, nip)
}

// otherNIP asks for another NIP than the one typed before.
func (h *Room) otherNIP(ctx context.Context, r talk.Request) (bot.Reply, error) {
	return h.orAskNIP(ctx, r, nil)
}

func (h *Room) orAskNIP(ctx context.Context, r talk.Request, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	if h.Verified(r) {
		return h.Profile(r, "link.already"), nil
	}
	return h.askNIP(ctx, r, "link.ask")
}

// nipRemembered is how long a new code needs no new NIP.
const nipRemembered = 24 * time.Hour

// lastNIP gives the NIP that a code was last asked for in this chat, and when;
// empty when that was long ago.
func (h *Room) lastNIP(ctx context.Context, r talk.Request) (string, time.Time, error) {
	nip, asked, err := h.db.LastClaim(ctx, r.Asker())
	if talk.NotFound(err) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read last NIP: %w", err)
	}
	if ago := r.Now.Sub(asked); ago > nipRemembered || ago < -talk.ClockSkew {
		return "", time.Time{}, nil
	}
	return nip, asked, nil
}

// newCode gives six digits of a cryptographic source.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// codeMail is the mail with a code for an employee, or for nobody.
func (h *Room) codeMail(r talk.Request, e store.Employee, nip, code string) (store.Job, error) {
	to := ""
	if e.Active {
		to = e.Email
	}
	return talk.NewJob(letters.JobMail, "", letters.Letter{
		To: to, NIP: nip, Name: letters.ShortName(e.Name), Last: letters.LastOfNIP(nip), Template: letters.CodeTemplate, Language: r.Lang, Platform: r.Account.Platform,
		Chat: h.db.Reference(r.Asker()), Code: code, Minutes: int(h.codeTTL.Minutes()), At: r.Now, Until: r.Now.Add(letters.CodeLate),
		Asker: r.Asker(), Told: h.post.Down(r.Now),
	})
}
