package mattermosttest_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"crypto/ecdsa"
	"crypto/x509"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot/mattermost/mattermosttest"
)

// TestTriggersAreSignedAsByTheRealServer: with the key that clients are told,
// the library verifies them, and a changed one fails.
func TestTriggersAreSignedAsByTheRealServer(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	key := func() *ecdsa.PrivateKey {
		_, config := w.call("", "GET", "/config/client?format=old", nil)
		der, err := base64.StdEncoding.DecodeString(config["AsymmetricSigningPublicKey"].(string))
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			t.Fatal(err)
		}
		return &ecdsa.PrivateKey{PublicKey: *parsed.(*ecdsa.PublicKey)}
	}
	sari := w.Person("sari").ID()
	before := key()
	trigger := w.Trigger(sari, time.Now())
	if _, user, err := model.DecodeAndVerifyTriggerId(trigger, before, time.Minute); err != nil || user != sari {
		t.Errorf("the library says %q, %v", user, err)
	}
	raw, err := base64.StdEncoding.DecodeString(trigger)
	if err != nil {
		t.Fatal(err)
	}
	forged := base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(raw), sari, w.Person("budi").ID(), 1)))
	if _, _, err := model.DecodeAndVerifyTriggerId(forged, before, time.Minute); err == nil {
		t.Error("another user's passes")
	}
	if err := w.RotateKey(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := model.DecodeAndVerifyTriggerId(w.Trigger(sari, time.Now()), before, time.Minute); err == nil {
		t.Error("the old key verifies what the new one signed")
	}
	if _, _, err := model.DecodeAndVerifyTriggerId(w.Trigger(sari, time.Now()), key(), time.Minute); err != nil {
		t.Error(err)
	}
}

// TestABotGoesWithItsOwner, and does not come back with them.
func TestABotGoesWithItsOwner(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	_, admin := w.call(w.AdminToken(), "GET", "/users/me", nil)
	owner := admin["id"].(string)
	service := w.Person("layanan").ID()
	if status, _ := w.call(w.AdminToken(), "POST", "/bots/"+w.bot+"/assign/"+w.bot, nil); status != http.StatusForbidden {
		t.Errorf("a bot owns itself: %d", status)
	}
	if status, f := w.call(w.token, "GET", "/bots/"+w.bot, nil); status != http.StatusNotFound { // tried on 11.6
		t.Errorf("a bot is told whose it is: %d %v", status, f)
	}
	second, secret := w.AddBot("kedua")
	if status, bot := w.call(w.AdminToken(), "POST", "/bots/"+second+"/assign/"+service, nil); status != 200 || bot["owner_id"] != service {
		t.Errorf("%d %v", status, bot)
	}
	w.Deactivate(owner)
	if status, _ := w.call(w.token, "GET", "/users/me", nil); status != http.StatusUnauthorized {
		t.Errorf("the bot of the one who left: %d", status)
	}
	if status, _ := w.call(secret, "GET", "/users/me", nil); status != 200 {
		t.Errorf("another's bot: %d", status)
	}
}

// TestWhatAnAdministratorMaySwitchOff, and what happens then.
func TestWhatAnAdministratorMaySwitchOff(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	dm := sari.DM(w.bot)
	w.AddCommand("duty", w.hook.URL)
	w.Set(func(o *mattermosttest.Settings) {
		o.NoSiteURL, o.EnableFileAttachments, o.RestrictDirectMessage = true, false, "team"
	})
	wants(t, sari.Slash(w.Channel(w.TeamID(), "town-square"), "/duty"), 400, "api.command.execute_command.site_url_required.app_error")
	if status, f := w.call(w.token, "POST", "/files?channel_id="+dm+"&filename=a.png", "x"); status != http.StatusForbidden {
		t.Errorf("a file: %d %v", status, f)
	}
	far, _ := w.AddBot("jauh") // in no team
	if status, f := w.call(sari.Token(), "POST", "/channels/direct", []string{sari.ID(), far}); status != http.StatusForbidden {
		t.Errorf("a direct message over teams: %d %v", status, f)
	}
}

// TestAnAddressOfOnesOwnChoice: an ordinary account takes a free address at
// once, unless addresses are verified.
func TestAnAddressOfOnesOwnChoice(t *testing.T) {
	t.Parallel()
	w := start(t, mattermosttest.Options{})
	sari := w.Person("sari")
	take := func(address string) string {
		_, u := w.call(sari.Token(), "PUT", "/users/"+sari.ID()+"/patch", object{"email": address})
		got, _ := u["email"].(string)
		return got
	}
	if got := take("pimpinan@contoh.go.id"); got != "pimpinan@contoh.go.id" {
		t.Errorf("now it is %q", got)
	}
	w.Set(func(o *mattermosttest.Settings) { o.RequireEmailVerification = true })
	if got := take("lain@contoh.go.id"); got != "pimpinan@contoh.go.id" {
		t.Errorf("unverified it is %q", got)
	}
}
