package app_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
)

const deskForum = -1001557000009

// deskTeam are people in the officers' forum.
type deskTeam struct {
	w *world
	t *testing.T
}

// withForum gives a world whose help desk is a forum on Telegram.
func withForum(t *testing.T, extra ...string) (*world, *deskTeam) {
	t.Helper()
	w := emptyWorld(t, append([]string{"HELPDESK_TELEGRAM_CHAT=" + strconv.Itoa(deskForum)}, extra...))
	w.telegram.Forum(deskForum, "Helpdesk")
	w.inhabit()
	return w, &deskTeam{w, t}
}

// topic waits for the nth topic, from 1.
func (o *deskTeam) topic(nth int) telegramtest.Topic {
	o.t.Helper()
	eventually(o.t, "topic "+strconv.Itoa(nth), func() bool { return len(o.w.telegram.Topics(deskForum)) >= nth })
	return o.w.telegram.Topics(deskForum)[nth-1]
}

// texts gives what stands in a topic (0: outside).
func (o *deskTeam) texts(topic int) []string {
	var out []string
	for _, m := range o.w.telegram.Messages(deskForum) {
		if m.Topic == topic && !m.Deleted {
			out = append(out, m.Text)
		}
	}
	return out
}

// press presses the newest button with the label in a topic.
func (o *deskTeam) press(who *telegramtest.Person, topic int, label string) {
	o.t.Helper()
	o.pressWhere(who, label, func(m telegramtest.Message) bool { return m.Topic == topic })
}

func (o *deskTeam) pressWhere(who *telegramtest.Person, label string, there func(telegramtest.Message) bool) {
	o.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		all := o.w.telegram.Messages(deskForum)
		for _, m := range slices.Backward(all) {
			if there(m) && !m.Deleted && has(m.Buttons, label) {
				if _, _, err := who.Press(m.ID, label); err == nil {
					return
				}
			}
		}
	}
	o.t.Fatalf("no button %q in the forum", label)
}

// officer is one in the thread of a ticket, on whatever platform.
type officer interface {
	// opens waits for the nth ticket's thread, from 1, and goes into it.
	opens(nth int, title string)
	// opensWith waits for a thread with the words in it, and goes into it: a
	// topic that a crash left behind is empty.
	opensWith(words string)
	// texts gives what stands in the thread.
	texts() []string
	// types sends words there.
	types(text string)
	// calls uses an officers' command.
	calls(command string)
	// presses presses the newest button with the label.
	presses(label string)
	// pictures gives what stands at the pictures of the thread.
	pictures() []string
	// at goes into the room, outside of all threads.
	at()
	// says sends words outside of all threads.
	says(command string)
	// hears gives all that the bot said anywhere in the room.
	hears() []string
	// touches presses the newest button with the label anywhere in the room.
	touches(label string)
	// deletes takes the thread away by hand.
	deletes()
	// leaves the room.
	leaves()
	// throwsOut takes the bot out of the room.
	throwsOut()
	// colleague gives another officer of the room, in no thread yet.
	colleague() officer
	// head gives the first message of the thread.
	head() string
	// over tells whether the thread shows that the ticket is closed.
	over() bool
}

// reads waits until a message in the officer's thread holds all the words.
func reads(t *testing.T, w *world, o officer, words ...string) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if slices.ContainsFunc(o.texts(), func(s string) bool { return holdsAll(s, words) }) {
			return
		}
	}
	t.Fatalf("officers waited for %q; the thread holds\n%s\nand the log\n%s", words, strings.Join(o.texts(), "\n--\n"), w.log)
}

// heard waits until something that the bot said in the room holds all the
// words.
func heard(t *testing.T, w *world, o officer, words ...string) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if slices.ContainsFunc(o.hears(), func(s string) bool { return holdsAll(s, words) }) {
			return
		}
	}
	t.Fatalf("officers waited for %q; the room holds\n%s\nand the log\n%s", words, strings.Join(o.hears(), "\n--\n"), w.log)
}

// onDesk tells a story with an employee and an officer on each platform.
func onDesk(t *testing.T, tell func(t *testing.T, w *world, p person, rina officer), extra ...string) {
	t.Helper()
	t.Run("telegram", func(t *testing.T) {
		t.Parallel()
		w, desk := withForum(t, extra...)
		rina := &inForum{desk: desk, id: 901}
		rina.at()
		tell(t, w, w.telegramPerson(7001), rina)
	})
	t.Run("mattermost", func(t *testing.T) {
		t.Parallel()
		w, rina := withChannel(t, extra...)
		rina.at()
		tell(t, w, w.mattermostPerson("sari"), rina)
	})
	if *realMattermost == "" {
		return
	}
	t.Run("real-mattermost", func(t *testing.T) {
		t.Parallel()
		w, rina := withRealChannel(t, extra...)
		rina.at()
		tell(t, w, w.realPerson(), rina)
	})
}

// withChannel gives a world whose help desk is a channel on Mattermost, in
// which an officer is.
func withChannel(t *testing.T, extra ...string) (*world, *onChannel) {
	t.Helper()
	w := emptyWorld(t, extra)
	w.addMattermost()
	rina := w.mattermost.Person("rina")
	channel := w.mattermost.AddChannel(w.mattermost.TeamID(), "helpdesk", w.mattermostBot, rina.ID())
	w.extra = append(w.extra, "HELPDESK_MATTERMOST_CHANNEL="+channel)
	w.inhabit()
	return w, &onChannel{w: w, t: t, p: rina, channel: channel}
}

// An employee calls for a person, who sees what happened, takes the ticket,
// talks with them through the bot and closes it; the employee says whether it
// helped.
func TestAPersonAtTheEndOfTheWay(t *testing.T) {
	onTelegramShows := func(w *world) func() {
		return func() { w.telegram.User(7001, "", "").SendPhoto(pixel(), "layar saya") }
	}
	t.Run("telegram", func(t *testing.T) {
		w, desk := withForum(t)
		aPersonHelps(t, w, w.telegramPerson(7001), &inForum{desk: desk, id: 901}, onTelegramShows(w))
	})
	t.Run("mattermost", func(t *testing.T) {
		w, desk := withChannel(t)
		p := w.mattermostPerson("sari")
		aPersonHelps(t, w, p, desk, func() {
			if _, err := p.p.Show(p.chat, "", "layar saya", "layar.png", pixel()); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("across", func(t *testing.T) {
		w, desk := withChannel(t)
		aPersonHelps(t, w, w.telegramPerson(7001), desk, onTelegramShows(w))
	})
	if *realMattermost == "" {
		return
	}
	t.Run("real-mattermost", func(t *testing.T) {
		w, desk := withRealChannel(t)
		p := w.realPerson()
		aPersonHelps(t, w, p, desk, func() { p.shows("layar.png", "layar saya", pixel()) })
	})
	t.Run("real-across", func(t *testing.T) {
		w, desk := withRealChannel(t)
		aPersonHelps(t, w, w.telegramPerson(7001), desk, onTelegramShows(w))
	})
}

// notes waits until the bot knows a ticket's thread, which officers see before:
// people are not as quick.
func (w *world) notes(ticket string) {
	w.t.Helper()
	eventually(w.t, "the thread to be noted", func() bool {
		return w.count(`SELECT count(*) FROM room_threads WHERE subject = $1`, ticket) > 0
	})
}

func aPersonHelps(t *testing.T, w *world, p person, rina officer, showsScreen func()) {
	t.Helper()
	e := linked(t, w, p, "ISSUE")
	p.Types("mau bicara dengan orang")
	offers(t, sees(t, p, "Bicara dengan petugas", e.Name, "PIN, link, dan NIK tidak pernah", "dihapus 30 hari"), "Kirim ke petugas", "Batal")
	p.Types("emailnya tidak pernah datang, kotak masuk saya penuh")
	sees(t, p, "Tiket #1", "tidak pernah meminta PIN")

	rina.opens(1, "#1 "+e.Name)
	reads(t, w, rina, "Tiket #1", "Belum ada yang memegang", e.Name, e.Unit, "linkAktif", "kotak masuk saya penuh")
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, e.NIP) || strings.Contains(all, e.NIK) || strings.Contains(all, e.Email) {
		t.Errorf("officers are shown more than they need: %s", all)
	}
	w.notes("1")
	rina.types("halo?")
	reads(t, w, rina, "belum ada yang memegang")
	rina.calls("nama Bu Rina")
	reads(t, w, rina, "Pegawai melihat Anda sebagai Bu Rina")
	rina.presses("Ambil")
	sees(t, p, "Bu Rina menangani tiket #1")
	reads(t, w, rina, "Bu Rina memegang tiket ini")
	eventually(t, "the first message names who has it", func() bool { return strings.Contains(rina.head(), "Dipegang Bu Rina") })

	rina.types("Selamat pagi. Boleh saya lihat layarnya?")
	sees(t, p, "Bu Rina:", "Boleh saya lihat layarnya?")
	rina.types("// kelihatannya kotaknya penuh")
	p.Types("ini layarnya")
	reads(t, w, rina, e.Name+":", "ini layarnya")
	showsScreen()
	eventually(t, "the picture in the thread", func() bool {
		return slices.ContainsFunc(rina.pictures(), func(s string) bool { return strings.Contains(s, "layar saya") })
	})
	rina.types("Kirim PIN Anda ke saya ya")
	reads(t, w, rina, "Tidak diteruskan", "Petugas tidak pernah memintanya")
	if all := show(p); strings.Contains(all, "Kirim PIN") || strings.Contains(all, "kotaknya penuh") {
		t.Errorf("the employee sees what is not for them: %s", all)
	}
	p.Types("PIN saya Melati#2024")
	sees(t, p, "PIN")
	p.Types("/status") // the employee's own commands go on
	sees(t, p, "Sertifikat aktif")
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, "Melati") || strings.Contains(all, "/status") {
		t.Errorf("officers see what is not for them: %s", all)
	}

	rina.presses("Tutup tiket")
	rina.presses("Selesai")
	offers(t, sees(t, p, "masalahnya sudah selesai", "Terbantu?"), "Ya", "Tidak")
	eventually(t, "the thread is closed", rina.over)
	eventually(t, "the first message shows it", func() bool { return strings.Contains(rina.head(), "Ditutup: Selesai. Terakhir dipegang Bu Rina") })
	p.Presses("Tidak")
	sees(t, p, "tiketnya dibuka lagi")
	p.Types("kotak masuk saya penuh lagi dan tidak bisa dihapus")
	sees(t, p, "Tiket #1")
	reads(t, w, rina, "dibuka lagi", "tidak bisa dihapus")
	eventually(t, "the thread is open again", func() bool { return !rina.over() && strings.Contains(rina.head(), "Belum ada yang memegang") })
}

// pixel is a small picture.
func pixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
}
