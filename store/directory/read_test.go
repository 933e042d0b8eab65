package directory

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"resetpin/store"
)

const header = "nip,nik,nama,email,jabatan,unit_terakhir,golongan,nip_lama,aktif\n"

// good is a row without fault; its NIK must never be in an error.
const (
	good    = "198001012005011001,3171010101800001,A,a@contoh.go.id,,,,,\n"
	goodNIK = "3171010101800001"
)

func readAll(t *testing.T, file string) (es []store.Employee, errs []string) {
	t.Helper()
	f, err := Read(strings.NewReader(file), Options{})
	if err != nil {
		t.Fatalf("%.80q: header: %v", file, err)
	}
	for e, err := range f.Rows {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		es = append(es, e)
	}
	return es, errs
}

func TestReadTakesEveryForm(t *testing.T) {
	want := store.Employee{NIP: "198001012005011001", NIK: goodNIK, Name: "Contoh, Satu", Email: "satu@contoh.go.id", Position: "Analis", Unit: "Sekretariat", Grade: "III/c", OldNIP: "060012345", Active: true}
	for name, file := range map[string]string{
		"commas":      header + `198001012005011001,3171010101800001,"Contoh, Satu",satu@contoh.go.id,Analis,Sekretariat,III/c,060012345,ya` + "\n",
		"semicolons":  "NIP;NIK;Name;Email;Position;Unit;Grade;nip_lama;active\r\n19800101 200501 1 001;3171-0101-0180-0001;Contoh, Satu;satu@contoh.go.id;Analis;Sekretariat;III/c;06.001.2345;1\r\n",
		"mark":        "\ufeff" + header + `198001012005011001,3171010101800001,"Contoh, Satu",satu@contoh.go.id,Analis,Sekretariat,III/c,060012345,`,
		"quoted mark": "\ufeff\"nip\"" + header[3:] + `198001012005011001,3171010101800001,"Contoh, Satu",satu@contoh.go.id,Analis,Sekretariat,III/c,060012345,`,
		"order":       "email,nama,golongan,unit,jabatan,nip_lama,nik,nip\n" + `satu@contoh.go.id,"Contoh, Satu",III/c,Sekretariat,Analis,060012345,3171010101800001,198001012005011001`,
		"blanks":      " NIP ;nik;Nama;email;jabatan;Unit Terakhir;golongan;NIP Lama;;\n;;;;;;;;;\n198001012005011001;3171010101800001; Contoh,\tSatu ;satu@contoh.go.id;Analis;Sekretariat;III/c;060012345;;\n;;;;;;;;;\n\n",
	} {
		es, errs := readAll(t, file)
		if len(errs) > 0 || len(es) != 1 || es[0] != want {
			t.Errorf("%s: %+v, %v", name, es, errs)
		}
	}
}

func TestReadTakesEveryWordForActive(t *testing.T) {
	for word, want := range map[string]bool{
		"": true, "ya": true, "YA": true, "true": true, "1": true, "aktif": true, "Aktif ": true,
		"tidak": false, "false": false, "0": false, "nonaktif": false, "Tidak Aktif": false,
		"PNS Aktif": true, "Tugas Belajar": true, "Pensiun": false, "Meninggal Dunia": false, "CLTN": false, "Cuti di Luar Tanggungan Negara": false, "MPP": false,
	} {
		es, errs := readAll(t, "nip,nik,nama,email,aktif\n198001012005011001,3171010101800001,A,a@contoh.go.id,"+word+"\n")
		if len(errs) > 0 || len(es) != 1 || es[0].Active != want {
			t.Errorf("%q: %+v, %v; want %v", word, es, errs, want)
		}
	}
}

func TestReadNamesBadRows(t *testing.T) {
	long := strings.Repeat("panjang ", 100)
	tests := []struct{ row, want string }{
		{"198001012005011002,317,A,a@contoh.go.id,,,,,\n", "line 3: nik: it has 3 digits, want 16"},
		{`198001012005011002,"3,17101E+15",A,a@contoh.go.id,,,,,` + "\n", "line 3: nik: there is something in it that is no digit; a spreadsheet shortened it, and the digits are lost: make the column text, fill it in anew and save again"},
		{"x,3171010101800001,A,a@contoh.go.id,,,,,\n", "line 3: nip: there is something in it that is no digit"},
		{"3171010101800001,198001012005011002,A,a@contoh.go.id,,,,,\n", "line 3: nip: it has 16 digits, want 18; nik: it has 18 digits, want 16"},
		{"198001012005011002,3171010101800001,,a@contoh.go.id,,,,,\n", "line 3: name: is empty"},
		{"198001012005011002,3171010101800001,A,,,,,,\n", "line 3: email: is empty"},
		{"198001012005011002,3171010101800001,A,a.contoh.go.id,,,,,\n", "line 3: email: is no e-mail address"},
		{"198001012005011002,3171010101800001," + long + ",a@contoh.go.id,,,,,\n", "line 3: name: has more than 500 characters"},
		{"198001012005011002,3171010101800001,A,a@contoh,,,,,\n", "line 3: email: has no dot in its domain: a mail server on the internet would not find it"},
		{"198001012005011002,317,,a.contoh.go.id,,,,,mungkin\n", "line 3: nik: it has 3 digits, want 16; email: is no e-mail address; active: want ya or tidak, or a known word such as Aktif, Pensiun, CLTN; name: is empty"},
		{"198001012005011002,3171010101800001,A,a@contoh.go.id,,,,,mungkin\n", "line 3: active: want ya or tidak, or a known word such as Aktif, Pensiun, CLTN"},
		{"198001012005011002,3171010101800001\n", "line 3: row: has 2 fields, the header has 9"},
		{"198001012005011002,3171010101800001,A \"B,a@contoh.go.id,,,,,\n", "line 3: row: a quote is not closed, or stands inside a value without being doubled"},
		{"198001012005011002,3171010101800001,\"A\"B,a@contoh.go.id,,,,,\n", "line 3: row: a quote is not closed, or stands inside a value without being doubled"},
		{good, "line 3: nip: stands in line 2 already"},
	}
	const after = "198001012005011009,3171010101800009,Z,z@contoh.go.id,,,,,\n"
	for _, tt := range tests {
		es, errs := readAll(t, header+good+tt.row+after)
		if len(es) != 2 || len(errs) != 1 || errs[0] != tt.want {
			t.Errorf("%.80q: %d rows, errors %q; want %q", tt.row, len(es), errs, tt.want)
		}
		if strings.Contains(strings.Join(errs, ""), goodNIK) {
			t.Errorf("%q: the error shows the NIK", tt.row)
		}
	}
}

// Rows after a value with line ends, blank lines and bad rows keep their own
// line numbers, and a bad row tells whose it is.
func TestReadCountsLinesAsAnEditorDoes(t *testing.T) {
	f, err := Read(strings.NewReader(header+
		"198001012005011001,3171010101800001,\"A\nB\r\nC\",a@contoh.go.id,,,,,\n"+ // lines 2 to 4
		"\n\r\n"+ // 5 and 6
		"198001012005011002,3,A,a@contoh.go.id,,,,,\n"+ // 7
		"x\"y\n"+ // 8
		",,,,,,,,\n"+ // 9
		"198001012005011001,3171010101800001,A,a@contoh.go.id,,,,,\n"+ // 10
		"198001012005011002,3171010101800001,A,a@contoh.go.id,,,,,"), Options{}) // 11
	if err != nil {
		t.Fatal(err)
	}
	var bad []RowError
	var names []string
	for e, err := range f.Rows {
		var row *RowError
		if errors.As(err, &row) {
			bad = append(bad, *row)
		} else {
			names = append(names, e.Name)
		}
	}
	want := []RowError{
		{7, "198001012005011002", []Fault{{"nik", "it has 1 digits, want 16"}}},
		{8, "", []Fault{{"row", "a quote is not closed, or stands inside a value without being doubled"}}},
		{10, "198001012005011001", []Fault{{"nip", "stands in line 2 already"}}},
		{11, "198001012005011002", []Fault{{"nip", "stands in line 7 already"}}}, // nobody can tell which is meant
	}
	if !reflect.DeepEqual(bad, want) || !slices.Equal(names, []string{"A B C"}) {
		t.Errorf("got %+v and %q, want %+v", bad, names, want)
	}
}

// A quote that is never closed swallows rows: nothing after it can be trusted.
func TestReadEndsWhereTheQuotesAreOutOfStep(t *testing.T) {
	filler := strings.Repeat(strings.Repeat("x", 99)+"\n", 3*longestRow/100)
	for name, rest := range map[string]string{
		"to the end":             "198001012005011002,3171010101800001,\"A,a@contoh.go.id,,,,,\n" + good,
		"to the next quote":      "198001012005011002,3171010101800001,\"A,a@contoh.go.id,,,,,\n198001012005011003,3171010101800001,\"B, C\",a@contoh.go.id,,,,,\n",
		"into another row":       "198001012005011002,3171010101800001,\"A,a@contoh.go.id,,,,,\n198001012005011003,3171010101800001,B\",a@contoh.go.id\n",
		"for more than a row is": "198001012005011002,3171010101800001,\"A,a@contoh.go.id,,,,,\n" + filler,
		"a line without end":     strings.ReplaceAll(filler, "\n", ""),
	} {
		f, err := Read(strings.NewReader(header+good+rest), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var row *RowError
		var last error
		n := 0
		for _, err := range f.Rows {
			n++
			if errors.As(err, &row) && row.Line != 3 {
				t.Errorf("%s: %v, want line 3", name, row)
			}
			last = err
		}
		if n != 3 || row == nil || !errors.Is(last, ErrLost) || !strings.HasPrefix(last.Error(), "line 3: ") {
			t.Errorf("%s: %d results, the last %v after %v", name, n, last, row)
		}
	}
}

func TestReadRefusesABadHeader(t *testing.T) {
	for file, want := range map[string]string{
		"":                           "the file is empty",
		"\n \n":                      "the file is empty",
		"\ufeff\n":                   "the file is empty",
		good:                         "no column nip",
		"nip,nama,email\n":           "no column nik",
		"nip,nik,nama,email,email\n": `"email" twice`,
		"nip,nik,nama,name,email\n":  `name as "nama" and as "name"`,
		"nip,\"nik,nama\n":           "the header cannot be read",
		"PK\x03\x04rest":             "read the spreadsheet",
		"\xd0\xcf\x11\xe0":           "an old spreadsheet (.xls)",
		"<html><table><tr><td>nip":   "a web page",
	} {
		if _, err := Read(strings.NewReader(file), Options{}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), goodNIK) {
			t.Errorf("%q: %v, want %q", file, err, want)
		}
	}
}

func TestReadPassesOnWhatKeepsTheFileFromBeingRead(t *testing.T) {
	broken := errors.New("the disk is broken")
	if _, err := Read(iotest.ErrReader(broken), Options{}); !errors.Is(err, broken) {
		t.Errorf("at the header: %v", err)
	}
	many := strings.Repeat("\n", 1<<17) // more than is read ahead
	f, err := Read(io.MultiReader(strings.NewReader(header+good+many), iotest.ErrReader(broken)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var errs []error
	for _, err := range f.Rows {
		errs = append(errs, err)
	}
	if len(errs) != 2 || errs[0] != nil || !errors.Is(errs[1], broken) {
		t.Errorf("got %v", errs)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + good)
	f.Add(header + good + good)
	f.Add("nip;nik;nama;email\n\"\n")
	f.Add("\ufeffnip;nik;nama;email\n19800101 200501 1 001;3171-0101-0180-0001;\"A\n\"\"B\"\"\";a@contoh.go.id\n;;;\nx\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		read, err := Read(strings.NewReader(file), Options{})
		if err != nil {
			return
		}
		seen := make(map[string]bool)
		ended := false
		for e, err := range read.Rows {
			var row *RowError
			switch {
			case ended:
				t.Fatal("something came after the end")
			case errors.As(err, &row):
				if row.Line < 2 || row.Line > strings.Count(file, "\n")+1 {
					t.Errorf("line %d of a file that has no such line", row.Line)
				}
			case err != nil:
				ended = true
			default:
				if seen[e.NIP] {
					t.Errorf("%s came twice", e.NIP)
				}
				seen[e.NIP] = true
				checkEmployee(t, e)
			}
		}
	})
}

func checkEmployee(t *testing.T, e store.Employee) {
	t.Helper()
	nip, err1 := ParseNIP(e.NIP)
	nik, err2 := ParseNIK(e.NIK)
	if err := errors.Join(err1, err2); err != nil || nip != e.NIP || nik != e.NIK || e.Name == "" || strings.ContainsAny(e.Name+e.Email, "\r\n\x00") {
		t.Errorf("a bad employee passed: %+v, %v", e, err)
	}
}
