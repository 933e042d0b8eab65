package guides

import (
	"slices"
	"strings"
	"testing"
)

func TestAPageSaysWhatHoldsForItsReader(t *testing.T) {
	page := func(alt string) string {
		return head + "picture: shot\nalt: " + alt + `
variants:
  - when: verdict expired
    title: Berhenti
    picture: none
  - when: verdict trusted and browser edge
    title: Edge
  - when: verdict trusted
    title: Aman
    picture: other
    alt: Lain
    next: Terus
buttons:
  - label: Bantuan
    go: helpdesk
    when: verdict expired
stop: [expired]
---
Semua.

::: browser firefox and verdict unknown expected
Rubah {site}.
::: browser unknown
Lain ` + "`{site}`" + `.
:::

Akhir.
`
	}
	l, err := Load(broken(map[string]string{
		oneID: page("Gambar"), oneEN: page("Picture"),
		"reset/shot.id.png": png + "plain", "reset/shot.en.png": png + "english",
		"reset/shot.firefox.id.png": png + "fox", "reset/shot.firefox.en.png": png + "english fox",
		"reset/other.id.png": png + "other", "reset/other.en.png": png + "english other",
	}))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("reset")
	tests := []struct {
		verdict, browser, language string
		title, body, picture, alt  string
		varies, choices            string
	}{
		{"", "", "id", "Satu", "Semua.\n\nLain `a_b`.\n\nAkhir.", "plain", "Gambar", "browser verdict", "a d f"},
		{"", "firefox", "id", "Satu", "Semua.\n\nRubah a\\_b.\n\nAkhir.", "fox", "Gambar", "browser verdict", "a d f"},
		{"", "firefox", "en", "Satu", "Semua.\n\nRubah a\\_b.\n\nAkhir.", "english fox", "Picture", "browser verdict", "a d f"},
		{"expected", "edge", "id", "Satu", "Semua.\n\nAkhir.", "plain", "Gambar", "browser verdict", "a d f"},
		{"trusted", "firefox", "id", "Aman", "Semua.\n\nAkhir.", "other", "Lain", "browser verdict", "Terus d f"},
		{"trusted", "edge", "id", "Edge", "Semua.\n\nAkhir.", "other", "Lain", "browser verdict", "Terus d f"},
		{"expired", "firefox", "id", "Berhenti", "Semua.\n\nAkhir.", "", "", "browser verdict", "Bantuan d f"},
	}
	for _, tt := range tests {
		v, err := g.View("one", Situation{Language: tt.language, Browser: tt.browser, Verdict: tt.verdict, Vars: map[string]string{"site": "a_b"}})
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, c := range v.Choices {
			labels = append(labels, c.Label)
		}
		picture, alt := "", ""
		if v.Picture != nil {
			picture, alt = strings.TrimPrefix(string(v.Picture.Data()), png), v.Picture.Alt
		}
		got := []string{v.Title, v.Body, picture, alt, strings.Join(v.Varies, " "), strings.Join(labels, " ")}
		want := []string{tt.title, tt.body, tt.picture, tt.alt, tt.varies, tt.choices}
		if !slices.Equal(got, want) {
			t.Errorf("%s %s %s: got %q, want %q", tt.verdict, tt.browser, tt.language, got, want)
		}
	}
	if _, err := g.View("one", Situation{Language: "id"}); err == nil {
		t.Error("a placeholder without a value is shown")
	}
}

// A page asks for the browser only where the certificate makes it matter.
func TestAConditionTellsWhatItStillDependsOn(t *testing.T) {
	both, err := parseCondition("verdict expected unknown and browser firefox")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		s    Situation
		want string
		hold bool
	}{
		{Situation{}, "verdict browser", false},
		{Situation{Verdict: "expected"}, "verdict browser", false},
		{Situation{Verdict: "trusted"}, "verdict", false},
		{Situation{Browser: "edge"}, "browser", false},
		{Situation{Verdict: "expected", Browser: "firefox"}, "verdict browser", true},
		{Situation{Browser: "firefox"}, "verdict browser", true},
	} {
		if got := strings.Join(both.decides(tt.s), " "); got != tt.want || both.holds(tt.s) != tt.hold {
			t.Errorf("%+v: depends on %q and holds is %v, want %q and %v", tt.s, got, both.holds(tt.s), tt.want, tt.hold)
		}
	}
}

// The built-in pictures: the same name means the same data, and everybody
// gets the one for their browser.
func TestBuiltinPictures(t *testing.T) {
	g, _ := builtinLibrary(t).Guide("reset")
	data := make(map[string]string)
	shown := make(map[string]bool)
	for _, lang := range g.languages {
		for _, at := range g.Positions() {
			for s := range g.Situations(at, lang) {
				v, err := g.View(at, s)
				if err != nil {
					t.Fatal(err)
				}
				if v.Picture == nil {
					continue
				}
				if before, ok := data[v.Picture.Name]; ok && before != string(v.Picture.Data()) {
					t.Errorf("%s are two pictures", v.Picture.Name)
				}
				data[v.Picture.Name] = string(v.Picture.Data())
				shown[v.Picture.Name[:strings.LastIndex(v.Picture.Name, "-")]] = true
				if !strings.Contains(v.Picture.Name, "."+lang+"-") {
					t.Errorf("%s in %s shows %s", at, lang, v.Picture.Name)
				}
				if s.Browser != "" && g.pictures.find("warning", s.Browser, lang) != g.pictures.find("warning", "", lang) &&
					strings.HasPrefix(v.Picture.Name, "warning") && !strings.HasPrefix(v.Picture.Name, "warning."+s.Browser+".") {
					t.Errorf("%s for %s shows %s", at, s.Browser, v.Picture.Name)
				}
			}
		}
	}
	for file := range g.pictures {
		if !shown[strings.TrimSuffix(file, ".png")] {
			t.Errorf("nobody ever sees %s", file)
		}
	}
}

// Where a platform is that no page speaks of, what is said of unknown ones
// holds.
func TestAStrangePlatformIsAnUnknownOne(t *testing.T) {
	for words, want := range map[string]bool{"platform telegram": false, "platform mattermost unknown": true} {
		c, err := parseCondition(words)
		if err != nil {
			t.Fatal(err)
		}
		s := Situation{Platform: "terminal"}
		if got := c.holds(s); got != want {
			t.Errorf("%q holds: %v, want %v", words, got, want)
		}
	}
}
