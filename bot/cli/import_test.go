package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/storetest"
)

// people gives the rows of made-up employees, by their numbers.
func people(numbers ...int) string {
	var b strings.Builder
	for _, n := range numbers {
		fmt.Fprintf(&b, "198001012005011%03d,3171010101800%03d,Pegawai %d,p%d@contoh.go.id,Analis,Sekretariat,III/c,,ya\n", n, n, n, n)
	}
	return b.String()
}

func upTo(n int) (numbers []int) {
	for i := range n {
		numbers = append(numbers, i+1)
	}
	return numbers
}

func nip(n int) string { return fmt.Sprintf("198001012005011%03d", n) }

// open opens the desk's database beside the commands.
func (d *desk) open() *store.Store {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), strings.TrimPrefix(d.environ[0], "DATABASE_URL="), store.Options{Key: storetest.Key()})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			d.t.Error(err)
		}
	})
	return s
}

// active counts who is active.
func (d *desk) active(upTo int) (n int) {
	d.t.Helper()
	s := d.open()
	for i := 1; i <= upTo; i++ {
		e, err := s.Employee(d.t.Context(), nip(i))
		if err == nil && e.Active {
			n++
		}
	}
	return n
}

// A file that is cut short must not take everybody out of use.
func TestAFileThatIsNotWholeMakesNobodyInactive(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "60 added", "employees", "import", file(t, head+people(upTo(60)...)))
		short := file(t, head+people(upTo(3)...))
		d.wants(ExitFailed, "57 of 60 active people would be made inactive, which is a lot: is the file whole? If they really left, repeat with --yes-deactivate 57", "employees", "import", "--deactivate-missing", short)
		d.wants(ExitFailed, "57 of 60", "employees", "import", "--deactivate-missing", "--yes-deactivate", "56", short)
		out := d.wants(ExitFailed, "Nothing was written. It would have been: 0 added, 0 changed, 3 unchanged, 57 made inactive.", "employees", "import", "--deactivate-missing", "--dry-run", short)
		if !strings.Contains(out, "would be inactive: "+nip(4)+" Pegawai 4\n") || !strings.Contains(out, "… and 7 more\n") {
			t.Errorf("a dry run names who goes: %s", out)
		}
		everybodyOut := strings.ReplaceAll(head+people(upTo(60)...), ",ya\n", ",Pensiun BUP\n")
		d.wants(ExitFailed, "60 of 60 active people", "employees", "import", file(t, everybodyOut))
		if n := d.active(60); n != 60 {
			t.Errorf("%d are active", n)
		}
		d.wants(ExitDone, "3 made inactive", "employees", "import", "--deactivate-missing", file(t, head+people(upTo(57)...))) // 5 percent
		d.wants(ExitDone, "54 made inactive", "employees", "import", "--deactivate-missing", "--yes-deactivate", "54", short)
		if n := d.active(60); n != 3 {
			t.Errorf("%d are active", n)
		}
		trail := d.wants(ExitDone, "import", "audit")
		if strings.Count(trail, ",cli,petugas,,import,refused,") != 3 || strings.Count(trail, ",cli,petugas,,import,done,") != 3 || !strings.Contains(trail, `"0 added, 0 changed, 3 unchanged, 54 inactive, 0 bad"`) {
			t.Errorf("the trail: %s", trail)
		}
	})
}

// One who leaves is no bulk, 5 percent are, and so are 100 of any directory.
func TestHowManyLeaveUnasked(t *testing.T) {
	for _, tt := range []struct {
		leave, of, yes int
		want           bool
	}{
		{0, 0, 0, true}, {1, 3, 0, true}, {2, 3, 0, false}, {3, 60, 0, true}, {4, 60, 0, false},
		{100, 75_680, 0, true}, {101, 75_680, 0, false}, {101, 75_680, 100, false}, {101, 75_680, 101, true}, {73_414, 75_680, 0, false},
	} {
		w := importWork{importCommand: importCommand{YesDeactivate: tt.yes}, effects: store.ImportEffects{Active: tt.of, Left: make([]store.Departure, tt.leave)}}
		if err := w.leaving(); (err == nil) != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// Whom a bad row names stays as they are.
func TestABadRowMakesNobodyInactive(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "5 added", "employees", "import", file(t, head+people(1, 2, 3, 4, 5)))
		bad := strings.Replace(people(1, 2, 3, 4), "p2@contoh.go.id", "p2@contoh", 1)
		d.wants(ExitFailed, "bad rows: 1; nothing was written", "employees", "import", "--deactivate-missing", file(t, head+bad))
		rejects := filepath.Join(t.TempDir(), "rejects.csv")
		d.wants(ExitDone, "0 added, 0 changed, 3 unchanged, 1 made inactive; bad rows left out: 1.", "employees", "import", "--deactivate-missing", "--skip-bad", "--rejects", rejects, file(t, head+bad))
		if n := d.active(5); n != 4 {
			t.Errorf("%d are active", n)
		}
		got, err := os.ReadFile(rejects)
		want := "line,nip,reason\n3," + nip(2) + ",email: has no dot in its domain: a mail server on the internet would not find it\n"
		if err != nil || string(got) != want {
			t.Errorf("rejects: %q, %v", got, err)
		}
		if info, err := os.Stat(rejects); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("rejects: %v, %v", info, err)
		}
		nobody := strings.Replace(people(1, 2, 3, 4), nip(2), "1,98001E+17", 1)
		d.wants(ExitFailed, "nobody knows whom they name (the first is line 3)", "employees", "import", "--deactivate-missing", "--skip-bad", file(t, head+nobody))
	})
}

func TestAllThatIsWrongIsToldInOneRun(t *testing.T) {
	d := atDesk(t, storetest.SQLite(t))
	rows := head +
		"19800101200501100,317,,p1,Analis,,,,perhaps\n" +
		"19800101200501102,3171010101800002,Dua,p2@contoh.go.id,,,,,ya\n" +
		people(3) + strings.Replace(people(4), "3171010101800004", "3171010101800003", 1) // one NIK
	code, out, errs := d.run("employees", "import", file(t, rows))
	for _, want := range []string{
		"line 2: nip: it has 17 digits, want 18; nik: it has 3 digits, want 16; email: is no e-mail address; active: want ya or tidak", "name: is empty",
		"      2  nip: it has 17 digits, want 18\n", "      1  nik: it has 3 digits, want 16\n",
		"bad rows: 2; nothing was written",
		"one NIK belongs to several active people: " + nip(3) + " (line 4), " + nip(4) + " (line 5)",
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is missing in %s", want, errs)
		}
	}
	if code != ExitFailed || strings.Contains(out+errs, "3171010101800003") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	d.wants(ExitFailed, "4 of 4 NIPs end in 000", "employees", "import", "../../store/directory/testdata/rounded-15-digits.csv")
	d.wants(ExitFailed, "a spreadsheet shortened it", "employees", "import", "../../store/directory/testdata/scientific.csv")
}

// The address of the codes, the right to a reset: whom it concerns is told.
func TestLinkedPeopleAreToldWhatChanges(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "4 added", "employees", "import", file(t, head+people(1, 2, 3, 4)))
		s := d.open()
		for n := 1; n <= 4; n++ {
			if err := s.Link(t.Context(), store.Account{Platform: "telegram", ID: fmt.Sprint("chat", n)}, nip(n), noon, func([]store.Account) []store.Job { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		next := strings.NewReplacer("p2@contoh.go.id", "dua@contoh.go.id", nip(3)+",", nip(5)+",", "Pegawai 4,", "Pegawai Empat,").Replace(people(1, 2, 3, 4))
		changes := file(t, head+next)
		want := "linked: " + nip(2) + " Pegawai 2: address changed from p2@contoh.go.id to dua@contoh.go.id\n" +
			"linked: " + nip(3) + " Pegawai 3: NIP replaced by " + nip(5) + "\n"
		if out := d.wants(ExitDone, "1 added, 2 changed, 1 unchanged, 1 made inactive.", "employees", "import", "--dry-run", changes); !strings.Contains(out, want) {
			t.Errorf("got %s", out)
		}
		if out := d.wants(ExitDone, "1 added, 2 changed, 1 unchanged, 1 made inactive.", "employees", "import", changes); !strings.Contains(out, want) {
			t.Errorf("got %s", out)
		}
		rows, err := s.OpenInbox(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		both := ""
		for _, row := range rows {
			u, err := bot.DecodeUnasked(bot.InboxItem(row))
			if err != nil {
				t.Fatal(err)
			}
			both += u.Account.ID + string(u.Words)
		}
		for _, want := range []string{"directory.address", "d***@contoh.go.id", "directory.replaced", "chat2", "chat3"} {
			if !strings.Contains(both, want) {
				t.Errorf("%q is missing in %s", want, both)
			}
		}
		if len(rows) != 2 {
			t.Errorf("%d are told: %s", len(rows), both)
		}
	})
}

// Who could not link because the directory had an old address, and opened a
// ticket about it, is told once when a file mends it, and so are the officers
// who have a thread about it. Neither hears the address.
func TestWhoseAddressIsMendedIsToldOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "3 added", "employees", "import", file(t, head+people(1, 2, 3)))
		s := d.open()
		room := store.Account{Platform: "telegram", ID: "-100"}
		for n := 1; n <= 3; n++ { // 2 has linked meanwhile, 3 is another matter
			a := store.Account{Platform: "telegram", ID: fmt.Sprint("chat", n)}
			claim := map[bool]string{true: nip(n)}[n < 3]
			ticket, _, err := s.OpenTicket(t.Context(), store.Ticket{Account: a, Reason: "address", Claim: claim, Language: "id", Facts: []byte("{}"), Opened: noon}, func(store.Ticket) store.TicketDeed { return store.TicketDeed{} })
			if err != nil {
				t.Fatal(err)
			}
			if err := s.KeepThread(t.Context(), room, strconv.FormatInt(ticket.ID, 10), fmt.Sprint("thread", n)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Link(t.Context(), store.Account{Platform: "telegram", ID: "chat2"}, nip(2), noon, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		heard := func() (all string, n int) {
			t.Helper()
			rows, err := s.OpenInbox(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				u, err := bot.DecodeUnasked(bot.InboxItem(row))
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(u.Words), "desk.mended") {
					all += u.Account.ID + " " + u.Subject + " " + string(u.Words) + "\n"
					n++
				}
			}
			return all, n
		}
		d.wants(ExitDone, "3 unchanged", "employees", "import", file(t, head+people(1, 2, 3)))
		mended := strings.NewReplacer("p1@", "satu@", "p2@", "dua@", "p3@", "tiga@").Replace(people(1, 2, 3))
		d.wants(ExitDone, "3 changed", "employees", "import", "--dry-run", file(t, head+mended))
		if all, n := heard(); n != 0 {
			t.Errorf("told before the address was mended: %s", all)
		}
		d.wants(ExitDone, "3 changed", "employees", "import", file(t, head+mended))
		all, n := heard()
		if n != 2 || !strings.Contains(all, "chat1 ") || !strings.Contains(all, "-100 1 ") || strings.Contains(all, "satu@") || strings.Contains(all, "satu\\") {
			t.Errorf("%d are told: %s", n, all)
		}
		d.wants(ExitDone, "3 changed", "employees", "import", file(t, head+people(1, 2, 3)))
		if all, n := heard(); n != 2 {
			t.Errorf("told again: %s", all)
		}
	})
}

func TestAnEncodingIsAskedFor(t *testing.T) {
	windows, err := charmap.Windows1252.NewEncoder().String(head + strings.Replace(people(1), "Pegawai 1", "José", 1))
	if err != nil {
		t.Fatal(err)
	}
	d := atDesk(t, storetest.SQLite(t))
	name := file(t, windows)
	d.wants(ExitFailed, `in windows-1252 line 2 would read "José"; if that is right, import it with --encoding windows-1252`, "employees", "import", name)
	d.typed = "n\n"
	d.wants(ExitFailed, "Is that right? [y/N]", "employees", "import", name)
	d.typed = "y\n"
	d.wants(ExitDone, "1 added", "employees", "import", "--dry-run", name)
	d.typed = ""
	d.wants(ExitDone, "1 added", "employees", "import", "--encoding", "windows-1252", name)
	d.wants(ExitDone, "José", "employees", "show", nip(1))
}

func TestAHeaderOfOnesOwn(t *testing.T) {
	d := atDesk(t, storetest.SQLite(t))
	rows := "Nomor Pegawai,nik,nama,Kontak,Hobi,Gol. Ruang\n" + nip(1) + ",3171010101800001,Satu,p1@gmail.com,catur," + strings.Repeat("x", 600) + "\n"
	d.wants(ExitFailed, `the header has no column nip; it wants nip, nik, name or nama, and email (or say which it is with --map "nip=NAME")`, "employees", "import", file(t, rows))
	d.wants(ExitUsage, "want COLUMN=HEADER, with COLUMN one of nip, nik", "employees", "import", "--map", "nomor=x", file(t, rows))
	d.wants(ExitFailed, `the header has no column "NIP Baru", which --map names`, "employees", "import", "--map", "nip=NIP Baru", "--map", "email=Kontak", file(t, rows))
	_, _, errs := d.run("employees", "import", "--dry-run", "--map", "nip=nomor pegawai", "--map", "email=Kontak", file(t, rows))
	for _, want := range []string{
		"note: columns that are not used: Hobi\n", "note: there is no column that tells who is active",
		"warning: grade: has more than 500 characters; the value was left out (1: line 2)\n", "warning: email: a private address",
	} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is missing in %s", want, errs)
		}
	}
	d.environ = append(d.environ, "EMPLOYEE_COLUMNS=nip=Nomor Pegawai, email=Kontak", "MAIL_DOMAINS=contoh.go.id")
	d.wants(ExitDone, "warning: email: not one of MAIL_DOMAINS (1: line 2)", "employees", "import", file(t, rows))
	d.environ[len(d.environ)-2] = "EMPLOYEE_COLUMNS=nomor=x"
	d.wants(ExitUsage, "EMPLOYEE_COLUMNS: ", "employees", "import", file(t, rows))
}

func TestASpreadsheetIsImported(t *testing.T) {
	for _, name := range []string{"titles.xlsx", "titles.ods"} {
		d := atDesk(t, storetest.SQLite(t))
		d.wants(ExitDone, "2 added", "employees", "import", "../../store/directory/testdata/"+name)
		d.wants(ExitDone, "Pegawai Satu, S.E.", "employees", "show", "199001152015011001")
	}
}
