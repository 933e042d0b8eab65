package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/directory"
	"resetpin/store/storetest"
)

// importFile imports a file as the command does: the first bad row ends it.
func importFile(t *testing.T, s *store.Store, file string, o store.ImportOptions) (store.ImportResult, error) {
	t.Helper()
	f, err := directory.Read(strings.NewReader(file), directory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Import(t.Context(), f.Rows, o)
}

func TestAFileIsImportedAsItIsWritten(t *testing.T) {
	file := "\ufeffNIP;NIK;Nama;Email;Jabatan;Unit_Terakhir;Golongan;NIP_Lama;Aktif\r\n" +
		"19800101 200501 1 001;3171-0101-0180-0001;\"Contoh; \"\"Satu\"\"\";Satu@contoh.go.id;Analis;\"Biro\nSatu\";III/c;060012345;ya\r\n" +
		";;;;;;;;\r\n" +
		"199002022015022002;3171024202900002;Contoh Dua;dua@contoh.go.id;;;;;tidak\r\n"
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, want := range []store.ImportResult{{Added: 2}, {Unchanged: 2}} {
			if got := must[store.ImportResult](t)(importFile(t, s, file, store.ImportOptions{})); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		one := store.Employee{NIP: budi.NIP, NIK: budi.NIK, Name: `Contoh; "Satu"`, Email: budi.Email, Position: "Analis", Unit: "Biro Satu", Grade: "III/c", OldNIP: "060012345", Active: true}
		if got := must[store.Employee](t)(s.Employee(t.Context(), budi.NIP)); got != one {
			t.Errorf("got  %+v\nwant %+v", got, one)
		}
		if got := must[store.Employee](t)(s.EmployeeByEmail(t.Context(), "DUA@contoh.go.id")); got.NIP != sari.NIP || got.Active {
			t.Errorf("got %+v", got)
		}
	})
}

func TestABadRowIsToldByItsLineAndUndoesAll(t *testing.T) {
	const head = "nip,nik,nama,email\n"
	good := func(n int) string {
		return fmt.Sprintf("19800101200501%04d,3171010101800001,Nama,a%d@contoh.go.id\n", 1000+n, n)
	}
	for name, tt := range map[string]struct {
		file, want string
	}{
		"a short NIK":   {head + good(1) + good(2) + "198001012005012003,317,Nama,a@contoh.go.id\n" + good(4), "line 4: nik: it has 3 digits, want 16"},
		"a NIP twice":   {head + good(1) + good(2) + "\n" + good(1), "line 5: nip: stands in line 2 already"},
		"an open quote": {head + good(1) + "198001012005012003,3171010101800001,\"Nama,a@contoh.go.id\n" + good(4), "line 3: row: a quote is not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				load(t, s, sari)
				_, err := importFile(t, s, tt.file, store.ImportOptions{DeactivateMissing: true})
				var row *directory.RowError
				if !errors.As(err, &row) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), budi.NIK) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
				if n, err := s.CountEmployees(t.Context()); n != 1 || err != nil {
					t.Errorf("%d employees, %v", n, err)
				}
				if got := must[store.Employee](t)(s.Employee(t.Context(), sari.NIP)); got != sari {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

// What the caller's own check refuses after the last row is undone as well.
func TestACheckUndoesAnImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		bad := errors.New("too many bad rows")
		calls := 0
		_, err := s.Import(t.Context(), rows(budi, sari), store.ImportOptions{Check: func() error { calls++; return bad }})
		if n, count := s.CountEmployees(t.Context()); !errors.Is(err, bad) || n != 0 || count != nil || calls != 1 {
			t.Errorf("%v; %d employees, %v; checked %d times", err, n, count, calls)
		}
		ctx, cancel := context.WithCancel(t.Context())
		stopped := func(yield func(store.Employee, error) bool) {
			employeesUpTo(5000)(func(e store.Employee, err error) bool {
				if e.NIP == "198001010000031000" {
					cancel()
				}
				return yield(e, err)
			})
		}
		if _, err := s.Import(ctx, stopped, store.ImportOptions{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = s.Import(t.Context(), func(yield func(store.Employee, error) bool) { yield(budi, nil); panic("a bug") }, store.ImportOptions{})
		}()
		if n, err := s.CountEmployees(t.Context()); n != 0 || err != nil {
			t.Errorf("%d employees, %v", n, err)
		}
		load(t, s, budi, sari)
	})
}

func TestAPersonIsSealedForTheirRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		twin := sari
		twin.NIK = budi.NIK
		load(t, s, budi, twin)
		exec(t, s, `UPDATE employees SET person = (SELECT person FROM employees ORDER BY person LIMIT 1)`)
		moved, found := 0, 0
		for _, nip := range []string{budi.NIP, sari.NIP} {
			switch e, err := s.Employee(t.Context(), nip); {
			case errors.Is(err, store.ErrWrongKey) && !strings.Contains(err.Error(), nip):
				moved++
			case err == nil && e.NIP == nip:
				found++
			default:
				t.Errorf("%s: %+v, %v", nip, e, err)
			}
		}
		if moved != 1 || found != 1 {
			t.Errorf("%d were refused in another's row, %d read", moved, found)
		}
	})
}

// The bot answers while an import runs, the first one included, with what was
// there before.
func TestReadersGoOnWhileAnImportRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for round, before := range []int{0, 500} {
			seen := 0
			looking := func(yield func(store.Employee, error) bool) {
				employeesUpTo(500)(func(e store.Employee, err error) bool {
					e.Unit = fmt.Sprint("Unit ", round)
					if seen++; seen%100 == 0 {
						if n, err := s.CountEmployees(t.Context()); n != before || err != nil {
							t.Errorf("round %d: %d employees, %v", round, n, err)
						}
						if got, err := s.EmployeeByEmail(t.Context(), "pegawai1@contoh.go.id"); (before == 0) != errors.Is(err, store.ErrNotFound) || got.Unit == e.Unit {
							t.Errorf("round %d: %+v, %v", round, got, err)
						}
						linked(t, s, phone)
					}
					return yield(e, err)
				})
			}
			if _, err := s.Import(t.Context(), looking, store.ImportOptions{DeactivateMissing: true}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// However many rows there are, a few are in memory.
func TestAnImportStaysSmall(t *testing.T) {
	const n, most = 100_000, 24 << 20
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before, peak, next := live(), uint64(0), n/4
		progress := func(done int) {
			if done >= next {
				next, peak = next+n/4, max(peak, live())
			}
		}
		rows := employeesUpTo(n)
		got, err := s.Import(t.Context(), rows, store.ImportOptions{Progress: progress})
		if err != nil || got != (store.ImportResult{Added: n}) {
			t.Errorf("got %+v, %v", got, err)
		}
		if peak == 0 || peak > before+most {
			t.Errorf("%d bytes in use, %d before", peak, before)
		}
		if got := must[store.Employee](t)(s.EmployeeByEmail(t.Context(), "pegawai99999@contoh.go.id")); got.NIP != "198001010000991999" {
			t.Errorf("the last one: %+v", got)
		}
	})
}
