package store_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/store"
)

const lifeNumber = "081298765430"

// serves is the other half of the day: the help desk's, and what the bot notes
// of what goes on, with a person at every place where there could be one.
func serves(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	words := strings.Join([]string{"Saya", sari.Name, sari.NIP, sari.Email, lifePIN, lifeLink, lifeNumber}, " ")
	open, _, err := s.OpenTicket(ctx, call(other, sari.NIP), opening("1", words))
	if err != nil {
		t.Fatal(err)
	}
	unknown := call(officer, "")
	unknown.Claim = budi.NIP
	if _, _, err := s.OpenTicket(ctx, unknown, opening("2", words)); err != nil {
		t.Fatal(err)
	}
	_, _, checked := s.AskPhoneCheck(ctx, store.PhoneCheck{NIP: sari.NIP, Officer: officer, Room: desk, Code: lifeCode, Asked: noon}, "1", noon, func(store.PhoneCheck) store.Deed { return store.Deed{} })
	_, announced := s.AnnounceDisturbance(ctx, store.Disturbance{What: "bsre", Source: store.ByOfficer, Words: []byte(words), Began: noon}, func(store.Disturbance) store.Deed { return store.Deed{} })
	_, faked := s.NoteFake(ctx, store.Fake{Account: phone, NIP: budi.NIP, Host: "palsu.test", Now: noon}, func(store.FakeCount) []store.Job { return nil })
	_, failed := s.NoteFailure(ctx, "bsre", budi.NIP, noon, noon.Add(-time.Hour), 5, func(store.Disturbance) store.Deed { return store.Deed{} })
	_, spent := s.Spend(ctx, sari.NIP, "whatsapp", noon, store.Budget{Most: 3, Within: time.Hour})
	_, used := s.SpendTrigger(ctx, "trigger", noon.Add(time.Hour))
	_, leased := s.ClaimLease(ctx, "portal", "bot", time.Minute, true)
	for _, err := range []error{
		checked, announced, faked, failed, spent, used, leased,
		s.KeepThread(ctx, desk, strconv.FormatInt(open.ID, 10), "t7"), s.SetOfficerName(ctx, officer, budi.Name),
		s.SaveCertificate(ctx, sari.NIP, store.Certificate{Looked: noon, Product: "Tanda Tangan Elektronik", Phone: store.PhoneVerified, Number: lifeNumber}),
		s.SetOffer(ctx, phone, store.Offer{Place: "link", Choices: words, At: noon}), s.NoteOddity(ctx, "notAfterDate", "99-99", noon),
		s.AwaitRecovery(ctx, store.RecoveryWait{Account: phone, What: "status", Language: "id", Press: "1", Asked: noon}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	settled(t, s)
}

// everywhere fails for each table that holds nothing: what is searched there
// would not be found. Processes note themselves where several share a database.
func everywhere(t *testing.T, s *store.Store) {
	t.Helper()
	names := `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	if s.SingleProcess() {
		names = `SELECT name FROM sqlite_schema WHERE type = 'table'`
	}
	var all []string
	read(t, s, names, &all)
	for _, table := range all {
		foreign := strings.HasPrefix(table, "sqlite") || strings.HasPrefix(table, "goose") || strings.HasPrefix(table, "river")
		if !foreign && table != "processes" && count(t, s, `SELECT count(*) FROM `+table) == 0 {
			t.Errorf("nothing is in %s, so nothing is proven of it", table)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d tables: %s", len(all), all)
	}
}
