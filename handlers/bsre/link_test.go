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
		// What hides where it leads.
		{"https://bit.ly/3xyzAB", bsre.LinkShort, ""},
		{"s.id/reset-pin", bsre.LinkShort, ""},
		// BSrE's own, and no reset link.
		{"https://" + genuineHost + "/", bsre.LinkBSrE, ""},
		{"https://" + genuineHost + "/login", bsre.LinkBSrE, ""},
		{"https://portal-bsre.bssn.go.id/", bsre.LinkBSrE, ""},
		{"https://beid.bssn.go.id/realms/external-service", bsre.LinkBSrE, ""},
		{"https://bsre.bssn.go.id/faq", bsre.LinkBSrE, ""},
		{"https://www.bssn.go.id", bsre.LinkBSrE, ""},
		{genuineHost + "/login", bsre.LinkBSrE, ""},
		{"portal-bsre.bssn.go.id/login", bsre.LinkBSrE, ""},
		{"https://user@portal-bsre.bssn.go.id/", bsre.LinkOther, ""},
		// Wrapped by a mail filter.
		{"https://apac01.safelinks.protection.outlook.com/?url=https%3A%2F%2F" + genuineHost + "%2Femail%2Fuser%2Fpassphrase%2Freset%2F" + key + "&data=05%7C02%7Cpegawai%40contoh.go.id%7Cabc&sdata=x%3D&reserved=0", bsre.LinkGenuine, ""},
		{"https://urldefense.com/v3/__" + genuineLink + "__;!!Abc!xyz$", bsre.LinkGenuine, ""},
		{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key + "&c=E,1,x&typo=1", bsre.LinkGenuine, ""},
		{"https://www.google.com/url?q=" + genuineLink + "&source=gmail", bsre.LinkGenuine, ""},
		{"https://mail.contoh.go.id/fmlurlsvc/?fewReq=:B:JVk=&url=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key, bsre.LinkGenuine, ""},
		{"https://apac01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2Femail%2Fuser%2Fpassphrase%2Freset%2F" + key, bsre.LinkFake, bsre.ReasonPath},
		{"https://www.google.com/url?q=https://contoh.go.id/berita", bsre.LinkOther, ""},
		{"https://safelinks.protection.outlook.com.evil.com/?url=https%3A%2F%2F" + genuineHost + "%2Femail%2Fuser%2Fpassphrase", bsre.LinkFake, bsre.ReasonPath},
		{"https://evil.com/fmlurlsvc/?url=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key, bsre.LinkFake, bsre.ReasonPath},
		{"https://urldefense.com@evil.com/v3/__" + genuineLink + "__;!!x", bsre.LinkFake, bsre.ReasonPath},
		// Other links.
		{"https://tte-kementerian.example/reset", bsre.LinkOther, ""},
		{"tte-kementerian.example/reset", bsre.LinkOther, ""},
		{"https://wa.me/6281200001111?text=reset+pin", bsre.LinkOther, ""},
		{"www.tte-kementerian.example", bsre.LinkOther, ""},
		{"https://forms.gle/reset", bsre.LinkOther, ""},
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
		links := bsre.Rules{Sites: []string{genuineHost}, Wrappers: []string{"mail.contoh.go.id"}}.Judge(c.text)
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

// The words of an address are not the writer's.
func TestWithoutLinks(t *testing.T) {
	for text, want := range map[string]string{
		"https://tte-kementerian.example/reset-pin":           "",
		"apa ini? tte-kementerian.example/reset":              "apa ini?",
		"lupa pin osd@bssn.go.id":                             "lupa pin",
		"lupa pin.Tolong dong":                                "lupa pin.Tolong dong",
		"klik www.reset-pin.example ya\nlupa pin":             "klik ya\nlupa pin",
		"alamatnya esign-bsre.bssn.go.id benar?":              "alamatnya benar?",
		"jam 10.30 tgl 01.02.2026":                            "jam 10.30 tgl 01.02.2026",
		"linknyahttps://wa.me/62?text=reset%20pin cek status": "cek status",
	} {
		if got := bsre.WithoutLinks(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
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
	for _, seed := range []string{"https://urldefense.com/v3/__" + genuineLink + "__;!!x", "https://www.google.com/url?q=" + genuineLink, "www.a.b/c", "a@b.id https:x.id/__"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if left := bsre.WithoutLinks(text); len(left) > len(text) || strings.Contains(left, "https://") {
			t.Errorf("%q: without its links it is %q", text, left)
		}
		for _, l := range (bsre.Rules{Sites: []string{genuineHost}, Wrappers: []string{"mail.contoh.go.id"}}).Judge(text) {
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
