package outside

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                  "plain",
		"  two   words \n next\tline ":           "two words next line",
		"<p>Gagal: <b>x</b> &amp; y</p>":         "Gagal: x & y",
		"<script>alert(1)</script>ok":            "ok",
		"<style>p{}</style><title>t</title>Halo": "Halo",
		"a < b":                                  "a < b",
		"NIK 9901014505880001 ada":               "NIK … ada",
		"kode 2011":                              "kode 2011",
		"\u202eabc\u200b\x00\x1bdef":             "abcdef",
		"\xff\xfea":                              "a",
		"":                                       "",
		"123456789":                              "…",
		"12345678":                               "12345678",
		"é à":                                    "é à",
	} {
		if got := Clean(in, 300); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Clean(strings.Repeat("é", 400), 300); utf8.RuneCountInString(got) != 300 {
		t.Errorf("%d runes", utf8.RuneCountInString(got))
	}
}
