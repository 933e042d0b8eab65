package resetlink_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"resetpin/handlers/resetlink"
)

const (
	genuineHost = "esign-bsre.bssn.go.id"
	key         = "0123456789abcdef0123456789abcdef"
	genuineLink = "https://" + genuineHost + "/email/user/passphrase/reset/" + key
)

func TestClassify(t *testing.T) {
	const path = "/email/user/passphrase/reset/" + key
	for _, c := range []struct {
		text    string
		verdict resetlink.Verdict // empty: no finding
		reason  string
	}{
		// Genuine, as people paste it.
		{genuineLink, resetlink.Genuine, ""},
		{"Ini linknya: " + genuineLink + ".", resetlink.Genuine, ""},
		{"(" + genuineLink + ")", resetlink.Genuine, ""},
		{"<" + genuineLink + ">", resetlink.Genuine, ""},
		{"klik:" + genuineLink, resetlink.Genuine, ""},
		{"linknya" + genuineLink, resetlink.Genuine, ""},
		{"\u200b" + genuineLink + "\u200b", resetlink.Genuine, ""},
		{"HTTPS://ESIGN-BSRE.BSSN.GO.ID" + path, resetlink.Genuine, ""},
		{"Https://esign-bsre.bssn.go.id" + path, resetlink.Genuine, ""},
		{genuineHost + path, resetlink.Genuine, ""},
		{"https://" + genuineHost + ":443" + path, resetlink.Genuine, ""},
		{"https://" + genuineHost + "/email/user/passphrase/reset/0123", resetlink.Genuine, ""},
		{genuineLink[:len(genuineLink)-10] + "\n" + genuineLink[len(genuineLink)-10:], resetlink.Genuine, ""},
		{"https://" + genuineHost + "/email/user/pass\u200bphrase/reset/" + key, resetlink.Genuine, ""},
		// The genuine host, wrongly addressed.
		{"http://" + genuineHost + path, resetlink.Fake, resetlink.ReasonScheme},
		{"ftp://" + genuineHost + path, resetlink.Fake, resetlink.ReasonScheme},
		{"https://" + genuineHost + ":8443" + path, resetlink.Fake, resetlink.ReasonPort},
		{"https://" + genuineHost + "." + path, resetlink.Fake, resetlink.ReasonDot},
		{"https://admin@" + genuineHost + path, resetlink.Fake, resetlink.ReasonUser},
		{"https://esign-bsre.bssn\u200b.go.id" + path, resetlink.Fake, resetlink.ReasonHidden},
		{"https://esign\u00ad-bsre.bssn.go.id" + path, resetlink.Fake, resetlink.ReasonHidden},
		{"https://ｅｓｉｇｎ-bsre.bssn.go.id" + path, resetlink.Fake, resetlink.ReasonHidden},
		{"https://esign-bsre.bssn。go.id" + path, resetlink.Fake, resetlink.ReasonHidden},
		// Hosts that look like it.
		{"https://" + genuineHost + ".evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://" + genuineHost + ".evil.com/", resetlink.Fake, resetlink.ReasonHost},
		{"https://" + genuineHost + "@evil.com", resetlink.Fake, resetlink.ReasonHost},
		{"https://" + genuineHost + ":443@evil.com/x", resetlink.Fake, resetlink.ReasonHost},
		{genuineHost + "@evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://" + genuineHost + "%2eevil.com/masuk", resetlink.Fake, resetlink.ReasonHost},
		{"https://esign-bsre-bssn.go.id.web.id/", resetlink.Fake, resetlink.ReasonHost},
		{"https://esign-bsre.bssn-go.id/", resetlink.Fake, resetlink.ReasonHost},
		{"https://esignbsre.bssn.go.id.co/", resetlink.Fake, resetlink.ReasonHost},
		{"https://esign-bsre.bsssn.go.id/", resetlink.Fake, resetlink.ReasonHost},
		{"https://es1gn-bsre.bssn.qo.id/", resetlink.Fake, resetlink.ReasonHost},
		{"https://esign-bsrx.bssx.go.id/", resetlink.Fake, resetlink.ReasonHost}, // two letters are others
		{"https://esign-bxrx.bssx.go.id/", resetlink.Other, ""},                  // three: another agency's
		{"https://esign-bsrе.bssn.go.id/", resetlink.Fake, resetlink.ReasonHost}, // Cyrillic е
		{"https://еѕіgn-bѕrе.bѕѕn.gо.id/", resetlink.Fake, resetlink.ReasonHost},
		{"https://xn--esign-bsr-o0h.bssn.go.id/", resetlink.Fake, resetlink.ReasonHost}, // the same, encoded
		{"https://xn--bss-8ma.com/", resetlink.Other, ""},
		{"https://reset-bsre.my.id/pin", resetlink.Fake, resetlink.ReasonHost},
		{"https://bssn.info/", resetlink.Fake, resetlink.ReasonHost},
		{`https://evil.com\@` + genuineHost + path, resetlink.Fake, resetlink.ReasonPath},
		{`https:\\evil.com` + path, resetlink.Fake, resetlink.ReasonPath},
		{"https:evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https:///evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		// Reset links on other hosts, and ways there.
		{"https://evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		{"evil.com" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://103.20.1.9" + path, resetlink.Fake, resetlink.ReasonPath},
		{"103.20.1.9:8080" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://[2001:db8::1]" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://1730150665" + path, resetlink.Fake, resetlink.ReasonPath},
		{"https://evil.com/EMAIL/User/Passphrase/Reset/" + key, resetlink.Fake, resetlink.ReasonPath},
		{"https://evil.com/email/user/%70assphrase/reset/" + key, resetlink.Fake, resetlink.ReasonPath},
		{"https://evil.com/go?u=https%3A%2F%2F" + genuineHost + "%2F", resetlink.Fake, resetlink.ReasonPath},
		{"https://evil.com/" + genuineHost, resetlink.Fake, resetlink.ReasonPath},
		{"https://bsre.bssn.go.id" + path, resetlink.Fake, resetlink.ReasonPath},
		// What hides where it leads.
		{"https://bit.ly/3xyzAB", resetlink.Short, ""},
		{"s.id/reset-pin", resetlink.Short, ""},
		// BSrE's own, and no reset link.
		{"https://" + genuineHost + "/", resetlink.BSrE, ""},
		{"https://" + genuineHost + "/login", resetlink.BSrE, ""},
		{"https://portal-bsre.bssn.go.id/", resetlink.BSrE, ""},
		{"https://lainbssn.go.id/", resetlink.Other, ""},
		{"https://beid.bssn.go.id/realms/external-service", resetlink.BSrE, ""},
		{"https://bsre.bssn.go.id/faq", resetlink.BSrE, ""},
		{"https://www.bssn.go.id", resetlink.BSrE, ""},
		{genuineHost + "/login", resetlink.BSrE, ""},
		{"portal-bsre.bssn.go.id/login", resetlink.BSrE, ""},
		{"https://user@portal-bsre.bssn.go.id/", resetlink.Other, ""},
		// Wrapped by a mail filter.
		{"https://apac01.safelinks.protection.outlook.com/?url=https%3A%2F%2F" + genuineHost + "%2Femail%2Fuser%2Fpassphrase%2Freset%2F" + key + "&data=05%7C02%7Cpegawai%40contoh.go.id%7Cabc&sdata=x%3D&reserved=0", resetlink.Genuine, ""},
		{"https://urldefense.com/v3/__" + genuineLink + "__;!!Abc!xyz$", resetlink.Genuine, ""},
		{"https://apac01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252F" + genuineHost + "%252Femail%252Fuser%252Fpassphrase%252Freset%252F" + key + "&data=x", resetlink.Genuine, ""}, // by two of them
		{"https://linkprotect.cudasvc.com/url?a=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key + "&c=E,1,x&typo=1", resetlink.Genuine, ""},
		{"https://www.google.com/url?q=" + genuineLink + "&source=gmail", resetlink.Genuine, ""},
		{"https://mail.contoh.go.id/fmlurlsvc/?fewReq=:B:JVk=&url=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key, resetlink.Genuine, ""},
		{"https://apac01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.com%2Femail%2Fuser%2Fpassphrase%2Freset%2F" + key, resetlink.Fake, resetlink.ReasonPath},
		{"https://www.google.com/url?q=https://contoh.go.id/berita", resetlink.Other, ""},
		{"https://safelinks.protection.outlook.com.evil.com/?url=https%3A%2F%2F" + genuineHost + "%2Femail%2Fuser%2Fpassphrase", resetlink.Fake, resetlink.ReasonPath},
		{"https://evil.com/fmlurlsvc/?url=https%3a%2f%2f" + genuineHost + "%2femail%2fuser%2fpassphrase%2freset%2f" + key, resetlink.Fake, resetlink.ReasonPath},
		{"https://urldefense.com@evil.com/v3/__" + genuineLink + "__;!!x", resetlink.Fake, resetlink.ReasonPath},
		// Other links.
		{"https://tte-kementerian.example/reset", resetlink.Other, ""},
		{"tte-kementerian.example/reset", resetlink.Other, ""},
		{"https://wa.me/6281200001111?text=reset+pin", resetlink.Other, ""},
		{"www.tte-kementerian.example", resetlink.Other, ""},
		{"https://forms.gle/reset", resetlink.Other, ""},
		{"https://tte-bsre.contoh.go.id/panduan", resetlink.Other, ""},
		{"https://contoh.go.id/berita/2026", resetlink.Other, ""},
		{"https://drive.example.com/d/" + key, resetlink.Other, ""},
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
		links := resetlink.Rules{Sites: []string{genuineHost}, Wrappers: []string{"mail.contoh.go.id"}}.Classify(c.text)
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
			if l.Verdict == resetlink.Fake && l.Host == genuineHost {
				t.Errorf("%q: a fake is shown as the genuine host", c.text)
			}
		}
	}
}

// Every link of a text is judged, also one that hides behind another.
func TestClassifyFindsAll(t *testing.T) {
	for text, want := range map[string][]resetlink.Verdict{
		genuineLink + " " + genuineLink:                                                {resetlink.Genuine, resetlink.Genuine},
		"[" + genuineLink + "](https://evil.com/email/user/passphrase/reset/1)":        {resetlink.Genuine, resetlink.Fake},
		`<a href="https://bssn.web.id/x">` + genuineLink + "</a>":                      {resetlink.Fake, resetlink.Genuine},
		"https://x@www.google.com/url?q=" + genuineLink:                                {resetlink.Fake, resetlink.Genuine},
		"https://evil.com/?u=" + genuineLink:                                           {resetlink.Fake, resetlink.Genuine},
		"https://contoh.go.id, lalu " + genuineHost + "/email/user/passphrase/reset/x": {resetlink.Other, resetlink.Genuine},
	} {
		var got []resetlink.Verdict
		for _, l := range resetlink.Classify(text, []string{genuineHost}) {
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
func TestWithout(t *testing.T) {
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
		if got := resetlink.Without(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A site on another port, as the sandbox has one, and several sites.
func TestClassifyOfOtherSites(t *testing.T) {
	sites := []string{"esign-bsre.localhost:8443", "Reset.Contoh.go.id"}
	for text, want := range map[string]resetlink.Verdict{
		"https://esign-bsre.localhost:8443/email/user/passphrase/reset/" + key: resetlink.Genuine,
		"https://esign-bsre.localhost/email/user/passphrase/reset/" + key:      resetlink.Fake,
		"https://reset.contoh.go.id/email/user/passphrase/reset/" + key:        resetlink.Genuine,
		genuineLink: resetlink.Fake,
	} {
		links := resetlink.Classify(text, sites)
		if len(links) != 1 || links[0].Verdict != want {
			t.Errorf("%q: %+v", text, links)
		}
	}
	if links := resetlink.Classify(genuineLink, nil); len(links) != 1 || links[0].Verdict == resetlink.Genuine {
		t.Errorf("without a site: %+v", links)
	}
}

// FuzzClassify: a link is called genuine only when the text holds the
// genuine host as it is written, and what is shown is short and clean.
func FuzzClassify(f *testing.F) {
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
		if left := resetlink.Without(text); len(left) > len(text) || strings.Contains(left, "https://") {
			t.Errorf("%q: without its links it is %q", text, left)
		}
		for _, l := range (resetlink.Rules{Sites: []string{genuineHost}, Wrappers: []string{"mail.contoh.go.id"}}).Classify(text) {
			if utf8.RuneCountInString(l.Host) > 90 || !utf8.ValidString(l.Host) || strings.ContainsAny(l.Host, "\n\r\x00\u202e") {
				t.Errorf("%q: shown as %q", text, l.Host)
			}
			if l.Verdict != resetlink.Genuine {
				continue
			}
			if lower := strings.ToLower(text); !strings.Contains(lower, genuineHost) && !strings.Contains(lower, "%") {
				t.Errorf("%q is called genuine", text)
			}
		}
	})
}
