package bsre_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"resetpin/handlers/bsre"
)

const (
	genuineHost = "esign-bsre.bssn.go.id"
	key         = "0123456789abcdef0123456789abcdef"
	genuineLink = "https://" + genuineHost + "/email/user/passphrase/reset/" + key
)

func TestJudgeLinks(t *testing.T) {
	const path = "/email/user/passphrase/reset/" + key
	for _, c := range []struct {
		text    string
		verdict bsre.Verdict // empty: no finding
		reason  string
	}{
		// Genuine, as people paste it.
		{genuineLink, bsre.LinkGenuine, ""},
		{"Ini linknya: " + genuineLink + ".", bsre.LinkGenuine, ""},
		{"(" + genuineLink + ")", bsre.LinkGenuine, ""},
		{"<" + genuineLink + ">", bsre.LinkGenuine, ""},
		{"klik:" + genuineLink, bsre.LinkGenuine, ""},
		{"linknya" + genuineLink, bsre.LinkGenuine, ""},
		{"\u200b" + genuineLink + "\u200b", bsre.LinkGenuine, ""},
		{"HTTPS://ESIGN-BSRE.BSSN.GO.ID" + path, bsre.LinkGenuine, ""},
		{"Https://esign-bsre.bssn.go.id" + path, bsre.LinkGenuine, ""},
		{genuineHost + path, bsre.LinkGenuine, ""},
		{"https://" + genuineHost + ":443" + path, bsre.LinkGenuine, ""},
		{"https://" + genuineHost + "/email/user/passphrase/reset/0123", bsre.LinkGenuine, ""},
		{genuineLink[:len(genuineLink)-10] + "\n" + genuineLink[len(genuineLink)-10:], bsre.LinkGenuine, ""},
		{"https://" + genuineHost + "/email/user/pass\u200bphrase/reset/" + key, bsre.LinkGenuine, ""},
		// The genuine host, wrongly addressed.
		{"http://" + genuineHost + path, bsre.LinkFake, bsre.ReasonScheme},
		{"ftp://" + genuineHost + path, bsre.LinkFake, bsre.ReasonScheme},
		{"https://" + genuineHost + ":8443" + path, bsre.LinkFake, bsre.ReasonPort},
		{"https://" + genuineHost + "." + path, bsre.LinkFake, bsre.ReasonDot},
		{"https://admin@" + genuineHost + path, bsre.LinkFake, bsre.ReasonUser},
		{"https://esign-bsre.bssn\u200b.go.id" + path, bsre.LinkFake, bsre.ReasonHidden},
		{"https://esign\u00ad-bsre.bssn.go.id" + path, bsre.LinkFake, bsre.ReasonHidden},
		{"https://ｅｓｉｇｎ-bsre.bssn.go.id" + path, bsre.LinkFake, bsre.ReasonHidden},
		{"https://esign-bsre.bssn。go.id" + path, bsre.LinkFake, bsre.ReasonHidden},
		// Hosts that look like it.
		{"https://" + genuineHost + ".evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://" + genuineHost + ".evil.com/", bsre.LinkFake, bsre.ReasonHost},
		{"https://" + genuineHost + "@evil.com", bsre.LinkFake, bsre.ReasonHost},
		{"https://" + genuineHost + ":443@evil.com/x", bsre.LinkFake, bsre.ReasonHost},
		{genuineHost + "@evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://" + genuineHost + "%2eevil.com/masuk", bsre.LinkFake, bsre.ReasonHost},
		{"https://esign-bsre-bssn.go.id.web.id/", bsre.LinkFake, bsre.ReasonHost},
		{"https://esign-bsre.bssn-go.id/", bsre.LinkFake, bsre.ReasonHost},
		{"https://esignbsre.bssn.go.id.co/", bsre.LinkFake, bsre.ReasonHost},
		{"https://esign-bsre.bsssn.go.id/", bsre.LinkFake, bsre.ReasonHost},
		{"https://es1gn-bsre.bssn.qo.id/", bsre.LinkFake, bsre.ReasonHost},
		{"https://esign-bsrе.bssn.go.id/", bsre.LinkFake, bsre.ReasonHost}, // Cyrillic е
		{"https://еѕіgn-bѕrе.bѕѕn.gо.id/", bsre.LinkFake, bsre.ReasonHost},
		{"https://xn--esign-bsr-o0h.bssn.go.id/", bsre.LinkFake, bsre.ReasonHost}, // the same, encoded
		{"https://xn--bss-8ma.com/", bsre.LinkOther, ""},
		{"https://reset-bsre.my.id/pin", bsre.LinkFake, bsre.ReasonHost},
		{"https://bssn.info/", bsre.LinkFake, bsre.ReasonHost},
		{`https://evil.com\@` + genuineHost + path, bsre.LinkFake, bsre.ReasonPath},
		{`https:\\evil.com` + path, bsre.LinkFake, bsre.ReasonPath},
		{"https:evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https:///evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		// Reset links on other hosts, and ways there.
		{"https://evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		{"evil.com" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://103.20.1.9" + path, bsre.LinkFake, bsre.ReasonPath},
		{"103.20.1.9:8080" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://[2001:db8::1]" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://1730150665" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://evil.com/EMAIL/User/Passphrase/Reset/" + key, bsre.LinkFake, bsre.ReasonPath},
		{"https://evil.com/email/user/%70assphrase/reset/" + key, bsre.LinkFake, bsre.ReasonPath},
		{"https://evil.com/go?u=https%3A%2F%2F" + genuineHost + "%2F", bsre.LinkFake, bsre.ReasonPath},
		{"https://evil.com/" + genuineHost, bsre.LinkFake, bsre.ReasonPath},
		{"https://bsre.bssn.go.id" + path, bsre.LinkFake, bsre.ReasonPath},
		{"https://bit.ly/3xyzAB", bsre.LinkFake, bsre.ReasonShortened},
		{"s.id/reset-pin", bsre.LinkFake, bsre.ReasonShortened},
		// Other links.
		{"https://" + genuineHost + "/", bsre.LinkOther, ""},
		{"https://" + genuineHost + "/login", bsre.LinkOther, ""},
		{"https://portal-bsre.bssn.go.id/", bsre.LinkOther, ""},
		{"https://bsre.bssn.go.id/faq", bsre.LinkOther, ""},
		{"https://www.bssn.go.id", bsre.LinkOther, ""},
		{"https://tte-bsre.contoh.go.id/panduan", bsre.LinkOther, ""},
		{"https://contoh.go.id/berita/2026", bsre.LinkOther, ""},
		{"https://drive.example.com/d/" + key, bsre.LinkOther, ""},
		// No links.
		{"lupa pin", "", ""},
		{"", "", ""},
		{"osd@bssn.go.id", "", ""},
		{"bsre@gmail.com", "", ""},
		{"apakah esign-bsre.bssn.go.id itu asli?", "", ""},
		{"Saya sudah ke BSrE.Terima kasih", "", ""},
		{"bsre.link", "", ""},
		{"file.pdf dan 3.5 atau 01.02.2026, dll.", "", ""},
		{"contoh.go.id", "", ""},
		{key, "", ""},
	} {
		links := bsre.JudgeLinks(c.text, []string{genuineHost})
		switch {
		case c.verdict == "" && len(links) > 0, c.verdict != "" && len(links) == 0:
			t.Errorf("%q: found %+v", c.text, links)
		case c.verdict != "" && (links[0].Verdict != c.verdict || links[0].Reason != c.reason):
			t.Errorf("%q: judged %+v, want %s %s", c.text, links[0], c.verdict, c.reason)
		}
		for _, l := range links {
			if strings.Contains(l.Host, key) {
				t.Errorf("%q: the key is shown: %q", c.text, l.Host)
			}
			if l.Verdict == bsre.LinkFake && l.Host == genuineHost {
				t.Errorf("%q: a fake is shown as the genuine host", c.text)
			}
		}
	}
}

// Every link of a text is judged, also one that hides behind another.
func TestJudgeLinksFindsAll(t *testing.T) {
	for text, want := range map[string][]bsre.Verdict{
		genuineLink + " " + genuineLink:                                                {bsre.LinkGenuine, bsre.LinkGenuine},
		"[" + genuineLink + "](https://evil.com/email/user/passphrase/reset/1)":        {bsre.LinkGenuine, bsre.LinkFake},
		`<a href="https://bssn.web.id/x">` + genuineLink + "</a>":                      {bsre.LinkFake, bsre.LinkGenuine},
		"https://evil.com/?u=" + genuineLink:                                           {bsre.LinkFake, bsre.LinkGenuine},
		"https://contoh.go.id, lalu " + genuineHost + "/email/user/passphrase/reset/x": {bsre.LinkOther, bsre.LinkGenuine},
	} {
		var got []bsre.Verdict
		for _, l := range bsre.JudgeLinks(text, []string{genuineHost}) {
			got = append(got, l.Verdict)
		}
		if len(got) != len(want) {
			t.Errorf("%q: %v, want %v", text, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
		}
	}
}

// A site on another port, as the sandbox has one, and several sites.
func TestJudgeLinksOfOtherSites(t *testing.T) {
	sites := []string{"esign-bsre.localhost:8443", "Reset.Contoh.go.id"}
	for text, want := range map[string]bsre.Verdict{
		"https://esign-bsre.localhost:8443/email/user/passphrase/reset/" + key: bsre.LinkGenuine,
		"https://esign-bsre.localhost/email/user/passphrase/reset/" + key:      bsre.LinkFake,
		"https://reset.contoh.go.id/email/user/passphrase/reset/" + key:        bsre.LinkGenuine,
		genuineLink: bsre.LinkFake,
	} {
		links := bsre.JudgeLinks(text, sites)
		if len(links) != 1 || links[0].Verdict != want {
			t.Errorf("%q: %+v", text, links)
		}
	}
	if links := bsre.JudgeLinks(genuineLink, nil); len(links) != 1 || links[0].Verdict == bsre.LinkGenuine {
		t.Errorf("without a site: %+v", links)
	}
}

// FuzzJudgeLinks: a link is called genuine only when the text holds the
// genuine host as it is written, and what is shown is short and clean.
func FuzzJudgeLinks(f *testing.F) {
	for _, seed := range []string{
		genuineLink, "http://" + genuineHost + "/email/user/passphrase", "https://" + genuineHost + "@evil.com/\\//x", "xn--80ak6aa92e.com/a",
		"https://%65sign-bsre.bssn.go.id/email/user/passphrase/", "https:/\\[::1]:99999999/\u202e", "\xff\xfehttps://\xff.id/passphrase/reset", "a@b.c/d@e.f",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range bsre.JudgeLinks(text, []string{genuineHost}) {
			if utf8.RuneCountInString(l.Host) > 90 || !utf8.ValidString(l.Host) || strings.ContainsAny(l.Host, "\n\r\x00\u202e") {
				t.Errorf("%q: shown as %q", text, l.Host)
			}
			if l.Verdict != bsre.LinkGenuine {
				continue
			}
			if lower := strings.ToLower(text); !strings.Contains(lower, genuineHost) && !strings.Contains(lower, "%") {
				t.Errorf("%q is called genuine", text)
			}
		}
	})
}
