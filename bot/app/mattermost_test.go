package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
)

// What is Mattermost's own manner, beside the stories that run everywhere.

// dialog waits until a dialog is open.
func (o *onMattermost) dialog(title string) *mattermosttest.Dialog {
	o.t.Helper()
	var d *mattermosttest.Dialog
	eventually(o.t, "a dialog", func() bool {
		d = o.p.Dialog()
		return d != nil && strings.Contains(d.Title, title)
	})
	return d
}

// submits fills in the dialog's only field.
func (o *onMattermost) submits(value string) {
	o.t.Helper()
	d := o.p.Dialog()
	if d == nil {
		o.t.Fatal("no dialog is open")
	}
	if err := o.p.Submit(map[string]any{d.Elements[0].Name: value}); err != nil {
		o.t.Fatal(err)
	}
}

// red is what stands under the open dialog's field.
func (o *onMattermost) red() string {
	d := o.p.Dialog()
	if d == nil {
		return ""
	}
	return d.Errors[d.Elements[0].Name]
}

func TestLinkingByDialog(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p, e := w.mattermostPerson("pegawai"), sample(t, "ISSUE")
	p.Types("/link")
	p.dialog("Hubungkan akun")
	p.submits("12345")
	if got := p.red(); !strings.Contains(got, "5 angka") {
		t.Errorf("under the field stands %q", got)
	}
	p.submits(e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	code := w.code(e.Email, 1)
	p.Presses("Kode dari email")
	p.dialog("Kode")
	p.submits(other(code))
	if got := p.red(); !strings.Contains(got, "4 kali lagi") {
		t.Errorf("under the field stands %q", got)
	}
	p.submits(code)
	sees(t, p, "Berhasil", e.Name)
	if p.p.Dialog() != nil {
		t.Error("the dialog is open still")
	}
}

func TestACommandInAChannelIsAnsweredToTheCallerOnly(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	e := linked(t, w, p, "ISSUE")
	colleague := w.mattermost.Person("rekan")
	square := w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	for _, command := range []string{"/statusds", "/resetpin status", "/resetpin"} {
		if err := p.p.Slash(square, command); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "answers in the direct message", func() bool {
		words := strings.Join(p.Toasts(), "\n")
		return strings.Count(words, "Sertifikat aktif") == 2 && strings.Contains(words, "BSrE akan mengirim link")
	})
	for _, post := range p.p.Posts(square) {
		if post.Ephemeral && (!strings.HasPrefix(post.Text, "Saya lanjutkan berdua saja di") || len(post.Buttons) > 0) {
			t.Errorf("the channel shows %+v", post)
		}
	}
	for _, post := range colleague.Posts(square) {
		if strings.Contains(post.Text, "Sertifikat") || strings.Contains(post.Text, e.Name) || strings.Contains(post.Text, "link") {
			t.Errorf("a colleague reads %q", post.Text)
		}
	}
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))
	for _, post := range slices.Concat(p.p.Posts(square), p.p.Posts(p.chat)) {
		if strings.Contains(post.Text, "Sedang meminta BSrE") {
			t.Error("BSrE has answered, and the person is still told to wait")
		}
	}
}

func TestAWalkGoesOnOnTheOtherPlatform(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	phone, desk := w.telegramPerson(7001), w.mattermostPerson("pegawai")
	e := linked(t, w, phone, "ISSUE")
	phone.Types("/resetpin")
	phone.Presses("Ya, kirim link")
	sees(t, phone, step(t, "mail"))
	walksTo(t, phone, "link")

	desk.Types("link " + e.NIP)
	sees(t, desk, "sedang dikirim")
	desk.Types(w.code(e.Email, 2))
	offers(t, sees(t, desk, "Berhasil", e.Name), "Lanjutkan panduan")
	desk.Types("/resetpin")
	offers(t, sees(t, desk, "Panduannya belum selesai"), "Lanjutkan panduan", "Minta link baru")
	desk.Presses("Minta link baru")
	sees(t, desk, "Anda bisa meminta lagi pukul")
	desk.Types("panduan")
	sees(t, desk, step(t, "link"))
	desk.Presses("Kembali")
	sees(t, desk, "Langkah 1 dari")
	phone.Types("/panduan")
	sees(t, phone, "Langkah 1 dari")

	w.clock.advance(10 * time.Minute)
	desk.Types("/resetpin")
	desk.Presses("Minta link baru")
	desk.Presses("Ya, kirim link")
	sees(t, desk, "berhasil dikirim")
	sees(t, phone, "bukan Anda")
	if n := w.bsre.ResetsOf(e.NIK); n != 2 {
		t.Errorf("BSrE was asked %d times, want 2", n)
	}
}

func TestAnAddressOfSingleSignOnNeedsNoCode(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, []string{"MATTERMOST_TRUST_EMAIL=true"})
	w.addMattermost()
	w.mattermost.Set(func(o *mattermosttest.Settings) { o.EnableSignInWithEmail, o.EnableSignInWithUsername = false, false })
	w.inhabit()
	e := sample(t, "ISSUE")
	known := &onMattermost{t: t, p: w.mattermost.AddPerson("satu", strings.ToUpper(e.Email), "id")}
	known.chat = known.p.DM(w.mattermostBot)
	known.Types("/status")
	sees(t, known, "Tekan tombol ini untuk menghubungkan")
	known.Presses("Hubungkan akun")
	sees(t, known, "tidak perlu kode", e.Name)
	stranger := w.mattermostPerson("tamu")
	stranger.Types("/status")
	sees(t, stranger, "siapa Anda")
	w.mattermost.Set(func(o *mattermosttest.Settings) { o.ShowEmailAddress = false })
	hidden := &onMattermost{t: t, p: w.mattermost.AddPerson("dua", sample(t, "EXPIRED").Email, "id")}
	hidden.chat = hidden.p.DM(w.mattermostBot)
	hidden.Types("status")
	sees(t, hidden, "siapa Anda")
	if n := len(w.mail.Inbox(e.Email)); n > 1 { // the notice of the new link, no code
		t.Errorf("%d mails", n)
	}
}

func TestAPINThatTheBotMayNotDelete(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	p.Types("/resetpin")
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))
	id := p.Types("Garuda#1945x")
	offers(t, sees(t, p, "PIN atau kata sandi", "hapus sendiri", "⋯"), "Lanjutkan panduan", "Ada masalah")
	if !there(p, id) {
		t.Error("the bot deleted what it may not")
	}
	if strings.Contains(w.log.String(), "Garuda#1945x") {
		t.Error("the PIN stands in the log")
	}
}

func TestTheDoctorLooksAtMattermost(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	look := func() string { return w.looksAtMattermost() }
	allow := func(hosts string) {
		w.mattermost.Set(func(o *mattermosttest.Settings) { o.AllowedUntrustedInternalConnections = hosts })
	}
	allow("")
	if got := look(); !strings.HasPrefix(got, "WRONG") || !strings.Contains(got, "Allow untrusted internal connections") {
		t.Errorf("the server may not call the bot, and it says %q", got)
	}
	allow("127.0.0.1")
	if got := look(); !strings.HasPrefix(got, "ok") || strings.Contains(got, "was not tried") {
		t.Errorf("all is right, and it says %q", got)
	} else if !strings.Contains(got, "only an administrator is told") {
		t.Errorf("it does not say what it cannot look at: %q", got)
	}
	w.settings.MattermostTrustEmail = true
	for want, change := range map[string]func(*mattermosttest.Settings){
		"Show Email Address":         func(o *mattermosttest.Settings) { o.ShowEmailAddress = false },
		"Require email verification": func(o *mattermosttest.Settings) { o.EnableSignInWithEmail = false },
		"EnableSignInWithUsername":   func(o *mattermosttest.Settings) { o.EnableSignInWithUsername = false },
		"ok     Mattermost   the b":  func(o *mattermosttest.Settings) { o.RequireEmailVerification = true },
		"ok     Mattermost   the":    func(o *mattermosttest.Settings) { o.EnableSignInWithEmail, o.EnableSignInWithUsername = false, false },
	} {
		var before mattermosttest.Settings
		w.mattermost.Set(func(o *mattermosttest.Settings) { before = *o; change(o) })
		if got := look(); !strings.Contains(got, want) {
			t.Errorf("addresses are to be trusted, and it says %q, want %q", got, want)
		}
		w.mattermost.Set(func(o *mattermosttest.Settings) { *o = before })
	}
	w.settings.MattermostTrustEmail = false
	w.settings.HelpdeskMattermost = w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	w.mattermost.LeaveChannel(w.settings.HelpdeskMattermost, w.mattermostBot)
	if got := look(); !strings.HasPrefix(got, "WRONG") || !strings.Contains(got, "HELPDESK_MATTERMOST_CHANNEL") || !strings.Contains(got, "/invite @resetpin") {
		t.Errorf("the bot is not in the help desk's channel, and it says %q", got)
	}
	w.mattermost.JoinChannel(w.settings.HelpdeskMattermost, w.mattermostBot)
	if got := look(); !strings.HasPrefix(got, "ok") {
		t.Errorf("the bot is in the help desk's channel, and it says %q", got)
	}
	w.stop()
	if got := look(); !strings.HasPrefix(got, "ok") || !strings.Contains(got, "was not tried") {
		t.Errorf("the bot does not run, and it says %q", got)
	}
	w.settings.MattermostStatus = "statussertifikat"
	if got := look(); !strings.HasPrefix(got, "WRONG") || !strings.Contains(got, "no command /statussertifikat") {
		t.Errorf("a command is missing, and it says %q", got)
	}
	w.settings.MattermostCommandTokens = nil
	if got := look(); !strings.Contains(got, "MATTERMOST_COMMAND_TOKENS is empty") {
		t.Errorf("no tokens, and it says %q", got)
	}
	w.settings.MattermostToken = "nonsense"
	w.settings.MattermostCommandTokens = []settings.Secret{"x"}
	if got := look(); !strings.Contains(got, "refuses the bot's token") || strings.Contains(got, "nonsense") {
		t.Errorf("a wrong token, and it says %q", got)
	}
}

// looksAtMattermost gives what the doctor says of Mattermost.
func (w *world) looksAtMattermost() string {
	w.t.Helper()
	var out strings.Builder
	s := w.settings
	s.PortalUsername = ""                                     // nobody waits for the next one-time code
	_ = app.Check(w.t.Context(), s, app.Surroundings{}, &out) // other lines may be wrong
	var said []string
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, " Mattermost") {
			said = append(said, line)
		}
	}
	return strings.Join(said, "")
}

// TestTheDoctorCallsEachCommandInEachTeam: one that the bot does not know, or
// that the server does not call, is named with its team.
func TestTheDoctorCallsEachCommandInEachTeam(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, nil)
	w.addMattermost()
	w.mattermost.AddTeam("cabang")
	if _, err := w.setsUp(); err != nil { // also in the second team, with the first's bot
		t.Fatal(err)
	}
	w.inhabit()
	eventually(t, "readiness", func() bool { return w.ready() == "[]" }) // the doctor's way back needs a bot that answers
	wants := func(what, want string) {
		t.Helper()
		if got := w.looksAtMattermost(); !strings.Contains(got, want) {
			t.Errorf("%s: it says %q, want %q", what, got, want)
		}
	}
	wants("all is right", "with its commands in cabang, kantor")
	w.mattermost.Set(func(o *mattermosttest.Settings) { o.NoSiteURL = true })
	wants("the server has no address", "Site URL is required to execute custom slash commands")
	w.mattermost.Set(func(o *mattermosttest.Settings) {
		o.NoSiteURL, o.EnableFileAttachments, o.PostEditTimeLimit = false, false, 60
	})
	wants("no files", "advice Mattermost   files are switched off")
	wants("edits are limited", "advice Mattermost   posts may be edited for 60 s only")
	third := w.mattermost.AddTeam("jauh")
	w.mattermost.OpenTeam(third)
	wants("a team that anybody may join", "advice Mattermost   teams without the bot: jauh")
	w.mattermost.JoinTeam(third, w.mattermostBot)
	wants("no commands there", "team jauh has no command /resetpin")
	w.mattermost.LeaveTeam(third, w.mattermostBot)

	known := w.settings.MattermostCommandTokens
	w.settings.MattermostCommandTokens = nil
	for _, k := range known {
		_, token, _ := strings.Cut(k.Reveal(), ":")
		w.settings.MattermostCommandTokens = append(w.settings.MattermostCommandTokens, settings.Secret(token))
	}
	wants("tokens without their teams", "holds no token of team")
	w.settings.MattermostCommandTokens = known
	for _, c := range w.mattermost.Commands() {
		if c.Trigger == "statusds" {
			api := model.NewAPIv4Client(w.mattermost.URL())
			api.SetToken(w.mattermost.AdminToken())
			if _, _, err := api.RegenCommandToken(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.mattermost.Set(func(o *mattermosttest.Settings) { o.EnableFileAttachments = true })
	got := w.looksAtMattermost()
	for _, want := range []string{"does not know the token of: /statusds in team cabang, /statusds in team kantor;", "start the bot anew", "teams without the bot: jauh"} {
		if !strings.Contains(got, want) {
			t.Errorf("new tokens that the bot does not know: it says %q, want %q", got, want)
		}
	}
}

// setsUp runs the set-up once more.
func (w *world) setsUp() (setup.Result, error) {
	s, err := settings.Load(append([]string{"DATA_KEY=" + dataKey()}, w.extra...), "none")
	if err != nil {
		return setup.Result{}, err
	}
	r, err := app.MattermostSetup(w.t.Context(), s, setup.Options{AdminToken: w.mattermost.AdminToken(), AllTeams: true})
	w.extra = append(w.extra, r.Settings()...)
	return r, err
}
