package app

import (
	"context"
	"fmt"
	"strings"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/handlers"
	"resetpin/handlers/talk"
)

// announcement are the words with which the bot presents itself in a channel.
func announcement(t *talk.Texts, s settings.Settings) string {
	return t.Get(talk.Indonesian, "mattermost.announce", "reset", "/"+s.MattermostReset, "status", "/"+s.MattermostStatus)
}

// MattermostSetup makes the configured Mattermost server ready for the bot.
// The result is good also beside an error, as far as it came.
func MattermostSetup(ctx context.Context, s settings.Settings, o setup.Options) (setup.Result, error) {
	texts, err := handlers.LoadTexts()
	if err != nil {
		return setup.Result{}, err
	}
	say := func(key string) string { return texts.Get(talk.Indonesian, key) }
	name := say("mattermost.name")
	var words []string
	for _, c := range handlers.Commands(texts)[1:] { // the first is the command itself
		words = append(words, c.Name)
	}
	ca, err := trusted(s)
	if err != nil {
		return setup.Result{}, err
	}
	return setup.Run(ctx, setup.Config{
		Options: o,
		CA:      ca, Wrap: newWires(nil).to(systemMattermost),
		URL: s.MattermostURL, PublicURL: s.PublicURL, BotToken: s.MattermostToken.Reveal(), ResetSites: s.ResetSite, Words: announcement(texts, s),
		BotUsername: "resetpin", BotName: name, BotAbout: say("mattermost.about"),
		Commands: []setup.Command{
			{Trigger: s.MattermostReset, DisplayName: name, Description: say("command.resetpin"), Hint: texts.Get(talk.Indonesian, "mattermost.hint", "words", strings.Join(words, ", "))},
			{Trigger: s.MattermostStatus, DisplayName: name, Description: say("command.status")},
		},
	})
}

// mattermost is the doctor's look at the Mattermost server.
func (c *doctor) mattermost(ctx context.Context) (string, error) {
	config, err := mattermostConfig(c.s)
	if err != nil {
		return "", err
	}
	config.Signer, config.Wrap = bot.NewSigner([]byte("check")), c.wires.to(systemMattermost)
	config.Words = func(context.Context, string) mattermost.Words { return mattermost.Words{} } // the doctor says nothing to people
	a, err := mattermost.New(config)
	if err != nil {
		return "", err
	}
	h, err := a.Check(ctx, c.s.ResetSite)
	if err != nil {
		for _, advice := range h.Advice { // it may be why
			err = fmt.Errorf("%w\nadvice: %s", err, advice)
		}
		if strings.Contains(err.Error(), "MATTERMOST_") || strings.Contains(err.Error(), "System Console") {
			return "", err // it says itself what to look at
		}
		return "", mend("MATTERMOST_URL, MATTERMOST_BOT_TOKEN and PUBLIC_URL", err)
	}
	if c.s.MattermostTrustEmail {
		if err := a.CheckAddresses(ctx); err != nil {
			return "", fmt.Errorf("MATTERMOST_TRUST_EMAIL: %w", err)
		}
	}
	if c.s.HelpdeskMattermost != "" {
		if err := a.CheckChannel(ctx, c.s.HelpdeskMattermost); err != nil {
			return "", fmt.Errorf("HELPDESK_MATTERMOST_CHANNEL: %w", err)
		}
	}
	word := fmt.Sprintf("the bot is @%s, with its commands in %s", h.Bot, strings.Join(h.Teams, ", "))
	if !h.Called {
		word += "; the way back from the server was not tried: the bot does not run at PUBLIC_URL yet"
	}
	word += "; whose the bot is, and which links the server opens by itself, only an administrator is told: resetpin mattermost setup looks at it"
	for _, advice := range h.Advice {
		word += "\nadvice: " + advice
	}
	return word, nil
}
