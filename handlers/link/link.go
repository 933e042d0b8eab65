package link

import (
	"context"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"resetpin/store/directory"
	"strconv"
	"strings"
)

// Names of the dialogs' fields.
const (
	fieldNIP  = "nip"
	fieldCode = "code"
)

// link begins to tie the account to an employee, or takes the NIP that came
// with the command.
func (h *Room) link(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if h.Verified(r) {
		return h.accounts.Mine(ctx, r)
	}
	if reply, done, err := h.linkByTrust(ctx, r); done || err != nil {
		return reply, err
	}
	if strings.TrimSpace(r.Text) != "" {
		return h.enterNIP(ctx, r, r.Text)
	}
	return h.askNIP(ctx, r, "link.ask")
}

// introduce answers what only a linked employee may ask, when the person is
// none.
func (h *Room) introduce(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.linkByTrust(ctx, r); done || err != nil {
		return answer, err
	}
	if r.Session.Linked && r.Session.Employee.Active {
		return talk.Reply(r.Say("link.expired"), r.Primary("button.code", talk.LinkAgain, "")), nil
	}
	key := "link.first"
	if r.Session.Linked {
		key = "link.inactive"
	}
	return h.askNIP(ctx, r, key)
}

// askNIP asks for the NIP, by a dialog where there are dialogs.
func (h *Room) askNIP(ctx context.Context, r talk.Request, key string) (bot.Reply, error) {
	if err := h.Await(ctx, r, store.PromptNIP); err != nil {
		return bot.Reply{}, err
	}
	answer := talk.Reply(r.Say(key))
	answer.Messages[0].Topic = string(talk.TopicLink)
	answer.Form = &bot.Form{
		Action: formNIP.With(""), Title: r.Say("form.link"), Submit: r.Say("form.send"),
		Fields: []bot.Field{{Name: fieldNIP, Label: "NIP", Help: r.Say("form.nip"), Placeholder: "198001012005011001", MaxLength: 40}},
	}
	return answer, nil
}

// enterNIP judges a typed NIP and sends a code to its official address. The
// answer is the same to the letter whether or not the NIP exists.
func (h *Room) enterNIP(ctx context.Context, r talk.Request, typed string) (bot.Reply, error) {
	if r.Wish {
		return h.wishedNIP(ctx, r, typed)
	}
	if h.Verified(r) {
		return h.Profile(r, "link.already"), nil
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
func (h *Room) enterOldNIP(ctx context.Context, r talk.Request, old string) (bot.Reply, error) {
	nip := old
	e, err := h.people.EmployeeByOldNIP(ctx, old)
	switch {
	case err == nil:
		nip = e.NIP
	case !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrAmbiguous):
		return bot.Reply{}, fmt.Errorf("look up old number: %w", err)
	}
	answer, err := h.sendCode(ctx, r, nip)
	if err == nil {
		answer.Messages[0].Text += "\n\n" + r.Say("nip.old")
	}
	return answer, err
}

// wrong says what is wrong with typed words and keeps waiting for better ones.
func (h *Room) wrong(ctx context.Context, r talk.Request, field, key string, values ...string) (bot.Reply, error) {
	text := r.Say(key, values...)
	if field == fieldNIP && r.Kind != bot.KindForm {
		if err := h.Await(ctx, r, store.PromptNIP); err != nil {
			return bot.Reply{}, err
		}
	}
	answer := talk.Reply(text)
	if field == fieldCode {
		answer = talk.Reply(text, r.Button("button.newcode", talk.CodeAgain, ""), r.Button("button.nocode", codeMissing, ""))
	}
	answer.Errors = map[string]string{field: text}
	return answer, nil
}

// verifyAgain sends a code to the employee the account was linked to before.
func (h *Room) verifyAgain(ctx context.Context, r talk.Request) (bot.Reply, error) {
	switch {
	case !r.Session.Linked:
		return h.askNIP(ctx, r, "link.ask")
	case h.Verified(r):
		return h.Profile(r, "link.already"), nil
	}
	return h.sendCode(ctx, r, r.Session.Employee.NIP)
}

// enterCode judges a typed code and, when it is right, links the account.
func (h *Room) enterCode(ctx context.Context, r talk.Request, typed string) (bot.Reply, error) {
	if r.Wish {
		return h.wishedCode(r, typed), nil
	}
	if h.Verified(r) && r.Session.Prompt != store.PromptCode {
		return h.Profile(r, "link.done"), nil // a redelivered right code finds its work done
	}
	code := outside.Digits(typed)
	if !talk.IsCode(typed) {
		return h.wrong(ctx, r, fieldCode, "code.shape")
	}
	attempt := store.CodeAttempt{Account: r.Asker(), Code: code, Now: r.Now, Attempts: codeAttempts, Wrong: wrongInRow, Alarm: alarmJob}
	result, err := h.db.RedeemCode(ctx, attempt, h.linkJobs(ctx, r))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("redeem code: %w", err)
	}
	if result.Outcome != store.CodeRight {
		return h.wrong(ctx, r, fieldCode, "code."+string(result.Outcome),
			"left", strconv.Itoa(result.Left), "helpdesk", h.Helpdesk(r), "chat", h.db.Reference(r.Asker()))
	}
	return h.linked(ctx, r)
}

// linked shows the profile of a new link.
func (h *Room) linked(ctx context.Context, r talk.Request) (bot.Reply, error) {
	session, err := h.Store.Session(ctx, r.Asker())
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read session: %w", err)
	}
	r.Session = session
	h.tell(session.Employee) // so that it is there when the status is asked
	answer, err := h.TakeUp(ctx, r, h.Profile(r, "link.done"))
	return talk.TopicLink.Reply(answer, err)
}

// linkJobs tells of a new link whom it concerns: the account that the
// employee used before on this platform, their accounts elsewhere, and the
// official address.
func (h *Room) linkJobs(_ context.Context, r talk.Request) func(nip string, displaced []store.Account) []store.Job {
	return func(nip string, displaced []store.Account) []store.Job {
		jobs := []store.Job{
			talk.PlainJob(letters.JobLinks, letters.NewLink{NIP: nip, By: r.Account, At: r.Now}),
			talk.PlainJob(letters.JobMail, letters.Letter{NIP: nip, Template: "linked", Language: r.Lang, Platform: r.Account.Platform, Chat: h.db.Reference(r.Asker()), At: r.Now}),
		}
		for _, a := range displaced {
			jobs = append(jobs, talk.Tell("", talk.Push{To: bot.Account(a), Key: "link.displaced"}))
		}
		return jobs
	}
}
