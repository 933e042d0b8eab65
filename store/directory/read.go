package directory

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Options say how a file is to be read; the zero value finds everything out.
type Options struct {
	Encoding string              // of a text file, as browsers name it ("windows-1252"); empty: found out
	Map      map[string]string   // what the header calls a column (nip, nik, name, email, position, unit, grade, nip_lama, active): it must be there
	Words    map[string][]string // what a header may call a column, beside the usual words
	Domains  []string            // the official mail domains, their subdomains included; empty: all but the well-known private ones
}

// Read opens an employee file: text in columns separated by comma, semicolon,
// tab or bar, in UTF-8 or UTF-16, or the first sheet of an .xlsx or .ods
// spreadsheet that has a header. The header may stand below titles. The error
// tells what is wrong with the file or its header: an *EncodingError when the
// encoding has to be asked for.
//
// Beside the rows it gives, a reading keeps some 24 bytes for each; a
// spreadsheet is held in memory as a whole.
func Read(r io.Reader, o Options) (*File, error) {
	w, err := loadWords()
	if err != nil {
		return nil, err
	}
	start := make([]byte, 8)
	n, err := io.ReadFull(r, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	start = start[:n]
	again := rewound(r, start)
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) {
		return w.readSheets(again, o)
	}
	return w.readText(again, start, o)
}

// rewound gives r from its start again.
func rewound(r io.Reader, start []byte) io.Reader {
	if s, ok := r.(io.Seeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err == nil {
			return r
		}
	}
	return io.MultiReader(bytes.NewReader(start), r)
}

// readSheets takes the first sheet that has a header, or says what is wrong
// with the first.
func (w *words) readSheets(r io.Reader, o Options) (*File, error) {
	data, err := io.ReadAll(io.LimitReader(r, largestSheet))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	sheet, err := sheets(data)
	if err != nil {
		return nil, err
	}
	var wrong error
	most := -1
	for i := 0; ; i++ {
		t, err := sheet(i)
		if errors.Is(err, io.EOF) {
			return nil, cmp.Or(wrong, errors.New("the spreadsheet is empty"))
		}
		if err != nil {
			return nil, err
		}
		l, rest, err := w.begin(t, o)
		if err == nil {
			return w.newFile(l, rest, o), nil
		}
		if l.found > most {
			most, wrong = l.found, err
		}
	}
}

func (w *words) readText(r io.Reader, start []byte, o Options) (*File, error) {
	if bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0")) {
		return nil, errors.New("the file is an old spreadsheet (.xls), or one with a password: save it as .xlsx without a password")
	}
	text, err := decode(r, o.Encoding)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(text, peeked)
	if first, _ := in.Peek(200); isPage(first) {
		return nil, errors.New("the file is a web page, whatever its name says: open it in a spreadsheet program and save it as .xlsx")
	}
	t, err := w.openCSV(in, o)
	if err != nil {
		return nil, err
	}
	l, rest, err := w.begin(t, o)
	if err != nil {
		return nil, err
	}
	f := w.newFile(l, rest, o)
	f.strict = true
	return f, nil
}

// isPage tells a web page, which many programs call .xls.
func isPage(first []byte) bool {
	text := strings.ToLower(string(bytes.TrimSpace(first)))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<table") || strings.HasPrefix(text, "<meta")
}

func (w *words) newFile(l layout, rest *ahead, o Options) *File {
	f := &File{words: w, layout: l, table: rest, seen: make(seen)}
	f.sense.start(w, o)
	return f
}
