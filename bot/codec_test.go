package bot

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func full() Update {
	at := time.UnixMilli(1_790_000_000_123)
	return Update{
		Origin: Origin{Account: Account{Mattermost, "user"}, Chat: "chat", Private: true, Message: "42", Thread: "t7", Subject: "17", Handle: "https://answer.example/1"},
		ID:     "id", Kind: KindForm, Command: "status", Text: "ümläut \n\"'<&>\u2028 🙂", Contact: "6281234567890", Links: []string{"https://a.example"},
		Files:  []File{{Platform: Telegram, ID: "AgAC", Kind: FilePicture, Name: "layar.png"}},
		Action: Action{Name: "walk.next", Arg: "7-a", At: at.Truncate(time.Second)}, Called: "Rina",
		Fields: map[string]string{"nip": "1", "code": ""}, Language: "id", At: at, Wish: true, What: "news", Words: []byte{0, 1, 2},
	}
}

func TestCodecKeepsEveryField(t *testing.T) {
	u := full()
	checkFilled(t, "Update", reflect.ValueOf(u)) // a new field must be added to full, and so to the codec
	for name, u := range map[string]Update{"full": u, "empty": {}} {
		received := time.UnixMilli(1_790_000_001_000)
		data, err := encodeUpdate(u, received)
		if err != nil {
			t.Fatal(err)
		}
		got, at, err := decodeUpdate(data)
		if err != nil || !at.Equal(received) || !reflect.DeepEqual(got, u) {
			t.Errorf("%s: got %+v at %v, %v\nwant %+v", name, got, at, err, u)
		}
	}
}

func checkFilled(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("%s is not filled", name)
	}
	if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() {
		for i := range v.NumField() {
			checkFilled(t, name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}

func TestDecodeKeepsSecretsOutOfErrors(t *testing.T) {
	for _, s := range []string{"", "geheim", `{"t":"geheim","s":"geheim"}`, `["geheim"]`} {
		if _, _, err := decodeUpdate([]byte(s)); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, _, err := decodeUpdate([]byte(`{"p":"telegram","u":"1","later":[1]}`)); err != nil {
		t.Errorf("a newer version's row: %v", err)
	}
}

func FuzzCodec(f *testing.F) {
	f.Add("telegram", "1", "2", "m", "text", "/start", "hello", "go", "arg", int64(1790000000123), true)
	f.Add("", "", "", "", "", "", "\x00\u2028\"\\</script>", "", "", int64(0), false)
	f.Add("mattermost", "é", "\xff", "", "form", "", "\xf0\x28", "a", "", int64(-1), false)
	f.Fuzz(func(t *testing.T, platform, user, chat, message, kind, command, words, name, arg string, ms int64, private bool) {
		s := func(v string) string { return strings.ToValidUTF8(v, "\ufffd") }
		ms %= 1 << 50 // years that exist
		u := Update{
			Origin: Origin{Account: Account{s(platform), s(user)}, Chat: s(chat), Private: private, Message: s(message), Handle: s(arg)},
			ID:     s(message), Kind: Kind(s(kind)), Command: s(command), Text: s(words), Language: s(name),
			Action: Action{Name: s(name), Arg: s(arg)}, At: fromMilli(ms),
		}
		if words != "" {
			u.Fields = map[string]string{s(words): s(command)}
		}
		data, err := encodeUpdate(u, fromMilli(ms))
		if err != nil {
			t.Fatal(err)
		}
		got, at, err := decodeUpdate(data)
		if err != nil || !reflect.DeepEqual(got, u) || !at.Equal(fromMilli(ms)) {
			t.Fatalf("got %+v, %v, want %+v", got, err, u)
		}
	})
}

func FuzzDecode(f *testing.F) {
	data, _ := encodeUpdate(full(), time.UnixMilli(5))
	f.Add(data)
	f.Add([]byte(`{"s":1e99}`))
	f.Add([]byte(`{"a":null,"f":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		u, received, err := decodeUpdate(data)
		if err != nil {
			return
		}
		again, err := encodeUpdate(u, received)
		if err != nil {
			t.Fatal(err)
		}
		if u2, _, err := decodeUpdate(again); err != nil || !reflect.DeepEqual(u, u2) && len(u.Fields) > 0 {
			t.Fatalf("%+v became %+v, %v", u, u2, err)
		}
	})
}
