package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/store"
)

// nobodyHas waits until so many presses were refused and so many strangers were
// noted, and tells that the ticket is nobody's all the same.
func (w *world) nobodyHas(t *testing.T, platform string, refused, strangers int) {
	t.Helper()
	eventually(t, "the presses are on record", func() bool {
		counted := w.metric(`resetpin_refused_total{platform="` + platform + `",what="press"}`)
		return (refused == 0 || len(counted) == 1 && strings.HasSuffix(counted[0], " "+strconv.Itoa(refused))) && w.trail("", "officer", "stranger") == strangers
	})
	open, err := w.app.Store().OpenTickets(t.Context())
	if err != nil || len(open) != 1 || open[0].State != store.TicketWaiting {
		t.Fatalf("the ticket stands as %+v, %v", open, err)
	}
}

// Presses on officers' buttons by those who are none, or that no button of the
// bot's is behind, do nothing; an officer's own does.
func TestImpostorsPressInVainOnTelegram(t *testing.T) {
	t.Parallel()
	w, desk := withForum(t)
	p := w.telegramPerson(7001)
	e := linked(t, w, p, "ISSUE")
	asksForAPerson(t, p, "emailnya tidak datang")
	rina := &inForum{desk: desk, id: 901}
	rina.opens(1, "#1 "+e.Name)
	var card telegramtest.Message
	eventually(t, "the card", func() bool {
		for _, m := range w.telegram.Messages(deskForum) {
			if has(m.Buttons, "Ambil") {
				card = m
			}
		}
		return card.ID != 0
	})
	take := card.Buttons[0][0].Data
	stranger := w.telegram.User(9999, "Orang", "id")
	if _, _, err := stranger.Outside(deskForum).Press(card.ID, "Ambil"); err != nil { // of a public group
		t.Fatal(err)
	}
	removed := w.telegram.User(903, "Tono", "id").In(deskForum)
	removed.Leave()
	if _, _, err := removed.Press(card.ID, "Ambil"); err != nil {
		t.Fatal(err)
	}
	w.nobodyHas(t, bot.Telegram, 0, 2)
	stranger.Outside(deskForum).Type("/antrian")
	stranger.Outside(deskForum).Type("/pegawai " + e.NIP)
	w.nobodyHas(t, bot.Telegram, 0, 4)
	if all := strings.Join(rina.hears(), "\n"); strings.Contains(all, "tiket terbuka") || strings.Contains(all, "Lihat data pegawai") {
		t.Errorf("a stranger is answered as an officer: %s", all)
	}

	const elsewhere = -1001557000077
	w.telegram.Group(elsewhere, "Grup lain")
	stranger.In(elsewhere).PressData(1, take)                                 // carried to another group
	w.telegram.User(7001, "", "").PressData(1, take)                          // and into the employee's own chat
	rina.p.PressData(card.ID, strings.Replace(take, "take~1~", "over~1~", 1)) // another deed
	rina.p.PressData(card.ID, strings.Replace(take, "~1~", "~2~", 1))         // another ticket
	own := w.telegram.User(7001, "", "").Messages()
	mine := ""
	for _, m := range own {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Data != "" {
					mine = b.Data
				}
			}
		}
	}
	rina.p.PressData(card.ID, mine) // an employee's button, in the room
	w.nobodyHas(t, bot.Telegram, 5, 4)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
}

func TestImpostorsPressInVainOnMattermost(t *testing.T) {
	t.Parallel()
	w, rina := withChannel(t)
	p := w.mattermostPerson("sari")
	e := linked(t, w, p, "ISSUE")
	asksForAPerson(t, p, "emailnya tidak datang")
	rina.opens(1, "#1 "+e.Name)
	take, own := w.contextOf(t, rina.channel, "Ambil"), w.contextOf(t, p.chat, "Kirim ke petugas")
	stranger, removed := w.mattermost.Person("orang"), rina.colleague().(*onChannel).p
	if err := stranger.Press(rina.root, "Ambil"); err != nil { // of a public channel
		t.Fatal(err)
	}
	press := func(why string, who *mattermosttest.Person, proves string, channel string, context map[string]any, want int) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"user_id": who.ID(), "user_name": who.Username(), "channel_id": channel, "post_id": rina.root, "trigger_id": w.mattermost.Trigger(proves, time.Now()), "context": context})
		if err != nil {
			t.Fatal(err)
		}
		r, answer := httptest.NewRequest(http.MethodPost, "/mattermost/action", bytes.NewReader(body)), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/json")
		w.app.Handler().ServeHTTP(answer, r)
		if answer.Code != want {
			t.Errorf("%s is answered %d, want %d", why, answer.Code, want)
		}
	}
	press("a stranger who knows all of it", stranger, stranger.ID(), rina.channel, take, http.StatusOK)
	w.mattermost.LeaveChannel(rina.channel, removed.ID())
	press("who was put out a moment ago", removed, removed.ID(), rina.channel, take, http.StatusOK)
	w.nobodyHas(t, bot.Mattermost, 0, 3)
	press("carried to another channel", stranger, stranger.ID(), p.chat, take, http.StatusUnauthorized)
	press("a button of an employee's", rina.p, rina.p.ID(), rina.channel, own, http.StatusUnauthorized)
	forged := map[string]any{"s": take["s"], "t": strings.Replace(take["t"].(string), "take~1~", "over~1~", 1)}
	press("another deed", rina.p, rina.p.ID(), rina.channel, forged, http.StatusUnauthorized)
	press("somebody else's proof", rina.p, stranger.ID(), rina.channel, take, http.StatusOK)
	w.nobodyHas(t, bot.Mattermost, 3, 3)
	rina.presses("Ambil")
	sees(t, p, "menangani tiket #1")
}

// contextOf gives what stands behind a button of a channel's, which the server
// keeps from its clients.
func (w *world) contextOf(t *testing.T, channel, label string) map[string]any {
	t.Helper()
	for _, c := range w.mattermost.Calls() {
		var sent struct {
			Channel string `json:"channel_id"`
			Props   struct {
				Attachments []struct {
					Actions []struct {
						Name        string
						Integration struct{ Context map[string]any }
					}
				}
			}
		}
		if json.Unmarshal([]byte(c.Body), &sent) != nil || sent.Channel != channel {
			continue
		}
		for _, a := range sent.Props.Attachments {
			for _, b := range a.Actions {
				if b.Name == label {
					return b.Integration.Context
				}
			}
		}
	}
	t.Fatalf("no button %q was written to the channel", label)
	return nil
}
