package notice

import (
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// desk is an officer's side of a conversation.
type desk struct {
	*talktest.Conversation
	h   *Room
	t   *testing.T
	ids int
}

func officers(t *testing.T) *desk {
	t.Helper()
	c, h, _ := room(t)
	return &desk{c, h, t, 0}
}

// in is what an officer does in their room.
func (d *desk) in(u bot.Update) talk.Request {
	d.ids++
	u.ID, u.Account, u.Chat = "o"+string(rune('a'+d.ids)), bot.Account{Platform: bot.Telegram, ID: "901"}, "-100"
	return talk.Request{Update: u, Lang: talk.Indonesian, Texts: d.Kernel.Texts, Now: d.Now}
}

func (d *desk) types(text string) bot.Reply {
	d.t.Helper()
	answer, err := d.h.officers(d.t.Context(), d.in(bot.Update{Kind: bot.KindCommand, Command: command, Text: text}))
	if err != nil {
		d.t.Fatal(err)
	}
	return answer
}

func (d *desk) presses(b bot.Button) bot.Reply {
	d.t.Helper()
	answer, err := d.h.Capability().RoomPresses[talk.Name(b.Action.Name)](d.t.Context(), d.in(bot.Update{Kind: bot.KindAction, Action: b.Action}))
	if err != nil {
		d.t.Fatal(err)
	}
	return answer
}

// told tells what an employee reads above an answer.
func (d *desk) told(lang string, about talk.Concern) string {
	d.t.Helper()
	text, err := d.h.words(d.t.Context(), talk.Request{Lang: lang, Now: d.Now}, about)
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

func TestAnAnnouncementStandsAboveWhatItConcerns(t *testing.T) {
	d := officers(t)
	d.Says(d.types("on portal sampai 14.30 Portal sedang dirawat"), "Pengumuman dipasang", "> 📢 **Pengiriman link reset sedang terganggu** sejak 09.00 WIB. Diperkirakan selesai 14.30 WIB.", "Portal sedang dirawat",
		"Officers are working on it")
	for about, want := range map[talk.Concern]bool{talk.AboutReset: true, talk.AboutAny: true, talk.AboutStatus: false, talk.AboutLink: false} {
		if got := d.told(talk.Indonesian, about); strings.Contains(got, "Portal sedang dirawat") != want {
			t.Errorf("%s: told %q", about, got)
		}
	}
	if got := d.told("en", talk.AboutReset); !strings.Contains(got, "Officers are working on it") || strings.Contains(got, "dirawat") {
		t.Errorf("in English: %q", got)
	}
	answer := d.Command("resetpin", "")
	d.Says(answer, "sedang terganggu", "Portal sedang dirawat")
	if status := d.Command("status", ""); strings.Contains(status.Messages[0].Text, "terganggu") {
		t.Errorf("told with what it does not concern: %q", status.Messages[0].Text)
	}
	d.Now = d.Now.Add(6 * time.Hour) // it has outlived its expected end
	if got := d.told(talk.Indonesian, talk.AboutReset); strings.Contains(got, "Diperkirakan") || !strings.Contains(got, "dirawat") {
		t.Errorf("after the expected end: %q", got)
	}
	for range 2 {
		look(t, d.h)
	}
	reminded := d.Unasked()
	if len(reminded) != 1 {
		t.Fatalf("reminded of it with %+v", reminded)
	}
	d.Says(d.presses(d.Button(d.Says(reminded[0], "masih terpasang"), end)), "dicabut")
	d.Says(d.presses(d.Button(reminded[0].Messages[0], end)), "sudah berakhir")
	if got := d.told(talk.Indonesian, talk.AboutReset); got != "" {
		t.Errorf("after the end: %q", got)
	}
	d.Says(d.types("off"), "Tidak ada pengumuman")
}

func TestWhatIsNotAnnounced(t *testing.T) {
	d := officers(t)
	for text, want := range map[string]string{
		"on Kirim PIN Anda ke nomor ini":      "meminta PIN",
		"on a | please send the code to us":   "meminta PIN",
		"on buka https://palsu.contoh.test/a": "tidak boleh berisi link",
		"on sampai 25.99 dirawat":             "tidak terbaca",
		"on " + strings.Repeat("x", 400):      "terlalu panjang",
	} {
		d.Says(d.types(text), want)
	}
	d.Says(d.types(""), "Tidak ada pengumuman gangguan", "/gangguan on portal")
	if got := d.told(talk.Indonesian, talk.AboutAny); got != "" {
		t.Errorf("told all the same: %q", got)
	}
}

// How it is announced is told in what the officer's platform takes there.
func TestAnnouncingIsToldAsItIsTypedThere(t *testing.T) {
	d := officers(t)
	for _, c := range []struct {
		platform string
		private  bool
		want     string
	}{
		{bot.Telegram, false, "/gangguan on"}, {bot.Telegram, true, "/gangguan on"},
		{bot.Mattermost, false, "@resetpin gangguan on"}, {bot.Mattermost, true, "gangguan on"},
	} {
		r := d.in(bot.Update{Kind: bot.KindCommand, Command: command})
		r.Account.Platform, r.Private = c.platform, c.private
		answer, err := d.h.officers(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Messages[0].Text; !strings.Contains(got, "`"+c.want) {
			t.Errorf("%+v: told %q", c, got)
		}
	}
}

// An administrator announces in the private chat; nobody else learns that the
// command exists.
func TestAnnouncingIsForOfficers(t *testing.T) {
	d := officers(t)
	for range 2 {
		if got := d.Command(command, "on semua Sedang dirawat").Messages[0].Text; got != d.Command("antah", "").Messages[0].Text {
			t.Errorf("an employee is told %q", got)
		}
		if got := d.Press(end.With("1")).Messages[0].Text; got != d.Command("antah", "").Messages[0].Text {
			t.Errorf("an employee's press is answered %q", got)
		}
	}
	d.Kernel.Settings.Admins = []bot.Account{d.Me}
	answer := d.Command(command, "on semua Sedang dirawat")
	d.Says(answer, "Pengumuman dipasang")
	if told := d.Unasked(); len(told) != 1 || !strings.Contains(told[0].Messages[0].Text, "memasang pengumuman") {
		t.Errorf("the room is told %+v", told)
	}
	d.Says(d.Command("link", ""), "Sedang dirawat")
	d.Says(d.Press(d.Button(answer.Messages[0], end).Action), "dicabut")
}

// What fails several people one after the other is told to officers once, to
// employees when an officer says so or after ten minutes, and its end once.
func TestWhatTheBotSeesByItself(t *testing.T) {
	d := officers(t)
	fails := func(s talk.System, err error, people ...string) {
		for _, who := range people {
			d.Kernel.Met(t.Context(), s, who, err)
		}
	}
	down := bsre.ErrUnavailable
	fails(talk.Portal, down, "a", "a", "a", "b")
	fails(talk.Portal, nil, "c") // it works
	fails(talk.Portal, down, "d", "e")
	fails(talk.BSrE, bsre.ErrNotFound, "a", "b", "c", "d") // the person's, not everybody's
	if got := d.Unasked(); len(got) != 0 {
		t.Fatalf("told of single failures: %+v", got)
	}
	fails(talk.Portal, down, "f", "g", "h")
	look(t, d.h)
	fails(talk.Portal, down, "i", "j")
	seen := d.Unasked()
	if len(seen) != 1 {
		t.Fatalf("officers are told %+v", seen)
	}
	message := d.Says(seen[0], "Portal BSrE", "3 orang", "09.00", "10 menit")
	if got := d.told(talk.Indonesian, talk.AboutReset); got != "" {
		t.Errorf("employees are told at once: %q", got)
	}
	d.Says(d.presses(d.Button(message, announce)), "diberitahukan kepada pegawai", "Petugas sudah diberi tahu")
	if got := d.told("en", talk.AboutReset); !strings.Contains(got, "does not work as usual") {
		t.Errorf("after an officer's word: %q", got)
	}
	d.Says(d.presses(d.Button(message, hide)), "tidak diberitahukan")
	d.Now = d.Now.Add(11 * time.Minute)
	if got := d.told(talk.Indonesian, talk.AboutReset); got != "" {
		t.Errorf("told though officers said no: %q", got)
	}
	fails(talk.Portal, nil, "k")
	fails(talk.Portal, down, "l") // it comes and goes
	fails(talk.Portal, nil, "k")
	look(t, d.h)
	if got := d.Unasked(); len(got) != 1 {
		t.Errorf("its end is told though it failed a moment ago: %+v", got)
	}
	d.Now = d.Now.Add(3 * time.Minute)
	fails(talk.Portal, nil, "k")
	for range 2 {
		look(t, d.h)
	}
	if got := d.Unasked(); len(got) != 2 || !strings.Contains(got[1].Messages[0].Text, "melayani lagi") {
		t.Errorf("its end: %+v", got)
	}
	d.Says(d.presses(d.Button(message, announce)), "sudah berakhir")
}

// Nobody presses: employees are told after ten minutes, in what it concerns;
// an answer that just came from the system is told without it.
func TestEmployeesAreToldAfterTenMinutes(t *testing.T) {
	for system, tt := range map[talk.System]struct {
		err   error
		about talk.Concern
		seen  talk.System
		words string
	}{
		talk.BSrE:   {bsre.ErrUnavailable, talk.AboutStatus, talk.BSrE, "Layanan BSrE"},
		talk.Portal: {bsre.ErrCredentials, talk.AboutReset, talk.Session, "link reset"},
		talk.Mail:   {store.ErrJobWaits, talk.AboutLink, talk.Mail, "Pengiriman email"},
	} {
		d := officers(t)
		for _, who := range []string{"a", "b", "c"} {
			d.Kernel.Met(t.Context(), system, who, tt.err)
		}
		look(t, d.h)
		d.Now = d.Now.Add(9 * time.Minute)
		d.Kernel.Met(t.Context(), system, "d", tt.err)
		if got := d.told(talk.Indonesian, tt.about); got != "" {
			t.Errorf("%s: told after nine minutes: %q", system, got)
		}
		d.Now = d.Now.Add(2 * time.Minute)
		if got := d.told(talk.Indonesian, tt.about); !strings.Contains(got, tt.words) {
			t.Errorf("%s: after ten minutes: %q", system, got)
		}
		d.Now = d.Now.Add(time.Second)
		d.Kernel.Met(t.Context(), system, "e", nil)
		if got := d.told(talk.Indonesian, tt.about); got != "" {
			t.Errorf("%s: told with what it just did: %q", system, got)
		}
		all, err := d.DB.Disturbances(t.Context())
		if err != nil || len(all) != 1 || all[0].What != string(tt.seen) {
			t.Errorf("%s: %+v, %v", system, all, err)
		}
	}
}
