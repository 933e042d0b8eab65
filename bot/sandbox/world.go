package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/bot/app"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store"
)

// Names in the pretend world.
const (
	botName = "Reset PIN DS"
	botUser = "resetpin_bot"

	mattermostUser = "resetpin"

	resetHost   = "esign-bsre.localhost" // browsers find *.localhost on this machine by themselves
	botSender   = "Reset PIN DS <resetpin@instansi.example>"
	apiUser     = "sandbox"
	operator    = "operator"
	firstPerson = 710001 // the first employee's Telegram account
)

// world is everything around the bot, and the bot.
type world struct {
	telegram *telegramtest.Server
	office   *office
	desk     *desk
	window   window
	mail     *mailtest.Server
	bsre     *authority
	people   map[string]*employee // by key
	order    []*employee          // as the page lists them
	bot      *app.App
	closers  []func() error // in the order of opening
}

// startWorld starts the pretend servers and builds the bot among them.
func startWorld(ctx context.Context, o Options) (*world, error) {
	w := &world{people: map[string]*employee{}}
	if err := w.start(ctx, o); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) start(ctx context.Context, o Options) error {
	dir, err := w.folder(o.DataDir)
	if err != nil {
		return err
	}
	secrets, err := openSecrets(dir)
	if err != nil {
		return err
	}
	if err := w.startServers(ctx, secrets, o.Logger); err != nil {
		return err
	}
	return w.startBot(ctx, dir, secrets, o.Logger)
}

// startBot builds the bot, ready to run.
func (w *world) startBot(ctx context.Context, dir string, s secrets, log *slog.Logger) error {
	configuration, err := w.settings(ctx, dir, s)
	if err != nil {
		return err
	}
	w.bot, err = app.Build(ctx, configuration, app.Options{
		Logger: log, Rate: bot.Limit{Every: 50 * time.Millisecond, Burst: 200}, // who tries things out tries them quickly
	})
	if err != nil {
		return fmt.Errorf("build the bot: %w", err)
	}
	w.office.choose = func(user, lang string) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := w.bot.Store().SetLanguage(ctx, store.Account{Platform: platformMattermost, ID: user}, lang); err != nil {
			log.Error("the language of an account could not be chosen", "error", err)
		}
	}
	if err := w.hire(ctx); err != nil {
		return errors.Join(err, w.bot.Store().Close(ctx))
	}
	w.window.serve(w.bot.Handler(), log)
	return nil
}

// folder gives where the database is kept; a temporary one goes with the
// sandbox.
func (w *world) folder(dir string) (string, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", fmt.Errorf("make the data folder: %w", err)
		}
		return filepath.Abs(dir)
	}
	dir, err := os.MkdirTemp("", "resetpin-sandbox-")
	if err != nil {
		return "", fmt.Errorf("make a temporary folder: %w", err)
	}
	w.closers = append(w.closers, func() error { return os.RemoveAll(dir) })
	return dir, nil
}

// startServers starts the pretend Telegram, Mattermost, mail server and BSrE.
func (w *world) startServers(ctx context.Context, s secrets, log *slog.Logger) error {
	var err error
	w.telegram, err = telegramtest.New(s.token, telegramtest.Options{Username: botUser, Name: botName, Logger: log})
	if err != nil {
		return fmt.Errorf("start the pretend Telegram: %w", err)
	}
	w.closers = append(w.closers, w.telegram.Close)
	if w.office, err = openOffice(log); err != nil {
		return err
	}
	w.closers = append(w.closers, w.office.server.Close)
	w.desk = openDesk(w.telegram, w.office)
	if w.window, err = openWindow(ctx); err != nil {
		return err
	}
	w.closers = append(w.closers, w.window.listener.Close)
	w.mail, err = mailtest.Start(mailtest.Config{})
	if err != nil {
		return fmt.Errorf("start the pretend mail server: %w", err)
	}
	w.closers = append(w.closers, w.mail.Close)
	samples := bsretest.Samples()
	authorities, err := bsretest.New(bsretest.Options{
		Persons: samples, Username: apiUser, Password: s.password,
		Operator: operator, OperatorPassword: s.password, TOTPSecret: s.totp,
		ResetHost: resetHost, Mailer: w.deliver, Logger: log,
	})
	if err != nil {
		return fmt.Errorf("make the pretend BSrE: %w", err)
	}
	if err := authorities.Start(); err != nil {
		return fmt.Errorf("start the pretend BSrE: %w", err)
	}
	w.closers = append(w.closers, authorities.Close)
	w.bsre = &authority{authorities}
	for i, p := range samples {
		e := newEmployee(face{
			Key: personKey(p), Name: p.Name, NIP: p.NIP, Email: p.Email, Phone: p.Phone, PhoneFirst: phoneFirst(p), Status: p.Status,
		}, w.telegram, w.office, firstPerson+int64(i))
		e.nik = p.NIK
		w.people[e.Key], w.order = e, append(w.order, e)
	}
	return nil
}

// personKey names an employee in the page's paths: by the status, and the one
// with an unverified phone by that.
func personKey(p bsretest.Person) string {
	if phoneFirst(p) {
		return "phone"
	}
	return strings.ReplaceAll(strings.ToLower(p.Status), "_", "-")
}

// phoneFirst tells whether BSrE resets only after the phone was verified.
func phoneFirst(p bsretest.Person) bool { return p.Status == bsre.Issue && !p.PhoneVerified }

// deliver brings BSrE's mails into the inboxes.
func (w *world) deliver(from, to, subject, text, html string) error {
	w.mail.Put(mailtest.Mail{From: from, To: to, Subject: subject, Text: text, HTML: html})
	return nil
}

func (w *world) faces() []face {
	out := make([]face, 0, len(w.order))
	for _, e := range w.order {
		out = append(out, e.face)
	}
	return out
}

// close ends everything in the reverse order of its beginning.
func (w *world) close() error {
	var errs []error
	for i := len(w.closers) - 1; i >= 0; i-- {
		errs = append(errs, w.closers[i]())
	}
	w.closers = nil
	return errors.Join(errs...)
}
