package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
)

// TestACrowdOnMattermost: 180 people write three messages each at once, and
// each is answered to each.
func TestACrowdOnMattermost(t *testing.T) {
	t.Parallel()
	const people, messages = 180, 3
	w := newWorldWithMattermost(t)
	eventually(t, "readiness", func() bool { return w.ready() == "[]" })
	var all sync.WaitGroup
	crowd := make([]*mattermosttest.Person, people)
	for i := range crowd {
		crowd[i] = w.mattermost.Person(fmt.Sprintf("pegawai%d", i))
		all.Go(func() {
			for range messages {
				if _, err := crowd[i].Type(crowd[i].DM(w.mattermostBot), "bantuan"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i, p := range crowd { // who was answered is not looked at again: that would take the bot's time
		answered := func() (n int) {
			for _, post := range p.Posts(p.DM(w.mattermostBot)) {
				if post.Bot && strings.Contains(post.Text, "Yang bisa saya bantu") {
					n++
				}
			}
			return n
		}
		for end := time.Now().Add(2 * time.Minute); answered() < messages; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("person %d was answered %d times", i, answered())
			}
		}
		if n := answered(); n != messages {
			t.Errorf("person %d was answered %d times", i, n)
		}
	}
}

// TestDoublePressesMakeOneResetEach: 45 people press "Ya, kirim link" twice at
// the same moment.
func TestDoublePressesMakeOneResetEach(t *testing.T) {
	t.Parallel()
	const people = 45
	w := emptyWorld(t, nil)
	w.addMattermost()
	w.persons = samplesAndCrowd(people)
	w.inhabit()
	crowd := w.linkedCrowd(people)
	var all sync.WaitGroup
	for _, p := range crowd {
		p.Types("/resetpin")
		question := sees(t, p, "Lanjutkan?")
		for range 2 {
			all.Go(func() { _ = p.p.Press(question.ID, "Ya, kirim link") }) // one of them may find the button gone
		}
	}
	all.Wait()
	for _, p := range crowd {
		sees(t, p, "Langkah 1 dari 7")
	}
	resets := 0
	for i := range crowd {
		n := w.bsre.ResetsOf(crowdPerson(i).NIK)
		if n != 1 {
			t.Errorf("person %d: BSrE was asked %d times", i, n)
		}
		resets += n
	}
	t.Logf("%d double presses, %d resets", people, resets)
}

// crowdPerson is an employee of the crowd.
func crowdPerson(i int) bsretest.Person {
	p := bsretest.Samples()[0]
	p.NIP, p.NIK = fmt.Sprintf("1985%02d%02d2010011%03d", 1+i%12, 1+i%28, i), fmt.Sprintf("31710105%02d85%04d", 1+i%28, i)
	p.Email, p.Name = fmt.Sprintf("crowd%d@contoh.go.id", i), fmt.Sprintf("Pegawai Nomor %d", i)
	return p
}

// samplesAndCrowd is whom BSrE knows when there is a crowd.
func samplesAndCrowd(n int) []bsretest.Person {
	people := bsretest.Samples()
	for i := range n {
		people = append(people, crowdPerson(i))
	}
	return people
}

// employCrowd lets people of the crowd work here.
func (w *world) employCrowd(n int) {
	w.t.Helper()
	rows := func(yield func(store.Employee, error) bool) {
		for i := range n {
			p := crowdPerson(i)
			if !yield(store.Employee{NIP: p.NIP, NIK: p.NIK, Name: p.Name, Email: p.Email, Position: p.Position, Unit: p.Unit, Grade: p.Grade, Active: true}, nil) {
				return
			}
		}
	}
	if _, err := w.app.Store().Import(w.t.Context(), rows, store.ImportOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

// link links an account without the bot.
func (w *world) link(a store.Account, nip string) {
	w.t.Helper()
	if err := w.app.Store().Link(w.t.Context(), a, nip, w.clock.Now(), func([]store.Account) []store.Job { return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// linkedCrowd are employees whose accounts are linked.
func (w *world) linkedCrowd(n int) []*onMattermost {
	w.t.Helper()
	w.employCrowd(n)
	var crowd []*onMattermost
	for i := range n {
		o := w.mattermostPerson(fmt.Sprintf("pegawai%d", i))
		w.link(store.Account{Platform: "mattermost", ID: o.p.ID()}, crowdPerson(i).NIP)
		crowd = append(crowd, o)
	}
	return crowd
}
