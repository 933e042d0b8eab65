package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"resetpin/bot/platform"
	"slices"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Me is the bot's own account.
type Me struct {
	ID       int64
	Username string // without @
	Name     string
}

// Me asks Telegram who the bot is. A token that Telegram does not know gives
// an *Error with Code 401.
func (a *Adapter) Me(ctx context.Context) (Me, error) {
	var user models.User
	err := platform.Within(ctx, a.c.Limits.Call, func(ctx context.Context) error { return a.api.call(ctx, "getMe", struct{}{}, &user) })
	if err != nil {
		return Me{}, fmt.Errorf("ask who the bot is: %w", err)
	}
	me := Me{ID: user.ID, Username: user.Username, Name: user.FirstName}
	a.me.Store(&me)
	a.health.worked(time.Now())
	return me, nil
}

// username gives the bot's own user name, asking Telegram the first time.
func (a *Adapter) username(ctx context.Context) (string, error) {
	if me := a.me.Load(); me != nil {
		return me.Username, nil
	}
	me, err := a.Me(ctx)
	return me.Username, err
}

var payloadForm = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// DeepLink gives the https://t.me link that opens the private chat with the
// bot and, when payload (at most 64 of A-Z a-z 0-9 _ -) is not empty, offers
// to send "/start payload". It is empty until Me succeeded once, and for a
// payload of another form. https://core.telegram.org/bots/features#deep-linking
func (a *Adapter) DeepLink(payload string) string {
	me := a.me.Load()
	if me == nil || me.Username == "" || !payloadForm.MatchString(payload) {
		return ""
	}
	link := "https://t.me/" + me.Username
	if payload != "" {
		link += "?start=" + payload
	}
	return link
}

// Command is one entry of the command menu.
type Command struct {
	Name        string // without slash: 1 to 32 of a-z 0-9 _
	Description string // plain text; cut after 256 characters
}

var commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// menuCall is setMyCommands.
type menuCall struct {
	Commands []models.BotCommand `json:"commands"`
	Scope    scope               `json:"scope"`
	Language string              `json:"language_code,omitempty"`
}

type scope struct {
	Type string `json:"type"`
}

// SetCommands sets the menu of private chats. The key is a two-letter
// language (ISO 639-1), or "" for everybody without a menu of their own.
func (a *Adapter) SetCommands(ctx context.Context, menus map[string][]Command) error {
	languages := make([]string, 0, len(menus))
	for language := range menus {
		languages = append(languages, language)
	}
	slices.Sort(languages)
	for _, language := range languages {
		var list []models.BotCommand
		for _, c := range menus[language] {
			if !commandForm.MatchString(c.Name) || c.Description == "" {
				return fmt.Errorf("telegram: command %q: the name may have 1 to 32 of a-z 0-9 _, and it needs a description", c.Name)
			}
			list = append(list, models.BotCommand{Command: c.Name, Description: cutText(c.Description, 256)})
		}
		err := a.try(ctx, "", func(ctx context.Context) error {
			return a.api.call(ctx, "setMyCommands", &menuCall{Commands: list, Scope: scope{Type: "all_private_chats"}, Language: language}, nil)
		})
		if err != nil {
			return fmt.Errorf("set the command menu (language %q): %w", language, err)
		}
	}
	return nil
}

// SetWebhook tells Telegram to deliver updates to address (https) with the
// configured secret. Updates that wait are kept.
func (a *Adapter) SetWebhook(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("telegram: the webhook's address is not a URL")
	}
	if a.c.WebhookSecret == "" {
		return errors.New("telegram: a webhook needs a secret")
	}
	if _, err := a.Me(ctx); err != nil {
		return err
	}
	err = a.try(ctx, "", func(ctx context.Context) error {
		return a.api.call(ctx, "setWebhook", &tg.SetWebhookParams{URL: address, SecretToken: a.c.WebhookSecret, AllowedUpdates: allowedUpdates}, nil)
	})
	if err != nil {
		return fmt.Errorf("set the webhook: %w", err)
	}
	return nil
}

// deleteWebhook ends delivery to a webhook; without that polling is refused.
// Updates that wait are kept.
func (a *Adapter) deleteWebhook(ctx context.Context) error {
	return platform.Within(ctx, a.c.Limits.Call, func(ctx context.Context) error {
		return a.api.call(ctx, "deleteWebhook", &tg.DeleteWebhookParams{}, nil)
	})
}

// health is what the adapter knows of its connection to Telegram.
type health struct {
	mu      sync.Mutex
	last    time.Time // a call worked
	polling error     // why the polling loop does not get updates; nil: it does, or there is none
}

func (h *health) worked(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = now
}

func (h *health) polled(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.polling = err
}

// fresh is how long a call that worked proves that Telegram can be reached.
const fresh = 30 * time.Second

// Ready tells why Telegram cannot be served just now, or nil. It asks
// Telegram at most every 30 s.
func (a *Adapter) Ready(ctx context.Context) error {
	a.health.mu.Lock()
	last, polling := a.health.last, a.health.polling
	a.health.mu.Unlock()
	if polling != nil {
		return fmt.Errorf("telegram polling: %w", polling)
	}
	if time.Since(last) < fresh {
		return nil
	}
	_, err := a.Me(ctx)
	return err
}

// advice says what an error of receiving means to whoever runs the bot.
func advice(err error) string {
	e := refusal(err)
	switch {
	case e == nil:
		return ""
	case e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound:
		return "Telegram does not know the bot token: check it with BotFather"
	case e.Code == http.StatusConflict && e.says("webhook"):
		return "a webhook was set for this bot by somebody else"
	case e.Code == http.StatusConflict:
		return "another program polls with the same bot token: stop one of them"
	}
	return ""
}
