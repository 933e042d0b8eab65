package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// vault holds what must not show anywhere, by what it is.
type vault struct {
	mu      sync.Mutex
	secrets map[string]string
}

func (v *vault) add(what, secret string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.secrets[what+" "+secret] = secret
}

// search fails for each secret that a place shows, in clear or in one of the
// forms in which programs write bytes down.
func (v *vault) search(t *testing.T, place string, data []byte) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	for what, secret := range v.secrets {
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
		} {
			pattern := regexp.QuoteMeta(form)
			if len(form) == 6 { // a code: not as a part of another number
				pattern = `(^|[^0-9A-Za-z.])` + pattern + `([^0-9A-Za-z]|$)`
			}
			if at := regexp.MustCompile(pattern).FindIndex(data); at != nil {
				t.Errorf("%s shows the %s: …%q…", place, what, data[max(0, at[0]-60):min(len(data), at[1]+20)])
				break
			}
		}
	}
}

// newVault knows the secrets of a world's settings and employees.
func newVault(w *world) *vault {
	v := &vault{secrets: make(map[string]string)}
	_, token, _ := strings.Cut(botToken, ":")
	for what, secret := range map[string]string{
		"bot token": token, "service's password": "api-password", "service's login": base64.StdEncoding.EncodeToString([]byte("agency:api-password")),
		"operator's password": "portal-password", "TOTP secret": totpSecret, "mail password": "mail-password", "DATA_KEY": w.settings.DataKey.Reveal(),
	} {
		v.add(what, secret)
	}
	key, err := w.settings.Key()
	if err != nil {
		w.t.Fatal(err)
	}
	v.add("DATA_KEY's bytes", string(key))
	for _, e := range bsretest.Samples() {
		v.add("NIK", e.NIK)
	}
	v.search(w.t, "a printed setting", fmt.Appendf(nil, "%v %+v %#v", w.settings, w.settings, w.settings))
	return v
}

// watchSignOn puts itself before the sign-on and notes the tokens it gives.
func (v *vault) watchSignOn(w *world) {
	target, err := url.Parse(w.bsre.SSOURL())
	if err != nil {
		w.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			var tokens map[string]any
			if err := json.Unmarshal(body, &tokens); err != nil {
				return nil //nolint:nilerr // the answer has no tokens, then
			}
			for _, name := range []string{"access_token", "refresh_token"} {
				if token, ok := tokens[name].(string); ok {
					v.add("portal's "+name, token)
				}
			}
			return nil
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	server := httptest.NewServer(proxy)
	w.t.Cleanup(server.Close)
	w.stop()
	w.extra = append(w.extra, "BSRE_SSO_URL="+server.URL+target.Path)
	w.load()
	w.start()
}

func TestNothingSecretShowsAnywhere(t *testing.T) {
	t.Parallel()
	t.Run("v2 and portal", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hasty...)
		v := newVault(w)
		v.watchSignOn(w)
		tellAllSecrets(t, w, v)
		v.mu.Lock()
		tokens := 0
		for what := range v.secrets {
			if strings.Contains(what, "_token ") {
				tokens++
			}
		}
		v.mu.Unlock()
		if tokens < 2 {
			t.Errorf("%d of the portal's tokens were seen", tokens)
		}
	})
	t.Run("v1 and call", func(t *testing.T) {
		t.Parallel()
		gateway := newGateway(t)
		w := newWorld(t, append([]string{"BSRE_API=v1", "BSRE_RESET=call", "BSRE_RESET_METHOD=GET", "BSRE_RESET_URL=" + gateway + "/reset/{nik}?nip={nip}&key=gateway-key-71"}, hasty...)...)
		v := newVault(w)
		v.add("gateway's key", "gateway-key-71")
		tellAllSecrets(t, w, v)
	})
}

// newGateway is an agency's gateway that answers every second call and cuts
// the others.
func newGateway(t *testing.T) string {
	t.Helper()
	var calls sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		calls.Lock()
		n++
		cut := n%2 == 0
		calls.Unlock()
		if cut {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(rw, `{"success":true,"message":"Link dikirim"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// tellAllSecrets goes the whole way at debug level, types all that is secret,
// breaks everything, and then looks everywhere.
func tellAllSecrets(t *testing.T, w *world, v *vault) {
	p := w.telegramPerson(7001)
	e := sample(t, "ISSUE")
	p.Types("/link " + e.NIP)
	sees(t, p, "sedang dikirim")
	code := w.code(e.Email, 1)
	v.add("code", code)
	v.add("wrong code", other(code))
	p.Types(other(code))
	sees(t, p, "belum tepat")
	p.Types(code)
	sees(t, p, "Berhasil")
	p.Types("/status")
	sees(t, p, "Sertifikat aktif")
	askForConfirmation(t, p)
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))

	fake := "0123456789abcdef0123456789abcdef"
	for what, typed := range map[string]string{
		"PIN":       "Garuda#1945x",
		"told PIN":  "PIN saya: Melati77",
		"fake link": "https://esign-bsre.bssn.go.id.example.com/email/user/passphrase/reset/" + fake,
		"true link": "lihat https://" + w.settings.ResetSite[0] + "/email/user/passphrase/reset/" + strings.Repeat("5e", 16),
		"phone":     "/resetpin 081234509876",
		"command":   "/Rahasia#2027",
	} {
		p.Types(typed)
		eventually(t, "an answer to the "+what, func() bool { chat := p.Chat(); return chat[len(chat)-1].Bot })
	}
	v.add("PIN", "Garuda#1945x")
	v.add("told PIN", "Melati77")
	v.add("link's key", fake)
	v.add("link's key", strings.Repeat("5e", 16))
	v.add("phone number", "081234509876")
	v.add("PIN typed as a command", "Rahasia#2027")
	for _, m := range w.bsre.Mails() {
		v.add("mailed link's key", m.Link[strings.LastIndexByte(m.Link, '/')+1:])
	}
	v.phone(t, w)
	v.breakAll(t, w, p)
	v.everywhere(t, w)
}

// phone has a number typed that BSrE knows.
func (v *vault) phone(t *testing.T, w *world) {
	t.Helper()
	if w.settings.BSrEReset != "portal" {
		return
	}
	p, e := w.telegramPerson(7002), sample(t, "phone")
	p.Types("/link " + e.NIP)
	sees(t, p, "sedang dikirim")
	p.Types(w.code(e.Email, 1))
	sees(t, p, "Berhasil")
	p.Types("/resetpin")
	sees(t, p, "Ketik nomor")
	p.Types(e.Phone)
	sees(t, p, "BSrE mengirim pesan ke WhatsApp")
	v.add("phone number", e.Phone)
	for _, m := range w.bsre.WhatsApps(e.NIK) {
		v.add("WhatsApp link's key", m.Link[strings.LastIndexByte(m.Link, '/')+1:])
	}
}

// breakAll provokes errors in everything that the bot talks to.
func (v *vault) breakAll(t *testing.T, w *world, p person) {
	t.Helper()
	for _, trouble := range []bsretest.Mode{bsretest.ModeDown, bsretest.ModeLogin, bsretest.ModeGarbage, bsretest.ModeError, bsretest.ModeSilent} {
		w.heal()
		askForConfirmation(t, p)
		for _, place := range []bsretest.Place{bsretest.PlaceAPI, bsretest.PlacePortal, bsretest.PlaceSSO} {
			w.bsre.Set(place, trouble, slowness)
		}
		p.Presses("Ya, kirim link")
		seesOne(t, p, ends)
		p.Types("/status")
		sees(t, p, "terakhir yang saya tahu")
		p.Types("/resetpin")
		seesOne(t, p, []string{"tidak bisa dihubungi", "belum bisa dipakai", "belum selesai"})
		out, _ := w.check()
		v.search(t, "the doctor", []byte(out))
		w.clock.advance(7 * time.Minute) // the portal's token ends
	}
	w.heal()
	w.mail.SetMode(mailtest.ModeTemporary, 0)
	stranger := w.telegramPerson(7003)
	stranger.Types("/link " + sample(t, "EXPIRED").NIP)
	eventually(t, "a refused mail", func() bool { return strings.Contains(w.log.String(), "a job will be tried again") })
	for _, f := range []telegramtest.Fault{{Drop: true, Code: 500, Times: 2}, {Code: 400, Times: 1}, {Method: "getUpdates", Drop: true, Code: 500, Times: 2}, {Code: 429, RetryAfter: 1, Times: 1}} {
		w.telegram.Break(f)
	}
	stranger.Types("/help")
	eventually(t, "trouble with Telegram", func() bool { return strings.Contains(w.log.String(), "no updates can be received") })
	v.search(t, "/readyz", w.get("/readyz"))
	out, _ := w.check()
	v.search(t, "the doctor", []byte(out))
	w.telegram.Heal()
}

// get reads a page of the bot.
func (w *world) get(path string) []byte {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	if path == "/metrics" {
		moved.note(rec.Body.String())
	}
	return rec.Body.Bytes()
}

// everywhere looks for secrets where they could have been left.
func (v *vault) everywhere(t *testing.T, w *world) {
	t.Helper()
	v.search(t, "/metrics", w.get("/metrics"))
	v.search(t, "/readyz", w.get("/readyz"))
	v.files(t, w.dir)
	w.stop()
	v.files(t, w.dir)
	log := w.log.String()
	if !strings.Contains(log, "level=DEBUG") || strings.Count(log, "level=WARN") < 5 {
		t.Errorf("the log has too little in it to prove anything: %d bytes", len(log))
	}
	v.search(t, "the log", []byte(log))
}

// files looks into the database, whatever form it has on the disk.
func (v *vault) files(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) == 0 {
		t.Fatal("no database", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		v.search(t, f.Name(), data)
	}
}
