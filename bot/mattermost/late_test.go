package mattermost_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// hurried lets requests be told to wait soon, and the engine answer later.
func hurried(c *mattermost.Config, _ *mattermosttest.Options) {
	c.Timing.Answer = 40 * time.Millisecond
}

const working = "Sedang saya kerjakan, mohon tunggu sebentar …"

// TestALateAnswerToACommandInAChannel: it stands in the direct message, and
// the channel, where the caller was told to wait, says so.
func TestALateAnswerToACommandInAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	w.engine.set(func(e *engine) { e.slow = 150 * time.Millisecond })
	w.engine.answers(say("sudah"))
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	if err := w.sari.Slash(town, "/resetpin status"); err != nil {
		t.Fatal(err)
	}
	if got := w.sari.Last(town); !got.Ephemeral || got.Text != working {
		t.Errorf("first %+v", got)
	}
	w.until("the answer", func() bool { return w.sari.Last(w.dm).Text == "sudah" })
	w.until("the way to it", func() bool { return strings.HasPrefix(w.sari.Last(town).Text, "Saya lanjutkan") })
	if got := texts(w.sari.Posts(town)); strings.Contains(got, "sudah") {
		t.Errorf("the channel shows %q", got)
	}
}

// TestAUsedUpResponseURL: the answers are none the fewer.
func TestAUsedUpResponseURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	if err := w.sari.Slash(town, "/resetpin status"); err != nil {
		t.Fatal(err)
	}
	to := w.hears(1)[0].Origin
	for range 7 {
		w.deliver(to, say("sudah"))
	}
	n := strings.Count(texts(w.sari.Posts(town)), "Saya lanjutkan")
	if m := strings.Count(texts(w.sari.Posts(w.dm)), "sudah"); n != 5 || m != 7 {
		t.Errorf("%d words in the channel, %d answers in the direct message", n, m)
	}
}

func texts(posts []mattermosttest.Post) string {
	var out []string
	for _, p := range posts {
		out = append(out, p.Text)
	}
	return strings.Join(out, "\n")
}

func TestALateAnswerToAPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	post := w.deliver(w.to(), oneButton)
	w.engine.set(func(e *engine) { e.slow = 150 * time.Millisecond })
	next := oneButton
	next.Messages = []bot.Message{{Text: "langkah", Replace: true, Buttons: oneButton.Messages[0].Buttons}}
	w.engine.answers(next)
	for range 2 { // the changed post's button works as the first one did
		if err := w.sari.Press(post.ID, "Ya"); err != nil {
			t.Fatal(err)
		}
		w.until("a sign of life", func() bool { return w.sari.SeesTyping(w.dm, w.botID) })
		w.until("the edit", func() bool { p, _ := w.sari.Post(post.ID); return p.Text == "langkah" && len(w.engine.updates()) > 0 })
	}
	w.hears(2)
}

func TestALateAnswerToADialog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	w.opens()
	w.engine.set(func(e *engine) { e.slow = 150 * time.Millisecond })
	w.engine.answers(bot.Reply{Messages: []bot.Message{{Text: "NIP itu salah"}}, Errors: map[string]string{"nip": "salah"}})
	if err := w.sari.Submit(object{"nip": "1", "code": "2"}); err != nil || w.sari.Dialog() != nil {
		t.Errorf("%v, open: %v", err, w.sari.Dialog())
	}
	w.until("words", func() bool { return w.sari.Last(w.dm).Text == "NIP itu salah" })
}

// TestAPressThatTakesLongShowsTyping until it is answered, and no longer.
func TestAPressThatTakesLongShowsTyping(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Timing.Typing = 20 * time.Millisecond })
	post := w.deliver(w.to(), oneButton)
	w.engine.set(func(e *engine) { e.slow = 300 * time.Millisecond })
	w.engine.answers(say("sudah"))
	if err := w.sari.Press(post.ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	signs := func() int {
		n := 0
		for _, c := range w.mm.Calls() {
			if strings.HasSuffix(c.Path, "/typing") {
				n++
			}
		}
		return n
	}
	w.until("several signs", func() bool { return signs() >= 3 })
	w.until("the answer", func() bool { return w.sari.Last(w.dm).Text == "sudah" })
	w.until("rest", func() bool { n := signs(); time.Sleep(100 * time.Millisecond); return signs() == n })
}

// TestALateDialog: the trigger is too old; the words come with a button that
// opens the dialog with a fresh one, or says that it could not.
func TestALateDialog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried, func(_ *mattermost.Config, o *mattermosttest.Options) { o.IntegrationTimeout = 300 * time.Millisecond })
	w.engine.set(func(e *engine) { e.slow = 500 * time.Millisecond })
	w.engine.answers(bot.Reply{Form: &nipForm, Messages: []bot.Message{{Text: "atau tulis NIP"}}})
	if err := w.sari.Slash(w.dm, "/resetpin link"); err != nil {
		t.Fatal(err)
	}
	w.until("words", func() bool { return strings.Contains(w.sari.Last(w.dm).Text, "atau tulis NIP") })
	post := w.sari.Last(w.dm)
	if w.sari.Dialog() != nil || len(post.Buttons) != 1 {
		t.Fatalf("open: %v, %+v", w.sari.Dialog(), post)
	}
	w.mm.Break(mattermosttest.Fault{Path: "/dialogs/open", Code: http.StatusBadRequest, Times: 1})
	if err := w.sari.Press(post.ID, "Hubungkan"); err != nil || !strings.Contains(w.sari.Last(w.dm).Text, "belum bisa dibuka") {
		t.Errorf("%v, %+v", err, w.sari.Last(w.dm))
	}
	if err := w.sari.Press(post.ID, "Hubungkan"); err != nil || w.sari.Dialog() == nil {
		t.Errorf("%v, no dialog", err)
	}
}

// TestOldButtonsAreTheHandlersMatter: the adapter tells how old a button is.
func TestOldButtonsAreTheHandlersMatter(t *testing.T) {
	t.Parallel()
	past := time.Now().Add(-30 * 24 * time.Hour)
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Now = func() time.Time { return past } })
	w.engine.answers(bot.Reply{Notice: "ya"})
	post := w.deliver(w.to(), oneButton)
	if err := w.sari.Press(post.ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	if u := w.hears(1)[0]; u.Action.At.Unix() != past.Unix() {
		t.Errorf("made at %v", u.Action.At)
	}
}

func TestAnOldDialogSaysSo(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	w.opens()
	later.Store(int64(13 * time.Hour))
	if err := w.sari.Submit(object{"nip": "1", "code": "2"}); err != nil || !strings.Contains(w.sari.Dialog().Error, "terlalu lama") {
		t.Errorf("%v, %+v", err, w.sari.Dialog())
	}
}

// TestRemovals: what the server forbids is told how to do by hand.
func TestRemovals(t *testing.T) {
	t.Parallel()
	for name, may := range map[string]bool{"dihapus": true, "hapus sendiri": false} {
		w := newWorld(t)
		w.mm.Grant(w.botID, mattermosttest.Rights{DeleteOthers: may})
		id := w.types("PIN saya 123456")
		w.deliver(w.to(), bot.Reply{Remove: &bot.Removal{Message: id, Done: bot.Message{Text: "dihapus"}, Failed: bot.Message{Text: "hapus sendiri"}}})
		if _, there := w.sari.Post(id); there == may || w.sari.Last(w.dm).Text != name {
			t.Errorf("there: %v, %+v", there, w.sari.Last(w.dm))
		}
	}
}

// TestWhoTheBotIsMustNotBeWaitedFor: while the server does not tell, requests
// that came together are all answered.
func TestWhoTheBotIsMustNotBeWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	w.mm.Break(mattermosttest.Fault{Path: "/users/me", Delay: 2 * time.Minute})
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(w.ctx())
	all.Go(func() { _, _ = w.bot.Me(ctx) }) // as the listener does, which has time
	time.Sleep(100 * time.Millisecond)      // it waits for the server now
	began := time.Now()
	var answered sync.WaitGroup
	for range 10 {
		answered.Go(func() {
			if code, body := w.sends(http.MethodPost, "/mattermost/command", formKind, w.typed(nil).Encode()); code != http.StatusOK {
				t.Errorf("%d %s", code, body)
			}
		})
	}
	answered.Wait()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("answered after %s only", took)
	}
	cancel()
	all.Wait()
}

// TestOldButtonsGoWithTheNextWord on the same topic, also after a start; those
// of other topics stay.
func TestOldButtonsGoWithTheNextWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step := func(text, topic string, replace bool) bot.Reply {
		return bot.Reply{Messages: []bot.Message{{Text: text, Topic: topic, Replace: replace, Buttons: oneButton.Messages[0].Buttons}}}
	}
	buttons := func() string {
		var out []string
		for _, p := range w.sari.Posts(w.dm) {
			if len(p.Buttons) > 0 {
				out = append(out, p.Text)
			}
		}
		return strings.Join(out, ",")
	}
	status := w.deliver(w.to(), step("status", "", false))
	w.deliver(w.to(), step("kode", "link", false))
	first := w.deliver(w.to(), step("langkah 1", "walk", false))
	w.deliver(w.to(), step("langkah 1 lagi", "walk", false))
	if got := buttons(); got != "status,kode,langkah 1 lagi" {
		t.Errorf("buttons are at %s", got)
	}
	if p, _ := w.sari.Post(first.ID); p.Text != "langkah 1" {
		t.Errorf("its words are gone: %+v", p)
	}
	w.deliver(w.to(), bot.Reply{Messages: []bot.Message{{Text: "terhubung", Topic: "link"}}})
	w.engine.answers(step("langkah 2", "walk", true))
	second := w.sari.Last(w.dm)
	for _, p := range w.sari.Posts(w.dm) {
		if p.Text == "langkah 1 lagi" {
			second = p
		}
	}
	if err := w.sari.Press(second.ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	w.until("the step in its place", func() bool { return buttons() == "status,langkah 2" })
	other := newReplica(t, w)
	if err := other.Deliver(w.ctx(), w.to(), step("langkah 2 di sini", "walk", false)); err != nil {
		t.Fatal(err)
	}
	if got := buttons(); got != "status,langkah 2 di sini" {
		t.Errorf("after a start buttons are at %s", got)
	}
	if err := w.sari.Press(status.ID, "Ya"); err != nil {
		t.Error(err)
	}
}

// TestWhoCannotBeWrittenToIsTold, instead of being told to wait for ever: the
// server allows direct messages within a team only.
func TestWhoCannotBeWrittenToIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answers(say("ya"))
	w.mm.Set(func(o *mattermosttest.Settings) { o.RestrictDirectMessage = "team" })
	w.mm.LeaveTeam(w.mm.TeamID(), w.botID)
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	budi := w.mm.Person("budi") // whose direct message was never opened; sari's was
	for _, p := range []*mattermosttest.Person{budi, w.sari} {
		if err := p.Slash(town, "/resetpin"); err != nil {
			t.Fatal(err)
		}
		w.until("words for "+p.Username(), func() bool {
			return strings.HasPrefix(p.Last(town).Text, "Maaf, saya belum bisa menulis pesan langsung")
		})
	}
}

// TestAPressInAThreadIsAnsweredThere, where the presser looks.
func TestAPressInAThreadIsAnsweredThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listens()
	root := w.types("halo")
	if _, err := w.sari.Reply(w.dm, root, "di utas"); err != nil {
		t.Fatal(err)
	}
	to := w.hears(2)[1].Origin
	if err := w.bot.Deliver(w.ctx(), to, oneButton); err != nil {
		t.Fatal(err)
	}
	shown := last(w.sari.Thread(w.dm, root))
	w.engine.answers(say("jawab"))
	if err := w.sari.Press(shown.ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	w.until("the answer in the thread", func() bool { return last(w.sari.Thread(w.dm, root)).Text == "jawab" })
	if got := w.sari.Last(w.dm); got.ID != root {
		t.Errorf("the channel shows %+v", got)
	}
	u := w.hears(3)[2]
	if err := newReplica(t, w).Deliver(w.ctx(), u.Origin, say("nanti")); err != nil { // after a start, or by another process
		t.Fatal(err)
	}
	if got := last(w.sari.Thread(w.dm, root)); got.Text != "nanti" {
		t.Errorf("the thread shows %+v", got)
	}
}
