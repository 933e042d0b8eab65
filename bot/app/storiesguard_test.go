package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram/telegramtest"
)

const (
	falseLink = "https://esign-bsre.bssn.go.id.palsu.test/email/user/passphrase/reset/0123456789abcdef0123456789abcdef"
	officers  = -6000
)

// shown tells whether a chat of the pretend Telegram shows a message of the
// bot's with all the words.
func shown(w *world, chat int64, words ...string) bool {
	for _, m := range w.telegram.Messages(chat) {
		if m.Bot && !m.Deleted && holdsAll(m.Text, words) {
			return true
		}
	}
	return false
}

// Who writes too fast is not answered any more, and still loses no PIN to the
// chat; of the notices there is one a minute.
func TestTheGuardStandsBeforeTheLimit(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, nil)
	w.rate = bot.Limit{Every: time.Hour, Burst: 2}
	w.inhabit()
	u := w.telegram.User(7001, "Pegawai", "id")
	for range 5 {
		u.Type("halo")
	}
	eventually(t, "the bot asks to slow down", func() bool { return shown(w, 7001, "Pelan-pelan") })
	var ids []int
	for i := range 20 {
		ids = append(ids, u.Type(fmt.Sprintf("PIN saya Garuda#%d", 1945+i)))
	}
	eventually(t, "every PIN is taken out of the chat", func() bool {
		for _, m := range w.telegram.Messages(7001) {
			if strings.Contains(m.Text, "Garuda#") && !m.Deleted {
				return false
			}
		}
		return len(ids) == 20
	})
	notices := 0
	for _, m := range w.telegram.Messages(7001) {
		if m.Bot && strings.Contains(m.Text, "PIN atau kata sandi") {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("%d notices within a minute", notices)
	}
}

// A PIN where others read along is what the warning is for.
func TestAPINInAGroupIsWarnedOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.telegram.Group(-5000, "Kantor")
	u := w.telegram.User(7001, "Pegawai", "id").In(-5000)
	u.Type("/resetpin PIN saya Garuda#1945")
	eventually(t, "the warning", func() bool {
		return shown(w, -5000, "Urusan PIN sebaiknya berdua saja", "Hapus pesan itu", "Ganti PIN itu")
	})
}

func TestAPINInAChannelIsWarnedOf(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	square := w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	w.mattermost.JoinChannel(square, w.mattermostBot)
	p := w.mattermost.Person("pegawai")
	eventually(t, "readiness", func() bool { return w.ready() == "[]" })
	id, err := p.Type(square, "@resetpin PIN saya Garuda#1945")
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	eventually(t, "the warning", func() bool {
		for _, post := range p.Thread(square, id) {
			said = plain(t, post.Text)
		}
		return strings.Contains(said, "Urusan PIN sebaiknya berdua saja") && strings.Contains(said, "Ganti PIN itu")
	})
}

// One employee with a false link is an incident that officers hear of, five
// within an hour are a campaign. One who plays is not heard for ever.
func TestOfficersHearOfFalseLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fmt.Sprintf("HELPDESK_TELEGRAM_CHAT=%d", officers))
	w.telegram.Group(officers, "Petugas")
	linked(t, w, w.telegramPerson(7001), "ISSUE")
	people := []*telegramtest.Person{w.telegram.User(7001, "", "")}
	for i := range 4 {
		people = append(people, w.telegram.User(int64(7100+i), "Pegawai", "id"))
	}
	for _, p := range people {
		if shown(w, officers, "Serangan phishing") {
			t.Error("four are no campaign")
		}
		p.Type("apa ini? " + falseLink)
		eventually(t, "the person is warned", func() bool { return shown(w, p.ID(), "link palsu") })
	}
	eventually(t, "the officers hear of the employee, and of the campaign", func() bool {
		return shown(w, officers, "menerima link palsu ke esign-bsre.bssn.go.id.palsu.test", "Telegram") && shown(w, officers, "Serangan phishing", "5 orang")
	})
	for i := range 10 {
		people[1].Type(fmt.Sprintf("https://esign-bsre.bssn.go.id.palsu%d.test/email/user/passphrase/reset/x", i))
	}
	eventually(t, "the guard takes all of them", func() bool {
		for _, m := range w.telegram.Messages(people[1].ID()) {
			if !m.Bot && !m.Deleted && strings.Contains(m.Text, "palsu") {
				return false
			}
		}
		return true
	})
	incidents := 0
	for _, m := range w.telegram.Messages(officers) {
		if strings.Contains(m.Text, "menerima link palsu") {
			incidents++
		}
		if strings.Contains(m.Text, "0123456789abcdef") {
			t.Error("the officers are shown the key")
		}
	}
	if incidents > 8 {
		t.Errorf("%d incidents", incidents)
	}
}

// What a link is decides the answer; its words never offer a reset.
func TestAnUnknownLinkOffersNoReset(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("https://tte-kementerian.example/reset-pin")
		l := sees(t, p, "Saya tidak mengenal alamat", "tte-kementerian.example", "hanya dari")
		for _, b := range l.Buttons {
			if strings.Contains(b, "Reset") {
				t.Errorf("it offers %q", b)
			}
		}
		p.Types("https://bit.ly/3xyz")
		sees(t, p, "tidak tahu ke mana ini menuju")
		p.Types("/resetpin https://bit.ly/3xyz")
		sees(t, p, "tidak tahu ke mana ini menuju")
		p.Types("https://portal-bsre.bssn.go.id/")
		sees(t, p, "milik BSrE", "bukan link reset PIN")
	})
}
