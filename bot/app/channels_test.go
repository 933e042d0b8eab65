package app_test

import (
	"slices"
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

// pressesIn presses a button in a channel.
func (o *onMattermost) pressesIn(channel, label string) {
	o.t.Helper()
	eventually(o.t, "the button "+label, func() bool {
		return slices.ContainsFunc(o.p.Posts(channel), func(post mattermosttest.Post) bool {
			return slices.ContainsFunc(post.Buttons, func(b mattermosttest.Button) bool { return b.Name == label }) && o.p.Press(post.ID, label) == nil
		})
	})
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
	p.pressesIn(beside, "Ya, kirim link")
	eventually(t, "the way on", func() bool { return strings.Contains(whispers(t, p.p, beside), "Saya lanjutkan") })
	if got := whispers(t, p.p, beside); strings.Contains(got, "]()") || strings.Count(got, "/messages/@resetpin)") != 2 {
		t.Errorf("the way on is %s", got)
	}
	sees(t, p, "Langkah 1 dari 9")
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
	for command, want := range map[string]string{"/statusds": "Go on in our [direct message]", "/resetpin panduan": "Go on in our [direct message]"} {
		if err := p.p.Slash(square, command); err != nil {
			t.Fatal(err)
		}
		eventually(t, want, func() bool { return strings.Contains(whispers(t, p.p, square), want) })
	}
	p.pressesIn(square, "Reset PIN")
	eventually(t, "the way on", func() bool { return strings.Contains(whispers(t, p.p, square), "I go on in our [direct message]") })
	if got := whispers(t, p.p, square); strings.Contains(got, "pesan langsung") {
		t.Errorf("two languages: %s", got)
	}
}
