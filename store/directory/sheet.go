package directory

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// largestSheet bounds what a spreadsheet unpacks to, in bytes: some three
// million rows, and no bomb.
const largestSheet = 2 << 30

// sheets gives the sheets of a spreadsheet, .xlsx or .ods, by their number;
// after the last it gives io.EOF.
func sheets(data []byte) (func(i int) (table, error), error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("read the spreadsheet: %w", err)
	}
	for _, f := range z.File {
		if f.Name == "content.xml" {
			return func(i int) (table, error) { return openODS(z, i) }, nil
		}
	}
	return xlsxSheets(data)
}

func xlsxSheets(data []byte) (func(i int) (table, error), error) {
	// With equal limits nothing is unpacked to the disk, where NIKs would stay.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: largestSheet, UnzipXMLSizeLimit: largestSheet})
	if err != nil {
		return nil, fmt.Errorf("read the spreadsheet: %w", err)
	}
	names := f.GetSheetList()
	return func(i int) (table, error) {
		if i >= len(names) {
			return nil, io.EOF
		}
		rows, err := f.Rows(names[i])
		if err != nil {
			return nothing{}, nil //nolint:nilerr // a sheet of charts has no rows
		}
		return &xlsxTable{rows: rows}, nil
	}, nil
}

// nothing is a sheet without rows.
type nothing struct{}

func (nothing) next() (line, error) { return line{}, io.EOF }

type xlsxTable struct {
	rows *excelize.Rows
	line int
}

func (t *xlsxTable) next() (line, error) {
	if !t.rows.Next() {
		if err := errors.Join(t.rows.Error(), t.rows.Close()); err != nil {
			return line{}, fmt.Errorf("read the spreadsheet: %w", err)
		}
		return line{}, io.EOF
	}
	t.line++
	fields, err := t.rows.Columns()
	if err != nil {
		return line{}, fmt.Errorf("read the spreadsheet: %w", err)
	}
	for i, v := range fields {
		fields[i] = wholeNumber(v)
	}
	return line{fields: fields, at: t.line}, nil
}

// exact is up to where a spreadsheet's numbers are whole without a gap.
const exact = 1 << 53

// wholeNumber writes out a number that a spreadsheet keeps with an exponent,
// when no digit of it was lost; another value stays as it is.
func wholeNumber(v string) string {
	if !strings.ContainsAny(v, "eE") || strings.IndexFunc(v, func(r rune) bool { return !strings.ContainsRune("0123456789.eE+-", r) }) >= 0 {
		return v
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > exact {
		return v
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
