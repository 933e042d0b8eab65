package handlers

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"resetpin/bot"
	"resetpin/store"
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
func (h *Handlers) sendCode(ctx context.Context, r request, nip string) (bot.Reply, error) {
	e, err := h.Store.Employee(ctx, nip)
	if err != nil && !isNotFound(err) {
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
	grant, err := h.Store.CreateCode(ctx, store.CodeRequest{
		Account: r.account(), NIP: nip, Code: code, Linked: r.session.Linked && r.session.Employee.NIP == nip,
		Now: r.now, Expires: r.now.Add(h.Settings.CodeTTL), Limits: codeLimits(), Mail: mail,
		Alarm: func(d store.Danger) store.Job { return alarmJob(nip, d) },
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("create code: %w", err)
	}
	if grant.Verdict == store.CodeIssued || !grant.Open.IsZero() {
		if err := h.Store.SetPrompt(ctx, r.account(), store.PromptCode, r.now); err != nil {
			return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
		}
	}
	if grant.Verdict != store.CodeIssued {
		return h.noCode(r, grant), nil
	}
	return h.askCode(r), nil
}

// askCode tells that a code comes, and by when; or that it waits with all
// others for the mail server.
func (h *Handlers) askCode(r request) bot.Reply {
	key, until := "code.sent", r.now.Add(h.Settings.CodeTTL)
	if h.post.down(r.now) {
		key, until = "code.trouble", r.now.Add(codeLate)
	}
	text := r.say(key, "until", h.clock(until, r.now), "chat", h.Store.Reference(r.account()))
	answer := reply(text, r.button("button.nocode", "code.missing", ""), r.button("button.othernip", "code.nip", ""))
	answer.Messages[0].Topic = topicLink
	answer.Form = &bot.Form{
		Action: bot.Action{Name: "link.code"}, Title: r.say("form.code"), Intro: text, Submit: r.say("form.send"),
		Fields: []bot.Field{{Name: fieldCode, Label: r.say("form.code"), Help: r.say("form.codehelp"), Placeholder: "123456", MaxLength: 12}},
	}
	return answer
}

// noCode tells that none was sent, why, and what to do. It is the same for a
// NIP that nobody has.
func (h *Handlers) noCode(r request, g store.CodeGrant) bot.Reply {
	span := "code.span.hour"
	if g.Limit.Per > time.Hour {
		span = "code.span.day"
	}
	text := r.say("code.no."+string(g.Verdict), "number", strconv.Itoa(g.Limit.Most), "span", r.say(span), "time", h.clock(g.Until, r.now),
		"helpdesk", h.helpdesk(r), "chat", h.Store.Reference(r.account()))
	if !g.Open.IsZero() {
		text = r.say("code.open", "until", h.clock(g.Open, r.now)) + "\n\n" + text
	}
	return reply(text, r.button("button.newcode", "code.again", ""), r.button("button.othernip", "code.nip", ""), r.button("button.help", "cmd", "help"))
}

// codeMissing helps somebody whose code does not come.
func (h *Handlers) codeMissing(ctx context.Context, r request) (bot.Reply, error) {
	nip, asked, err := h.lastNIP(ctx, r)
	if err != nil || nip == "" {
		return h.orAskNIP(ctx, r, err)
	}
	key := "code.missing"
	if h.post.down(r.now) {
		key = "code.waits"
	}
	return reply(r.say(key, "time", h.clock(asked, r.now), "last", lastOfNIP(nip), "helpdesk", h.helpdesk(r)),
		r.primary("button.newcode", "code.again", ""), r.button("button.othernip", "code.nip", ""), r.button("button.help", "cmd", "help")), nil
}

// codeAgain sends another code for the NIP that this chat typed last.
func (h *Handlers) codeAgain(ctx context.Context, r request) (bot.Reply, error) {
	if h.verified(r) {
		return h.profile(r, "link.already"), nil
	}
	nip, _, err := h.lastNIP(ctx, r)
	if err != nil || nip == "" {
		return h.orAskNIP(ctx, r, err)
	}
	return h.sendCode(ctx, r, nip)
}

// otherNIP asks for another NIP than the one typed before.
func (h *Handlers) otherNIP(ctx context.Context, r request) (bot.Reply, error) {
	return h.orAskNIP(ctx, r, nil)
}

func (h *Handlers) orAskNIP(ctx context.Context, r request, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	if h.verified(r) {
		return h.profile(r, "link.already"), nil
	}
	return h.askNIP(ctx, r, "link.ask")
}

// nipRemembered is how long a new code needs no new NIP.
const nipRemembered = 24 * time.Hour

// lastNIP gives the NIP that a code was last asked for in this chat, and when;
// empty when that was long ago.
func (h *Handlers) lastNIP(ctx context.Context, r request) (string, time.Time, error) {
	nip, asked, err := h.Store.LastClaim(ctx, r.account())
	if isNotFound(err) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read last NIP: %w", err)
	}
	if ago := r.now.Sub(asked); ago > nipRemembered || ago < -clockSkew {
		return "", time.Time{}, nil
	}
	return nip, asked, nil
}

// lastOfNIP is enough of a NIP for its owner to know it.
func lastOfNIP(nip string) string { return nip[max(0, len(nip)-3):] }

// newCode gives six digits of a cryptographic source.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}
