package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"resetpin/bot"
)

// maxBody bounds a request; a slash command of 16383 characters, each of four
// bytes written as %XX, is the longest genuine one.
const maxBody = 256 << 10

// takeBound is the longest that a request waits until it is stored.
const takeBound = 10 * time.Second

// Handler serves POST /mattermost/command, /mattermost/action and
// /mattermost/dialog, and hands what people did over. What is not the server's or not signed gets 401; all
// else gets 200 with words, because Mattermost shows nothing of another
// answer.
func (a *Adapter) Handler(to bot.Receiver) http.Handler {
	d := &doors{Adapter: a, to: to}
	mux := http.NewServeMux()
	for path, serve := range map[string]func(w http.ResponseWriter, r *http.Request){
		"command": d.serveCommand, "action": d.servePress, "dialog": d.serveDialog,
	} {
		mux.HandleFunc("POST /mattermost/"+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			serve(w, r)
		})
	}
	return mux
}

// doors is where the server's requests come in.
type doors struct {
	*Adapter
	to bot.Receiver
}

// refuse answers a request that is not the server's. why is the program's own
// sentence about it.
func (a *Adapter) refuse(w http.ResponseWriter, r *http.Request, what, why string) {
	if a.c.Refused != nil {
		a.c.Refused(r.Context(), what, why)
	}
	http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
}

// doubt tells the log of a request that may be the server's and does not prove
// who acts.
func (a *Adapter) doubt(ctx context.Context, what string, err error) {
	if a.c.Refused != nil {
		a.c.Refused(ctx, bot.RefusedProof, "") // the log says more here
	}
	kind := err // without how old it is
	if cause := errors.Unwrap(err); cause != nil {
		kind = cause
	}
	if n, ok := a.doubts.now(what+kind.Error(), a.c.Now()); ok {
		a.c.Logger.Warn("mattermost: a request does not prove who acts; resetpin check looks at what proves it", "request", what, "error", err, "times", n)
	}
}

// answerJSON writes an answer. Without this Content-Type a slash command's
// answer would be shown raw.
func answerJSON(w http.ResponseWriter, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		raw = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	_, werr := w.Write(raw)
	return errors.Join(err, werr, http.NewResponseController(w).Flush())
}

// say answers a request with words of the adapter's own.
func (a *Adapter) say(w http.ResponseWriter, body any) {
	if err := answerJSON(w, body); err != nil {
		a.c.Logger.Debug("mattermost: an answer could not be written", "error", err)
	}
}

// readJSON reads a request's body.
func readJSON(r *http.Request, into any) error {
	return json.NewDecoder(r.Body).Decode(into)
}

// phrases put the adapter's own words into the form of a kind of request.
type phrases struct{ again, trouble, working func(Words) any }

// serve hands an authentic request over and answers it when the answer comes
// in time, and otherwise with words. Its ticket counts once.
func (a *doors) serve(w http.ResponseWriter, r *http.Request, e *exchange, once ticket, u bot.Update, p phrases) {
	words := func() Words { return a.wordsTo(r.Context(), e.user) }
	e.working = func() any { return p.working(words()) }
	if !a.exchanges.open(e) {
		a.say(w, p.again(words()))
		return
	}
	switch first, err := a.spend(r.Context(), once); {
	case err != nil:
		a.free(r.Context(), e) // it may be noted all the same
		a.c.Logger.Error("mattermost: a request could not be taken over", "kind", u.Kind, "error", err)
		a.say(w, p.trouble(words()))
		return
	case !first:
		a.exchanges.forget(e)
		a.say(w, p.again(words()))
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), takeBound)
	defer cancel()
	began := time.Now()
	if err := a.survive(ctx, u); err != nil {
		a.free(ctx, e)
		a.c.Logger.Error("mattermost: a request could not be taken over", "kind", u.Kind, "error", err)
		a.say(w, p.trouble(words()))
		return
	}
	answer, ok := e.wait(r.Context(), a.c.Timing.Answer-time.Since(began))
	if !ok {
		a.say(w, e.working())
		if e.source == fromPress { // no words at a button are seen
			a.aside.Go(func(ctx context.Context) { a.keepTyping(ctx, e, u.Origin) })
		}
		return
	}
	answer.written <- answerJSON(w, answer.body)
}

// survive hands an update over; a panic is an error like others, for a request
// that is not answered shows nothing.
func (a *doors) survive(ctx context.Context, u bot.Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("take an update over: panic (%T)", p) // its value may hold what was typed
		}
	}()
	return a.to.Receive(ctx, u)
}
