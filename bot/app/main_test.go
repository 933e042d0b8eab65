package app_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/pprof"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/app"
	"resetpin/bot/telegram"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
	"resetpin/store/storetest"
)

// The test binary plays other programs too, each in a process of its own:
// that can be killed, and its costs can be told apart.
const (
	roleVar    = "RESETPIN_TEST_ROLE"    // bot, import, floor or world; else it runs the tests
	profileVar = "RESETPIN_TEST_PROFILE" // role bot: where its CPU profile goes
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleVar)
	if role == "" {
		runTests(m)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // the end of the input is the end of the role, also when the tests die
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	var err error
	switch role {
	case "bot":
		err = playBot(ctx, os.Stdout)
	case "import":
		err = playImport(ctx, os.Stdout)
	case "floor":
		err = benchFloor(ctx, os.Getenv("WORLD"), os.Getenv("DIR"), os.Stdout)
	case "durable":
		err = benchDurable(ctx, os.Getenv("WORLD"), os.Getenv("DIR"), os.Stdout)
	case "world":
		err = benchWorld(ctx, os.Stdout)
	default:
		err = fmt.Errorf("no role %q", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// runTests lets more tests run side by side than there are processors: here
// they wait for pretended slowness more than they work. It does not return.
func runTests(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "test.parallel" })
	if !set {
		if err := flag.Set("test.parallel", "8"); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
	}
	code := storetest.Run(m)
	if code == 0 && wholePackage() {
		if zero, err := moved.zero(); err != nil || len(zero) > 0 {
			fmt.Fprintln(os.Stderr, "no story moves the metrics", zero, err)
			code = 1
		}
	}
	os.Exit(code)
}

// wholePackage tells whether all tests ran.
func wholePackage() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short()
}

// playBot is the real bot with the settings of the environment. It tells its
// address, and runs until its input ends or it is killed.
func playBot(ctx context.Context, out io.Writer) error {
	s, err := loadSettings(os.Environ())
	if err != nil {
		return err
	}
	a, err := app.Build(ctx, s, app.Options{
		Logger:   slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: s.LogLevel})),
		Telegram: quickTelegram(),
		Rate:     bot.Limit{Every: time.Microsecond, Burst: 1_000_000},
		Gap:      time.Nanosecond,
	})
	if err != nil {
		return err
	}
	if name := os.Getenv(profileVar); name != "" {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if _, err := fmt.Fprintln(out, "http://"+a.Addr()); err != nil {
		return err
	}
	return a.Run(ctx)
}

// playImport loads the employee file again and again, as the command does, until
// its input ends or it is killed.
func playImport(ctx context.Context, out io.Writer) error {
	s, err := loadSettings(os.Environ())
	if err != nil {
		return err
	}
	key, err := s.Key()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "an import"); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := importOnce(s.DatabaseURL.Reveal(), key); err != nil {
			return err
		}
	}
	return nil
}

// importOnce is one run of the command.
func importOnce(database string, key []byte) (err error) {
	db, err := store.Open(context.Background(), database, store.Options{Key: key})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(context.Background())) }()
	_, err = db.Import(context.Background(), sampleRows, store.ImportOptions{})
	return err
}

// sampleRows are the sample employees as an employee file has them.
func sampleRows(yield func(store.Employee, error) bool) {
	for _, p := range bsretest.Samples() {
		if !yield(inDirectory(p), nil) {
			return
		}
	}
}

// quickTelegram lifts Telegram's limits, which the pretend one does not have.
func quickTelegram() telegram.Limits {
	const lifted = 1_000_000
	return telegram.Limits{Overall: lifted, OverallBurst: lifted, PerChat: lifted, PerChatBurst: lifted, Retry: 3 * time.Second}
}
