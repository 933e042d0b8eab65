package directory

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The namespaces of an OpenDocument spreadsheet (OASIS ODF 1.3, part 3).
const (
	odfTable  = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
	odfOffice = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
	odfText   = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
)

// odsTable reads one sheet of an OpenDocument spreadsheet. No kept library
// reads them; the part that matters here is small.
type odsTable struct {
	xml  *xml.Decoder
	file io.Closer
	line int
	left int // how often the row is repeated yet
	row  []string
}

// openODS opens the sheet with a number; after the last it gives io.EOF.
func openODS(z *zip.Reader, number int) (table, error) {
	content, err := z.Open("content.xml")
	if err != nil {
		return nil, fmt.Errorf("read the spreadsheet: %w", err)
	}
	t := &odsTable{xml: xml.NewDecoder(io.LimitReader(content, largestSheet)), file: content}
	for {
		token, err := t.xml.Token()
		if err != nil {
			return nil, errors.Join(unexpected(err), content.Close())
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space != odfTable || start.Name.Local != "table" {
			continue
		}
		if number--; number < 0 {
			return t, nil
		}
		if err := t.xml.Skip(); err != nil {
			return nil, errors.Join(unexpected(err), content.Close())
		}
	}
}

// unexpected leaves the end of the file as it is.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("read the spreadsheet: %w", err)
}

func (t *odsTable) next() (line, error) {
	for t.left == 0 {
		token, err := t.xml.Token()
		if err != nil {
			return line{}, unexpected(err)
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Space == odfTable && end.Name.Local == "table" {
			return line{}, errors.Join(io.EOF, t.file.Close())
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space != odfTable || start.Name.Local != "table-row" {
			continue
		}
		t.left = repeated(start, "number-rows-repeated")
		if t.row, err = t.cells(); err != nil {
			return line{}, err
		}
		if empty(t.row) { // a million of them end a sheet
			t.line, t.left = t.line+t.left, 0
		}
	}
	t.left--
	t.line++
	return line{fields: t.row, at: t.line}, nil
}

// widestRow bounds the columns that are looked at.
const widestRow = 1000

// cells reads the cells of a row to its end.
func (t *odsTable) cells() ([]string, error) {
	var row []string
	for {
		token, err := t.xml.Token()
		if err != nil {
			return nil, fmt.Errorf("read the spreadsheet: %w", err)
		}
		switch token := token.(type) {
		case xml.EndElement:
			if token.Name.Local == "table-row" {
				return row, nil
			}
		case xml.StartElement:
			if token.Name.Local != "table-cell" && token.Name.Local != "covered-table-cell" {
				continue
			}
			value, err := t.cell(token)
			if err != nil {
				return nil, err
			}
			for range min(repeated(token, "number-columns-repeated"), widestRow-len(row)) {
				row = append(row, value)
			}
		}
	}
}

// cell gives a cell's number as it is kept, or its text.
func (t *odsTable) cell(start xml.StartElement) (string, error) {
	var number, kind string
	for _, a := range start.Attr {
		switch {
		case a.Name.Space == odfOffice && a.Name.Local == "value":
			number = a.Value
		case a.Name.Space == odfOffice && a.Name.Local == "value-type":
			kind = a.Value
		}
	}
	var text strings.Builder
	for depth := 1; depth > 0; {
		token, err := t.xml.Token()
		if err != nil {
			return "", fmt.Errorf("read the spreadsheet: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case token.Name.Local == "annotation": // a comment on the cell
				depth--
				if err := t.xml.Skip(); err != nil {
					return "", fmt.Errorf("read the spreadsheet: %w", err)
				}
			case token.Name.Space == odfText && token.Name.Local == "p" && text.Len() > 0:
				text.WriteByte('\n')
			case token.Name.Space == odfText && (token.Name.Local == "s" || token.Name.Local == "tab" || token.Name.Local == "line-break"):
				text.WriteByte(' ')
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			text.Write(token)
		}
	}
	if kind == "float" {
		return wholeNumber(number), nil
	}
	return text.String(), nil
}

// repeated gives how often a row or cell stands there.
func repeated(e xml.StartElement, name string) int {
	for _, a := range e.Attr {
		if a.Name.Space == odfTable && a.Name.Local == name {
			if n, err := strconv.Atoi(a.Value); err == nil && n > 0 {
				return n
			}
		}
	}
	return 1
}
