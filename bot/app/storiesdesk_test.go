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

// see waits until a message in a topic holds all the words.
func (o *deskTeam) see(topic int, words ...string) {
	o.t.Helper()
	found := func() bool {
		return slices.ContainsFunc(o.texts(topic), func(s string) bool { return holdsAll(s, words) })
	}
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found() {
			return
		}
	}
	o.t.Fatalf("officers waited for %q; the topic holds\n%s\nand the log\n%s", words, strings.Join(o.texts(topic), "\n--\n"), o.w.log)
}

// press presses the newest button with the label in a topic.
func (o *deskTeam) press(who *telegramtest.Person, topic int, label string) {
	o.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		all := o.w.telegram.Messages(deskForum)
		for _, m := range slices.Backward(all) {
			if m.Topic == topic && !m.Deleted && has(m.Buttons, label) {
				if _, _, err := who.Press(m.ID, label); err == nil {
					return
				}
			}
		}
	}
	o.t.Fatalf("no button %q in the topic:\n%s", label, strings.Join(o.texts(topic), "\n--\n"))
}

// An employee calls for a person, who sees what happened, takes the ticket,
// talks with them through the bot and closes it; the employee says whether it
// helped.
func TestAPersonAtTheEndOfTheWay(t *testing.T) {
	w, desk := withForum(t)
	p := w.telegramPerson(7001)
	e := linked(t, w, p, "ISSUE")
	p.Types("mau bicara dengan orang")
	offers(t, sees(t, p, "Bicara dengan petugas", e.Name, "PIN, link, dan NIK tidak pernah", "dihapus 30 hari"), "Kirim ke petugas", "Batal")
	p.Types("emailnya tidak pernah datang, kotak masuk saya penuh")
	sees(t, p, "Tiket #1", "tidak pernah meminta PIN")

	topic := desk.topic(1)
	if topic.Name != "#1 "+e.Name {
		t.Errorf("the topic is called %q", topic.Name)
	}
	desk.see(topic.ID, "Tiket #1", e.Name, e.Unit, "linkAktif", "kotak masuk saya penuh")
	if all := strings.Join(desk.texts(topic.ID), "\n"); strings.Contains(all, e.NIP) || strings.Contains(all, e.NIK) || strings.Contains(all, e.Email) {
		t.Errorf("officers are shown more than they need: %s", all)
	}
	rina := w.telegram.User(901, "Rina", "id").InTopic(deskForum, topic.ID)
	rina.Type("halo?")
	desk.see(topic.ID, "belum ada yang memegang")
	rina.Type("/nama Bu Rina")
	desk.see(topic.ID, "Pegawai melihat Anda sebagai Bu Rina")
	desk.press(rina, topic.ID, "Ambil")
	sees(t, p, "Bu Rina menangani tiket #1")
	desk.see(topic.ID, "Bu Rina memegang tiket ini")

	rina.Type("Selamat pagi. Boleh saya lihat layarnya?")
	sees(t, p, "Bu Rina:", "Boleh saya lihat layarnya?")
	rina.Type("// kelihatannya kotaknya penuh")
	p.Types("ini layarnya")
	desk.see(topic.ID, e.Name+":", "ini layarnya")
	w.telegram.User(7001, "", "").SendPhoto(pixel(), "layar saya")
	eventually(t, "the picture in the topic", func() bool {
		return slices.ContainsFunc(w.telegram.Messages(deskForum), func(m telegramtest.Message) bool {
			return m.Topic == topic.ID && m.Photo != nil && strings.Contains(m.Text, "layar saya")
		})
	})
	rina.Type("Kirim PIN Anda ke saya ya")
	desk.see(topic.ID, "Tidak diteruskan", "Petugas tidak pernah memintanya")
	if all := show(p); strings.Contains(all, "Kirim PIN") || strings.Contains(all, "kotaknya penuh") {
		t.Errorf("the employee sees what is not for them: %s", all)
	}
	p.Types("PIN saya Melati#2024")
	sees(t, p, "PIN")
	p.Types("/status") // the employee's own commands go on
	sees(t, p, "Sertifikat aktif")
	if all := strings.Join(desk.texts(topic.ID), "\n"); strings.Contains(all, "Melati") || strings.Contains(all, "/status") {
		t.Errorf("officers see what is not for them: %s", all)
	}

	desk.press(rina, topic.ID, "Tutup tiket")
	desk.press(rina, topic.ID, "Selesai")
	offers(t, sees(t, p, "masalahnya sudah selesai", "Terbantu?"), "Ya", "Tidak")
	eventually(t, "the topic is closed", func() bool { return desk.topic(1).Closed })
	p.Presses("Tidak")
	sees(t, p, "tiketnya dibuka lagi")
	p.Types("kotak masuk saya penuh lagi dan tidak bisa dihapus")
	sees(t, p, "Tiket #1")
	desk.see(topic.ID, "dibuka lagi", "tidak bisa dihapus")
	if desk.topic(1).Closed {
		t.Error("the topic is still closed")
	}
}

// pixel is a small picture.
func pixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
}
