package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"resetpin/bot"
	"resetpin/bot/build"
	"resetpin/bot/mattermost"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/handlers"
	"resetpin/handlers/talk"
)

// side is what the program has of a platform: its row in the table.
type side struct {
	platform string
	adapter  interface {
		bot.Channel
		bot.Members
		Fetch(ctx context.Context, f bot.File) ([]byte, error)
		Ready(ctx context.Context) error
		End(ctx context.Context) error
	}
	serve func(mux *http.ServeMux, to bot.Receiver)        // its calls; nil: it makes none
	run   func(ctx context.Context, to bot.Receiver) error // until ctx ends
	link  func(word string) string                         // the address of the private chat with a start word; nil: no address does that
}

// platforms are what puts each platform into the table, when it is switched on.
func (a *App) platforms() []func(*bot.Signer, *talk.Texts, Options) error {
	return []func(*bot.Signer, *talk.Texts, Options) error{a.addTelegram, a.addMattermost}
}

// add puts a platform into the table.
func (a *App) add(s side) {
	a.sides = append(a.sides, s)
	a.parts = append(a.parts, part{s.platform, s.adapter.Ready})
}

// channels gives who delivers on each platform.
func (a *App) channels() map[string]bot.Channel {
	out := make(map[string]bot.Channel)
	for _, s := range a.sides {
		out[s.platform] = s.adapter
	}
	return out
}

// addTelegram builds the Telegram side when it is switched on.
func (a *App) addTelegram(signer *bot.Signer, texts *talk.Texts, o Options) error {
	if a.s.TelegramToken == "" {
		return nil
	}
	secret := a.s.TelegramWebhookSecret.Reveal()
	if secret == "" {
		secret = hex.EncodeToString(a.store.Key("telegram webhook"))
	}
	ca, err := trusted(a.s)
	if err != nil {
		return err
	}
	adapter, err := telegram.New(telegram.Config{
		CA: ca, Wrap: a.wires.to(systemTelegram),
		Token: a.s.TelegramToken.Reveal(), APIURL: a.s.TelegramAPIURL, Signer: signer, WebhookSecret: secret, Logger: a.log,
		Rooms: rooms(a.s, bot.Telegram), Threads: threads{a}, Moved: notes{a.store, "telegram chat "}, Fetch: a.fetch,
		FileIDs: notes{a.store, "telegram file "}, Refused: a.refusals.of(bot.Telegram), Now: o.Now, Limits: o.Telegram,
		StaleButton: func(ctx context.Context, u bot.Update) string {
			return texts.Get(a.handlers.LanguageOf(ctx, u), "forged")
		},
	})
	if err != nil {
		return err
	}
	s := side{platform: bot.Telegram, adapter: adapter, link: adapter.DeepLink,
		run: func(ctx context.Context, to bot.Receiver) error { return a.runTelegram(ctx, adapter, to) }}
	if a.s.TelegramMode == "webhook" {
		s.serve = func(mux *http.ServeMux, to bot.Receiver) {
			mux.Handle("POST /telegram/webhook", adapter.Webhook(to))
		}
	}
	a.add(s)
	return nil
}

// addMattermost builds the Mattermost side when it is switched on.
func (a *App) addMattermost(signer *bot.Signer, texts *talk.Texts, o Options) error {
	if a.s.MattermostURL == "" {
		return nil
	}
	config, err := mattermostConfig(a.s)
	if err != nil {
		return err
	}
	config.Signer, config.Marks, config.Words, config.Logger, config.Now, config.Timing, config.Triggers = signer, notes{a.store, "mattermost "}, a.mattermostWords(texts), a.log, o.Now, o.Mattermost, a.store
	config.Rooms, config.Threads, config.Fetch = rooms(a.s, bot.Mattermost), threads{a}, a.fetch
	config.Refused, config.Wrap = a.refusals.of(bot.Mattermost), a.wires.to(systemMattermost)
	adapter, err := mattermost.New(config)
	if err != nil {
		return err
	}
	a.mattermost = adapter
	a.add(side{platform: bot.Mattermost, adapter: adapter, run: adapter.Run,
		serve: func(mux *http.ServeMux, to bot.Receiver) { mux.Handle("/mattermost/", adapter.Handler(to)) }})
	return nil
}

// mattermostConfig is the settings' part of what the Mattermost side needs.
func mattermostConfig(s settings.Settings) (mattermost.Config, error) {
	ca, err := trusted(s)
	c := mattermost.Config{
		CA: ca, Agent: build.Read().Agent(),
		URL: s.MattermostURL, BotToken: s.MattermostToken.Reveal(), PublicURL: s.PublicURL,
		ResetCommand: s.MattermostReset, StatusCommand: s.MattermostStatus, CommandWords: handlers.CommandWords(), AdminWords: handlers.AdminWords(), RoomWords: handlers.RoomWords(),
	}
	for _, t := range s.MattermostCommandTokens {
		c.CommandTokens = append(c.CommandTokens, t.Reveal())
	}
	return c, err
}

// mattermostWords gives the sentences that the Mattermost side must say itself
// in the language that a user chose.
func (a *App) mattermostWords(texts *talk.Texts) func(ctx context.Context, user string) mattermost.Words {
	return func(ctx context.Context, user string) mattermost.Words {
		u := bot.Update{Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: user}}}
		return mattermostWordsIn(texts, a.handlers.LanguageOf(ctx, u))
	}
}

func mattermostWordsIn(t *talk.Texts, lang string) mattermost.Words {
	return mattermost.Words{
		Working: t.Get(lang, "mattermost.working"), Continued: t.Get(lang, "mattermost.continued"),
		Form: t.Get(lang, "mattermost.form"), FormAgain: t.Get(lang, "mattermost.formagain"), Old: t.Get(lang, "mattermost.old"),
		Foreign: t.Get(lang, "forged"), Again: t.Get(lang, "mattermost.again"), Trouble: t.Get(lang, "mattermost.trouble"),
		Unproven: t.Get(lang, "mattermost.unproven"), Unreachable: t.Get(lang, "mattermost.unreachable"),
	}
}

// trustedEmail tells whose platform's addresses count as verified.
func (a *App) trustedEmail() map[string]func(ctx context.Context, id string) (string, error) {
	if a.mattermost == nil || !a.s.MattermostTrustEmail {
		return nil
	}
	return map[string]func(ctx context.Context, id string) (string, error){bot.Mattermost: a.mattermost.Email}
}

// addressBound is how long the start waits for the server's settings.
const addressBound = 3 * time.Second

// refuseAddresses refuses to start where MATTERMOST_TRUST_EMAIL would trust
// what anybody can choose. A server that does not answer yet is asked again
// whenever somebody is to be linked.
func (a *App) refuseAddresses(ctx context.Context) error {
	if a.mattermost == nil || !a.s.MattermostTrustEmail {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, addressBound)
	defer cancel()
	if err := a.mattermost.Vouches(ctx); errors.Is(err, mattermost.ErrAddresses) {
		return settings.Wrong{Err: fmt.Errorf("MATTERMOST_TRUST_EMAIL: %w", err)}
	}
	return nil
}
