package cli

import (
	"context"
	"strings"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// refused asks for a code in a chat that gets none, and gives its number.
func refused(t *testing.T, url string) string {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	chat := store.Account{Platform: "telegram", ID: "4712"}
	got, err := s.CreateCode(t.Context(), store.CodeRequest{
		Account: chat, NIP: "198001012005011001", Code: "111111", Now: noon, Expires: noon.Add(time.Minute), Mail: store.Job{Kind: "mail"},
		Limits: store.CodeLimits{}, // not even one wrong code
	})
	if err != nil || got.Verdict != store.CodeLocked {
		t.Fatalf("%+v, %v", got, err)
	}
	return s.Reference(chat)
}

func TestAnOfficerFreesAChatByItsNumber(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "1 added", "employees", "import", file(t, head+one))
		number := refused(t, url)
		d.wants(ExitFailed, "no chat with the number XXXXXX asked for this NIP", "links", "free", "198001012005011001", "xxxxxx")
		d.wants(ExitFailed, "no employee has the NIP", "links", "free", "198001012005011009", number)
		d.wants(ExitUsage, "it has 3 digits", "links", "free", "123")
		out := d.wants(ExitDone, "Codes can be asked for this NIP again.", "links", "free", "198001012005011001")
		if !strings.Contains(out, number+"  telegram  2026-03-02T12:00:00+07:00  never") {
			t.Errorf("who asked:\n%s", out)
		}
		d.wants(ExitDone, "The chat "+number+" may ask for a code until 2026-03-02T14:00:00+07:00", "links", "free", "198001012005011001", strings.ToLower(number[:3]+" "+number[3:]))
		out = d.wants(ExitDone, "freed", "audit", "--nip", "198001012005011001")
		if strings.Count(out, "link,freed") != 2 || !strings.Contains(out, "telegram,4712") {
			t.Errorf("the trail:\n%s", out)
		}
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close(context.Background()) }()
		claims, err := s.Claims(t.Context(), "198001012005011001", noon)
		if err != nil || len(claims) != 1 || claims[0].Account.ID != "4712" {
			t.Fatalf("%+v, %v", claims, err)
		}
	})
}
