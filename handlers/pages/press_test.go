package pages

import (
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"strings"
	"testing"
	"time"
)

func TestPressesFitAndComeBack(t *testing.T) {
	for _, p := range []Press{{1, 0, "next", ""}, {99_999_999, 400, "page", "unregistered"}, {5, 35, "guide", "about"}} {
		arg := p.Arg()
		if got, ok := ParsePress(arg); !ok || got != p {
			t.Errorf("%+v became %q and came back as %+v", p, arg, got)
		}
		signed, err := bot.NewSigner(make([]byte, 32)).Sign(bot.Account{Platform: bot.Telegram, ID: "123456789012"}, talk.Walk.With(arg), time.Now())
		if err != nil || len(signed) > 64 {
			t.Errorf("%q: %d bytes, %v", signed, len(signed), err)
		}
	}
	for _, bad := range []string{"", ".", "1.2", "1.2.", "x y.2.n", "1.zzzzzzzzz.n", "1.2.?"} {
		if _, ok := ParsePress(bad); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestMaskedAddressStaysReadable(t *testing.T) {
	if got := bsre.Mask("sari.contoh@contoh.go.id"); strings.Contains(got, "sari.contoh") || !strings.HasSuffix(got, "@contoh.go.id") {
		t.Errorf("got %q", got)
	}
}
