package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// facts are what is passed on to officers with a ticket: never a PIN, a link, a
// NIK, or what was typed but the one sentence added for it. An account that is
// not linked has none of an employee's.
type facts struct {
	Name     string `json:",omitempty"`
	Unit     string `json:",omitempty"`
	NIP      string `json:",omitempty"` // its last digits
	Mail     string `json:",omitempty"` // masked
	Browser  string `json:",omitempty"`
	Status   string `json:",omitempty"`
	End      string `json:",omitempty"` // of the certificate
	Resets   string `json:",omitempty"`
	Step     string `json:",omitempty"`
	Site     string `json:",omitempty"` // the verdict on the reset site
	Link     string `json:",omitempty"` // the portal's linkAktif as it is
	Sentence string `json:",omitempty"`

	Called string `json:",omitempty"` // how the platform calls who took it last

	OldNumber string   `json:",omitempty"` // BSrE's, masked
	NewNumber string   `json:",omitempty"` // whole, in digits
	Vouched   numberBy `json:",omitempty"` // who says that it is theirs
}

// lastResets is how many resets officers are told of.
const lastResets = 3

// facts collects what is passed on.
func (d *Desk) facts(ctx context.Context, r talk.Request) (facts, error) {
	r.Lang = d.language()
	f := facts{Browser: r.Session.Browser}
	if here, ok := d.Kernel.Here(ctx, r); ok {
		f.Step = here.Title
	}
	if d.Site != nil {
		f.Site = d.say("desk.site." + string(d.Site.Find(ctx).Verdict))
	}
	if !r.Session.Linked {
		return f, nil
	}
	e := r.Session.Employee
	f.Name, f.Unit, f.NIP, f.Mail = e.Name, e.Unit, maskNIP(e.NIP), bsre.Mask(e.Email)
	f.Status = r.Session.Status.Value
	kept, err := d.Store.Certificate(ctx, e.NIP)
	if err != nil {
		return f, fmt.Errorf("read certificate: %w", err)
	}
	f.Link = kept.Link
	f.OldNumber = kept.Number
	if !kept.EndDate.IsZero() {
		f.End = d.Kernel.Day(kept.EndDate)
	}
	resets, err := d.Store.Resets(ctx, e.NIP, lastResets)
	if err != nil {
		return f, fmt.Errorf("read resets: %w", err)
	}
	var list []string
	for _, one := range resets {
		list = append(list, d.Kernel.Clock(one.Created, r.Now)+" "+d.say("desk.reset."+string(one.State)))
	}
	f.Resets = strings.Join(list, "; ")
	return f, nil
}

// maskNIP leaves the birth date out, and enough to tell people apart.
func maskNIP(nip string) string { return "•••" + nip[max(0, len(nip)-4):] }

// reason names what led to a call: the step with its problem, or the place.
func reason(r talk.Request) string {
	if r.Walking() {
		return r.Session.Walk.Guide + "/" + r.Session.Walk.Step
	}
	return string(r.Place())
}

// read gives what was passed on; nothing once it was removed.
func read(t store.Ticket) facts {
	var f facts
	_ = json.Unmarshal(t.Facts, &f) // removed, or of a later version
	return f
}

// keep puts what is known of a ticket into it.
func keep(t *store.Ticket, f facts) error {
	data, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("keep what is known of a ticket: %w", err)
	}
	t.Facts = data
	return nil
}

// Head is how a ticket's thread begins; see bot.Threads.
func (d *Desk) Head(ctx context.Context, subject string) (bot.Head, error) {
	id, _ := numberOf(subject)
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Head{}, fmt.Errorf("read ticket %d: %w", id, err)
	}
	card, err := d.card(ctx, t)
	return bot.Head{Title: "#" + number(t) + " " + d.whose(t), First: card}, err
}

// whose names the employee of a ticket for officers.
func (d *Desk) whose(t store.Ticket) string {
	if name := read(t).Name; name != "" {
		return name
	}
	return d.say("desk.unproven")
}

// holder is who has a ticket for other officers: by the name they chose, else
// as the platform calls them.
func (d *Desk) holder(ctx context.Context, t store.Ticket) (string, error) {
	name, err := d.Store.OfficerName(ctx, t.Holder)
	if err != nil {
		return "", fmt.Errorf("read an officer's name: %w", err)
	}
	return cmp.Or(name, read(t).Called, d.say("desk.officer")), nil
}

func (d *Desk) holderOf(ctx context.Context, id int64) (string, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read ticket: %w", err)
	}
	return d.holder(ctx, t)
}

// state says how a ticket stands, and who has it.
func (d *Desk) state(ctx context.Context, t store.Ticket) (string, error) {
	if t.State == store.TicketWaiting {
		return d.say("desk.card.waiting"), nil
	}
	name, err := d.holder(ctx, t)
	switch {
	case err != nil:
		return "", err
	case t.State == store.TicketTaken:
		return d.say("desk.card.taken", "name", name), nil
	case t.Holder == store.Account{}: // the employee needed nobody
		return d.say("desk.closedas", "why", d.say("desk.as."+t.Outcome)), nil
	}
	return d.say("desk.card.closed", "why", d.say("desk.as."+t.Outcome), "name", name), nil
}

// card shows a ticket as it stands, with what can be done with it.
func (d *Desk) card(ctx context.Context, t store.Ticket) (bot.Message, error) {
	f := read(t)
	state, err := d.state(ctx, t)
	if err != nil {
		return bot.Message{}, err
	}
	platform := talk.PlatformName(t.Account.Platform)
	text := d.say("desk.card.unproven", "number", number(t)) + "\n" + state + "\n" + d.say("desk.card.account", "platform", platform, "language", d.told(t, "language.name"))
	if t.NIP != "" {
		text = d.say("desk.card.title", "number", number(t), "name", f.Name) + "\n" + state + "\n" + d.say("desk.card", "unit", talk.Dash(f.Unit), "nip", f.NIP, "mail", talk.Dash(f.Mail), "platform", platform, "language", d.told(t, "language.name"))
		text += "\n" + d.say("desk.card.more", "status", talk.Dash(d.Kernel.StatusName(d.language(), f.Status)), "end", talk.Dash(f.End), "resets", talk.Dash(f.Resets), "link", talk.Dash(f.Link))
	}
	if t.Reason == reasonAddress {
		text += "\n" + d.say("desk.card.address")
	}
	text += "\n" + d.say("desk.card.where", "browser", talk.Dash(f.Browser), "step", talk.Dash(f.Step), "site", talk.Dash(f.Site))
	if f.NewNumber != "" {
		text += "\n" + d.numberLine(f)
	}
	if f.Sentence != "" {
		text += "\n\n" + d.say("desk.card.sentence", "sentence", f.Sentence)
	}
	return bot.Message{Text: text, Buttons: talk.Rows(d.cardButtons(t))}, nil
}

// cardButtons are what an officer can press at a ticket.
func (d *Desk) cardButtons(t store.Ticket) []bot.Button {
	switch t.State {
	case store.TicketWaiting:
		b := d.button("desk.button.take", take, number(t))
		b.Style = bot.StylePrimary
		return []bot.Button{b}
	case store.TicketTaken:
		out := []bot.Button{d.button("desk.button.finish", finish, number(t)), d.button("desk.button.back", giveBack, number(t))}
		if t.NIP == "" {
			return out
		}
		out = append(out, d.button("desk.button.tools", tools, number(t)))
		if read(t).NewNumber != "" {
			out = append(out, d.button("desk.button.steps", steps, number(t)+".number"), d.button("desk.deed.number", askDeed, number(t)+".number"))
		}
		return out
	}
	return nil
}
