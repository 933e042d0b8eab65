package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"resetpin/bot/settings"
	"resetpin/store"
	"resetpin/store/directory"
)

type importCommand struct {
	File          string   `arg:"" help:"The file, text in columns or a spreadsheet (.csv, .xlsx, .ods); - for standard input."`
	DryRun        bool     `help:"Check and count, name who would be made inactive, and write nothing."`
	Deactivate    bool     `name:"deactivate-missing" help:"Make everybody inactive whom the file does not name."`
	YesDeactivate int      `placeholder:"N" help:"Make up to N people inactive, though this is more than 5 percent of all or more than 100."`
	SkipBad       bool     `help:"Write the good rows of a file that has bad ones. Whom a bad row names stays as they are."`
	Rejects       string   `placeholder:"FILE.csv" help:"Write the bad rows' lines, NIPs and reasons to this file."`
	Map           []string `placeholder:"COLUMN=HEADER" sep:"none" help:"What the file calls a column, as in --map \"nip=NIP Baru\"; may be given several times."`
	Encoding      string   `placeholder:"NAME" help:"The encoding of a text file that is not in UTF-8, windows-1252 for example."`
}

// Run imports the file.
func (i importCommand) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	options, err := i.options(s)
	if err != nil {
		return err
	}
	in, err := open(c.env, i.File)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	// A file of millions must fit beside a running bot: less garbage for a
	// little more work.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	file, err := i.read(c, in, options)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	rejects, err := newRejects(i.Rejects, c.env.Stderr)
	if err != nil {
		return err
	}
	return c.withStore(func(db *store.Store) error {
		w := importWork{importCommand: i, call: c, db: db, file: file, rejects: rejects}
		return errors.Join(w.run(in), rejects.close())
	})
}

// options are those of the file, from flags and settings.
func (i importCommand) options(s settings.Settings) (directory.Options, error) {
	o := directory.Options{Encoding: i.Encoding, Domains: s.MailDomains, Map: make(map[string]string), Words: make(map[string][]string)}
	for _, m := range i.Map {
		column, header, err := directory.ParseColumn(m)
		if err != nil {
			return o, UsageError{fmt.Errorf("--map: %w", err)}
		}
		o.Map[column] = header
	}
	for _, m := range s.EmployeeColumns {
		column, header, err := directory.ParseColumn(m)
		if err != nil {
			return o, UsageError{fmt.Errorf("EMPLOYEE_COLUMNS: %w", err)}
		}
		o.Words[column] = append(o.Words[column], header)
	}
	return o, nil
}

// read opens the file; when its encoding is in doubt, it asks whoever sits
// there.
func (i importCommand) read(c *call, in *input, o directory.Options) (*directory.File, error) {
	file, err := directory.Read(in.reader(), o)
	var doubt *directory.EncodingError
	if !errors.As(err, &doubt) {
		return file, err
	}
	said := fmt.Errorf("%w; if that is right, import it with --encoding %s, else save the file as CSV UTF-8", doubt, doubt.Guess)
	if !c.env.Keyboard || in.file == nil {
		return nil, said
	}
	if _, err := fmt.Fprintf(c.env.Stderr, "%v. Is that right? [y/N] ", doubt); err != nil {
		return nil, err
	}
	answer, err := bufio.NewReader(c.env.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "ya":
		if _, err := in.file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		o.Encoding = doubt.Guess
		return directory.Read(in.reader(), o)
	}
	return nil, said
}

// input is the file that is imported.
type input struct {
	stream io.Reader
	file   *os.File // nil: it cannot be read twice
	size   int64    // bytes; -1: not known
	read   int64
}

func open(env Env, name string) (*input, error) {
	if name == "-" {
		return &input{stream: env.Stdin, size: -1}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	in := &input{stream: f, size: -1}
	if info.Mode().IsRegular() {
		in.file, in.size = f, info.Size()
	}
	return in, nil
}

// reader gives what counts the bytes; it can seek when the file can.
func (in *input) reader() io.Reader {
	if in.file != nil {
		return seekingInput{in}
	}
	return in
}

// Read reads and counts.
func (in *input) Read(p []byte) (int, error) {
	n, err := in.stream.Read(p)
	in.read += int64(n)
	return n, err
}

// Close closes the file.
func (in *input) Close() error {
	if c, ok := in.stream.(*os.File); ok && in.size != -1 {
		return c.Close()
	}
	return nil
}

type seekingInput struct{ *input }

// Seek goes to a place of the file.
func (s seekingInput) Seek(offset int64, whence int) (int64, error) {
	n, err := s.file.Seek(offset, whence)
	s.read = n
	return n, err
}

// progress shows how much of the file is read, when somebody watches.
func progress(env Env, size int64) *progressbar.ProgressBar {
	out := io.Discard
	if env.Terminal {
		out = env.Stderr
	}
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("Reading"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}
