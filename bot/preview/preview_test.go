package preview

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"resetpin/bot/ownpage"
	"resetpin/guides"
	"resetpin/handlers"
)

var update = flag.Bool("update", false, "write golden files anew")

// serve shows a folder as Run does, without the command around it.
func serve(t *testing.T, dir string) (*preview, *httptest.Server) {
	t.Helper()
	p, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(nil)
	s.Config.Handler = ownpage.Guard(s.Listener.Addr(), policy, p.routes())
	s.Start()
	t.Cleanup(s.Close)
	return p, s
}

func get(t *testing.T, address, host string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	return answered(t, r)
}

// answered sends a request and reads the answer.
func answered(t *testing.T, r *http.Request) (int, http.Header, string) {
	t.Helper()
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, a.Header, string(body)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	_, s := serve(t, "")
	tests := map[string]struct {
		path, host string
		code       int
		part       string
	}{
		"first page":       {"/", "", 200, `class="telegram" lang="id"`},
		"a guide":          {"/?guide=reset&browser=firefox&verdict=expired", "", 200, `<option selected>firefox</option>`},
		"all variants":     {"/?guide=reset&view=all", "", 200, "verdict wronghost"},
		"one verdict":      {"/?guide=reset&view=all&verdict=expired&browser=", "", 200, "verdict expired"},
		"unknown platform": {"/?platform=fax", "", 400, "not known"},
		"unknown language": {"/?lang=jv", "", 400, "not known"},
		"unknown guide":    {"/?guide=none", "", 404, "no such guide"},
		"unknown browser":  {"/?browser=lynx", "", 400, "not known"},
		"unknown verdict":  {"/?verdict=fine", "", 400, "not known"},
		"unknown view":     {"/?view=some", "", 400, "not known"},
		"unknown picture":  {"/picture/none.png", "", 404, ""},
		"outside":          {"/../preview.go", "", 404, ""},
		"style":            {"/static/preview.css", "", 200, "prefers-color-scheme"},
		"rebinding":        {"/", "evil.example", 421, "its own machine only"},
		"other port":       {"/", "localhost:1", 421, "its own machine only"},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			code, header, body := get(t, s.URL+c.path, c.host)
			if code != c.code || !strings.Contains(body, c.part) {
				t.Errorf("%d, want %d with %q", code, c.code, c.part)
			}
			if c.host == "" && header.Get("Content-Security-Policy") != policy {
				t.Error("no policy")
			}
		})
	}
}

// Who looks for one thing is shown only that, and the way to each step.
func TestWhatIsNotChosenIsLeftOut(t *testing.T) {
	t.Parallel()
	_, s := serve(t, "")
	for path, c := range map[string]struct{ has, not string }{
		"/?guide=reset":                                  {`class="mattermost" lang="en"`, `verdict wronghost`},
		"/?guide=reset&platform=telegram":                {`class="telegram" lang="en"`, `class="mattermost"`},
		"/?guide=reset&platform=mattermost&lang=id":      {`class="mattermost" lang="id"`, `class="mattermost" lang="en"`},
		"/?guide=reset&view=all&verdict=expired":         {`verdict expired`, `verdict wronghost`},
		"/?guide=reset&view=all&browser=firefox&lang=id": {`browser firefox`, `browser chrome`},
	} {
		code, _, body := get(t, s.URL+path, "")
		if code != 200 || !strings.Contains(body, c.has) || strings.Contains(body, c.not) {
			t.Errorf("%s: %d, want %q and not %q", path, code, c.has, c.not)
		}
		if steps := strings.Count(body, `<section class="step"`); steps == 0 || strings.Count(body, `<li><a href="#`) != steps {
			t.Errorf("%s: %d steps, and not a way to each", path, steps)
		}
	}
}

func TestEveryGuideAndPicture(t *testing.T) {
	t.Parallel()
	p, s := serve(t, "")
	seen := 0
	for _, name := range p.current().library.Names() {
		code, _, body := get(t, s.URL+"/?view=all&guide="+name, "")
		if code != 200 {
			t.Errorf("%s: %d %s", name, code, body)
		}
		for _, m := range regexp.MustCompile(`src="(/picture/[^"]+)"`).FindAllStringSubmatch(body, 1) {
			seen++
			if code, h, _ := get(t, s.URL+m[1], ""); code != 200 || !strings.HasPrefix(h.Get("Content-Type"), "image/") {
				t.Errorf("%s: %d %s", m[1], code, h.Get("Content-Type"))
			}
		}
	}
	if seen == 0 {
		t.Error("no picture is shown")
	}
}

func TestSavingReloadsAndABrokenFolderKeepsTheLastGood(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, s := serve(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go p.watch(ctx, 10*time.Millisecond)
	good := "---\ntitle: Judul contoh\norder: 10\n---\n"
	if err := os.Mkdir(filepath.Join(dir, "reset"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, save := range []struct{ text, part, not string }{
		{good, "Judul contoh", `role="alert"`},
		{"broken", "reset/title.id.md:1", "Judul lain"},
		{strings.Replace(good, "contoh", "lain", 1), "Judul lain", `role="alert"`},
	} {
		if err := os.WriteFile(filepath.Join(dir, "reset/title.id.md"), []byte(save.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var body string
		for ctx.Err() == nil {
			changed := p.current().changed
			if _, _, body = get(t, s.URL, ""); strings.Contains(body, save.part) {
				break
			}
			select { // a file that is half written is shown too, before the whole one
			case <-changed:
			case <-ctx.Done():
			}
		}
		if !strings.Contains(body, save.part) || strings.Contains(body, save.not) {
			t.Fatalf("after saving %q: want %q and no %q", save.text, save.part, save.not)
		}
		if save.text == "broken" && !strings.Contains(body, "Judul contoh") {
			t.Error("the last good version is gone")
		}
	}
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	lines := bufio.NewScanner(a.Body)
	lines.Scan() // it listens
	if err := os.WriteFile(filepath.Join(dir, "reset/title.id.md"), []byte("broken again"), 0o600); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if lines.Text() == "event: reload" {
			return
		}
	}
	t.Errorf("no event: %v", lines.Err())
}

func TestAFolderThatIsGoneIsToldAndTheLastGoodStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "reset"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "reset/title.id.md"), []byte("---\ntitle: Judul contoh\norder: 10\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, s := serve(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p.reload()
	if _, _, body := get(t, s.URL, ""); !strings.Contains(body, "the folder cannot be read") || !strings.Contains(body, "Judul contoh") {
		t.Errorf("the page says nothing, or has lost the last good guides:\n%s", body)
	}
}

func TestLooks(t *testing.T) {
	texts, err := handlers.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	l, err := guides.Load(os.DirFS("testdata/guides"))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("sample")
	for _, platform := range platforms() {
		got, err := render(texts, g, "one", "en", platform, guides.Situation{})
		if err != nil {
			t.Fatal(err)
		}
		out := fmt.Sprintf("%s\n%d / %d\n%v\n", got.HTML, got.Count, got.Limit, got.Buttons)
		file := "testdata/" + platform + ".golden"
		if *update {
			if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != out {
			t.Errorf("%s (%v):\n%s", file, err, out)
		}
	}
}

func TestASentenceIsTriedAndNamedInNoAddress(t *testing.T) {
	t.Parallel()
	_, s := serve(t, "")
	for name, c := range map[string]struct {
		place, sentence string
		code            int
		part            string
	}{
		"a sentence":    {"step:mail", "blm muncul2 sampe skrg", 200, "page:nomail"},
		"a PIN":         {"step:pin", "kopi toraja pagi 9", 200, "pin 1.00"},
		"marks in it":   {"", "<script>alert(1)</script>", 200, `value="&lt;script&gt;alert(1)&lt;/script&gt;"`},
		"unknown place": {"kitchen", "ya", 400, "is no place"},
		"too long":      {"", strings.Repeat("a", 9000), 400, "too long"},
		"far too long":  {"", strings.Repeat("a", 90_000), 400, "too long"},
	} {
		if code, body := post(t, s.URL, c.place, c.sentence); code != c.code || !strings.Contains(body, c.part) {
			t.Errorf("%s: %d, want %d with %q", name, code, c.code, c.part)
		}
	}
	if _, _, body := get(t, s.URL+"/?sentence=kopi+toraja+pagi+9&context=step:pin", ""); strings.Contains(body, "kopi toraja") {
		t.Error("an address names a sentence")
	}
}

// What was chosen stays when a sentence is tried.
func TestATriedSentenceKeepsWhatIsChosen(t *testing.T) {
	t.Parallel()
	_, s := serve(t, "")
	const chosen = "guide=reset&amp;browser=firefox&amp;verdict=expired&amp;platform=mattermost&amp;lang=en&amp;view=all"
	_, _, body := get(t, s.URL+"/?"+strings.ReplaceAll(chosen, "&amp;", "&"), "")
	if !strings.Contains(body, `action="/?`+chosen+`"`) {
		t.Error("the form forgets a part of what is chosen")
	}
}

// post tries a sentence.
func post(t *testing.T, address, place, sentence string) (code int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/", strings.NewReader(url.Values{"context": {place}, "sentence": {sentence}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	code, _, body = answered(t, r)
	return code, body
}

// The folder's sentences are learnt when they come, and a mistake in them is
// told where the sentence is tried.
func TestTriedSentencesFollowTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, s := serve(t, dir)
	ask := func() (body string) {
		_, body = post(t, s.URL, "home-linked", "zorbax plimba")
		return body
	}
	if body := ask(); !strings.Contains(body, "not understood") {
		t.Fatal("a word that nobody knows is understood before it is learnt")
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, "sentences"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "sentences", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p.reload()
	}
	write("own.yaml", "- meaning: helpdesk\n  at: home\n  id: |\n    zorbax plimba\n    tolong zorbax plimba\n    mau zorbax plimba\n")
	if body := ask(); !strings.Contains(body, `<pre role="status">helpdesk `) {
		t.Error("the folder's sentences were not learnt")
	}
	write("broken.yaml", "- meaning: dance\n  at: home\n  id: ayo\n")
	if body := ask(); !strings.Contains(body, "is no meaning") {
		t.Error("a mistake in the folder's sentences is not told")
	}
}
