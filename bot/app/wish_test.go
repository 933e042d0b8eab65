package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
)

// stolen sends a slash command as somebody does who has a command's token, and
// triggers of the victim that a button of their own received. It gives what
// the thief reads.
func (w *world) stolen(victim, text string) string {
	w.t.Helper()
	c := w.mattermost.Commands()[0]
	resp, err := http.PostForm("http://"+w.app.Addr()+"/mattermost/command", url.Values{
		"token": {c.Token}, "team_id": {c.Team}, "team_domain": {"kantor"}, "user_id": {victim}, "channel_name": {"town-square"},
		"channel_id": {w.mattermost.Channel(c.Team, "town-square")}, "command": {"/" + c.Trigger}, "text": {text},
		"trigger_id": {w.mattermost.Trigger(victim, time.Now())},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// holdings is what may not change unless the victim presses something.
func (w *world) holdings(e bsretest.Person) string {
	w.t.Helper()
	s := w.app.Store()
	links, err := s.Links(w.t.Context(), e.NIP)
	if err != nil {
		w.t.Fatal(err)
	}
	var out strings.Builder
	for _, l := range links {
		fmt.Fprintf(&out, "linked %s\n", l.Account)
	}
	resets, err := s.Resets(w.t.Context(), e.NIP, 50)
	if err != nil {
		w.t.Fatal(err)
	}
	walk, err := s.Walk(w.t.Context(), e.NIP)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		w.t.Fatal(err)
	}
	fmt.Fprintf(&out, "%d resets, %d at BSrE, walk %s %s %d %s, %d mails", len(resets), w.bsre.ResetsOf(e.NIK), walk.Guide, walk.Step, walk.Version, walk.State,
		len(w.mail.Inbox(e.Email)))
	return out.String()
}

// everyWish is what can be typed after the command, in any state.
func everyWish(nip, code string) []string {
	return []string{
		"", "status", "link", "link " + nip, nip, code, "kode saya " + code, "panduan", "unlink", "bahasa", "privasi", "help", "start", "reset",
		"ya", "ya, kirim link", "lanjut", "sudah", "sudah muncul", "iya kirim saja", "berhenti dulu", "ya, putuskan", "English", "081234567010",
		"lupa pin", "kirim link baru", "putuskan akun saya", "ada masalah", "selesai", "hubungi bantuan", "minta kode baru",
	}
}

// TestWhatACommandAsksForChangesNothing: in the name of an employee who is
// linked and in the middle of a walk, and of one who waits for a code. The
// thief is told nothing either.
func TestWhatACommandAsksForChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	e := linked(t, w, p, "ISSUE")
	p.Types("/resetpin")
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))
	walksTo(t, p, "link")
	other := sample(t, "EXPIRED")
	waiting := w.mattermostPerson("tamu")
	waiting.Types("link " + other.NIP)
	sees(t, waiting, "sedang dikirim")
	code := w.code(other.Email, 1)
	w.clock.advance(time.Hour) // no limit stands between
	for _, victim := range []struct {
		p *onMattermost
		e bsretest.Person
	}{{p, e}, {waiting, other}} {
		eventually(t, "rest", func() bool { return w.settled() })
		before := w.holdings(victim.e)
		for _, text := range everyWish(victim.e.NIP, code) {
			victim.p.look()
			got := w.stolen(victim.p.p.ID(), text)
			for _, secret := range []string{victim.e.NIP, victim.e.Name, victim.e.Unit, "Sertifikat", "Langkah", "NIP"} {
				if strings.Contains(got, secret) {
					t.Errorf("%q tells the thief %q", text, got)
				}
			}
			eventually(t, "an answer to "+text, func() bool { return len(victim.p.News()) > 0 || w.settled() })
		}
		eventually(t, "rest", func() bool { return w.settled() })
		if after := w.holdings(victim.e); after != before {
			t.Errorf("before: %s\nafter: %s", before, after)
		}
	}
}

// settled tells whether every update was answered.
func (w *world) settled() bool {
	open, err := w.app.Store().OpenInbox(w.t.Context())
	return err == nil && len(open) == 0
}
