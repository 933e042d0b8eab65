package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"

	"resetpin/bot"
)

// maxUpdate bounds a webhook call's body; real ones are of a few kilobytes.
const maxUpdate = 1 << 20

// secretHeader carries the secret that SetWebhook gave
// (https://core.telegram.org/bots/api#setwebhook).
const secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // a header's name

// Webhook takes Telegram's webhook calls and hands the updates over: 401 for a wrong or missing secret,
// 400 for what is no update, 503 when the update could not be taken over (so
// that Telegram brings it again), else 200.
func (a *Adapter) Webhook(to bot.Receiver) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(a.takeCall(w, r, to))
	})
}

// takeCall takes one webhook call and gives the status to answer with.
func (a *Adapter) takeCall(w http.ResponseWriter, r *http.Request, to bot.Receiver) int {
	if !a.secretFits(r.Header.Get(secretHeader)) {
		a.c.Refused(r.Context(), bot.RefusedSecret, "a webhook call with a wrong secret")
		return http.StatusUnauthorized
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		a.c.Logger.Warn("a webhook call was too large")
		return http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return http.StatusBadRequest
	}
	update, err := decode(body)
	if err != nil {
		a.c.Logger.Warn("a webhook call could not be read", "error", err)
		return http.StatusBadRequest
	}
	if update.namesBot() {
		if _, err := a.username(r.Context()); err != nil {
			a.c.Logger.Warn("an update must wait until the bot knows its own name", "error", err)
			return http.StatusServiceUnavailable
		}
	}
	u, ok := a.accept(r.Context(), update)
	if !ok {
		return http.StatusOK
	}
	if err := a.receive(r.Context(), to, u); err != nil {
		a.c.Logger.Warn("an update could not be taken over; telegram will bring it again", "error", err)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// secretFits compares in constant time, whatever the lengths.
func (a *Adapter) secretFits(given string) bool {
	sum := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(sum[:], a.secret[:]) == 1 && a.c.WebhookSecret != ""
}

// namesBot tells whether the update is a command that may be for another bot,
// which only the bot's own name can tell.
func (w *wireUpdate) namesBot() bool {
	if w.Message == nil || w.Message.Chat.Type == "private" {
		return false
	}
	_, _, name := splitCommand(w.Message.Text)
	return name != ""
}
