package telegramtest_test

import (
	"encoding/json"
	"testing"

	"resetpin/bot/telegram/telegramtest"
)

// askNumber is a keyboard that asks for the person's own phone number.
const askNumber = `{"keyboard":[[{"text":"Kirim nomor","request_contact":true}],[{"text":"Batal"}]],"one_time_keyboard":true}`

func TestAKeyboardAsksForThePersonsOwnNumber(t *testing.T) {
	b := start(t, telegramtest.Options{})
	sari, budi := b.User(7, "Sari", "id"), b.User(8, "Budi", "id")
	sari.SetNumber("6281234567890")
	sari.Type("halo")
	b.Group(-5, "Umum")
	if _, err := sari.PressKey("Kirim nomor"); err == nil {
		t.Error("a key is there before the bot made one")
	}
	for _, c := range []struct{ chat, markup, refused string }{
		{"-5", askNumber, "Bad Request: phone number can be requested in private chats only"},
		{"7", `{"keyboard":[[{"text":" "}]]}`, "Bad Request: keyboard button text must be non-empty"},
		{"7", `{"keyboard":[[{"text":"x","reqest_contact":true}]]}`, `Bad Request: can't parse reply keyboard markup JSON object: json: unknown field "reqest_contact"`},
		{"7", askNumber, ""},
	} {
		got := b.call("sendMessage", `{"chat_id":`+c.chat+`,"text":"Nomor Anda?","reply_markup":`+c.markup+`}`)
		if got.Description != c.refused {
			t.Errorf("%s: %q, want %q", c.markup, got.Description, c.refused)
		}
	}
	edited := b.call("editMessageText", `{"chat_id":7,"message_id":2,"text":"x","reply_markup":`+askNumber+`}`)
	if edited.Description != "Bad Request: inline keyboard expected" {
		t.Errorf("an edited message takes the keyboard: %q", edited.Description)
	}
	asking := b.Messages(7)[len(b.Messages(7))-1]
	if len(asking.Keys) != 2 {
		t.Errorf("the message that brought the keyboard shows %+v", asking.Keys)
	}
	if _, _, err := sari.Press(asking.ID, "Kirim nomor"); err != nil {
		t.Error(err)
	}
	sari.SendContact(budi)
	sari.ForwardContact(budi)
	sari.SendNumber("62899")
	var got []string
	var all []struct {
		Message struct {
			Forwarded json.RawMessage `json:"forward_origin"`
			Contact   *struct {
				Phone string `json:"phone_number"`
				User  int64  `json:"user_id"`
			} `json:"contact"`
		} `json:"message"`
	}
	b.result("getUpdates", `{}`, &all)
	for _, w := range all {
		c := w.Message.Contact
		if c == nil {
			continue
		}
		who := map[int64]string{7: "own", 8: "other", 0: "nobody"}[c.User]
		if w.Message.Forwarded != nil {
			who += " forwarded"
		}
		got = append(got, who+" "+c.Phone)
	}
	want := []string{"own 6281234567890", "other 6281210000008", "other forwarded 6281210000008", "nobody 62899"}
	if len(got) != len(want) {
		t.Fatalf("the bot hears %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("card %d: %q, want %q", i, got[i], want[i])
		}
	}
	if len(b.Keyboard(7)) != 2 {
		t.Error("a keyboard that hides itself is gone before the bot takes it away")
	}
	b.result("sendMessage", `{"chat_id":7,"text":"Terima kasih","reply_markup":{"remove_keyboard":true}}`, nil)
	if len(b.Keyboard(7)) != 0 {
		t.Error("the keyboard is still there")
	}
	for _, m := range b.Messages(7) {
		if len(m.Keys) > 0 {
			t.Errorf("message %d still shows its keyboard", m.ID)
		}
	}
}
