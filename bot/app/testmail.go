package app

import (
	"context"
	"io"
	"log/slog"
	"time"

	"resetpin/bot/settings"
	"resetpin/handlers"
	"resetpin/handlers/letters"
	"resetpin/handlers/mail"
)

// mailSender builds what hands mails over.
func mailSender(s settings.Settings) (*mail.Sender, error) {
	ca, err := trusted(s)
	if err != nil {
		return nil, err
	}
	return mail.New(s.SMTPURL.Reveal(), s.MailFrom, mail.WithHELO(s.MailHELO), mail.WithCA(ca))
}

// SendTestMail sends one mail to an address and writes the doctor's line about
// it: some refusals come only after a mail's text. The error says only that it
// was not taken.
func SendTestMail(ctx context.Context, s settings.Settings, to string, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	mark, words := markOK, "the mail server took a mail to "+to+"; look whether it arrives"
	err := sendTestMail(ctx, s, to)
	if err != nil {
		mark, words = markWrong, err.Error()
	}
	if err := write(out, mark, "test mail", words); err != nil {
		return err
	}
	if err != nil {
		return errCheck
	}
	return nil
}

func sendTestMail(ctx context.Context, s settings.Settings, to string) error {
	if s.SMTPURL == "" {
		return errNotTried
	}
	sender, err := mailSender(s)
	if err != nil {
		return err
	}
	texts, err := handlers.LoadTexts()
	if err != nil {
		return err
	}
	room, err := letters.NewMailer(letters.MailerConfig{
		Sender: sender, Texts: texts, Frame: handlers.TextFiles(), Helpdesk: s.HelpdeskContact, Zone: zone(s), Now: time.Now,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	return room.Test(ctx, to, s.DefaultLanguage)
}
