package app_test

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
	"resetpin/store/storetest"
)

// Whatever the moment at which the bot is killed, a ticket is opened, taken and
// closed once, and what both sides say arrives: in the database each word
// stands once, on Mattermost it is seen once, too. (Telegram knows no repeat of
// a message: what was sent and not yet noted as sent is sent again.)
func TestNothingOfATicketIsLostWhenTheBotIsKilled(t *testing.T) {
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":   func(*testing.T) string { return "LOG_LEVEL=debug" },
		"postgres": func(t *testing.T) string { return "DATABASE_URL=" + storetest.Postgres(t) },
	} {
		t.Run(engine+"/telegram", func(t *testing.T) {
			t.Parallel()
			w, desk := withForum(t, database(t))
			rina := &inForum{desk: desk, id: 901}
			rina.at()
			killTheDesk(t, w, rina, "telegram", func(i int) (person, string) {
				return w.telegramPerson(int64(7001 + i)), strconv.Itoa(7001 + i)
			})
		})
		t.Run(engine+"/mattermost", func(t *testing.T) {
			t.Parallel()
			w, rina := withChannel(t, database(t))
			killTheDesk(t, w, rina, "mattermost", func(i int) (person, string) {
				p := w.mattermostPerson("pegawai" + strconv.Itoa(i))
				return p, p.p.ID()
			})
		})
	}
}

var ticketNumber = regexp.MustCompile(`Tiket #(\d+)`)

func killTheDesk(t *testing.T, w *world, rina officer, platform string, somebody func(i int) (person, string)) {
	w.showLog()
	const rounds = 2
	var people []person
	for i := range rounds {
		p, id := somebody(i)
		w.link(store.Account{Platform: platform, ID: id}, bsretest.Samples()[i].NIP)
		people = append(people, p)
	}
	w.stop()
	moments := rand.New(rand.NewPCG(5, uint64(len(platform))))
	now := spawn(t, "bot", w.log, w.environment()...)
	kill := func() {
		time.Sleep(time.Duration(moments.IntN(60)) * time.Millisecond)
		now.kill()
		now = spawn(t, "bot", w.log, w.environment()...)
	}
	var tickets []string // PostgreSQL leaves numbers out, of what was undone
	for i, p := range people {
		p.Types("mau bicara dengan orang")
		sees(t, p, "Bicara dengan petugas")
		p.Types("kalimat ke-" + strconv.Itoa(i+1))
		kill()
		n := ticketNumber.FindStringSubmatch(sees(t, p, "Tiket #").Text)[1]
		tickets = append(tickets, n)
		rina.says("antrian")
		heard(t, w, rina, "#"+n)
		rina.touches("Ambil #" + n)
		kill()
		eventually(t, "an officer has ticket "+n, func() bool { return tells(p, "menangani tiket #"+n) > 0 })
		rina.opensWith("Tiket #" + n)
		rina.types("kata petugas " + n)
		p.Types("kata pegawai " + n)
		kill()
		reads(t, w, rina, "kata pegawai "+n)
		eventually(t, "the officer's words", func() bool { return tells(p, "kata petugas "+n) > 0 })
		rina.presses("Tutup tiket")
		rina.presses("Selesai")
		kill()
		eventually(t, "the end of ticket "+n, func() bool { return tells(p, "Terbantu?") > 0 })
		if platform == "mattermost" {
			for _, words := range []string{"menangani tiket #" + n, "kata petugas " + n, "Terbantu?"} {
				if got := tells(p, words); got != 1 {
					t.Errorf("the employee reads %q %d times", words, got)
				}
			}
		}
	}
	now.end()
	for _, outcome := range []string{"opened", "taken", "solved"} {
		if got := w.trail("", "ticket", outcome); got != rounds {
			t.Errorf("the audit trail has %d tickets %s, want %d", got, outcome, rounds)
		}
	}
	w.database(func(db *store.Store) {
		for _, n := range tickets {
			id, err := strconv.ParseInt(n, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			words, err := db.TicketWords(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, one := range words {
				all = append(all, one.Author+": "+one.Text)
			}
			text := "\n" + strings.Join(all, "\n") + "\n"
			for _, want := range []string{"officer: kata petugas " + n, "employee: kata pegawai " + n} {
				if strings.Count(text, "\n"+want+"\n") != 1 {
					t.Errorf("ticket %s holds %q", n, all)
				}
			}
		}
	})
}
