package mattermost_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// What follows are attacks by somebody who knows a slash command's token, as
// whoever manages the commands of its team does.

// commands sends a command and gives what is answered.
func (w *world) commands(more url.Values) (int, string) {
	w.t.Helper()
	return w.sends(http.MethodPost, "/mattermost/command", formKind, w.typed(more).Encode())
}

// TestATokenIsNoMasterKey: nothing that a stolen token is sent with is taken
// for a user's own, and what is answered tells nothing.
func TestATokenIsNoMasterKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := mattermosttest.Start(t, mattermosttest.Options{})
	budi := w.mm.Person("budi").ID()
	sari := w.sari.ID()
	now := time.Now()
	raw, err := base64.StdEncoding.DecodeString(w.mm.Trigger(budi, now))
	if err != nil {
		t.Fatal(err)
	}
	w.engine.answers(say("NIP 198805052012122001, Sari Contoh"))
	for name, trigger := range map[string]string{
		"none":                       "",
		"no base64":                  "odd!",
		"unsigned":                   base64.StdEncoding.EncodeToString([]byte("x:" + sari + ":1:")),
		"of another user":            w.mm.Trigger(budi, now),
		"with the user changed":      base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(raw), budi, sari, 1))),
		"of another server":          other.Trigger(sari, now),
		"31 s old":                   w.mm.Trigger(sari, now.Add(-31500*time.Millisecond)),
		"from the future":            w.mm.Trigger(sari, now.Add(time.Minute)),
		"of a time that is no time":  strings.Repeat("A", 400),
		"of a day before the server": w.mm.Trigger(sari, time.UnixMilli(0)),
	} {
		status, got := w.commands(url.Values{"trigger_id": {trigger}})
		if status != http.StatusOK || !strings.Contains(got, "belum bisa memastikan") || strings.Contains(got, "Sari") {
			t.Errorf("a trigger %s: %d %s", name, status, got)
		}
	}
	if n := len(w.engine.updates()); n != 0 {
		t.Fatalf("%d commands were taken", n)
	}
	status, got := w.commands(nil)
	if status != http.StatusOK || strings.Contains(got, "Sari") || len(w.engine.updates()) != 1 {
		t.Errorf("her own: %d %s", status, got)
	}
	if u := w.hears(1)[0]; !u.Wish {
		t.Error("it counts as more than a wish")
	}
}

// TestAStolenTriggerCountsOnceAndAsksOnly: the victim presses somebody else's
// button, whose integration receives a trigger that is good everywhere.
func TestAStolenTriggerCountsOnceAndAsksOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answers(say("NIP 198805052012122001, Sari Contoh"))
	stolen := url.Values{"trigger_id": {w.mm.Trigger(w.sari.ID(), time.Now())}, "channel_name": {"town-square"}}
	if _, got := w.commands(stolen); strings.Contains(got, "Sari Contoh") || !strings.Contains(got, "pesan langsung") {
		t.Errorf("the thief is answered %s", got)
	}
	if got := w.sari.Last(w.dm); got.Text != "NIP 198805052012122001, Sari Contoh" {
		t.Errorf("the victim sees %+v", got)
	}
	raw, err := base64.StdEncoding.DecodeString(stolen.Get("trigger_id"))
	if err != nil {
		t.Fatal(err)
	}
	for name, again := range map[string]string{
		"the same": stolen.Get("trigger_id"), "written otherwise": stolen.Get("trigger_id")[:8] + "\r\n" + stolen.Get("trigger_id")[8:],
		"with the signature's text cut anew": base64.StdEncoding.EncodeToString([]byte(string(raw[:len(raw)-4]) + "\n" + string(raw[len(raw)-4:]))),
	} {
		if _, got := w.commands(url.Values{"trigger_id": {again}, "channel_name": {"town-square"}}); got != "{}" {
			t.Errorf("%s: %s", name, got)
		}
	}
	press, _ := w.pressed(oneButton)
	press["trigger_id"] = stolen.Get("trigger_id")
	if _, got := w.sendsJSON("/mattermost/action", press); got != "{}" || len(w.engine.updates()) != 1 {
		t.Errorf("as a press: %s, and %d were taken in all", got, len(w.engine.updates()))
	}
}

// TestATriggerCountsOnceOverReplicas that share a store, and after a start.
func TestATriggerCountsOnceOverReplicas(t *testing.T) {
	t.Parallel()
	shared := mattermost.NewMemoryTriggers()
	share := func(c *mattermost.Config, _ *mattermosttest.Options) { c.Triggers = shared }
	w := newWorld(t, share)
	other := newWorld(t, share, func(c *mattermost.Config, _ *mattermosttest.Options) { c.URL = w.mm.URL() })
	command := w.typed(nil)
	second := maps.Clone(command)
	second.Set("token", other.command)
	second.Set("team_id", other.mm.TeamID())
	w.sends(http.MethodPost, "/mattermost/command", formKind, command.Encode())
	_, got := other.sends(http.MethodPost, "/mattermost/command", formKind, second.Encode())
	if got != "{}" || len(other.engine.updates()) != 0 || len(w.engine.updates()) != 1 {
		t.Errorf("the second answered %s", got)
	}
}

// TestAChangedKeyIsFollowed, without a restart.
func TestAChangedKeyIsFollowed(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	w.engine.answers(say("ya"))
	if _, got := w.commands(nil); !strings.Contains(got, "pesan langsung") {
		t.Fatal(got)
	}
	later.Store(int64(10 * time.Second)) // not so soon after the last look
	old := w.mm.Trigger(w.sari.ID(), time.Now())
	if err := w.mm.RotateKey(); err != nil {
		t.Fatal(err)
	}
	if _, got := w.commands(nil); !strings.Contains(got, "lanjutkan") || len(w.engine.updates()) != 2 {
		t.Errorf("by the new key: %s", got)
	}
	if _, got := w.commands(url.Values{"trigger_id": {old}}); !strings.Contains(got, "memastikan") {
		t.Errorf("by the old key: %s", got)
	}
}

// TestTheServersClockDecides, not the bot's.
func TestTheServersClockDecides(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]time.Duration{"slow by an hour": -time.Hour, "fast by ten minutes": 10 * time.Minute} {
		var ahead atomic.Int64
		w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
			c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		})
		w.engine.answers(say("ya"))
		if _, got := w.commands(nil); !strings.Contains(got, "lanjutkan") {
			t.Fatal(got)
		}
		ahead.Store(int64(wrong)) // the bot's clock was set
		if _, got := w.commands(nil); !strings.Contains(got, "lanjutkan") {
			t.Errorf("a bot that is %s: %s", name, got)
		}
		if _, got := w.commands(url.Values{"trigger_id": {w.mm.Trigger(w.sari.ID(), time.Now().Add(-32*time.Second))}}); !strings.Contains(got, "memastikan") {
			t.Errorf("a bot that is %s takes what is old: %s", name, got)
		}
	}
}

// TestWithoutTheServersKeyNothingIsTaken.
func TestWithoutTheServersKeyNothingIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mm.Break(mattermosttest.Fault{Path: "/config/client", Code: http.StatusInternalServerError})
	if _, got := w.commands(nil); !strings.Contains(got, "memastikan") || len(w.engine.updates()) != 0 {
		t.Errorf("answered %s", got)
	}
	if !strings.Contains(w.log.String(), "does not prove who acts") {
		t.Error("nobody is told")
	}
}

// TestABareTokenIsOfOneTeam: of the bot's only one, and of none when there are
// more.
func TestABareTokenIsOfOneTeam(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	small := w.mm.AddTeam("kecil")
	send := func(team string) int {
		status, _ := w.commands(url.Values{"token": {"another"}, "team_id": {team}})
		return status
	}
	if one, two := send(w.mm.TeamID()), send(small); one != http.StatusOK || two != http.StatusUnauthorized {
		t.Errorf("in one team: %d, as another team's %d", one, two)
	}
	w.mm.JoinTeam(small, w.botID)
	later.Store(int64(2 * time.Minute))
	if one, two := send(w.mm.TeamID()), send(small); one != http.StatusUnauthorized || two != http.StatusUnauthorized {
		t.Errorf("in two teams: %d and %d", one, two)
	}
	if status, _ := w.commands(url.Values{"team_id": {small}}); status != http.StatusUnauthorized {
		t.Errorf("one team's token for another's: %d", status)
	}
}

// TestADoctorsCallIsProvenToo: the bot's own name alone opens nothing.
func TestADoctorsCallIsProvenToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.bot.Me(w.ctx()); err != nil {
		t.Fatal(err)
	}
	if _, got := w.commands(url.Values{"user_id": {w.botID}}); strings.Contains(got, `"ok"`) {
		t.Errorf("answered %s", got)
	}
	if _, got := w.commands(url.Values{"user_id": {w.botID}, "trigger_id": {w.mm.Trigger(w.botID, time.Now())}}); !strings.Contains(got, `"ok"`) || len(w.engine.updates()) != 0 {
		t.Errorf("answered %s", got)
	}
}

// TestTheDoctorNamesAServerThatTellsNoKey: then all are turned away.
func TestTheDoctorNamesAServerThatTellsNoKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mm.Set(func(o *mattermosttest.Settings) { o.NoSigningKey = true })
	if _, err := w.bot.Check(w.ctx(), nil); err == nil || !strings.Contains(err.Error(), "does not tell the key that it signs with") {
		t.Errorf("it says %v", err)
	}
	if _, got := w.commands(nil); !strings.Contains(got, "memastikan") || len(w.engine.updates()) != 0 {
		t.Errorf("a command is answered %s", got)
	}
}

// TestTheDoctorNamesAClockThatGoesWrong, which decides nothing.
func TestTheDoctorNamesAClockThatGoesWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Now = func() time.Time { return time.Now().Add(-45 * time.Second) }
	})
	h, err := w.bot.Check(w.ctx(), nil)
	if err != nil {
		t.Fatal(h, err)
	}
	if all := strings.Join(h.Advice, "\n"); !strings.Contains(all, "clock is 4") || !strings.Contains(all, "behind the server's") {
		t.Errorf("it advises %q", all)
	}
}
