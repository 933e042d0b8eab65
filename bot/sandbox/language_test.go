package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"resetpin/bot/telegram/telegramtest"
)

// The page opens in the language that the visitor's browser likes best, unless
// one was chosen.
func TestThePageOpensInTheVisitorsLanguage(t *testing.T) {
	w := newPretend(t)
	for _, c := range []struct{ accepted, query, want string }{
		{"", "", "id"}, {"en-GB,en;q=0.8", "", "en"}, {"fr,en;q=0.5,id;q=0.4", "", "en"}, {"id-ID", "", "id"}, {"fr", "", "id"}, {"en", "?lang=id", "id"}, {";;", "", "id"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/"+c.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", c.accepted)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || !bytes.Contains(body, []byte(`<html lang="`+c.want+`">`)) {
			t.Errorf("%q%s: not in %s", c.accepted, c.query, c.want)
		}
	}
}

// The bot begins in the page's language; a chat that has begun keeps its own.
func TestTheBotBeginsInThePagesLanguage(t *testing.T) {
	telegram, err := telegramtest.New("7000000001:SECRET", telegramtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = telegram.Close() })
	e := newEmployee(someFaces()[0], telegram, newOffice(t), 1)
	first, _ := e.now()
	e.speak("id") // as it is
	e.speak("xx")
	if now, _ := e.now(); now.ID() != first.ID() || e.language() != "id" {
		t.Errorf("replaced for nothing: %d, %s", now.ID(), e.language())
	}
	e.speak("en")
	second, _ := e.now()
	if second.ID() == first.ID() || e.language() != "en" {
		t.Errorf("the phone does not speak English: %d, %s", second.ID(), e.language())
	}
	second.Type("hello")
	e.speak("id")
	if now, _ := e.now(); now.ID() != second.ID() {
		t.Error("a chat that had begun was taken away")
	}
}
