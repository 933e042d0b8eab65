package reset

import (
	"context"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// gone is a directory that somebody has left.
type gone struct{ Ledger }

func (gone) Employee(context.Context, string) (store.Employee, error) {
	return store.Employee{}, store.ErrNotFound
}

// types types a phone number where it is asked for.
func types(t *testing.T, c *talktest.Conversation, h *Room, number string) bot.Reply {
	t.Helper()
	r := c.Request()
	r.Kind, r.Text = bot.KindText, number
	answer, err := h.enterPhone(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// The number is asked for before a reset, masked; once it is verified the
// question comes.
func TestThePhoneIsVerifiedFirst(t *testing.T) {
	c, h, p := newRoom(t)
	p.subject.PhoneVerified = false
	c.Says(c.Press(talk.ResetNew.With("")), "08xxxxxx7890")
	if c.Session().Prompt != store.PromptPhone {
		t.Errorf("words answer %q", c.Session().Prompt)
	}
	c.Says(types(t, c, h, "12345"), "belum seperti nomor")
	c.Says(types(t, c, h, "0812-3456-7890"), "mengirim pesan ke WhatsApp")
	if len(p.numbers) != 1 || p.numbers[0] != "081234567890" || c.Session().Prompt != store.PromptNone {
		t.Errorf("passed on %q, and words answer %q", p.numbers, c.Session().Prompt)
	}
	c.Says(c.Press(talk.Phone.With("")), "belum mencatat")
	p.subject.PhoneVerified = true
	c.Button(c.Says(c.Press(talk.Phone.With("")), "sudah terverifikasi", "Lanjutkan?"), talk.ResetOK)
	none(t, c)
}

// A wish from a channel, and whoever is not verified, passes no number on.
func TestOnlyTheEmployeeGivesANumber(t *testing.T) {
	c, h, p := newRoom(t)
	r := c.Request()
	r.Text, r.Wish = "081234567890", true
	if _, err := h.enterPhone(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	c.Kernel.Settings.LinkTTL = time.Hour
	c.Now = c.Now.Add(2 * time.Hour)
	c.Says(types(t, c, h, "081234567890"), "who are you?")
	if len(p.numbers) != 0 {
		t.Errorf("passed on %q", p.numbers)
	}
}

// Messages and looks are bounded for an employee; what came to nothing costs
// nothing.
func TestWhatANumberCosts(t *testing.T) {
	const number = "081234567890"
	for name, tt := range map[string]struct {
		err   error
		first string // what is said
		again string // half a minute later
		calls int    // of ten, half a minute apart
	}{
		"sent":          {nil, "mengirim pesan", "Pesan baru saja diminta", 3},
		"lost":          {bsre.ErrOutcomeUnknown, "mungkin sedang dikirim", "Pesan baru saja diminta", 3},
		"another":       {bsre.ErrOtherPhone, "7890", "7890", 5},
		"refused":       {&bsre.RefusedError{Message: "Nomor diblokir"}, "Nomor diblokir", "Nomor diblokir", 5},
		"not reachable": {bsre.ErrUnavailable, "tidak bisa dihubungi", "tidak bisa dihubungi", 10},
	} {
		t.Run(name, func(t *testing.T) {
			c, h, p := newRoom(t)
			p.verified, p.phoneErr = bsre.Subject{Phone: "08xxxxxx7890"}, tt.err
			c.Says(types(t, c, h, number), tt.first)
			for n := range 9 {
				c.Now = c.Now.Add(30 * time.Second)
				if n == 0 {
					c.Says(types(t, c, h, number), tt.again)
				} else {
					types(t, c, h, number)
				}
			}
			if len(p.numbers) != tt.calls {
				t.Errorf("BSrE was asked %d times, want %d", len(p.numbers), tt.calls)
			}
		})
	}
}

// A number that an officer passes on leads the employee on where they chat, if
// the account is still theirs; that BSrE has another number hears the officer
// alone.
func TestAnOfficersNumber(t *testing.T) {
	room := bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "-100"}, Chat: "-100"}
	for name, tt := range map[string]struct {
		nip  string
		err  error
		asks int      // numbers that BSrE is asked about
		told []string // the officers first, or alone: by the keys of words that are the desk's
	}{
		"sent":           {talktest.NIP, nil, 1, []string{"desk.number.asked", "mengirim pesan"}},
		"another number": {talktest.NIP, bsre.ErrOtherPhone, 1, []string{"desk.number.other"}},
		"somebody else":  {"198805052012122001", nil, 0, []string{"desk.number.unlinked"}},
		"no such check":  {talktest.NIP, bsre.ErrNotSupported, 1, []string{"desk.number.verified", "desk.number.on"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, p := newRoom(t)
			p.phoneErr = tt.err
			job := talk.BehalfJob(talk.JobNumber, talk.Behalf{NIP: tt.nip, Account: c.Me, Number: "081234567890", Begin: "phone.sent", Officers: room, Key: "k"})
			if err := c.Kernel.Jobs()[job.Kind](t.Context(), job.Payload); err != nil {
				t.Fatal(err)
			}
			told := c.Unasked()
			if len(told) != len(tt.told) {
				t.Fatalf("told %d times: %+v", len(told), told)
			}
			if len(p.numbers) != tt.asks {
				t.Errorf("BSrE was asked about %q", p.numbers)
			}
			c.Says(told[len(told)-1], tt.told[0])
			if len(told) > 1 {
				c.Says(told[0], tt.told[1])
			}
		})
	}
}
