// Command picture makes the guides' pictures anew, from real browsers on a
// pretend site wherever that can be had:
//
//	go generate ./guides
//
// It needs Chromium and Firefox with their Indonesian words, and writes PNG
// files into the guides' folders and sources.sum beside itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"resetpin/guides/picture/bidi"
)

const (
	resetPath = "/email/user/passphrase/reset/"
	sender    = "osd@bssn.go.id"
	subject   = "[eSign] Reset Passphrase"
)

// patience bounds every wait for something to appear.
const patience = 20 * time.Second

func main() {
	log.SetFlags(0)
	dir := flag.String("guides", ".", "the guides' folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *dir); err != nil {
		log.Print(err)
		os.Exit(1) //nolint:gocritic // nothing is left to be stopped
	}
}

// run makes all pictures and then says of what.
func run(ctx context.Context, dir string) (err error) {
	studio, err := newStudio()
	if err != nil {
		return err
	}
	fonts, err := writeFonts()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(fonts)) }()
	var made []string
	for _, lang := range slices.Sorted(maps.Keys(studio.words)) {
		names, err := session(ctx, lang, studio, fonts, dir)
		if err != nil {
			return fmt.Errorf("pictures in %q: %w", lang, err)
		}
		made = append(made, names...)
	}
	return writeSums(dir, made)
}

// session makes the pictures in one language, with a site of their own: its
// link is good for one new PIN.
func session(ctx context.Context, lang string, studio *studio, fonts, dir string) (made []string, err error) {
	s, err := startSite(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.world.Close()) }()
	p, err := startProxy(map[string]string{host + ":443": s.world.SiteAddr()})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	o := bidi.Options{Lang: lang, Proxy: p.addr, Env: []string{"LANGUAGE=" + lang, "FONTCONFIG_FILE=" + fonts}, Patience: patience}
	b, err := bidi.Chromium(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	tab, err := first(b.Tabs())
	if err != nil {
		return nil, err
	}
	f, err := startFirefox(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	c := &camera{lang: lang, studio: studio, browser: tab}
	pictures, err := c.all(s, f)
	if err != nil {
		return nil, err
	}
	for _, k := range pictures {
		name, err := c.keep(dir, k)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", k.name, k.browser, err)
		}
		made = append(made, name)
	}
	return made, nil
}

// all photographs everything, in the order in which a browser shows it.
func (c *camera) all(s *site, f firefox) ([]kept, error) {
	warnings, err := c.warnings(s.mail.Link)
	if err != nil {
		return nil, fmt.Errorf("the browser's warning: %w", err)
	}
	fox, err := c.firefoxWarning(f, s.mail.Link)
	if err != nil {
		return nil, fmt.Errorf("firefox's warning: %w", err)
	}
	pictures, err := c.passphrase()
	if err != nil {
		return nil, err
	}
	drawn, err := c.drawnWarnings()
	if err != nil {
		return nil, err
	}
	letters, err := c.letters(s.letter(), warnings[1])
	if err != nil {
		return nil, err
	}
	pictures = append(pictures, letters...)
	for _, l := range append(append(warnings, fox), drawn...) {
		pictures = append(pictures, kept{"reset", "warning", l.browser, l.warning(c)}, kept{"reset", "advanced", l.browser, l.advanced(c)})
	}
	return pictures, nil
}

// keep composes a picture, writes it into the guide's folder, and gives its
// name.
func (c *camera) keep(dir string, k kept) (string, error) {
	png, err := c.studio.compose(c.browser, k.frame)
	if err != nil {
		return "", err
	}
	parts := []string{k.name, k.browser, c.lang, "png"}
	if k.browser == "" {
		parts = []string{k.name, c.lang, "png"}
	}
	name := k.guide + "/" + strings.Join(parts, ".")
	return name, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), png, 0o644) //nolint:gosec // for everybody
}

// writeFonts writes the fonts' configuration to a file: browsers show pages in
// Roboto, as phones do, and not in whatever the machine prefers.
func writeFonts() (string, error) {
	data, err := drawings.ReadFile("draw/fonts.conf")
	if err != nil {
		return "", fmt.Errorf("read the fonts' configuration: %w", err)
	}
	file, err := os.CreateTemp("", "picture-fonts-*.conf")
	if err != nil {
		return "", fmt.Errorf("write the fonts' configuration: %w", err)
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("write the fonts' configuration: %w", err)
	}
	return file.Name(), nil
}
