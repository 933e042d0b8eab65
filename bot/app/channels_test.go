package app_test

import (
	"strings"
	"testing"

	"resetpin/bot/mattermost/mattermosttest"
)

// What the bot says beside its answers, where others are.

// whispers are what only this person was shown in a channel, in one text.
func whispers(t *testing.T, p *mattermosttest.Person, channel string) string {
	t.Helper()
	var words []string
	for _, post := range p.Posts(channel) {
		if post.Ephemeral {
			words = append(words, post.Text)
		}
	}
	return strings.Join(words, "\n")
}

func TestACommandBesideAColleagueLeadsToTheDirectMessage(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	beside := p.p.DM(w.mattermost.Person("rekan").ID())
	if err := p.p.Slash(beside, "/resetpin"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the way on", func() bool { return strings.Contains(whispers(t, p.p, beside), "Saya lanjutkan") })
	if got := whispers(t, p.p, beside); strings.Contains(got, "]()") || strings.Count(got, "/messages/@resetpin)") != 1 {
		t.Errorf("the way on is %s", got)
	}
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))
}

func TestWhoChoseEnglishReadsNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	p.Types("/bahasa")
	p.Presses("English")
	sees(t, p, "I will write in English")
	square := w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	for n, command := range []string{"/statusds", "/resetpin panduan"} {
		if err := p.p.Slash(square, command); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the way on", func() bool {
			return strings.Count(whispers(t, p.p, square), "I go on in our [direct message]") == n+1
		})
	}
	if got := whispers(t, p.p, square); strings.Contains(got, "pesan langsung") {
		t.Errorf("two languages: %s", got)
	}
}
