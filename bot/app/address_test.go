package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/settings"
)

// takesAddress changes one's own address, as every password account may.
func (o *onMattermost) takesAddress(w *world, address string) {
	o.t.Helper()
	api := model.NewAPIv4Client(w.mattermost.URL())
	api.SetToken(o.p.Token())
	if _, _, err := api.PatchUser(o.t.Context(), o.p.ID(), &model.UserPatch{Email: &address}); err != nil {
		o.t.Fatal(err)
	}
}

// TestAnAddressThatAnybodyCanTakeIsNotTrusted: a colleague's, by an account
// with a password, also when the server was changed while the bot runs.
func TestAnAddressThatAnybodyCanTakeIsNotTrusted(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, []string{"MATTERMOST_TRUST_EMAIL=true"})
	w.addMattermost()
	verify := func(on bool) {
		w.mattermost.Set(func(o *mattermosttest.Settings) { o.RequireEmailVerification = on })
	}
	verify(true)
	w.inhabit()
	e := sample(t, "ISSUE")
	thief := w.mattermostPerson("tamu")
	thief.takesAddress(w, e.Email) // and does not get it: it is not verified
	thief.Types("status")
	sees(t, thief, "siapa Anda")
	verify(false)
	w.clock.advance(2 * time.Minute)
	thief.takesAddress(w, e.Email)
	thief.Types("link")
	sees(t, thief, "Ketik NIP Anda")
	if links, err := w.app.Store().Links(t.Context(), e.NIP); err != nil || len(links) != 0 {
		t.Errorf("linked: %v, %v", links, err)
	}
	if got := w.log.String(); strings.Count(got, "MATTERMOST_TRUST_EMAIL is not followed") != 1 {
		t.Error("the log does not tell once that the setting is not followed")
	}
	w.stop()
	bot, err := app.Build(t.Context(), w.settings, app.Options{Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := bot.Run(ctx); !errors.As(err, &settings.Wrong{}) || !strings.Contains(err.Error(), "Require email verification") {
		t.Errorf("started with %v", err)
	}
}
