package preview

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"resetpin/guides"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
)

//go:embed page.html static
var files embed.FS

// page is what the template shows.
type page struct {
	Guides                  []title
	Guide, Browser, Verdict string
	All                     bool
	Platform, Lang          string // only this one; empty: all
	Problems                []guides.Problem
	Steps                   []step
	Tried                   tried
	languages               []string
}

// title is a guide in the list.
type title struct{ Name, Title string }

// Browsers lists what can be chosen.
func (page) Browsers() []string { return guides.Values("browser") }

// Platforms lists what can be chosen.
func (page) Platforms() []string { return platforms() }

// Languages lists what can be chosen.
func (p page) Languages() []string { return p.languages }

// Verdicts lists what can be chosen.
func (page) Verdicts() []string { return guides.Values("verdict") }

func (p *preview) routes() http.Handler {
	t := template.Must(template.ParseFS(files, "page.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { p.page(t, w, r) })
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) { p.page(t, w, r) })
	mux.HandleFunc("GET /picture/{name}", p.picture)
	mux.HandleFunc("GET /events", p.events)
	mux.Handle("GET /static/", http.FileServerFS(files))
	return mux
}

// page answers 404 for a guide that is not there, 400 for other values that
// are not known. What is shown is named in the address; a sentence to be tried
// is posted, for it may hold a PIN, and addresses are kept.
func (p *preview) page(t *template.Template, w http.ResponseWriter, r *http.Request) {
	now := p.current()
	q := r.URL.Query()
	or := func(key, standard string) string {
		if v := q.Get(key); v != "" {
			return v
		}
		return standard
	}
	names := now.library.All()
	all := q.Get("view") == "all"
	chosen := func(key, standard string) string { // with all variants, all of them unless one is chosen
		if all {
			return q.Get(key)
		}
		return or(key, standard)
	}
	show := page{Guide: or("guide", now.library.Names()[0]), Browser: chosen("browser", "chrome"), Verdict: chosen("verdict", "expected"), All: all, Platform: q.Get("platform"), Lang: q.Get("lang"), Problems: now.problems, languages: p.texts.Languages()}
	r.Body = http.MaxBytesReader(w, r.Body, 4*maxSentence)
	err := r.ParseForm()
	if err != nil {
		http.Error(w, "the sentence is too long, or no form", http.StatusBadRequest)
		return
	}
	if show.Tried, err = p.words.try(p.dir, now.mark, tried{Context: cmp.Or(r.PostFormValue("context"), string(understand.HomeLinked)), Sentence: r.PostFormValue("sentence")}); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !slices.Contains(names, show.Guide) {
		http.Error(w, "there is no such guide", http.StatusNotFound)
		return
	}
	if !known(show.Browser, show.Browsers()) || !known(show.Verdict, show.Verdicts()) || q.Get("view") != "" && !show.All ||
		!known(show.Platform, platforms()) || !known(show.Lang, show.Languages()) {
		http.Error(w, "a value of the address is not known", http.StatusBadRequest)
		return
	}
	for _, name := range names {
		show.Guides = append(show.Guides, title{name, now.library.Title(name, talk.Indonesian)})
	}
	g, _ := now.library.Guide(show.Guide)
	if show.Steps, err = steps(p.texts, g, guides.Situation{Browser: show.Browser, Verdict: show.Verdict}, filter{show.All, show.Platform, show.Lang}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := t.Execute(&b, show); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the reader has gone
}

// known tells whether a value is one of those there are, or none is chosen.
func known(value string, all []string) bool { return value == "" || slices.Contains(all, value) }

func (p *preview) picture(w http.ResponseWriter, r *http.Request) {
	data, ok := p.current().pictures[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType(data))
	_, _ = w.Write(data) // the reader has gone
}

// events tells the page once that something newer is shown
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (p *preview) events(w http.ResponseWriter, r *http.Request) {
	changed := p.current().changed
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, "retry: 500\n\n: listening\n\n")
	if err := http.NewResponseController(w).Flush(); err != nil {
		return
	}
	select {
	case <-r.Context().Done():
	case <-changed:
		_, _ = fmt.Fprint(w, "event: reload\ndata: now\n\n") // the reader has gone
	}
}
