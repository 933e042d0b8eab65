package packaging

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// pretend makes this test program the outside world of a scratch machine: its
// value is the folder into which it writes what an administrator has.
const pretend = "RESETPIN_TEST_PRETEND"

func TestMain(m *testing.M) {
	if dir := os.Getenv(pretend); dir != "" {
		if err := outside(dir); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		_, _ = io.Copy(io.Discard, os.Stdin) // until the machine ends
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	token = "4711:AAtest-token_of_the_pretend_bot0000"
	totp  = "JBSWY3DPEHPK3PXP"
)

// outside starts a pretend Telegram, BSrE and mail server, and writes the
// settings for them (settings), BSrE's CA (bsre-ca.pem) and the employees as a
// spreadsheet (employees.xlsx).
func outside(dir string) error {
	telegram, err := telegramtest.New(token, telegramtest.Options{})
	if err != nil {
		return err
	}
	mail, err := mailtest.Start(mailtest.Config{User: "bot", Password: "mail-password"})
	if err != nil {
		return err
	}
	bsre, err := bsretest.New(bsretest.Options{
		Username: "agency", Password: "api-password", Operator: "operator", OperatorPassword: "portal-password", TOTPSecret: totp,
		ResetHost: "esign-bsre.localhost",
	})
	if err != nil {
		return err
	}
	if err := bsre.Start(); err != nil {
		return err
	}
	settings := []string{
		"TELEGRAM_BOT_TOKEN=" + token, "TELEGRAM_API_URL=" + telegram.URL(),
		"BSRE_URL=" + bsre.APIURL(), "BSRE_USERNAME=agency", "BSRE_PASSWORD=api-password",
		"BSRE_PORTAL_URL=" + bsre.PortalURL(), "BSRE_SSO_URL=" + bsre.SSOURL(),
		"BSRE_PORTAL_USERNAME=operator", "BSRE_PORTAL_PASSWORD=portal-password", "BSRE_PORTAL_TOTP_SECRET=" + totp,
		"RESET_SITE=" + bsre.ResetSite(),
		"SMTP_URL=smtp://bot:mail-password@" + mail.Addr(), "MAIL_FROM=bot@contoh.go.id", "HELPDESK_CONTACT='Helpdesk, ekstensi 1234'",
	}
	return errors.Join(
		os.WriteFile(dir+"/bsre-ca.pem", bsre.CAPEM(), 0o644),
		employees(dir+"/employees.xlsx"),
		os.WriteFile(dir+"/settings.new", []byte(strings.Join(settings, "\n")+"\n"), 0o600),
		os.Rename(dir+"/settings.new", dir+"/settings"),
	)
}

// employees writes the samples as a personnel office would.
func employees(name string) error {
	book := excelize.NewFile()
	sheet := book.GetSheetName(0)
	if err := book.SetSheetRow(sheet, "A1", &[]string{"NIP BARU", "NIK", "NAMA LENGKAP", "ALAMAT EMAIL"}); err != nil {
		return err
	}
	for i, p := range bsretest.Samples() {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+2), &[]string{p.NIP, p.NIK, p.Name, p.Email}); err != nil {
			return err
		}
	}
	return book.SaveAs(name)
}
