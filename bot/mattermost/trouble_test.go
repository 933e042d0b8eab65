package mattermost_test

import (
	"context"
	"strings"
	"testing"

	"resetpin/bot"
)

// refuses takes nothing over, by falling over.
type refuses struct{}

func (refuses) Receive(context.Context, ...bot.Update) error { panic("198805052012122991") }

func TestTroubleIsSaid(t *testing.T) {
	t.Parallel()
	for name, receiver := range map[string]bot.Receiver{"error": &engine{refuse: 100}, "panic": refuses{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := w.opens()
			button, _ := w.pressed(oneButton)
			w.receiver = receiver
			town := w.mm.Channel(w.mm.TeamID(), "town-square")
			if err := w.sari.Slash(town, "/resetpin"); err != nil || !strings.Contains(w.sari.Last(town).Text, "gangguan") {
				t.Errorf("%v, %+v", err, w.sari.Last(town))
			}
			if status, got := w.sendsJSON("/mattermost/action", button); status != 200 || got != "{}" || !strings.Contains(w.sari.Last(w.dm).Text, "gangguan") {
				t.Errorf("%d %s, and sari sees %+v", status, got, w.sari.Last(w.dm))
			}
			if err := w.sari.Submit(object{"nip": "1", "code": "2"}); err != nil || !strings.Contains(w.sari.Dialog().Error, "gangguan") {
				t.Errorf("%v, %+v", err, d)
			}
			if strings.Contains(w.log.String(), "198805052012122991") {
				t.Error("a panic's words are in the log")
			}
		})
	}
}
