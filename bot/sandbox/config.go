package sandbox

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"resetpin/bot/settings"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
)

// settings are the bot's, as an administrator of the pretend world would
// write them. The machine's own environment plays no part.
func (w *world) settings(ctx context.Context, dir string, s secrets) (settings.Settings, error) {
	bsre := w.bsre.world
	ca := filepath.Join(dir, "bsre-ca.pem")
	if err := os.WriteFile(ca, bsre.CAPEM(), 0o600); err != nil {
		return settings.Settings{}, fmt.Errorf("write the pretend BSrE's CA: %w", err)
	}
	all := []string{
		"DATABASE_URL=sqlite:" + filepath.Join(dir, "resetpin.db"),
		"DATA_KEY=" + s.key,
		"LISTEN_ADDR=127.0.0.1:0",
		"TELEGRAM_BOT_TOKEN=" + s.token,
		"TELEGRAM_API_URL=" + w.telegram.URL(),
		"BSRE_URL=" + bsre.APIURL(),
		"BSRE_USERNAME=" + apiUser,
		"BSRE_PASSWORD=" + s.password,
		"BSRE_RESET=portal",
		"BSRE_PORTAL_URL=" + bsre.PortalURL(),
		"BSRE_SSO_URL=" + bsre.SSOURL(),
		"BSRE_PORTAL_USERNAME=" + operator,
		"BSRE_PORTAL_PASSWORD=" + s.password,
		"BSRE_PORTAL_TOTP_SECRET=" + s.totp,
		"RESET_SITE=" + bsre.ResetSite(),
		"RESET_SITE_CA_FILE=" + ca,
		"SMTP_URL=" + w.mail.URL(),
		"MAIL_FROM=" + botSender,
		"HELPDESK_TELEGRAM_CHAT=" + strconv.Itoa(deskGroup),
		"HELPDESK_MATTERMOST_CHANNEL=" + w.desk.seat.direct,
		// Who tries things out tries them often.
		"RESET_COOLDOWN=1m",
		"RESET_DAILY_LIMIT=20",
	}
	mattermost, err := w.office.settings(ctx, w.window.url(), all)
	if err != nil {
		return settings.Settings{}, err
	}
	out, err := settings.Load(append(all, mattermost...), filepath.Join(dir, "no.env"))
	if err != nil {
		return settings.Settings{}, fmt.Errorf("sandbox settings: %w", err)
	}
	return out, nil
}

// hire fills the bot's employee directory with the sample employees.
func (w *world) hire(ctx context.Context) error {
	if _, err := w.bot.Store().Import(ctx, employees(bsretest.Samples()), store.ImportOptions{}); err != nil {
		return fmt.Errorf("fill the employee directory: %w", err)
	}
	return nil
}

func employees(samples []bsretest.Person) iter.Seq2[store.Employee, error] {
	return func(yield func(store.Employee, error) bool) {
		for _, p := range samples {
			e := store.Employee{
				NIP: p.NIP, NIK: p.NIK, Name: p.Name, Email: p.Email,
				Position: p.Position, Unit: p.Unit, Grade: p.Grade, Active: true,
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}
