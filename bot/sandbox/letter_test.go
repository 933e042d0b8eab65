package sandbox

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHTMLLetterOpensLinksInNewTabs(t *testing.T) {
	for in, want := range map[string]string{
		`<html><head><title>x</title></head><body>y`:    `<html><head><base target="_blank"><title>x</title></head><body>y`,
		`<HTML><HEAD lang="id"><title>x</title></HEAD>`: `<HTML><HEAD lang="id"><base target="_blank"><title>x</title></HEAD>`,
		`<p>y</p>`: `<!doctype html><meta charset="utf-8"><base target="_blank"><p>y</p>`,
	} {
		if got := htmlLetter(in); got != want {
			t.Errorf("htmlLetter(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestTextLetter(t *testing.T) {
	for in, want := range map[string]string{
		"Buka https://esign-bsre.localhost:4433/a/b?x=1&y=2.\nTerima kasih": `Buka <a href="https://esign-bsre.localhost:4433/a/b?x=1&amp;y=2" rel="noopener noreferrer">https://esign-bsre.localhost:4433/a/b?x=1&amp;y=2</a>.` + "\nTerima kasih",
		"<script>alert(1)</script>":                                         "&lt;script&gt;alert(1)&lt;/script&gt;",
		"javascript:alert(1)":                                               "javascript:alert(1)",
		`http://a.example/"onmouseover="x()`:                                `<a href="http://a.example/" rel="noopener noreferrer">http://a.example/</a>&#34;onmouseover=&#34;x()`,
	} {
		if got := textLetter(in); !strings.HasSuffix(got, "</style>"+want) {
			t.Errorf("textLetter(%q)\n got %q\nwant …%q", in, got, want)
		}
	}
}

func TestLetterRunsNoScript(t *testing.T) {
	w := httptest.NewRecorder()
	if err := writeLetter(w, "<script>alert(1)</script>"); err != nil {
		t.Fatal(err)
	}
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "sandbox ") || strings.Contains(policy, "allow-scripts") || strings.Contains(policy, "allow-same-origin") {
		t.Errorf("policy %q", policy)
	}
}

func FuzzTextLetter(f *testing.F) {
	f.Add("Buka https://esign-bsre.localhost:4433/a?b=1&c=2, ya.")
	f.Add(`http://"><img src=x onerror=alert(1)>`)
	f.Add("https://a https:// http://<b>'")
	empty := len(textLetter(""))
	f.Fuzz(func(t *testing.T, text string) {
		rest := textLetter(text)[empty:]
		for rest != "" {
			_, tag, found := strings.Cut(rest, "<")
			if !found {
				return
			}
			tag, rest, _ = strings.Cut(tag, ">")
			if href, isLink := strings.CutPrefix(tag, `a href="http`); tag != "/a" && (!isLink || strings.Count(href, `"`) != 3) {
				t.Fatalf("the tag <%s> comes out of %q", tag, text)
			}
		}
	})
}
