package directory

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"resetpin/store"
)

// reading is all that comes of a file.
type reading struct {
	file   *File
	people []store.Employee
	wrong  []string
}

func readBytes(t *testing.T, data []byte, o Options) reading {
	t.Helper()
	f, err := Read(bytes.NewReader(data), o)
	if err != nil {
		t.Fatal(err)
	}
	r := reading{file: f}
	for e, err := range f.Rows {
		if err != nil {
			r.wrong = append(r.wrong, err.Error())
			continue
		}
		r.people = append(r.people, e)
	}
	return r
}

func readSample(t *testing.T, name string) reading {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return readBytes(t, data, Options{})
}

// nips gives who was read.
func (r reading) nips() (out []string) {
	for _, e := range r.people {
		out = append(out, e.NIP)
	}
	return out
}

var four = []string{"199001152015011001", "199102202016022002", "198503102010011003", "199403072024211004"}

// The files of the folder are what offices have, with invented people.
func TestFilesOfPersonnelOffices(t *testing.T) {
	for name, want := range map[string][]string{
		"apostrophe.csv": four, "formula-text.csv": four, "header-variants.csv": four, "extra-columns.csv": four[:1],
		"titles.ods": four[:2], "titles.xlsx": four[:2], // saved by Gnumeric 1.12
	} {
		r := readSample(t, name)
		if !reflect.DeepEqual(r.nips(), want) || r.wrong != nil || r.file.Cut() != nil {
			t.Errorf("%s: %v, %v, %v", name, r.nips(), r.wrong, r.file.Cut())
		}
	}
	got := readSample(t, "header-variants.csv")
	want := store.Employee{NIP: four[0], NIK: "9971011501900001", Name: "Pegawai Satu, S.E., M.M.", Email: "pegawai.satu@contoh.go.id", Position: "Analis", Unit: "Sekretariat", Grade: "III/b", Active: true}
	if got.people[0] != want {
		t.Errorf("got %+v", got.people[0])
	}
	if notes := got.file.Notes(); !reflect.DeepEqual(notes, []string{"columns that are not used: NO, JENIS KELAMIN"}) {
		t.Errorf("notes: %q", notes)
	}
	if notes := readSample(t, "titles.ods").file.Notes(); !strings.Contains(strings.Join(notes, "\n"), "line 8 was left out: it counts the others") {
		t.Errorf("notes: %q", notes)
	}
}

func TestNumbersThatASpreadsheetCutAreRefused(t *testing.T) {
	r := readSample(t, "scientific.csv")
	if len(r.wrong) != 3 || len(r.people) > 0 || strings.Count(strings.Join(r.wrong, "\n"), "a spreadsheet shortened it") != 5 {
		t.Errorf("got %q", r.wrong)
	}
	if r := readSample(t, "rounded-15-digits.csv"); r.file.Cut() == nil || !strings.Contains(r.file.Cut().Error(), "4 of 4 NIPs end in 000") {
		t.Errorf("got %v", r.file.Cut())
	}
	const head = "nip,nik,nama,email\n"
	rows := func(nip, nik string, n int) (s string) {
		for i := range n {
			s += "19900115201501" + "1" + strings.ReplaceAll(nip, "#", string(rune('1'+i))) + ",31710115019" + strings.ReplaceAll(nik, "#", string(rune('1'+i))) + ",A,a" + string(rune('0'+i)) + "@contoh.go.id\n"
		}
		return s
	}
	for name, tt := range map[string]struct {
		file, cut, finding string
	}{
		"two NIKs in 0000":   {head + rows("00#", "#0000", 2), "", foundNIKCut},
		"three NIKs in 0000": {head + rows("00#", "#0000", 3), "3 of 3 NIKs end in 0000", foundNIKCut},
		"all NIKs in 0":      {head + rows("00#", "000#0", 3), "all 3 NIKs end in 0", ""},
		"two NIKs in 0":      {head + rows("00#", "000#0", 2), "", "nik: all end in 0"},
		"a NIP in 000":       {head + rows("000", "0000#", 1), "", foundNIPCut},
		"nothing":            {head + rows("00#", "0000#", 3), "", ""},
	} {
		r := readBytes(t, []byte(tt.file), Options{})
		cut, found := "", ""
		if err := r.file.Cut(); err != nil {
			cut = err.Error()
		}
		for _, f := range r.file.Findings() {
			found += f.String() + "\n"
		}
		if r.wrong != nil || !strings.HasPrefix(cut, tt.cut) || (tt.cut == "") != (cut == "") || !strings.Contains(found, tt.finding) {
			t.Errorf("%s: %q, cut %q, findings %q", name, r.wrong, cut, found)
		}
	}
}

// What is odd and may be right is counted, and named by its lines.
func TestWhatIsOddIsCounted(t *testing.T) {
	const head = "nip,nik,nama,email\n"
	for name, tt := range map[string]struct {
		rows []string
		want []Finding
	}{
		"as it should be": {[]string{"199001152015011001,3171011501900001,A,a@contoh.go.id", "199102202016022002,3171016002910002,B,b@contoh.go.id"}, nil}, // a woman's day has 40 added
		"another's address": {
			[]string{"199001152015011001,3171011501900001,A,a@contoh.go.id", "199102202016022002,3171016002910002,B,A@Contoh.go.id", "198503102010011003,3171011003850003,C,c@contoh.go.id"},
			[]Finding{{Text: foundShared, Count: 1, Lines: []int{3}}},
		},
		"another's birth date": {
			[]string{"199001152015011001,3171011501900001,A,a@contoh.go.id", "199102202016022002,3171011501900002,B,b@contoh.go.id", "198503102010011003,3171011004850003,C,c@contoh.go.id"},
			[]Finding{{Text: foundBirthday, Count: 2, Lines: []int{3, 4}}},
		},
		"a private address": {[]string{"199001152015011001,3171011501900001,A,a@gmail.com"}, []Finding{{Text: foundPrivate, Count: 1, Lines: []int{2}}}},
	} {
		r := readBytes(t, []byte(head+strings.Join(tt.rows, "\n")+"\n"), Options{})
		if got := r.file.Findings(); !reflect.DeepEqual(got, tt.want) || len(r.people) != len(tt.rows) || r.file.Cut() != nil {
			t.Errorf("%s: found %+v, want %+v; %d people, %q", name, got, tt.want, len(r.people), r.wrong)
		}
	}
}

const simple = "nip;nik;nama;email\n199001152015011001;3171011501900001;José Ñandú;a@contoh.go.id\n"

func TestEveryEncodingIsRead(t *testing.T) {
	little := must(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(simple))
	for name, file := range map[string]string{
		"UTF-8": simple, "with a mark": "\ufeff" + simple, "UTF-16, little": little, "without a mark": little[2:],
		"UTF-16, big": must(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(simple)), "big without a mark": must(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(simple)),
	} {
		if r := readBytes(t, []byte(file), Options{}); len(r.people) != 1 || r.people[0].Name != "José Ñandú" {
			t.Errorf("%s: %+v, %v", name, r.people, r.wrong)
		}
	}
}

// Windows-1252 is asked for: a wrong guess would write wrong names.
func TestAFileThatIsNotUTF8IsAskedFor(t *testing.T) {
	windows := must(charmap.Windows1252.NewEncoder().String(simple))
	far := simple + strings.Repeat("199001152015011001;3171011501900001;A;a@contoh.go.id\n", 60_000)
	for name, tt := range map[string]struct {
		file, word string
		line       int
	}{
		"at the start": {windows, "José", 2}, "far behind": {far + must(charmap.Windows1252.NewEncoder().String("1;2;D'Étang;a\n")), "D'Étang", 60_003},
	} {
		_, err := Read(strings.NewReader(tt.file), Options{})
		var asked *EncodingError
		if !errors.As(err, &asked) || asked.Word != tt.word || asked.Line != tt.line || asked.Guess != "windows-1252" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := readBytes(t, []byte(windows), Options{Encoding: "windows-1252"}); len(r.people) != 1 || r.people[0].Name != "José Ñandú" {
		t.Errorf("told: %+v, %v", r.people, r.wrong)
	}
	if r := readBytes(t, []byte(windows), Options{Encoding: "utf-8"}); len(r.wrong) != 1 || !strings.Contains(r.wrong[0], "is not UTF-8") {
		t.Errorf("told wrongly: %+v, %v", r.people, r.wrong)
	}
	if _, err := Read(strings.NewReader(windows), Options{Encoding: "klingon"}); err == nil || !strings.Contains(err.Error(), `"klingon" is not known`) {
		t.Errorf("an unknown one: %v", err)
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func TestTablesInEveryFormOfText(t *testing.T) {
	row := "199001152015011001,3171011501900001,A,a@contoh.go.id"
	tabs := func(s string) string { return strings.ReplaceAll(s, ",", "\t") }
	for name, tt := range map[string]struct {
		file  string
		notes string
	}{
		"tabs":                {tabs("nip,nik,nama,email\n" + row), ""},
		"bars":                {strings.ReplaceAll("nip,nik,nama,email\n"+row, ",", "|"), ""},
		"sep":                 {"sep=,\r\nnip,nik,nama,email\r\n" + row, ""},
		"sep of another sign": {"sep=\t\n" + tabs("nip,nik,nama,email\n"+row), ""},
		"titles above":        {"DAFTAR PEGAWAI; per 1 Januari\nDinas \"Contoh\"\n;;;\nnip,nik,nama,email\n" + row, ""},
		"numbers below":       {"nip,nik,nama,email\n1,2,3,4\n" + row, ""},
		"bracketed numbers":   {"nip,nik,nama,email\n(1),(2),(3),(4)\n" + row, ""},
		"totals below":        {"nip,nik,nama,email\n" + row + "\nTotal,1,,\n,,JUMLAH PEGAWAI: 1,\n", "line 3 was left out: it counts the others"},
		"a signature below":   {"nip,nik,nama,email\n" + row + "\n,,\"Jakarta, 2 Januari 2026\",\n,,Kepala Biro,\n\n,,Pegawai Dua,\n,,NIP 197001011995011001,\nDicetak dari sistem", "line 7 was left out: it has neither NIP nor NIK"},
		"line ends in header": {"\"NIP\nBARU\",\"Nomor\r\nInduk Kependudukan\",NAMA,\"ALAMAT\nEMAIL\"\n" + row, ""},
		"formulas unquoted":   {"nip;nik;nama;email\n=\"199001152015011001\";=\"3171011501900001\";=\"A\";a@contoh.go.id\n", ""},
		"more empty columns":  {"nip,nik,nama,email\n" + row + ",,,", ""},
		"numbers of pandas":   {"nip,nik,nama,email\n199001152015011001,3171011501900001.0,A,a@contoh.go.id", ""},
	} {
		r := readBytes(t, []byte(tt.file), Options{})
		if len(r.people) != 1 || r.wrong != nil || r.people[0].NIP != four[0] || r.people[0].NIK != "3171011501900001" || r.people[0].Name != "A" {
			t.Errorf("%s: %+v, %q", name, r.people, r.wrong)
		}
		if notes := strings.Join(r.file.Notes(), "\n"); !strings.Contains(notes, tt.notes) {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}

// What looks like a note and is followed by people is a row that is wrong.
func TestARowAmongOthersIsNoNote(t *testing.T) {
	r := readBytes(t, []byte("nip,nik,nama,email\n,,Pegawai Nol,\n199001152015011001,3171011501900001,A,a@contoh.go.id\n"), Options{})
	if len(r.people) != 1 || len(r.wrong) != 1 || r.wrong[0] != "line 2: nip: is empty; nik: is empty; email: is empty" {
		t.Errorf("%+v, %q", r.people, r.wrong)
	}
}

func TestASheetIsFoundAndItsNumbersAreExact(t *testing.T) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if _, err := f.NewSheet("Data"); err != nil {
		t.Fatal(err)
	}
	for cell, value := range map[string]any{
		"A2": "Rekap", "B2": 3,
	} {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for cell, value := range map[string]any{
		"A1": "NIP", "B1": "NIK", "C1": "NAMA", "D1": "E-MAIL", "E1": "Kedudukan Hukum",
		"A2": "199001152015011001", "B2": 3171011501900001, "C2": "A", "D2": "a@contoh.go.id", "E2": "Pensiun BUP",
		"A3": 199102202016022002, "C3": "B", "D3": "b@contoh.go.id", "E3": "Aktif",
		"C4": "C", "D4": "c@contoh.go.id",
	} {
		if err := f.SetCellValue("Data", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for cell, value := range map[string]string{"B3": "3.171022002910002E15", "A4": "1.98503102010011E+17", "B4": "9.97103100385E15"} { // as Excel writes numbers
		if err := f.SetCellDefault("Data", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	data, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	r := readBytes(t, data.Bytes(), Options{})
	want := []store.Employee{
		{NIP: four[0], NIK: "3171011501900001", Name: "A", Email: "a@contoh.go.id"},
		{NIP: four[1], NIK: "3171022002910002", Name: "B", Email: "b@contoh.go.id", Active: true},
	}
	if !reflect.DeepEqual(r.people, want) || len(r.wrong) != 1 || !strings.HasPrefix(r.wrong[0], "line 4: nip: ") {
		t.Errorf("got %+v, %q", r.people, r.wrong)
	}
}
