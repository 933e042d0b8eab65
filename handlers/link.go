package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/directory"
)

// Names of the dialogs' fields.
const (
	fieldNIP  = "nip"
	fieldCode = "code"
)

// promptLifetime is how long the bot still takes words as the answer to its
// own question.
const promptLifetime = 30 * time.Minute

// link begins to tie the account to an employee, or takes the NIP that came
// with the command.
func (h *Handlers) link(ctx context.Context, r request) (bot.Reply, error) {
	if h.verified(r) {
		return h.profile(r, "link.already"), nil
	}
	if reply, done, err := h.linkByTrust(ctx, r); done || err != nil {
		return reply, err
	}
	if strings.TrimSpace(r.Text) != "" {
		return h.enterNIP(ctx, r, r.Text)
	}
	return h.askNIP(ctx, r, "link.ask")
}

// verified tells whether the account belongs to an active employee whose
// verification is fresh enough.
func (h *Handlers) verified(r request) bool {
	s := r.session
	if !s.Linked || !s.Employee.Active {
		return false
	}
	return h.Settings.LinkTTL <= 0 || r.now.Sub(s.Verified) <= h.Settings.LinkTTL
}

// needLink answers what only a verified employee may ask. done is false when
// the person is one.
func (h *Handlers) needLink(ctx context.Context, r request) (answer bot.Reply, done bool, err error) {
	if h.verified(r) {
		return bot.Reply{}, false, nil
	}
	if answer, done, err = h.linkByTrust(ctx, r); done || err != nil {
		return answer, true, err
	}
	if r.session.Linked && r.session.Employee.Active {
		return reply(r.say("link.expired"), r.primary("button.code", "link.again", "")), true, nil
	}
	key := "link.first"
	if r.session.Linked {
		key = "link.inactive"
	}
	answer, err = h.askNIP(ctx, r, key)
	return answer, true, err
}

// askNIP asks for the NIP, by a dialog where there are dialogs.
func (h *Handlers) askNIP(ctx context.Context, r request, key string) (bot.Reply, error) {
	if err := h.Store.SetPrompt(ctx, r.account(), store.PromptNIP, r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
	}
	answer := reply(r.say(key))
	answer.Messages[0].Topic = topicLink
	answer.Form = &bot.Form{
		Action: bot.Action{Name: "link.nip"}, Title: r.say("form.link"), Submit: r.say("form.send"),
		Fields: []bot.Field{{Name: fieldNIP, Label: "NIP", Help: r.say("form.nip"), Placeholder: "198001012005011001", MaxLength: 40}},
	}
	return answer, nil
}

// enterNIP judges a typed NIP and sends a code to its official address. The
// answer is the same to the letter whether or not the NIP exists.
func (h *Handlers) enterNIP(ctx context.Context, r request, typed string) (bot.Reply, error) {
	if r.Wish {
		return h.wishedNIP(ctx, r, typed)
	}
	if h.verified(r) {
		return h.profile(r, "link.already"), nil
	}
	if old, err := directory.ParseOldNIP(typed); err == nil {
		e, err := h.Store.EmployeeByOldNIP(ctx, old)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
			return h.wrong(ctx, r, fieldNIP, "nip.old")
		}
		if err != nil {
			return bot.Reply{}, fmt.Errorf("look up old number: %w", err)
		}
		return h.sendCode(ctx, r, e.NIP)
	}
	nip, err := directory.ParseNIP(typed)
	if err != nil {
		key, values := nipMistake(err)
		return h.wrong(ctx, r, fieldNIP, key, values...)
	}
	return h.sendCode(ctx, r, nip)
}

// wrong says what is wrong with typed words and keeps waiting for better ones.
func (h *Handlers) wrong(ctx context.Context, r request, field, key string, values ...string) (bot.Reply, error) {
	text := r.say(key, values...)
	if field == fieldNIP && r.Kind != bot.KindForm {
		if err := h.Store.SetPrompt(ctx, r.account(), store.PromptNIP, r.now); err != nil {
			return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
		}
	}
	answer := reply(text)
	if field == fieldCode {
		answer = reply(text, newCodeButton(r))
	}
	answer.Errors = map[string]string{field: text}
	return answer, nil
}

// verifyAgain sends a code to the employee the account was linked to before.
func (h *Handlers) verifyAgain(ctx context.Context, r request) (bot.Reply, error) {
	switch {
	case !r.session.Linked:
		return h.askNIP(ctx, r, "link.ask")
	case h.verified(r):
		return h.profile(r, "link.already"), nil
	}
	return h.sendCode(ctx, r, r.session.Employee.NIP)
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
	to := ""
	if e.Active {
		to = e.Email
	}
	job, err := mailJob(codeMail{To: to, Language: r.language, Code: code, Platform: r.Account.Platform, Minutes: int(h.Settings.CodeTTL.Minutes()), At: r.now, Asker: r.account()})
	if err != nil {
		return bot.Reply{}, err
	}
	issued, err := h.Store.CreateCode(ctx, store.CodeRequest{
		Account: r.account(), NIP: nip, Code: code, Now: r.now, Expires: r.now.Add(h.Settings.CodeTTL),
		Limit: codesPerHour, Window: time.Hour,
	}, job)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("create code: %w", err)
	}
	if err := h.Store.SetPrompt(ctx, r.account(), store.PromptCode, r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
	}
	outcome := "issued"
	if !issued {
		outcome = "limited"
	}
	if err := h.audit(ctx, r, store.Event{Action: "code", Outcome: outcome, NIP: nip}); err != nil {
		return bot.Reply{}, err
	}
	return h.askCode(r), nil
}

func (h *Handlers) askCode(r request) bot.Reply {
	minutes := strconv.Itoa(int(h.Settings.CodeTTL.Minutes()))
	answer := reply(r.say("code.sent", "minutes", minutes, "limit", strconv.Itoa(codesPerHour)), newCodeButton(r))
	answer.Messages[0].Topic = topicLink
	answer.Form = &bot.Form{
		Action: bot.Action{Name: "link.code"}, Title: r.say("form.code"), Intro: r.say("code.sent", "minutes", minutes, "limit", strconv.Itoa(codesPerHour)),
		Submit: r.say("form.send"),
		Fields: []bot.Field{{Name: fieldCode, Label: r.say("form.code"), Help: r.say("form.codehelp"), Placeholder: "123456", MaxLength: 12}},
	}
	return answer
}

// newCodeButton leads back to the NIP, for a code that does not come: perhaps
// it was somebody else's NIP.
func newCodeButton(r request) bot.Button {
	return r.button("button.newcode", "cmd", "link")
}

// enterCode judges a typed code and, when it is right, links the account.
func (h *Handlers) enterCode(ctx context.Context, r request, typed string) (bot.Reply, error) {
	if r.Wish {
		return h.wishedCode(r, typed), nil
	}
	if h.verified(r) && r.session.Prompt != store.PromptCode {
		return h.profile(r, "link.done"), nil // a redelivered right code finds its work done
	}
	code := digits(typed)
	if !isCode(typed) {
		return h.wrong(ctx, r, fieldCode, "code.shape")
	}
	result, err := h.Store.RedeemCode(ctx, store.CodeAttempt{Account: r.account(), Code: code, Now: r.now, Attempts: codeAttempts}, h.linkJobs(ctx, r))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("redeem code: %w", err)
	}
	if result.Outcome != store.CodeRight {
		return h.wrong(ctx, r, fieldCode, "code."+string(result.Outcome), "left", strconv.Itoa(result.Left))
	}
	return h.linked(ctx, r)
}

// linked shows the profile of a new link.
func (h *Handlers) linked(ctx context.Context, r request) (bot.Reply, error) {
	session, err := h.Store.Session(ctx, r.account())
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read session: %w", err)
	}
	r.session = session
	h.ends.want(session.Employee) // so that it is there when the status is asked
	answer, err := h.takeUp(ctx, r, h.profile(r, "link.done"))
	return replyAbout(topicLink)(answer, err)
}

// profile shows the employee as the ministry's guide shows them.
func (h *Handlers) profile(r request, key string) bot.Reply {
	e := r.session.Employee
	return reply(r.say(key)+"\n\n"+r.say("profile", "nip", e.NIP, "name", e.Name, "position", dash(e.Position), "unit", dash(e.Unit), "grade", dash(e.Grade)),
		h.homeButtons(r)...)
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// newCode gives six digits of a cryptographic source.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}
