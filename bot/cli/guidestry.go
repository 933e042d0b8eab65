package cli

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"resetpin/guides"
	"resetpin/handlers"
	"resetpin/handlers/understand"
)

type guidesTry struct {
	Context  string   `help:"Where the person is: home-linked, step:mail …; see the README." default:"home-linked" placeholder:"C"`
	Lang     string   `help:"The language of the conversation so far." default:"id" placeholder:"L"`
	File     string   `help:"Try every line of this file, and tell the wrong ones." type:"existingfile" placeholder:"FILE.jsonl"`
	Sentence []string `arg:"" optional:"" help:"What somebody types."`
}

// Validate wants a sentence or a file, and a place that there is.
func (g guidesTry) Validate() error {
	if (g.File == "") == (len(g.Sentence) == 0) {
		return fmt.Errorf("give a sentence, or a file with --file")
	}
	if all := handlers.Languages(); !slices.Contains(all, g.Lang) {
		return fmt.Errorf("--lang %q: want %s", g.Lang, strings.Join(all, " or "))
	}
	if _, err := understand.ParsePlace(g.Context); err != nil {
		return fmt.Errorf("--context: %w", err)
	}
	return nil
}

// Run tells what is understood, by the function that the conversation uses.
func (g guidesTry) Run(c *call) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	u, err := understand.New(s.ResetSite, sentenceLayers(s.GuidesDir)...)
	if err != nil {
		return err
	}
	if g.File != "" {
		return g.tryFile(c, u)
	}
	r := u.Understand(understand.Input{Place: understand.Place(g.Context), Text: strings.Join(g.Sentence, " "), Language: g.Lang})
	_, err = fmt.Fprint(c.env.Stdout, r.Describe())
	return err
}

// tryFile prints the lines that are not right, and the tally.
func (g guidesTry) tryFile(c *call, u *understand.Understander) error {
	f, err := os.Open(g.File)
	if err != nil {
		return fmt.Errorf("open sentences: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	cases, err := understand.ReadCases(f)
	if err != nil {
		return fmt.Errorf("%s: %w", g.File, err)
	}
	var tally understand.Tally
	for _, one := range cases {
		r := u.Understand(understand.Input{Place: one.Context, Text: one.Text, Language: one.Lang})
		outcome := tally.Add(one, r)
		if outcome == understand.Right {
			continue
		}
		if _, err := fmt.Fprintf(c.env.Stdout, "%-7s %-19s %s\n        want %v, understood %s\n", outcome, one.Context, one.Text, one.Expect, r.Short()); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(c.env.Stdout, tally.String())
	return err
}

// sentenceLayers are the sentences that come with the program, with those of a
// folder laid upon them.
func sentenceLayers(dir string) []fs.FS {
	layers := []fs.FS{understand.Builtin()}
	if dir != "" {
		layers = append(layers, os.DirFS(dir))
	}
	return layers
}

// sentenceMistakes tells what is wrong with the sentences beside the guides: a
// mistake in a file, or a meaning that leads to no guide or page.
func sentenceMistakes(files fs.FS, dir string) []string {
	library, err := guides.Load(files)
	if err != nil {
		library = nil // its mistakes are told already
	}
	leads := func(m understand.Meaning) bool {
		kind, name, _ := strings.Cut(string(m), ":")
		if library == nil || kind != "guide" && kind != "page" {
			return true
		}
		if kind == "page" {
			g, ok := library.Guide("reset")
			return ok && g.Has(name)
		}
		_, ok := library.Guide(name)
		return ok
	}
	if err := understand.Check(leads, sentenceLayers(dir)...); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	return nil
}
