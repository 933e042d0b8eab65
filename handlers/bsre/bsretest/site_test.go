package bsretest_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/resetlink"
)

func start(t *testing.T, o bsretest.Options) *bsretest.World {
	t.Helper()
	if o.Gap == 0 {
		o.Gap = 10 * time.Millisecond
	}
	w, err := bsretest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// reset asks for the mail and gives the link in it.
func reset(t *testing.T, p *bsre.Portal, w *bsretest.World, person bsretest.Person) string {
	t.Helper()
	got, err := p.Reset(t.Context(), bsre.Person{NIK: person.NIK, NIP: person.NIP, Email: person.Email})
	if err != nil || got.Kind != bsre.OutcomeSent {
		t.Fatalf("%+v, %v", got, err)
	}
	mails := w.Mails()
	return mails[len(mails)-1].Link
}

func portal(t *testing.T, w *bsretest.World) *bsre.Portal {
	t.Helper()
	p, err := bsre.NewPortal(w.PortalConfig())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, c, req)
}

func post(t *testing.T, c *http.Client, address string, form url.Values) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, c, req)
}

func do(t *testing.T, c *http.Client, req *http.Request) (int, string) {
	t.Helper()
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Request.URL.Path + "\n" + string(body)
}

func typed(passphrase, again string) url.Values {
	return url.Values{"passphrase": {passphrase}, "confirmation": {again}}
}

// The whole way of a person: mail, link, warning, form, refusals, new
// passphrase, login page, and a link that is dead afterwards.
func TestPassphraseIsReplaced(t *testing.T) {
	t.Parallel()
	sari := bsretest.Samples()[0]
	w := start(t, bsretest.Options{})
	link := reset(t, portal(t, w), w, sari)
	if judged := resetlink.Classify(link, []string{w.ResetSite()}); len(judged) != 1 || judged[0].Verdict != resetlink.Genuine {
		t.Errorf("%s is judged %+v", link, judged)
	}
	// A browser that does not know the authority warns.
	plain := w.Client()
	plain.Transport.(*http.Transport).TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := plain.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Error("a browser that trusts nobody was let in")
	} else if unknown := new(tls.CertificateVerificationError); !errors.As(err, &unknown) {
		t.Errorf("not the certificate was refused: %v", err)
	}
	browser := w.Client()
	code, body := get(t, browser, link)
	for _, want := range []string{"Merubah Passphrase", "Terima kasih untuk tetap setia menggunakan Layanan Balai Sertifikasi Elektronik", "Konfirmasi Passphrase", ">Kirim<"} {
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("HTTP %d without %q", code, want)
		}
	}
	for _, c := range []struct{ one, two, says string }{
		{"Kambing-Terbang-88", "Kambing-Terbang-89", "tidak sama"},
		{"", "", "wajib"},
		{"x7Q", "x7Q", "8 sampai 64"},
		{"password", "password", "terlalu lemah"},
		{strings.Repeat("Ab3-", 20), strings.Repeat("Ab3-", 20), "8 sampai 64"},
	} {
		if code, body := post(t, browser, link, typed(c.one, c.two)); code != http.StatusUnprocessableEntity || !strings.Contains(body, c.says) {
			t.Errorf("%q, %q: HTTP %d %s", c.one, c.two, code, body)
		}
	}
	code, body = post(t, browser, link, typed("Kambing-Terbang-88", "Kambing-Terbang-88"))
	if code != http.StatusOK || !strings.HasPrefix(body, "/login\n") || !strings.Contains(body, "eSign Cloud") || !strings.Contains(body, "berhasil") {
		t.Errorf("HTTP %d %s", code, body)
	}
	if !w.PassphraseIs(sari.NIK, "Kambing-Terbang-88") || w.PassphraseIs(sari.NIK, "x") || w.ChangesOf(sari.NIK) != 1 {
		t.Error("the passphrase was not replaced")
	}
	if code, body := post(t, browser, link, typed("Sapi-Terbang-4477", "Sapi-Terbang-4477")); code != http.StatusGone || !strings.Contains(body, "sudah digunakan") || w.ChangesOf(sari.NIK) != 1 {
		t.Errorf("used twice: HTTP %d", code)
	}
}

// A newer link ends the older one, a day ends every link, and what is no link
// opens nothing.
func TestLinksDie(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}
	sari := bsretest.Samples()[0]
	w := start(t, bsretest.Options{Now: clock, Gap: -1})
	p, browser := portal(t, w), w.Client()
	first := reset(t, p, w, sari)
	second := reset(t, p, w, sari)
	if code, body := get(t, browser, first); code != http.StatusGone || !strings.Contains(body, "lebih baru") {
		t.Errorf("the older link: HTTP %d", code)
	}
	if code, _ := get(t, browser, second); code != http.StatusOK {
		t.Errorf("the newer link: HTTP %d", code)
	}
	mu.Lock()
	now = now.Add(25 * time.Hour)
	mu.Unlock()
	if code, body := get(t, browser, second); code != http.StatusGone || !strings.Contains(body, "berakhir") {
		t.Errorf("a day later: HTTP %d", code)
	}
	if code, _ := post(t, browser, second, typed("Kambing-Terbang-88", "Kambing-Terbang-88")); code != http.StatusGone || w.ChangesOf(sari.NIK) != 0 {
		t.Errorf("a day later: HTTP %d", code)
	}
	site := strings.TrimSuffix(second, second[strings.LastIndex(second, "/"):])
	for _, key := range []string{"0123456789abcdef0123456789abcdef", "x", "%2e%2e"} {
		if code, _ := get(t, browser, site+"/"+key); code != http.StatusGone && code != http.StatusNotFound {
			t.Errorf("%s: HTTP %d", key, code)
		}
	}
	if code, _ := get(t, browser, strings.Split(site, "/email")[0]+"/lain"); code != http.StatusNotFound {
		t.Errorf("another page: HTTP %d", code)
	}
}

func TestStrengthIsTold(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	for passphrase, want := range map[string]string{"": `"score":0`, "123456": `"score":0`, "Kambing-Terbang-88": `"score":4`, strings.Repeat("é", 3000): `"score":`} {
		if code, body := post(t, w.Client(), "https://"+w.ResetSite()+"/strength", typed(passphrase, "")); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%.20q: HTTP %d %s", passphrase, code, body)
		}
	}
}

func TestPhoneIsVerifiedByItsLink(t *testing.T) {
	t.Parallel()
	tono := bsretest.Samples()[9]
	w := start(t, bsretest.Options{})
	changes, cancel := w.Subscribe()
	defer cancel()
	p := portal(t, w)
	if _, err := p.VerifyPhone(t.Context(), bsre.Person{NIK: tono.NIK}, tono.Phone); err != nil {
		t.Fatal(err)
	}
	if got := <-changes; got != tono.NIK {
		t.Errorf("told of %q", got)
	}
	messages := w.WhatsApps(tono.NIK)
	if len(messages) != 1 || messages[0].Confirmed || messages[0].Phone != tono.Phone || !strings.Contains(messages[0].Text, messages[0].Link) {
		t.Fatalf("%+v", messages)
	}
	if code, body := get(t, w.Client(), messages[0].Link); code != http.StatusOK || !strings.Contains(body, "berhasil diverifikasi") {
		t.Errorf("HTTP %d", code)
	}
	if !w.WhatsApps(tono.NIK)[0].Confirmed {
		t.Error("not confirmed")
	}
	reset(t, p, w, tono)
}

func TestMailGoesOut(t *testing.T) {
	t.Parallel()
	sari := bsretest.Samples()[0]
	type mail struct{ from, to, subject, text, html string }
	sent := make(chan mail, 1)
	w := start(t, bsretest.Options{LinkHost: "esign-bsre.bssn.go.id", Mailer: func(from, to, subject, text, html string) error {
		sent <- mail{from, to, subject, text, html}
		return errors.New("the mailbox is full")
	}})
	link := reset(t, portal(t, w), w, sari)
	m := <-sent
	if m.from != "osd@bssn.go.id" || m.to != sari.Email || m.subject != "[eSign] Reset Passphrase" {
		t.Errorf("%+v", m)
	}
	if !strings.HasPrefix(link, "https://esign-bsre.bssn.go.id/email/user/passphrase/reset/") || len(link) != len("https://esign-bsre.bssn.go.id/email/user/passphrase/reset/")+32 {
		t.Errorf("link %s", link)
	}
	for _, body := range []string{m.text, m.html} {
		if !strings.Contains(body, link) || !strings.Contains(body, "Pengguna Yth") || !strings.Contains(body, "copy and paste") || !strings.Contains(body, "otomatis") {
			t.Errorf("mail: %s", body)
		}
	}
}

func TestSubscriptionsEndWithTheWorld(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	changes, cancel := w.Subscribe()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-changes; open {
		t.Error("still open")
	}
	cancel()
}
