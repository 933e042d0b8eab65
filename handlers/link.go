package handlers

import (
	"context"
	"errors"
	"fmt"
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
		return h.myLinks(ctx, r)
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
		return h.enterOldNIP(ctx, r, old)
	}
	nip, err := directory.ParseNIP(typed)
	if err != nil {
		key, values := nipMistake(err)
		return h.wrong(ctx, r, fieldNIP, key, values...)
	}
	return h.sendCode(ctx, r, nip)
}

// enterOldNIP takes an old number for the NIP of who has it. One that nobody
// has, or more than one, stands for itself: the same work, words and limits.
func (h *Handlers) enterOldNIP(ctx context.Context, r request, old string) (bot.Reply, error) {
	nip := old
	e, err := h.Store.EmployeeByOldNIP(ctx, old)
	switch {
	case err == nil:
		nip = e.NIP
	case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrAmbiguous):
		return bot.Reply{}, fmt.Errorf("look up old number: %w", err)
	}
	answer, err := h.sendCode(ctx, r, nip)
	if err == nil {
		answer.Messages[0].Text += "\n\n" + r.say("nip.old")
	}
	return answer, err
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
		answer = reply(text, r.button("button.newcode", "code.again", ""), r.button("button.nocode", "code.missing", ""))
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
	attempt := store.CodeAttempt{Account: r.account(), Code: code, Now: r.now, Attempts: codeAttempts, Wrong: wrongInRow, Alarm: alarmJob}
	result, err := h.Store.RedeemCode(ctx, attempt, h.linkJobs(ctx, r))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("redeem code: %w", err)
	}
	if result.Outcome != store.CodeRight {
		return h.wrong(ctx, r, fieldCode, "code."+string(result.Outcome),
			"left", strconv.Itoa(result.Left), "helpdesk", h.helpdesk(r), "chat", h.Store.Reference(r.account()))
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
