package store_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// employeesUpTo gives n made-up employees.
func employeesUpTo(n int) func(yield func(store.Employee, error) bool) {
	return func(yield func(store.Employee, error) bool) {
		for i := range n {
			e := store.Employee{
				NIP: fmt.Sprintf("19800101%06d1%03d", i/1000, i%1000), NIK: fmt.Sprintf("%016d", 3171000000000000+i),
				Name: fmt.Sprintf("Pegawai Nomor %d", i), Email: fmt.Sprintf("pegawai%d@contoh.go.id", i), Position: "Analis Kebijakan Ahli Muda",
				Unit: "Direktorat Contoh", Grade: "III/c", OldNIP: fmt.Sprintf("%09d", 60000000+i), Active: true,
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func BenchmarkImport(b *testing.B) {
	const n = 500_000
	for b.Loop() {
		s := storetest.Open(b, storetest.SQLite(b))
		if _, err := s.Import(context.Background(), employeesUpTo(n), store.ImportOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/row")
}

// BenchmarkCommand is the store's part of a /status command, with 32 accounts
// at the same time as a busy morning has them.
func BenchmarkCommand(b *testing.B) {
	const accounts = 1000
	s := storetest.Open(b, storetest.SQLite(b))
	ctx := context.Background()
	if _, err := s.Import(ctx, employeesUpTo(accounts), store.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	for i := range accounts {
		a := store.Account{Platform: "telegram", ID: strconv.Itoa(i)}
		if err := s.Link(ctx, a, fmt.Sprintf("19800101%06d1%03d", i/1000, i%1000), time.Now(), func([]store.Account) []store.Job { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	payload := make([]byte, 300)
	var n atomic.Int64
	b.SetParallelism(16)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			a := store.Account{Platform: "telegram", ID: strconv.FormatInt(i%accounts, 10)}
			id := strconv.FormatInt(5_000_000+i, 10)
			if _, err := s.AddInbox(ctx, store.InboxEntry{Source: "telegram", ID: id, Account: "telegram:" + a.ID, Payload: payload}); err != nil {
				b.Error(err)
			}
			session, err := s.Session(ctx, a)
			if err != nil || !session.Linked {
				b.Error("no session", err)
			}
			if err := s.Audit(ctx, store.Event{At: time.Now(), Account: a, NIP: session.Employee.NIP, Action: "status", Outcome: "told", Detail: "ISSUE"}); err != nil {
				b.Error(err)
			}
			if err := s.AckInbox(ctx, "telegram", id); err != nil {
				b.Error(err)
			}
		}
	})
}
