package bot

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSigner(t *testing.T) {
	s := NewSigner([]byte("0123456789abcdef0123456789abcdef"))
	a, now := Account{Telegram, "4711"}, time.Unix(1_790_000_000, 5)
	widest := Action{Name: "abcdefghij.klmno", Arg: strings.Repeat("Z", 24)}
	for _, act := range []Action{{Name: "go"}, {Name: "walk.next", Arg: "12-intro.3"}, widest} {
		data, err := s.Sign(a, act, now)
		if err != nil || len(data) > 64 {
			t.Fatalf("%+v: %q (%d bytes), %v", act, data, len(data), err)
		}
		act.At = now.Truncate(time.Second)
		if got, err := s.Verify(a, data); err != nil || got.Name != act.Name || got.Arg != act.Arg || !got.At.Equal(act.At) {
			t.Errorf("got %+v, %v, want %+v", got, err, act)
		}
		forgeries := map[string]struct {
			by   *Signer
			a    Account
			data string
		}{
			"another account":  {s, Account{Telegram, "4712"}, data},
			"another platform": {s, Account{Mattermost, "4711"}, data},
			"another key":      {NewSigner([]byte("another")), a, data},
			"another argument": {s, a, strings.Replace(data, "~", "~1", 1)},
			"another name":     {s, a, "x" + data},
			"no signature":     {s, a, data[:strings.LastIndexByte(data, '~')+1]},
			"half a signature": {s, a, data[:len(data)-1]},
		}
		for name, c := range forgeries {
			if _, err := c.by.Verify(c.a, c.data); !errors.Is(err, ErrForged) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestSignRefuses(t *testing.T) {
	s := NewSigner(make([]byte, 32))
	for _, act := range []Action{{}, {Name: "Upper"}, {Name: strings.Repeat("a", 17)}, {Name: "a~b"},
		{Name: "a", Arg: "b~c"}, {Name: "a", Arg: strings.Repeat("1", 25)}, {Name: "a", Arg: "ü"}, {Name: "a", Arg: "\n"}} {
		if data, err := s.Sign(Account{Telegram, "1"}, act, time.Unix(1, 0)); err == nil {
			t.Errorf("%+v became %q", act, data)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s := NewSigner(make([]byte, 32))
	a := Account{Telegram, "1"}
	data, _ := s.Sign(a, Action{Name: "walk.next", Arg: "3"}, time.Unix(1_790_000_000, 0))
	f.Add(data)
	f.Add("walk.next~3~tlqyio~")
	f.Add("~~~")
	f.Add("a~~zzzzzzzz~AAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, data string) {
		act, err := s.Verify(a, data)
		if err != nil {
			if !errors.Is(err, ErrForged) || act != (Action{}) {
				t.Fatalf("%+v, %v", act, err)
			}
			return
		}
		again, err := s.Sign(a, act, act.At)
		if err != nil || again != data {
			t.Fatalf("%q was taken for %q, %v", data, again, err)
		}
	})
}

func FuzzParseAccount(f *testing.F) {
	for _, s := range []string{"telegram:4711", " mattermost:abc ", "telegram:", "irc:x", "", "telegram:a:b", "telegram: "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAccount(s)
		if err != nil {
			return
		}
		if a.ID == "" || a.Platform != Telegram && a.Platform != Mattermost {
			t.Fatalf("%+v", a)
		}
		if b, err := ParseAccount(a.String()); err != nil || a != b {
			t.Fatalf("%+v became %+v, %v", a, b, err)
		}
	})
}

// Where the account ends and the action begins is signed too: what was signed
// for 7 is nothing for 77.
func TestAButtonIsOfOneAccountOnly(t *testing.T) {
	s := NewSigner(make([]byte, 32))
	data, err := s.Sign(Account{Telegram, "7"}, Action{Name: "7x"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if act, err := s.Verify(Account{Telegram, "77"}, data[1:]); err == nil {
		t.Errorf("77 may do %+v", act)
	}
}
