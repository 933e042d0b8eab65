package telegram_test

import (
	"context"
	"slices"
	"testing"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
)

func TestWhoIsInTheRoom(t *testing.T) {
	w := newWorld(t, withRoom(forum, &threads{}))
	w.tg.Forum(forum, "Helpdesk")
	officer := w.tg.User(9, "Petugas", "id").In(forum)
	w.poll()
	room, person := inRoom(forum).Account, bot.Account{Platform: bot.Telegram, ID: "9"}
	is := func(want bool, who bot.Account) {
		t.Helper()
		if got, err := w.bot.Member(w.ctx(), room, who); err != nil || got != want {
			t.Errorf("member %v: %v, %v; want %v", who, got, err, want)
		}
	}
	is(true, person)
	is(false, bot.Account{Platform: bot.Telegram, ID: "4711"})
	is(false, bot.Account{Platform: bot.Mattermost, ID: "9"})
	until(t, "the bot wants to hear of members", func() bool { return w.tg.Polls() > 0 })
	officer.Leave()
	is(false, person)
	until(t, "the bot hears of it", func() bool {
		return slices.ContainsFunc(w.engine.updates(), func(u bot.Update) bool { return u.Kind == bot.KindLeft && u.Account == person })
	})
}

// Pictures and documents are carried by their id, and nothing of them is kept.
func TestFilesAreCarried(t *testing.T) {
	known := &threads{}
	w := newWorld(t, withRoom(forum, known), func(c *telegram.Config, _ *telegramtest.Options) {
		c.Fetch = func(_ context.Context, f bot.File) ([]byte, error) { return []byte("from " + f.Platform), nil }
	})
	w.tg.Forum(forum, "Helpdesk")
	w.poll()
	data := picture(1)
	w.sari.SendPhoto(data, "layar saya")
	w.sari.SendDocument("surat.pdf", []byte("%PDF-1.7"), "")
	until(t, "both files", func() bool { return len(w.engine.updates()) == 2 })
	for _, u := range w.engine.updates() {
		if len(u.Files) != 1 {
			t.Fatalf("%+v has no file", u)
		}
		w.deliver(inRoom(forum), bot.Reply{Messages: []bot.Message{{Text: "Pegawai: " + u.Text, File: &u.Files[0]}}})
		got, err := w.bot.Fetch(w.ctx(), u.Files[0])
		if err != nil || len(got) == 0 {
			t.Errorf("fetched %q, %v", got, err)
		}
	}
	w.deliver(inRoom(forum), bot.Reply{Messages: []bot.Message{{Text: "Pegawai:", File: &bot.File{Platform: bot.Mattermost, ID: "x", Kind: bot.FilePicture, Name: "layar.png"}}}})
	all := w.tg.Messages(forum)
	last := all[len(all)-3:]
	if last[0].Photo == nil || last[0].Text != "Pegawai: layar saya" || last[1].Kind != "document" || last[2].Kind != "document" {
		t.Errorf("carried: %+v", last)
	}
}
