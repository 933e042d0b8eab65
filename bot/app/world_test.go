package app_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/handlers/understand/understandtest"
	"resetpin/store"
	"resetpin/store/storetest"
)

const (
	totpSecret = "JBSWY3DPEHPK3PXP"
	botToken   = "4711:AAtest-token_of_the_pretend_bot0000"
)

// world is the real bot among pretend servers.
type world struct {
	t        *testing.T
	clock    *clock
	telegram *telegramtest.Server

	mattermost    *mattermosttest.Server // nil: the story needs none
	mattermostBot string                 // the bot's user id there

	mattermostTeam *model.Team // on a real server

	persons  []bsretest.Person // whom BSrE knows; nil: the samples
	bsre     *bsretest.World
	mail     *mailtest.Server
	log      *lockedBuffer
	dir      string
	settings settings.Settings
	extra    []string
	from     app.Surroundings // of what the doctor looks at
	gap      time.Duration    // that the portal wants between two calls; negative: none
	rate     bot.Limit        // by default nobody here is slowed down
	app      *app.App
	stop     func()
	ended    func() error // stop, with what is wrong

	unfinished bool          // the bot cannot finish what it began, and says so
	stopping   time.Duration // most that it may take to; 0: as in life
}

// newWorld starts everything and loads the sample employees. extra are more
// settings, NAME=value.
func newWorld(t *testing.T, extra ...string) *world {
	t.Helper()
	return emptyWorld(t, extra).inhabit()
}

func emptyWorld(t *testing.T, extra []string) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{}, log: &lockedBuffer{}, dir: t.TempDir(), extra: extra, gap: -1, stopping: 30 * time.Second, rate: bot.Limit{Every: time.Millisecond, Burst: 1000}}
	var err error
	if w.telegram, err = telegramtest.New(botToken, telegramtest.Options{Redeliver: 20 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.telegram.Close() })
	return w
}

// newWorldWithMattermost is newWorld with a pretend Mattermost beside the
// pretend Telegram, the bot on both.
func newWorldWithMattermost(t *testing.T, extra ...string) *world {
	t.Helper()
	w := emptyWorld(t, extra)
	w.addMattermost()
	return w.inhabit()
}

// addMattermost sets up the server as its administrator would.
func (w *world) addMattermost() {
	w.t.Helper()
	w.mattermost = mattermosttest.Start(w.t, mattermosttest.Options{AuthWait: 200 * time.Millisecond, RevokedWait: 100 * time.Millisecond})
	var token string
	w.mattermostBot, token = w.mattermost.AddBot("resetpin")
	w.setUpMattermost(w.mattermost.URL(), token, w.mattermost.AdminToken(), nil)
}

// setUpMattermost sets a server up as its administrator does, and keeps what
// that prints.
func (w *world) setUpMattermost(server, botToken, adminToken string, teams []string) {
	w.t.Helper()
	address := storetest.Address(w.t) // Mattermost must know it before the bot runs, and after it was started anew
	w.extra = append([]string{
		"LISTEN_ADDR=" + address, "PUBLIC_URL=http://" + address, "MATTERMOST_URL=" + server, "MATTERMOST_BOT_TOKEN=" + botToken,
	}, w.extra...)
	s, err := settings.Load(append([]string{"DATA_KEY=" + dataKey()}, w.extra...), "none")
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := app.MattermostSetup(w.t.Context(), s, setup.Options{AdminToken: adminToken, Teams: teams, AllTeams: teams == nil})
	if err != nil || len(r.Trouble) > 0 {
		w.t.Fatal(err, r.Trouble)
	}
	w.extra = append(w.extra, r.Settings()...)
}

func dataKey() string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{9}, 32)) }

// letDelete gives the bot the right to delete other people's posts, which a
// bot of Mattermost has only when an administrator wants it.
func (w *world) letDelete() {
	w.t.Helper()
	switch {
	case w.mattermostTeam != nil:
		if _, err := admin().UpdateUserRoles(w.t.Context(), w.mattermostBot, "system_user system_admin"); err != nil {
			w.t.Fatal(err)
		}
	case w.mattermost != nil:
		w.mattermost.Grant(w.mattermostBot, mattermosttest.Rights{DeleteOthers: true})
	}
}

// inhabit starts the rest of the world, and the bot.
func (w *world) inhabit() *world {
	w.t.Helper()
	t := w.t
	var err error
	if w.mail, err = mailtest.Start(mailtest.Config{User: "bot", Password: "mail-password", Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.mail.Close() })
	w.bsre, err = bsretest.New(bsretest.Options{
		Persons: w.persons, Username: "agency", Password: "api-password", Operator: "operator", OperatorPassword: "portal-password", TOTPSecret: totpSecret,
		Gap: w.gap, Now: w.clock.Now, ResetHost: "esign-bsre.localhost",
		Mailer: func(from, to, subject, text, html string) error {
			w.mail.Put(mailtest.Mail{From: from, To: to, Subject: subject, Text: text, HTML: html})
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.bsre.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.bsre.Close() })
	if err := os.WriteFile(w.caFile(), w.bsre.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	w.load()
	w.start()
	return w
}

// environment are the settings of the real bot in this world.
func (w *world) environment() []string {
	return append([]string{
		"DATABASE_URL=sqlite:" + filepath.Join(w.dir, "bot.db"),
		"DATA_KEY=" + dataKey(),
		"LISTEN_ADDR=127.0.0.1:0",
		"TELEGRAM_BOT_TOKEN=" + botToken, "TELEGRAM_API_URL=" + w.telegram.URL(),
		"BSRE_URL=" + w.bsre.APIURL(), "BSRE_USERNAME=agency", "BSRE_PASSWORD=api-password", "BSRE_TIMEOUT=2s",
		"BSRE_PORTAL_URL=" + w.bsre.PortalURL(), "BSRE_SSO_URL=" + w.bsre.SSOURL(),
		"BSRE_PORTAL_USERNAME=operator", "BSRE_PORTAL_PASSWORD=portal-password", "BSRE_PORTAL_TOTP_SECRET=" + totpSecret,
		"RESET_SITE=" + w.bsre.ResetSite(), "RESET_SITE_CA_FILE=" + w.caFile(),
		"SMTP_URL=smtp://bot:mail-password@" + w.mail.Addr(), "MAIL_FROM=Reset PIN <bot@contoh.go.id>",
		"HELPDESK_CONTACT=Helpdesk, ekstensi 1234",
	}, w.extra...)
}

// caFile is where BSrE's CA is kept, as an administrator got it.
func (w *world) caFile() string { return filepath.Join(w.dir, "bsre-ca.pem") }

// loadSettings reads settings. Who asks for no cooldown means to reset more
// often in a day than settings allow.
func loadSettings(environ []string) (settings.Settings, error) {
	s, err := settings.Load(environ, "none")
	if s.ResetCooldown == 0 {
		s.ResetDailyLimit = 1000
	}
	return s, err
}

func (w *world) load() {
	w.t.Helper()
	var err error
	if w.settings, err = loadSettings(w.environment()); err != nil {
		w.t.Fatal(err)
	}
	w.database(func(db *store.Store) {
		if _, err := db.Import(context.Background(), sampleRows, store.ImportOptions{}); err != nil {
			w.t.Fatal(err)
		}
	})
}

// inDirectory is a person as the directory has them.
func inDirectory(p bsretest.Person) store.Employee {
	return store.Employee{NIP: p.NIP, NIK: p.NIK, Name: p.Name, Email: p.Email, Position: p.Position, Unit: p.Unit, Grade: p.Grade, Active: true}
}

// start runs the bot until stop or the end of the test.
func (w *world) start() {
	w.t.Helper()
	var err error
	w.app, err = app.Build(context.Background(), w.settings, app.Options{
		Logger:    slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:       w.clock.Now,
		Telegram:  telegram.Limits{Overall: 10_000, OverallBurst: 10_000, PerChat: 1000, PerChatBurst: 1000, Retry: 3 * time.Second},
		Rate:      w.rate,
		Gap:       max(w.gap, time.Nanosecond),
		Look:      100 * time.Millisecond,
		Stop:      w.stopping,
		Sentences: understandtest.Builtin(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.app.Run(ctx) }()
	bot := w.app
	w.ended = sync.OnceValue(func() error { moved.end(bot); cancel(); return <-done })
	w.stop = sync.OnceFunc(func() {
		if err := w.ended(); err != nil && !w.unfinished {
			w.t.Errorf("the bot ended with: %v", err)
		}
	})
	w.t.Cleanup(w.stop)
}

// restart stops the bot gracefully and runs it anew on the same database.
func (w *world) restart() {
	w.stop()
	w.start()
}

// sample finds a sample employee by status; "phone" is the one whose number
// is not verified.
func sample(t *testing.T, status string) bsretest.Person {
	t.Helper()
	for _, p := range bsretest.Samples() {
		unverified := p.Status == bsre.Issue && !p.PhoneVerified
		if status == "phone" && unverified || status == p.Status && !unverified {
			return p
		}
	}
	t.Fatalf("no sample employee %q", status)
	return bsretest.Person{}
}

// eventually waits until f holds.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("in vain: %s", what)
}

// code reads the newest one-time code from an employee's inbox; the nth mail
// with a code, from 1.
func (w *world) code(email string, nth int) string {
	w.t.Helper()
	var code string
	eventually(w.t, fmt.Sprintf("code %d for %s", nth, email), func() bool {
		n := 0
		for _, m := range w.mail.Inbox(email) {
			for line := range strings.SplitSeq(m.Text, "\n") {
				if line = strings.TrimSpace(line); len(line) == 6 && strings.Trim(line, "0123456789") == "" {
					n++
					code = line
				}
			}
		}
		return n >= nth
	})
	return code
}

// open follows a link to BSrE's site as a browser would that trusts it.
func (w *world) open(link string) {
	w.t.Helper()
	resp, err := w.bsre.Client().Get(link)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("open the link: HTTP %d, %v", resp.StatusCode, err)
	}
}
