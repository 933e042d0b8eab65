package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers"
	"resetpin/handlers/desk"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

// sixty is a desk whose group on Telegram lets the bot say 20 things a minute.
// The clock is the bubble's: nobody waits.
type sixty struct {
	t        *testing.T
	db       *store.Store
	texts    *talk.Texts
	brings   talk.Capability
	telegram *telegramtest.Server
	adapter  *telegram.Adapter
	refused  int                  // calls that Telegram answered with 429
	opened   map[string]time.Time // tickets, by number
	said     map[string]time.Time // carried words that wait
	took     map[string]time.Duration
	ids      int
}

// RoundTrip hands a call to the pretend server without a socket, in whose wait
// the bubble's clock would stand still.
func (r *sixty) RoundTrip(q *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	r.telegram.ServeHTTP(answer, q)
	if answer.Code == http.StatusTooManyRequests {
		r.refused++
	}
	return answer.Result(), nil
}

func (r *sixty) Thread(ctx context.Context, room bot.Account, subject string) (string, error) {
	return r.db.Thread(ctx, store.Account(room), subject)
}

func (r *sixty) KeepThread(ctx context.Context, room bot.Account, subject, thread string) error {
	return r.db.KeepThread(ctx, store.Account(room), subject, thread)
}

func (r *sixty) ForgetThread(ctx context.Context, room bot.Account, subject string) error {
	return r.db.ForgetThread(ctx, store.Account(room), subject)
}

var sixtyRoom = bot.Account{Platform: bot.Telegram, ID: strconv.Itoa(deskForum)}

// sixtyDesk lets the adapter read how tickets begin.
type sixtyDesk struct {
	*sixty
	*desk.Desk
}

func (d sixtyDesk) Head(ctx context.Context, _ bot.Account, subject string) (bot.Head, error) {
	return d.Desk.Head(ctx, subject)
}

func newSixty(t *testing.T, server *telegramtest.Server, texts *talk.Texts) *sixty {
	t.Helper()
	r := &sixty{t: t, telegram: server, texts: texts, db: storetest.Open(t, storetest.SQLite(t)), opened: map[string]time.Time{}, said: map[string]time.Time{}, took: map[string]time.Duration{}}
	k := talk.New(talk.Config{Store: r.db, Texts: texts, Logger: slog.New(slog.DiscardHandler), Now: time.Now, PrivateLink: func(string, string) string { return "" },
		Settings: talk.Settings{DefaultLanguage: talk.Indonesian, HelpdeskChats: []bot.Account{sixtyRoom}, Zone: time.UTC, ResetSites: []string{"esign-bsre.bssn.go.id"}}})
	members := map[string]bot.Members{}
	d := desk.New(desk.Config{Kernel: k, Store: r.db, Members: members, Rooms: []bot.Account{sixtyRoom}, Keep: 24 * time.Hour, Logger: k.Logger, Now: time.Now})
	var err error
	r.adapter, err = telegram.New(telegram.Config{Token: sixtyToken, APIURL: server.URL(), Signer: bot.NewSigner(make([]byte, 32)), HTTPClient: &http.Client{Transport: r}, Logger: k.Logger,
		Rooms: []string{sixtyRoom.ID}, Threads: sixtyDesk{r, d}})
	if err != nil {
		t.Fatal(err)
	}
	members[bot.Telegram] = r.adapter
	r.brings = d.Capability()
	return r
}

const sixtyToken = "7000000001:RUSH"

// does is what somebody does.
func (r *sixty) does(run talk.Handler, who bot.Account, u bot.Update, m understand.Meaning) {
	session, err := r.db.Session(r.t.Context(), store.Account(who))
	if err != nil {
		r.t.Error(err)
	}
	r.ids++
	u.ID, u.Account, u.Private = "u"+strconv.Itoa(r.ids), who, u.Chat == ""
	if _, err := run(r.t.Context(), talk.Request{Update: u, Session: session, Lang: talk.Indonesian, Texts: r.texts, Now: time.Now(), Understood: understand.Result{Meaning: m}}); err != nil {
		r.t.Error(err)
	}
}

// speaks brings what is to be said in the room to Telegram, in its order, until
// ctx ends.
func (r *sixty) speaks(ctx context.Context) {
	said := make(map[string]bool)
	for ctx.Err() == nil {
		rows, err := r.db.AccountInbox(ctx, sixtyRoom.String(), 50)
		rows = slices.DeleteFunc(rows, func(e store.InboxEntry) bool { return said[e.ID] }) // what was said is noted a little later
		if err != nil || len(rows) == 0 {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		said[rows[0].ID] = true
		u, err := bot.DecodeUnasked(bot.InboxItem{Source: rows[0].Source, ID: rows[0].ID, Payload: rows[0].Payload})
		if err != nil {
			r.t.Error(err)
			return
		}
		var reply bot.Reply
		if err := json.Unmarshal(u.Words, &reply); err != nil {
			r.t.Error(err)
		}
		if err := r.adapter.Deliver(ctx, u.Origin, reply); err != nil && ctx.Err() == nil {
			r.t.Errorf("deliver: %v", err)
		}
		for _, m := range reply.Messages {
			for words, at := range r.said {
				if strings.Contains(m.Text, words) {
					r.took[words] = time.Since(at)
					delete(r.said, words)
				}
			}
		}
		if err := r.db.AckInbox(ctx, rows[0].Source, rows[0].ID); err != nil && ctx.Err() == nil {
			r.t.Error(err)
		}
	}
}

// Sixty people call within ten minutes while two officers talk with others: the
// group keeps Telegram's pace, the talks go on, and officers hear of every
// ticket and of how long it has waited.
func TestSixtyTicketsInAGroupOfTelegrams(t *testing.T) {
	texts, err := handlers.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	server, err := telegramtest.New(sixtyToken, telegramtest.Options{GroupMinute: 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.Forum(deskForum, "Helpdesk")
	server.User(901, "Rina", "id").In(deskForum)
	synctest.Test(t, func(t *testing.T) {
		r := newSixty(t, server, texts)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); r.speaks(ctx) }()
		open := r.brings.Actions["desk.open"]
		rina := bot.Account{Platform: bot.Telegram, ID: "901"}
		talkers := []bot.Account{{Platform: bot.Telegram, ID: "10000"}, {Platform: bot.Telegram, ID: "10001"}}
		for i, talker := range talkers {
			r.does(open, talker, bot.Update{Kind: bot.KindText, Text: "tolong"}, understand.Unknown)
			r.news()
			time.Sleep(15 * time.Second)
			r.does(r.brings.Room, rina, bot.Update{Origin: bot.Origin{Chat: sixtyRoom.ID}, Kind: bot.KindAction, Action: bot.Action{Name: "desk.take", Arg: strconv.Itoa(i + 1)}}, "")
		}
		for second := range 10 * 60 {
			if second%10 == 0 {
				r.does(open, bot.Account{Platform: bot.Telegram, ID: strconv.Itoa(20000 + second)}, bot.Update{Kind: bot.KindText, Text: "layar saya putih"}, understand.Unknown)
			}
			if second%5 == 3 { // twelve words a minute
				words := "kata ke-" + strconv.Itoa(second) + "."
				r.said[words] = time.Now()
				r.does(r.brings.Places[talk.WithPerson], talkers[second/5%2], bot.Update{Kind: bot.KindText, Text: words}, understand.Unknown)
			}
			r.news()
			time.Sleep(time.Second)
		}
		for range 120 {
			r.news()
			time.Sleep(time.Second)
		}
		cancel()
		<-done
		r.judge()
	})
}

// news does the job that tells of new tickets.
func (r *sixty) news() {
	if err := r.brings.Jobs["tickets"](r.t.Context(), nil); err != nil {
		r.t.Error(err)
	}
}

func (r *sixty) judge() {
	r.t.Helper()
	told, lists := map[string]bool{}, 0
	for _, m := range r.telegram.Messages(deskForum) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if number, ok := strings.CutPrefix(b.Text, "Ambil #"); ok {
					told[number] = true
				}
			}
		}
		if strings.Contains(m.Text, "tiket baru") {
			lists++
			if !strings.Contains(m.Text, "baru saja") && !strings.Contains(m.Text, "menit") {
				r.t.Errorf("a list does not tell how long they have waited: %s", m.Text)
			}
		}
	}
	all, err := r.db.OpenTickets(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, t := range all {
		if topics := r.telegram.Topics(deskForum); t.Announced.IsZero() || !told[strconv.FormatInt(t.ID, 10)] && !hasTopic(topics, t.ID) {
			r.t.Errorf("officers never heard of ticket %d", t.ID)
		}
	}
	var longest time.Duration
	for _, d := range r.took {
		longest = max(longest, d)
	}
	r.t.Logf("%d tickets in %d lists and %d topics; %d words, the slowest after %v; %d calls refused", len(all), lists, len(r.telegram.Topics(deskForum)), len(r.took), longest, r.refused)
	if len(all) != 62 || len(r.said) > 0 || len(r.took) != 120 {
		r.t.Errorf("%d tickets; %d words were carried, %d wait still", len(all), len(r.took), len(r.said))
	}
	if r.refused > 0 {
		r.t.Errorf("Telegram refused %d calls", r.refused)
	}
	if longest > 30*time.Second {
		r.t.Errorf("carried words waited for %v behind new tickets", longest)
	}
	if lists == 0 {
		r.t.Error("no tickets were told of together")
	}
}

func hasTopic(all []telegramtest.Topic, id int64) bool {
	for _, t := range all {
		if strings.HasPrefix(t.Name, "#"+strconv.FormatInt(id, 10)+" ") {
			return true
		}
	}
	return false
}
