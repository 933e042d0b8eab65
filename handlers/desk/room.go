package desk

import (
	"context"
	"fmt"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// remarkSign begins what officers say among themselves.
const remarkSign = "//"

// room answers what happens in a room of officers.
func (d *Desk) room(ctx context.Context, r talk.Request) (bot.Reply, error) {
	r.Lang = d.language()
	switch r.Kind {
	case bot.KindLeft:
		return bot.Reply{}, d.left(ctx, r)
	case bot.KindCommand:
		return d.command(ctx, r)
	case bot.KindAction:
		return d.pressed(ctx, r)
	case bot.KindText, bot.KindOther:
		return d.answer(ctx, r)
	}
	return bot.Reply{}, nil
}

// Commands that officers use in their rooms.
const (
	cmdQueue    = "antrian"
	cmdEmployee = "pegawai"
	cmdName     = "nama"
	cmdNumber   = "nomor"
	cmdCall     = "telepon"
)

// RoomCommands lists the words that are commands in officers' rooms.
func RoomCommands() []string { return []string{cmdQueue, cmdEmployee, cmdName, cmdNumber, cmdCall} }

// command runs an officers' command. Others are answered as in any group.
func (d *Desk) command(ctx context.Context, r talk.Request) (bot.Reply, error) {
	run := map[string]talk.Handler{cmdQueue: d.queue, cmdEmployee: d.employee, cmdName: d.name, cmdCall: d.calling, cmdNumber: d.number}[r.Command]
	if run == nil {
		run = d.Kernel.Table().RoomCommand(r.Command)
	}
	if run == nil {
		return d.Kernel.InPublic(r), nil
	}
	if in, err := d.isOfficer(ctx, r, r.Command); !in { // nobody else learns that there are commands
		return d.Kernel.InPublic(r), err
	}
	return run(ctx, r)
}

// pressed does what an officer pressed, if they still are one.
func (d *Desk) pressed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	id, rest := numberOf(r.Action.Arg)
	run := map[talk.Name]func(context.Context, talk.Request, int64, string) (bot.Reply, error){
		take: d.take, takeOver: d.takeOver, giveBack: d.giveBack, finish: d.finish, closeAs: d.closeAs, tools: d.tools, askDeed: d.askDeed, doDeed: d.doDeed, steps: d.steps, callNow: d.callFromTicket,
		look: func(ctx context.Context, r talk.Request, _ int64, _ string) (bot.Reply, error) { return d.show(ctx, r) },
	}[talk.Name(r.Action.Name)]
	other := d.Kernel.Table().RoomPress(talk.Name(r.Action.Name))
	if run == nil && other == nil {
		return bot.Reply{}, nil
	}
	if in, err := d.isOfficer(ctx, r, r.Action.Name); !in {
		return bot.Reply{Notice: r.Say("desk.notofficer")}, err
	}
	if other != nil {
		return other(ctx, r)
	}
	answer, err := run(ctx, r, id, rest)
	if err != nil {
		return d.sorry(ctx, r, id, err)
	}
	return answer, nil
}

// isOfficer tells whether somebody is in the room from which something comes.
// What comes from others, who may read a public group or have been put out a
// moment ago, is on record.
func (d *Desk) isOfficer(ctx context.Context, r talk.Request, what string) (bool, error) {
	members := d.Members[r.Account.Platform]
	if members == nil {
		return true, nil
	}
	in, err := members.Member(ctx, talk.Room(r.Update), r.Account)
	if err != nil { // the platform brought it from there, and may not tell more
		d.Logger.DebugContext(ctx, "it is not known whether somebody is in the officers' room", "error", err)
		return true, nil
	}
	if in {
		return true, nil
	}
	if err := d.Store.Record(ctx, r.Line(store.Event{Action: byOfficers, Outcome: "stranger", Detail: what})); err != nil {
		return false, fmt.Errorf("write audit: %w", err)
	}
	return false, nil
}

// answer carries what the officer who has the ticket writes in its thread.
func (d *Desk) answer(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.Thread == "" || strings.HasPrefix(strings.TrimSpace(r.Text), remarkSign) {
		return bot.Reply{}, nil
	}
	subject, err := d.subjectOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, _ := numberOf(subject)
	if id == 0 {
		return bot.Reply{}, nil
	}
	switch {
	case talk.AsksForSecret(r.Text):
		return talk.Reply(r.Say("desk.asksecret")), nil
	case r.Understood.Secret == understand.SecretMaybe:
		return talk.Reply(r.Say("desk.maybesecret")), nil
	case r.Text == "" && len(r.Files) == 0:
		return talk.Reply(r.Say("desk.nofile")), nil
	}
	_, err = d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if err := mine(r, t); err != nil {
			return store.TicketDeed{}, err
		}
		name, err := d.officer(ctx, t.Language, r.Asker())
		if err != nil {
			return store.TicketDeed{}, err
		}
		if t.Answered.IsZero() {
			t.Answered = r.Now
		}
		t.Spoken = r.Now
		m := bot.Message{Text: d.carried(t.Language, name, r.Text)}
		if len(r.Files) > 0 {
			m.File = &r.Files[0]
		}
		return store.TicketDeed{
			Words: []store.TicketWord{{Key: r.ID, Author: "officer", Text: r.Text, At: r.Now}},
			Jobs:  []store.Job{toEmployee(*t, bot.Reply{Messages: []bot.Message{m}})},
		}, nil
	})
	if err != nil {
		return d.notCarried(ctx, r, id, err)
	}
	return bot.Reply{}, nil
}
