package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"resetpin/bot/mattermost/mattermosttest"
)

// TestTheServerIsKilledInTheMiddleOfAWalk: Mattermost's database is killed
// while people press their ways through the guide, then the server too. They
// come back, the walks go on, and nothing is there twice.
func TestTheServerIsKilledInTheMiddleOfAWalk(t *testing.T) {
	t.Parallel()
	const people = 6
	w := emptyWorld(t, nil)
	w.addMattermost()
	w.persons = samplesAndCrowd(people)
	w.inhabit()
	crowd := w.linkedCrowd(people)
	pressed := make([]line, people)
	for i, p := range crowd {
		p.Types("/resetpin")
		pressed[i] = sees(t, p, "Lanjutkan?")
		if i%2 == 0 { // half of them are in the guide already
			p.Presses("Ya, kirim link")
			pressed[i] = sees(t, p, step(t, "mail"))
		}
	}
	var all sync.WaitGroup
	for i, p := range crowd {
		p.look()
		all.Go(func() { _ = p.p.Press(pressed[i].ID, pressed[i].Buttons[0]) }) // the server may die under it
	}
	all.Wait()
	w.mattermost.Break(mattermosttest.Fault{Path: "/api/v4/", Code: http.StatusInternalServerError}) // as without a database
	w.mattermost.CutSockets()
	eventually(t, "a bot that is not ready", func() bool { return strings.Contains(w.ready(), `"part":"mattermost"`) })
	w.mattermost.Down()
	eventually(t, "a call to nobody", func() bool { return strings.Contains(w.log.String(), "connection refused") })
	w.mattermost.Heal()
	if err := w.mattermost.Up(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "readiness", func() bool { return w.ready() == "[]" })
	for i, p := range crowd {
		walksTo(t, p, "link")
		if n := w.bsre.ResetsOf(crowdPerson(i).NIK); n != 1 {
			t.Errorf("BSrE was asked %d times for person %d", n, i)
		}
		for number := 1; number <= 7; number++ {
			if n := tells(p, fmt.Sprintf("Langkah %d dari", number)); n > 1 {
				t.Errorf("person %d sees step %d %d times:\n%s", i, number, n, show(p))
			}
		}
	}
}
