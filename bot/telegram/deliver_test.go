package telegram_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram/telegramtest"
)

func TestWhatCannotBeEditedIsSentNew(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	u := w.pressed(m.ID, "Lanjut")
	if err := w.sari.Delete(m.ID); err != nil {
		t.Fatal(err)
	}
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Langkah 2", Replace: true}}})
	if now := w.sari.Last(); now.ID == m.ID || now.Text != "Langkah 2" {
		t.Errorf("message %+v", now)
	}
	own := w.sari.Type("halo")
	w.deliver(bot.Origin{Account: sari(), Message: itoa(own)}, bot.Reply{Messages: []bot.Message{{Text: "Halo juga", Replace: true}}})
	if now := w.sari.Last(); now.Text != "Halo juga" {
		t.Errorf("message %+v", now)
	}
}

func TestTextAndPictureReplaceOneAnother(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	one, two := &bot.Picture{Name: "satu.png", Data: func() []byte { return picture(10) }}, &bot.Picture{Name: "dua.png", Data: func() []byte { return picture(200) }}
	step := func(button string, m telegramtest.Message, next bot.Message) telegramtest.Message {
		t.Helper()
		next.Replace = true
		w.deliver(w.pressed(m.ID, button).Origin, bot.Reply{Messages: []bot.Message{next}})
		return w.sari.Last()
	}
	a := step("Lanjut", m, bot.Message{Text: "Gambar **satu**", Picture: one, Buttons: buttons("Lanjut")})
	if a.ID != m.ID || a.Kind != "photo" || a.HTML != "Gambar <b>satu</b>" || string(a.Photo.Data) != string(one.Data()) {
		t.Errorf("text to picture: %+v", a)
	}
	b := step("Lanjut", a, bot.Message{Text: "Gambar dua", Picture: two, Buttons: buttons("Lanjut")})
	if b.ID != m.ID || string(b.Photo.Data) != string(two.Data()) {
		t.Errorf("picture to picture: %+v", b)
	}
	c := step("Lanjut", b, bot.Message{Text: "Selesai", Buttons: buttons("Lanjut")})
	if c.ID == m.ID || c.Kind != "text" {
		t.Errorf("picture to text: %+v", c)
	}
	for _, old := range w.sari.Messages() {
		if old.ID == m.ID && !old.Deleted {
			t.Error("the picture is still there")
		}
	}
	d := step("Lanjut", c, bot.Message{Text: "Gambar satu lagi", Picture: one})
	if d.ID != c.ID || string(d.Photo.Data) != string(one.Data()) {
		t.Errorf("text to known picture: %+v", d)
	}
	uploads := 0
	for _, call := range w.tg.Calls() {
		uploads += len(call.Files)
		if call.Code == 400 {
			t.Errorf("a futile call of %s", call.Method)
		}
	}
	if uploads != 2 {
		t.Errorf("%d uploads of two pictures", uploads)
	}
}

func TestAnOldPictureLosesItsButtons(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Now()}
	w, m := asked(t, bot.Message{Text: "Gambar", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}, Buttons: buttons("Lanjut")},
		func(_ *config, o *telegramtest.Options) { o.Now = clock.Now; o.QueryLife = 100 * time.Hour })
	u := w.pressed(m.ID, "Lanjut")
	clock.add(49 * time.Hour)
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Selesai", Replace: true}}})
	for _, old := range w.sari.Messages() {
		if old.ID == m.ID && (old.Deleted || len(old.Buttons) > 0) {
			t.Errorf("the old picture: %+v", old)
		}
	}
	w.shows(w.sari, "Selesai")
}

func TestAPictureIsUploadedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	shot := bot.Reply{Messages: []bot.Message{{Text: "Lihat", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(9) }, Alt: "abu-abu"}, Buttons: buttons("Lanjut")}}}
	uploads := func() (n int) {
		for _, c := range w.tg.Calls() {
			n += len(c.Files)
		}
		return n
	}
	w.deliver(to, shot)
	w.deliver(to, shot)
	if n := uploads(); n != 1 {
		t.Errorf("%d uploads", n)
	}
	w.tg.ForgetFiles()
	w.deliver(to, shot)
	w.deliver(to, shot)
	if n := uploads(); n != 2 {
		t.Errorf("%d uploads after the file id was refused", n)
	}
	if m := w.sari.Last(); m.Kind != "photo" || m.Text != "Lihat" || len(m.Buttons) != 1 {
		t.Errorf("message %+v", m)
	}
}

func TestAnUnusablePictureBecomesText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.met(), bot.Reply{Messages: []bot.Message{{Text: "Lihat", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return []byte("no picture") }, Alt: "layar masuk"}}}})
	if m := w.sari.Last(); m.Kind != "text" || m.Text != "layar masuk\n\nLihat" {
		t.Errorf("message %+v", m)
	}
}

func TestRemoving(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Now()}
	w := newWorld(t, func(_ *config, o *telegramtest.Options) { o.Now = clock.Now })
	to := w.met()
	removal := func(id string) bot.Reply {
		return bot.Reply{Remove: &bot.Removal{Message: id, Done: bot.Message{Text: "Sudah dihapus"}, Failed: bot.Message{Text: "Hapus sendiri"}}, Messages: []bot.Message{{Text: "Lanjut"}}}
	}
	w.deliver(to, removal(to.Message))
	if all := w.sari.Messages(); !all[0].Deleted || all[1].Text != "Sudah dihapus" || all[2].Text != "Lanjut" {
		t.Errorf("transcript %+v", all)
	}
	w.deliver(to, removal(to.Message)) // done again after a crash
	if got := w.sari.Messages()[3].Text; got != "Sudah dihapus" {
		t.Errorf("the second time it says %q", got)
	}
	old := w.sari.Type("rahasia")
	clock.add(49 * time.Hour)
	w.deliver(to, removal(itoa(old)))
	if got := w.sari.Messages()[6].Text; got != "Hapus sendiri" {
		t.Errorf("too old a message: %q", got)
	}
	w.deliver(to, removal("no number"))
	if got := w.sari.Messages()[8].Text; got != "Hapus sendiri" {
		t.Errorf("no message: %q", got)
	}
}

func TestLongTextsAreSplit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "Paragraf **nomor %d** dengan beberapa kata dan sebuah <tanda>, cukup panjang untuk dihitung.\n\n", i)
	}
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: b.String(), Buttons: buttons("Ya")}}})
	all := w.sari.Messages()[1:]
	if len(all) < 2 || len(all[0].Buttons) != 0 || len(all[len(all)-1].Buttons) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	for _, m := range all {
		if !strings.HasPrefix(m.Text, "Paragraf nomor") || !strings.HasSuffix(m.Text, "dihitung.") {
			t.Errorf("cut inside a paragraph: %q … %q", m.Text[:20], m.Text[len(m.Text)-20:])
		}
	}
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: "**Judul**\n\n" + b.String(), Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}, Buttons: buttons("Ya")}}})
	rest := w.sari.Messages()[1+len(all):]
	if rest[0].Kind != "photo" || rest[0].Text != "Judul" || len(rest[0].Buttons) != 0 || len(rest[len(rest)-1].Buttons) != 1 {
		t.Errorf("a long caption: %+v", rest[0])
	}
}

func TestThePersonIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	w.sari.Block()
	if err := w.bot.Deliver(w.ctx(), to, say("halo")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("blocked: %v", err)
	}
	w.sari.Unblock()
	w.deliver(to, say("halo"))
	w.sari.Deactivate()
	if err := w.bot.Deliver(w.ctx(), to, say("halo")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("deactivated: %v", err)
	}
	nobody := bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "123"}}
	if err := w.bot.Deliver(w.ctx(), nobody, say("halo")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("unknown: %v", err)
	}
}

func TestUnusableButtonsAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.met(), bot.Reply{Messages: []bot.Message{{Text: "Pilih", Buttons: [][]bot.Button{
		{{Text: "Situs", URL: "https://esign-bsre.bssn.go.id/"}, {Text: "Salah", URL: "javascript:alert(1)"}},
		{{Text: "Rusak", Action: bot.Action{Name: "Not A Name"}}},
		{{Text: "Ya", Action: bot.Action{Name: "yes"}, Style: bot.StylePrimary}, {Text: "Hapus", Action: bot.Action{Name: "no"}, Style: bot.StyleDanger}},
	}}}})
	m := w.sari.Last()
	if len(m.Buttons) != 2 || len(m.Buttons[0]) != 1 || m.Buttons[1][0].Style != "primary" || m.Buttons[1][1].Style != "danger" {
		t.Errorf("buttons %+v", m.Buttons)
	}
	if !strings.Contains(w.log.String(), "left out") {
		t.Error("nobody is told")
	}
}

func TestAGroupBecameASupergroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tg.Group(-500, "Helpdesk")
	w.tg.Migrate(-500, -1000000000500)
	w.deliver(bot.Origin{Chat: "-500"}, say("Ada yang butuh bantuan"))
	if all := w.tg.Messages(-1000000000500); len(all) != 1 {
		t.Errorf("messages %+v", all)
	}
}

func TestButtonsOfAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tg.Group(-500, "Helpdesk")
	w.deliver(bot.Origin{Chat: "-500"}, bot.Reply{Messages: []bot.Message{{Text: "Bantuan", Buttons: buttons("Jawab")}}})
	w.poll()
	if _, _, err := w.sari.In(-500).Press(w.tg.Messages(-500)[0].ID, "Jawab"); err != nil {
		t.Fatal(err)
	}
	until(t, "an officer's press arrives", func() bool { return len(w.engine.updates()) == 1 })
	if u := w.engine.updates()[0]; u.Account != sari() || u.Action.Name != "jawab" || u.Chat != "-500" {
		t.Errorf("update %+v", u)
	}
}
