package directory

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const byteOrderMark = "\ufeff"

// EncodingError says that a file is not in UTF-8, and what it may be in.
type EncodingError struct {
	Line  int    // the first that is not UTF-8
	Word  string // the word there, as it reads in Guess
	Guess string // a name for Options.Encoding
}

// Error says so.
func (e *EncodingError) Error() string {
	return fmt.Sprintf("the file is not in UTF-8: in %s line %d would read %q", e.Guess, e.Line, e.Word)
}

// guess is what a file is taken for that is no UTF-8: what Excel on Windows
// writes as plain CSV here.
const guess = "windows-1252"

// decode gives the text of a file in UTF-8 and without a byte-order mark. It
// gives an *EncodingError for a file whose encoding must be asked for; what
// can be read again is looked at to its end.
func decode(r io.Reader, name string) (io.Reader, error) {
	if name != "" && !isUTF8(name) {
		e, err := htmlindex.Get(name)
		if err != nil {
			return nil, fmt.Errorf("the encoding %q is not known; known are utf-8, utf-16le, utf-16be, windows-1252 and others that browsers know", name)
		}
		return withoutMark(transform.NewReader(r, e.NewDecoder())), nil
	}
	in := bufio.NewReaderSize(r, peeked)
	first, err := in.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if e := utf16(first); e != nil {
		return withoutMark(transform.NewReader(in, e.NewDecoder())), nil
	}
	if name == "" {
		if err := foreign(r, in, first, errors.Is(err, io.EOF)); err != nil {
			return nil, err
		}
	}
	return withoutMark(in), nil
}

func isUTF8(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8")
}

// withoutMark drops a byte-order mark.
func withoutMark(r io.Reader) io.Reader {
	in, ok := r.(*bufio.Reader)
	if !ok {
		in = bufio.NewReaderSize(r, peeked)
	}
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = in.Discard(len(byteOrderMark)) // was just peeked
	}
	return in
}

// utf16 tells UTF-16 by its mark, or by the zeros of plain letters in every
// other place; nil when it is something else.
func utf16(first []byte) encoding.Encoding {
	little, big := textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM), textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM)
	switch {
	case bytes.HasPrefix(first, []byte("\xff\xfe")):
		return little
	case bytes.HasPrefix(first, []byte("\xfe\xff")):
		return big
	}
	var zeros [2]int
	for i, b := range first {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(first) / 4; {
	case zeros[1] > most && zeros[0] == 0:
		return little
	case zeros[0] > most && zeros[1] == 0:
		return big
	}
	return nil
}

// foreign looks for what is no UTF-8: in the whole file when it can be read
// again, else in its beginning. in reads on from the start of r afterwards.
func foreign(r io.Reader, in *bufio.Reader, first []byte, all bool) error {
	file, again := r.(io.ReadSeeker)
	if all || !again {
		return firstForeign(bytes.NewReader(first), !all)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	if err := firstForeign(file, false); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	in.Reset(file)
	return nil
}

// firstForeign gives an *EncodingError for the first byte that is no UTF-8.
// With cut the last character may be incomplete.
func firstForeign(r io.Reader, cut bool) error {
	block := make([]byte, 0, 1<<20)
	lines := 1
	for {
		n, err := io.ReadFull(r, block[len(block):cap(block)])
		block = block[:len(block)+n]
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return fmt.Errorf("read the file: %w", err)
		}
		whole := len(block)
		if !end || cut {
			whole = lastWhole(block)
		}
		if !utf8.Valid(block[:whole]) {
			return explainForeign(block[:whole], lines)
		}
		if end {
			return nil
		}
		lines += bytes.Count(block[:whole], []byte("\n"))
		block = block[:copy(block[:cap(block)], block[whole:])]
	}
}

// lastWhole gives the length of text without a character that is not complete.
func lastWhole(text []byte) int {
	for i := 1; i <= utf8.UTFMax && i <= len(text); i++ {
		if b := text[len(text)-i]; utf8.RuneStart(b) {
			if !utf8.FullRune(text[len(text)-i:]) {
				return len(text) - i
			}
			break
		}
	}
	return len(text)
}

func explainForeign(text []byte, lines int) error {
	at := 0
	for at < len(text) {
		r, n := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return &EncodingError{Line: lines + bytes.Count(text[:at], []byte("\n")), Word: wordAround(text, at), Guess: guess}
}

// wordAround gives the letters around a place, as they read in the guessed
// encoding: no number, which might be a NIK.
func wordAround(text []byte, at int) string {
	letter := func(b byte) bool { return unicode.IsLetter(charmap.Windows1252.DecodeByte(b)) || b == '\'' }
	from, to := at, at+1
	for from > 0 && at-from < 20 && letter(text[from-1]) {
		from--
	}
	for to < len(text) && to-at < 20 && letter(text[to]) {
		to++
	}
	var b strings.Builder
	for _, c := range text[from:to] {
		b.WriteRune(charmap.Windows1252.DecodeByte(c))
	}
	return b.String()
}
