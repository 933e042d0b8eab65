package desk

import (
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

// The people of the transcript, on its platform.
type cast struct{ me, stranger, other, rina, budi bot.Account }

func (a *transcript) cast() cast {
	on := func(id string) bot.Account { return bot.Account{Platform: a.place.Platform, ID: id} }
	return cast{on(caller.ID), on("78"), on("79"), on(rina.ID), on(budi.ID)}
}

func newTranscript(t *testing.T, room bot.Account, lang string) *transcript {
	t.Helper()
	a := &transcript{world: newWorldIn(t, storetest.Open(t, storetest.SQLite(t)), room, lang)}
	for _, one := range []bot.Account{a.cast().me, a.cast().stranger, a.cast().other} {
		if err := a.db.SetLanguage(t.Context(), store.Account(one), lang); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func press(name talk.Name, arg string) bot.Update {
	return bot.Update{Kind: bot.KindAction, Action: name.With(arg)}
}

func types(text string) bot.Update { return bot.Update{Kind: bot.KindText, Text: text} }

func command(name, text string) bot.Update {
	return bot.Update{Kind: bot.KindCommand, Command: name, Text: text}
}

func (a *transcript) anEmployeeAsks() {
	c := a.cast()
	a.at("who is not linked asks for a person")
	a.employee(a.call, c.stranger, press(talk.Helpdesk, ""))
	a.at("about an old address")
	a.employee(a.call, c.stranger, press(talk.Helpdesk, reasonAddress))
	a.employee(a.open, c.stranger, press(openTicket, reasonAddress))
	a.head("1")

	a.at("an employee asks")
	a.link(c.me)
	a.knownNumber("62*********42")
	a.employee(a.call, c.me, press(talk.Helpdesk, ""))
	a.at("and wants to send a picture first")
	a.employee(a.sentence, c.me, bot.Update{Kind: bot.KindOther, Files: []bot.File{{ID: "f"}}})
	a.at("and sends one sentence")
	a.employee(a.open, c.me, types("layar saya putih"))
	a.head("2")
	a.at("and asks again")
	a.employee(a.call, c.me, press(talk.Helpdesk, ""))
	a.employee(a.open, c.other, types("ada orang?"))
	a.now = at(16, 9, 5)
}

func (a *transcript) anOfficerAnswers() {
	c := a.cast()
	if err := a.db.KeepThread(a.t.Context(), store.Account(a.place), "2", "t2"); err != nil {
		a.t.Fatal(err)
	}
	a.at("an officer writes before the ticket is anybody's")
	a.officer(c.rina, "t2", types("halo"))
	a.at("and takes it, without a name for employees")
	a.officer(c.rina, "t2", press(take, "2"))
	a.head("2")
	a.at("another one presses and writes")
	a.officer(c.budi, "t2", press(take, "2"))
	a.officer(c.budi, "t2", types("saya saja"))
	a.at("the name that employees see")
	a.officer(c.rina, "t2", command(cmdName, ""))
	a.officer(c.rina, "t2", command(cmdName, "Bu Rina"))
	a.at("words are carried")
	a.officer(c.rina, "t2", types("Selamat pagi"))
	a.employee(a.words, c.me, types("pagi, layar saya *putih*"))
	a.at("a remark is not")
	a.officer(c.rina, "t2", types("// sepertinya kotaknya penuh"))
	a.at("an officer asks for what nobody may ask for")
	a.officer(c.rina, "t2", types("kirim PIN Anda"))
	a.at("what is not carried")
	a.officer(c.rina, "t2", bot.Update{Kind: bot.KindOther})
	a.employee(a.words, c.me, bot.Update{Kind: bot.KindOther})
	a.secrets(c)
	for range wordsAMinute {
		a.do(a.words, a.by(c.me, types("halo")))
	}
	a.heard(a.place)
	a.at("too fast")
	a.employee(a.words, c.me, types("halo"))
}

// understood shows what an employee is answered whose words mean something.
func (a *transcript) understood(run talk.Handler, who bot.Account, text string, m understand.Meaning) {
	a.t.Helper()
	r := a.by(who, types(text))
	r.Understood = understand.Result{Meaning: m}
	a.answers("the employee", a.do(run, r))
	a.told()
}

// secrets are words that may hold a PIN, of each side.
func (a *transcript) secrets(c cast) {
	doubtful := func(who bot.Account, u bot.Update) talk.Request {
		r := a.by(who, u)
		r.Understood.Secret = understand.SecretMaybe
		return r
	}
	a.answers("the employee", a.do(a.words, doubtful(c.me, types("Melati2024"))))
	said := types("Melati2024")
	said.Origin = bot.Origin{Chat: a.place.ID, Thread: "t2"}
	a.answers("the officer", a.do(a.room, doubtful(c.rina, said)))
}

func (a *transcript) officersAct() {
	c := a.cast()
	a.at("what officers can do")
	a.officer(c.rina, "t2", press(tools, "2"))
	for _, what := range []string{deedLook, "status", "free", "chat"} {
		a.at("they do: " + what)
		a.officer(c.rina, "t2", press(askDeed, "2."+what))
		a.officer(c.rina, "t2", press(doDeed, "2."+what))
	}
	for a.by(c.me, bot.Update{}).Session.Status.Value == "" { // it is kept in the background
		time.Sleep(time.Millisecond)
	}
	a.at("/pegawai")
	a.officer(c.rina, "", command(cmdEmployee, ""))
	a.officer(c.rina, "", command(cmdEmployee, "198001012005011001"))
	a.officer(c.rina, "", command(cmdEmployee, member.NIP))
	a.officer(c.rina, "", press(look, member.NIP))
	a.at("/antrian")
	a.officer(c.rina, "", command(cmdQueue, ""))
	a.at("a ticket of whoever is not linked")
	a.officer(c.budi, "t1", press(take, "1"))
	a.officer(c.budi, "t1", press(tools, "1"))
}

func (a *transcript) aNumberChanges() {
	c := a.cast()
	a.at("the number has changed")
	a.employee(a.askNumber, c.me, press(talk.Number, ""))
	a.understood(a.typedNumber, c.me, "nomor baru", understand.Unknown)
	if hasContacts(a.place.Platform) {
		a.employee(a.handedNumber, c.me, contact(""))
		a.employee(a.handedNumber, c.me, contact("6281234567890"))
		a.employee(a.handedNumber, c.me, contact("6281234567890"))
	} else {
		a.employee(a.typedNumber, c.me, types("0812 3456 7890"))
	}
	a.head("2")
	a.at("the officer's steps")
	a.officer(c.rina, "t2", press(steps, "2.number"))
	for _, what := range []string{"phone", "number"} {
		a.at("they do: " + what)
		a.officer(c.rina, "t2", press(askDeed, "2."+what))
		a.officer(c.rina, "t2", press(doDeed, "2."+what))
	}
	a.at("/nomor")
	a.officer(c.rina, "t2", command(cmdNumber, ""))
	a.officer(c.rina, "t2", command(cmdNumber, "0812-3456-7891"))
}

func (a *transcript) isItReally() {
	c := a.cast()
	answer := a.Capability().Actions
	a.at("an officer is on the telephone")
	a.officer(c.rina, "", command(cmdCall, ""))
	a.officer(c.rina, "", command(cmdCall, "198001012005011001"))
	a.officer(c.rina, "t2", press(callNow, "2"))
	a.at("and another one")
	a.officer(c.budi, "", command(cmdCall, member.NIP))
	a.at("yes")
	a.employee(answer[callYes], c.me, press(callYes, "1"))
	a.at("no")
	a.employee(answer[callNo], c.me, press(callNo, "1"))
	a.at("no answer")
	a.now = a.now.Add(2 * answerWithin)
	a.officer(c.rina, "", command(cmdCall, member.NIP))
	a.now = a.now.Add(2 * answerWithin)
	if err := a.silence(a.t.Context(), []byte("2")); err != nil {
		a.t.Fatal(err)
	}
	a.told()
	a.employee(answer[callYes], c.me, press(callYes, "2"))
	a.employee(answer[callYes], c.me, press(callYes, "9"))
	a.at("is anybody working on it?")
	a.employee(a.who, c.me, command(cmdWho, ""))
	a.employee(a.who, c.other, command(cmdWho, ""))
	a.employee(a.who, bot.Account{Platform: a.place.Platform, ID: "80"}, command(cmdWho, ""))
	a.at("an impostor")
	a.employee(a.reportImpostor, c.me, press(impostor, ""))
}

func (a *transcript) itEnds() {
	c := a.cast()
	a.at("the officer gives it back, and takes it again")
	a.officer(c.rina, "t2", press(giveBack, "2"))
	a.officer(c.rina, "t2", press(take, "2"))
	a.at("and closes it")
	a.officer(c.rina, "t2", press(finish, "2"))
	a.officer(c.rina, "t2", press(closeAs, "2.solved"))
	a.head("2")
	a.at("it did not help")
	a.employee(a.helped, c.me, press(helped, "2.no"))
	a.told()
	a.understood(a.afterwards, c.me, "masih putih", understand.Unknown)
	for _, why := range outcomes()[1:] {
		a.at("closed: " + why)
		a.heard(a.place)
		a.heard(c.me)
		a.do(a.room, a.by(c.rina, bot.Update{Origin: bot.Origin{Chat: a.place.ID, Thread: "t2"}, Kind: bot.KindAction, Action: take.With("2")}))
		a.heard(a.place)
		a.heard(c.me)
		a.officer(c.rina, "t2", press(closeAs, "2."+why))
		a.told()
		a.do(a.reopen, a.by(c.me, press(reopen, "2")))
	}
	a.heard(a.place)
	a.at("the employee needs nobody any more")
	a.employee(a.enough, c.me, press(enough, "2"))
	a.head("2")
	a.at("and asks again within three days, and later")
	a.employee(a.call, c.me, press(talk.Helpdesk, ""))
	a.now = a.now.Add(reopenFor)
	a.employee(a.reopen, c.me, press(reopen, "2"))
	a.at("officers write into what is closed")
	a.officer(c.rina, "t2", types("halo"))
	a.at("an officer is one no more")
	a.in[c.rina] = false
	a.officer(c.rina, "t2", press(take, "3"))
	a.in[c.rina] = true
}

func (a *transcript) manyWait() {
	c := a.cast()
	a.at("several tickets at once")
	a.employee(a.open, c.me, types("satu"))
	if err := a.news(a.t.Context(), nil); err != nil {
		a.t.Fatal(err)
	}
	a.told()
	a.at("in the evening")
	a.now = at(20, 20, 0)
	a.employee(a.open, bot.Account{Platform: a.place.Platform, ID: "81"}, types("ada orang?"))
	a.at("nobody cares")
	a.now = a.now.Add(time.Hour)
	for range 2 {
		if err := a.Look(a.t.Context()); err != nil {
			a.t.Fatal(err)
		}
		a.told()
		a.now = a.now.Add(2 * silent)
	}
	a.at("the officers' chat is out of reach")
	if err := a.unheard(a.t.Context(), bot.Origin{Account: a.place, Subject: "4"}); err != nil {
		a.t.Fatal(err)
	}
}
