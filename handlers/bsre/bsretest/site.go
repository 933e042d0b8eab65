package bsretest

import (
	"io/fs"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	minPassphrase = 8
	maxPassphrase = 64
	minScore      = 2
)

var keyShape = regexp.MustCompile(`^[0-9a-f]{32}$`)

// sitePage is what the site's pages show.
type sitePage struct {
	Title   string
	Problem string // of what was typed
	Done    bool   // the passphrase was replaced just now
	Reason  string // why a link is dead
	Scores  []string
}

// scoreWords name the scores 0 to 4.
func scoreWords() []string {
	return []string{"Sangat lemah", "Lemah", "Cukup", "Kuat", "Sangat kuat"}
}

// Site serves the site on which a passphrase is replaced.
func (w *World) Site() http.Handler {
	mux := http.NewServeMux()
	static, err := fs.Sub(files, "pages/static")
	if err != nil {
		panic(err) // embedded
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET "+resetPath+"{key}", w.resetForm)
	mux.HandleFunc("POST "+resetPath+"{key}", w.resetDone)
	mux.HandleFunc("GET "+confirmPath+"{key}", w.confirmPhone)
	mux.HandleFunc("POST /strength", strength)
	mux.HandleFunc("GET /login", func(rw http.ResponseWriter, r *http.Request) {
		w.page(rw, http.StatusOK, "login", sitePage{Title: "Masuk", Done: r.FormValue("passphrase") == "ok"})
	})
	mux.HandleFunc("POST /login", func(rw http.ResponseWriter, _ *http.Request) {
		w.page(rw, http.StatusUnauthorized, "login", sitePage{Title: "Masuk", Problem: "Nama pengguna atau kata sandi salah."})
	})
	mux.HandleFunc("GET /{$}", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/login", http.StatusSeeOther) })
	mux.HandleFunc("GET /", func(rw http.ResponseWriter, _ *http.Request) {
		w.page(rw, http.StatusNotFound, "dead", sitePage{Title: "Halaman tidak ditemukan", Reason: "Alamat yang Anda buka tidak ada di layanan ini."})
	})
	return guarded(mux)
}

// guarded sets what a careful site sets.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(rw, r)
	})
}

func (w *World) page(rw http.ResponseWriter, code int, name string, p sitePage) {
	p.Scores = scoreWords()
	var b strings.Builder
	if err := w.pages.ExecuteTemplate(&b, name+".page.html", p); err != nil {
		panic(err) // embedded
	}
	page(rw, code, b.String())
}

// find gives a link's person, or why the link is dead. It runs under the lock.
func (w *World) find(key string) (*person, *link, string) {
	l := w.links[key]
	switch {
	case !keyShape.MatchString(key) || l == nil:
		return nil, nil, "Link ini tidak dikenal. Periksa kembali apakah seluruh alamatnya sudah tersalin."
	case l.renewed:
		return nil, nil, "Link ini sudah tidak berlaku karena ada permintaan yang lebih baru. Gunakan link pada email terakhir."
	case l.dead:
		return nil, nil, "Link ini sudah digunakan."
	case w.options.Now().After(l.ends):
		return nil, nil, "Masa berlaku link ini telah berakhir. Silakan ajukan permintaan baru."
	}
	return w.persons[l.nik], l, ""
}

func (w *World) resetForm(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	_, _, dead := w.find(r.PathValue("key"))
	w.mu.Unlock()
	if dead != "" {
		w.page(rw, http.StatusGone, "dead", sitePage{Title: "Link tidak berlaku", Reason: dead})
		return
	}
	w.page(rw, http.StatusOK, "reset", sitePage{Title: "Merubah Passphrase"})
}

func (w *World) resetDone(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, 16<<10)
	passphrase, again := r.PostFormValue("passphrase"), r.PostFormValue("confirmation")
	problem := judgePassphrase(passphrase, again)
	w.mu.Lock()
	p, l, dead := w.find(r.PathValue("key"))
	if dead == "" && problem == "" {
		l.dead = true
		p.Link = ""
		p.passphrase = passphrase
		p.changed++
		w.tell(p.NIK)
	}
	w.mu.Unlock()
	switch {
	case dead != "":
		w.page(rw, http.StatusGone, "dead", sitePage{Title: "Link tidak berlaku", Reason: dead})
	case problem != "":
		w.page(rw, http.StatusUnprocessableEntity, "reset", sitePage{Title: "Merubah Passphrase", Problem: problem})
	default:
		http.Redirect(rw, r, "/login?passphrase=ok", http.StatusSeeOther)
	}
}

// judgePassphrase says what is wrong with a new passphrase; empty: nothing.
func judgePassphrase(passphrase, again string) string {
	switch n := utf8.RuneCountInString(passphrase); {
	case passphrase == "" || again == "":
		return "Passphrase dan Konfirmasi Passphrase wajib diisi."
	case passphrase != again:
		return "Konfirmasi Passphrase tidak sama dengan Passphrase."
	case n < minPassphrase || n > maxPassphrase:
		return "Passphrase harus 8 sampai 64 karakter."
	case score(passphrase) < minScore:
		return "Passphrase terlalu lemah. Gunakan gabungan huruf, angka, dan simbol."
	}
	return ""
}

func strength(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, 16<<10)
	typed := []rune(r.PostFormValue("passphrase"))
	n := score(string(typed[:min(len(typed), maxPassphrase)]))
	raw(rw, http.StatusOK, `{"score":`+strconv.Itoa(n)+`,"word":`+strconv.Quote(scoreWords()[n])+`}`)
}

func (w *World) confirmPhone(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	m := w.phones[r.PathValue("key")]
	if m != nil {
		w.confirm(w.persons[m.NIK], m)
	}
	w.mu.Unlock()
	if m == nil {
		w.page(rw, http.StatusGone, "dead", sitePage{Title: "Link tidak berlaku", Reason: "Link ini tidak dikenal. Mintalah pesan verifikasi yang baru."})
		return
	}
	w.page(rw, http.StatusOK, "phone", sitePage{Title: "Verifikasi Nomor Telepon"})
}

// PassphraseIs tells whether a person's passphrase is the given one; false
// when they never replaced it.
func (w *World) PassphraseIs(nik, passphrase string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.persons[nik]
	return p != nil && p.changed > 0 && p.passphrase == passphrase
}
