package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/bot/build"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/handlers/resetsite"
	"resetpin/store"
)

// The bounds of the doctor's looks.
const (
	checkTime   = 20 * time.Second
	portalCheck = time.Minute
)

// errCheck ends the doctor with something wrong; the lines told what.
var errCheck = errors.New("something is wrong: see above")

// errNotTried is a look without its settings; the line of the settings names
// them.
var errNotTried = errors.New("not tried: its settings are missing, see above")

// look is one thing that the doctor tries.
type look struct {
	name string
	do   func(ctx context.Context) (string, error) // a word about what is right, or what is wrong and how to mend it
}

// Check is the doctor: it tries every configured outside system and writes a
// line each. The error says only that something was wrong.
func Check(ctx context.Context, s settings.Settings, out io.Writer) error {
	c := &doctor{s: s, wires: &wires{agent: build.Read().Agent()}}
	looks := []look{{"settings", c.settings}, {"database", c.database}, {"BSrE status", c.status}, {"BSrE reset", c.reset}, {"BSrE data", c.oddities}, {"mail", c.mail}, {"reset site", c.site}}
	if s.GuidesDir != "" {
		looks = append(looks, look{"guides", c.guides})
	}
	if s.TelegramToken != "" {
		looks = append(looks, look{"Telegram", c.telegram})
	}
	if s.MattermostURL != "" {
		looks = append(looks, look{"Mattermost", c.mattermost})
	}
	wrong := false
	for _, l := range looks {
		words, err := c.try(ctx, l)
		mark := "ok   "
		if err != nil {
			mark, words, wrong = "WRONG", err.Error(), true
		}
		for line := range strings.SplitSeq(words, "\n") {
			if _, err := fmt.Fprintf(out, "%s  %-12s %s\n", mark, l.name, line); err != nil {
				return err
			}
		}
	}
	if c.db != nil {
		if err := c.db.Close(); err != nil {
			return err
		}
	}
	if wrong {
		return errCheck
	}
	return nil
}

// doctor holds what the looks share.
type doctor struct {
	s  settings.Settings
	db *store.Store

	wires *wires
}

func (c *doctor) try(ctx context.Context, l look) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	return l.do(ctx)
}

func (c *doctor) settings(context.Context) (string, error) {
	return "complete", c.s.NeedServe()
}

func (c *doctor) database(ctx context.Context) (string, error) {
	key, err := c.s.Key()
	if err != nil {
		return "", err
	}
	if c.db, err = store.Open(ctx, c.s.DatabaseURL.Reveal(), store.Options{Key: key}); err != nil {
		return "", err
	}
	n, err := c.db.CountEmployees(ctx)
	if err == nil && n == 0 {
		err = errNobody(c.db.Place())
	}
	words := fmt.Sprintf("%d employees", n)
	if w := c.db.Warning(); w != "" {
		words += "\n" + w
	}
	return words, err
}

// guides reads those of the folder, as the bot will.
func (c *doctor) guides(context.Context) (string, error) {
	shelf := shelf{dir: c.s.GuidesDir}
	if _, err := shelf.read(); err != nil {
		return "", err
	}
	return "those of GUIDES_DIR are in order", nil
}

func (c *doctor) status(ctx context.Context) (string, error) {
	if c.s.BSrEURL == "" {
		return "", errNotTried
	}
	client, err := statusClient(c.s, c.wires)
	if err != nil {
		return "", err
	}
	return "the eSign Client Service answers", client.Check(ctx)
}

func (c *doctor) reset(ctx context.Context) (string, error) {
	if c.s.BSrEReset == "call" {
		client, err := call(c.s, c.wires)
		if err != nil {
			return "", err
		}
		return "the gateway can be reached (it was not called)", client.Check(ctx)
	}
	if c.db == nil {
		return "", errors.New("not tried: the portal's session is kept in the database")
	}
	if c.s.PortalUsername == "" {
		return "", errNotTried
	}
	client, err := portal(c.s, c.db, portalOptions{now: time.Now, wires: &wires{agent: build.Read().Agent()}})
	if err != nil {
		return "", err
	}
	// A one-time code that was used a moment ago is waited for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), portalCheck)
	defer cancel()
	words := "the portal lets the operator in"
	if names := inClear(c.s); names != "" {
		words += ", without TLS (BSRE_PORTAL_INSECURE=true): passwords and codes travel in clear by " + names
	}
	return words, client.Check(ctx)
}

func (c *doctor) mail(ctx context.Context) (string, error) {
	if c.s.SMTPURL == "" {
		return "", errNotTried
	}
	sender, err := mailSender(c.s)
	if err != nil {
		return "", err
	}
	if err := sender.Check(ctx); err != nil {
		return "", mend("SMTP_URL", err)
	}
	words := "the mail server takes mail from " + c.s.MailFrom + ", as far as it says before a mail (--send-mail ADDRESS sends one)"
	if w := sender.Warning(); w != "" {
		words += "\n" + w
	}
	return words, nil
}

func (c *doctor) telegram(ctx context.Context) (string, error) {
	ca, err := trusted(c.s)
	if err != nil {
		return "", err
	}
	a, err := telegram.New(telegram.Config{Wrap: c.wires.to(systemTelegram), CA: ca, Token: c.s.TelegramToken.Reveal(), APIURL: c.s.TelegramAPIURL, Signer: bot.NewSigner([]byte("check"))})
	if err != nil {
		return "", err
	}
	me, err := a.Me(ctx)
	var refused *telegram.Error
	switch {
	case errors.As(err, &refused) && refused.Code == http.StatusUnauthorized:
		return "", errors.New("TELEGRAM_BOT_TOKEN is no bot's token; take it anew from @BotFather")
	case err != nil:
		return "", mend("TELEGRAM_API_URL, or the way to api.telegram.org", err)
	}
	if c.s.HelpdeskTelegram != "" {
		if err := a.CheckChat(ctx, c.s.HelpdeskTelegram); err != nil {
			return "", fmt.Errorf("HELPDESK_TELEGRAM_CHAT: %w; add @%s to that group, and take the group's id from there", err, me.Username)
		}
	}
	return "the bot is @" + me.Username, nil
}

// mend adds what to look at, where the error does not say it itself.
func mend(setting string, err error) error {
	if strings.Contains(err.Error(), setting) {
		return err
	}
	return fmt.Errorf("%w; look at %s", err, setting)
}

// site looks at the certificate of the reset site, as an employee's browser
// will.
func (c *doctor) site(ctx context.Context) (string, error) {
	if !c.s.ResetSiteLook {
		return "not looked at: RESET_SITE_LOOK is false", nil
	}
	probe, err := siteProbe(c.s, nil, nil)
	if err != nil {
		return "", err
	}
	found := probe.Look(ctx)
	host := c.s.ResetSite[0]
	switch found.Verdict {
	case resetsite.Trusted:
		return "browsers trust its certificate: employees will see no warning", nil
	case resetsite.Expected:
		return "its certificate chains to RESET_SITE_CA_FILE: employees will see the warning that the guide shows", nil
	case resetsite.Unknown:
		return "its issuer is unknown: employees will see the warning that the guide shows (set RESET_SITE_CA_FILE to be sure of it)", nil
	case resetsite.Unreachable:
		return "", fmt.Errorf("%s cannot be reached from here: %w; open the way, or set RESET_SITE_LOOK=false when employees can reach it", host, found.Err)
	}
	return "", fmt.Errorf("the certificate of %s is not right: %w; do not send employees there before it is", host, found.Err)
}

// ignoreEnd drops the end of the input.
func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// BSrELogin asks for the operator's authenticator code once and keeps the
// portal's session in the database, encrypted.
func BSrELogin(ctx context.Context, s settings.Settings, db *store.Store, in io.Reader, out io.Writer) error {
	client, err := portal(s, db, portalOptions{now: time.Now, wires: &wires{agent: build.Read().Agent()}})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "Code of %s's authenticator (6 digits): ", s.PortalUsername); err != nil {
		return err
	}
	// The whole line: authenticators show the code in two groups.
	code, err := bufio.NewReader(in).ReadString('\n')
	if strings.TrimSpace(code) == "" {
		return errors.Join(errors.New("no code was typed"), ignoreEnd(err))
	}
	if err := client.Login(ctx, strings.TrimSpace(code)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Logged in. The session is kept, encrypted; resetpin serve renews it.")
	return err
}
