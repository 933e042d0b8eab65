package directory

import (
	"errors"
	"strings"
	"testing"

	"resetpin/store"
)

func TestParseNIP(t *testing.T) {
	tests := []struct {
		text string
		want string
		err  error
	}{
		{"198001012005011001", "198001012005011001", nil},
		{" 19800101 200501 1 001 ", "198001012005011001", nil},
		{"19800101.200501.1.001", "198001012005011001", nil},
		{"19800101-200501-2-001", "198001012005012001", nil},
		{"199403072024211008", "199403072024211008", nil}, // contract staff: 21 is no month
		{"19800101200501100", "", &LengthError{18, 17}},
		{"", "", &LengthError{18, 0}},
		{"19800101200501100l", "", ErrLetters},
		{"198002302005011001", "", ErrBirthDate},
		{"000001012005011001", "", ErrBirthDate},
		{"198001012005013001", "", ErrSex},
		{"１９８００１０１２００５０１１００１", "", ErrLetters}, // full-width digits
	}
	for _, tt := range tests {
		got, err := ParseNIP(tt.text)
		var length *LengthError
		if want := new(LengthError); errors.As(tt.err, &want) {
			if !errors.As(err, &length) || *length != *want {
				t.Errorf("ParseNIP(%q): error %v, want %v", tt.text, err, tt.err)
			}
			continue
		}
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("ParseNIP(%q) = %q, %v; want %q, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

func FuzzParseNIP(f *testing.F) {
	for _, s := range []string{"198001012005011001", "1980 0101 2005", "", "\ufeff198001012005011001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nip, err := ParseNIP(s)
		if err != nil {
			return
		}
		if again, err := ParseNIP(nip); err != nil || again != nip || len(nip) != 18 {
			t.Errorf("ParseNIP(%q) = %q, and again %q, %v", s, nip, again, err)
		}
	})
}

const header = "nip,nik,nama,email,jabatan,unit_terakhir,golongan,nip_lama,aktif\n"

func readAll(t *testing.T, file string) (es []store.Employee, errs []string) {
	t.Helper()
	rows, err := Read(strings.NewReader(file))
	if err != nil {
		t.Fatalf("header: %v", err)
	}
	for e, err := range rows {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		es = append(es, e)
	}
	return es, errs
}

func TestReadTakesEveryForm(t *testing.T) {
	want := store.Employee{NIP: "198001012005011001", NIK: "3171010101800001", Name: "Contoh, Satu", Email: "satu@contoh.go.id", Position: "Analis", Unit: "Sekretariat", Grade: "III/c", OldNIP: "060012345", Active: true}
	for name, file := range map[string]string{
		"commas":     header + `198001012005011001,3171010101800001,"Contoh, Satu",satu@contoh.go.id,Analis,Sekretariat,III/c,060012345,ya` + "\n",
		"semicolons": "NIP;NIK;Name;Email;Position;Unit;Grade;nip_lama;active\r\n19800101 200501 1 001;3171-0101-0180-0001;Contoh, Satu;satu@contoh.go.id;Analis;Sekretariat;III/c;06.001.2345;1\r\n",
		"mark":       "\ufeff" + header + `198001012005011001,3171010101800001,"Contoh, Satu",satu@contoh.go.id,Analis,Sekretariat,III/c,060012345,`,
		"order":      "email,nama,golongan,unit,jabatan,nip_lama,nik,nip\n" + `satu@contoh.go.id,"Contoh, Satu",III/c,Sekretariat,Analis,060012345,3171010101800001,198001012005011001`,
	} {
		es, errs := readAll(t, file)
		if len(errs) > 0 || len(es) != 1 || es[0] != want {
			t.Errorf("%s: %+v, %v", name, es, errs)
		}
	}
}

func TestReadNamesBadRows(t *testing.T) {
	const good = "198001012005011001,3171010101800001,A,a@contoh.go.id,,,,,\n"
	tests := []struct{ row, want string }{
		{"198001012005011001,317,A,a@contoh.go.id,,,,,\n", "line 3: nik: it has 3 digits, want 16"},
		{"x,3171010101800001,A,a@contoh.go.id,,,,,\n", "line 3: nip: there is something in it that is no digit"},
		{"198001012005011002,3171010101800001,,a@contoh.go.id,,,,,\n", "line 3: name: is empty"},
		{"198001012005011002,3171010101800001,A,a.contoh.go.id,,,,,\n", "line 3: email: is no e-mail address"},
		{"198001012005011002,3171010101800001,A,a@contoh.go.id,,,,12,\n", "line 3: nip_lama: it has 2 digits, want 9"},
		{"198001012005011002,3171010101800001,A,a@contoh.go.id,,,,,mungkin\n", "line 3: active: want ya or tidak"},
		{"198001012005011002,3171010101800001\n", "line 3: row: has 2 fields, the header has 9"},
		{good, "line 3: nip: stands in line 2 already"},
	}
	for _, tt := range tests {
		es, errs := readAll(t, header+good+tt.row)
		if len(es) != 1 || len(errs) != 1 || errs[0] != tt.want {
			t.Errorf("%q: %d rows, errors %q; want %q", tt.row, len(es), errs, tt.want)
		}
		if strings.Contains(strings.Join(errs, ""), "3171010101800001") {
			t.Errorf("%q: the error shows the NIK", tt.row)
		}
	}
}

func TestReadRefusesABadHeader(t *testing.T) {
	for file, want := range map[string]string{
		"":                           "the file is empty",
		"nip,nama,email\n":           "no column nik",
		"nip,nik,nama,email,hobi\n":  `"hobi" that is not known`,
		"nip,nik,nama,email,email\n": `"email" twice`,
	} {
		if _, err := Read(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", file, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + "198001012005011001,3171010101800001,A,a@contoh.go.id,,,,,\n")
	f.Add("nip;nik;nama;email\n\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		rows, err := Read(strings.NewReader(file))
		if err != nil {
			return
		}
		for e, err := range rows {
			if err == nil && (len(e.NIP) != 18 || len(e.NIK) != 16 || e.Name == "") {
				t.Errorf("a bad employee passed: %+v", e)
			}
		}
	})
}
