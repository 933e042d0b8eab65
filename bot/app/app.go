// Package app puts the parts together: the store, BSrE, mail, the handlers,
// the engine, the platforms, and the HTTP server they share.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/settings"
	"resetpin/bot/telegram"
	"resetpin/handlers"
	"resetpin/handlers/bsre"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Options are what Build needs beside the settings; the zero value is good.
type Options struct {
	Logger   *slog.Logger     // nil: silent
	Now      func() time.Time // nil: time.Now
	Telegram telegram.Limits  // the pace of sending; zero: Telegram's own limits

	Mattermost mattermost.Timing // how patient that side is; zero: as people are

	Sentences talk.Sentences // what understands typed words; nil: by the examples that come with the program and those of GUIDES_DIR

	Rate bot.Limit     // the pace of one account's updates; zero: the bot's own
	Gap  time.Duration // between two calls to BSrE's portal; 0: as the portal wants it
	Look time.Duration // between two looks whether BSrE answers those who wait for it; 0: 15 s
	Stop time.Duration // at most for a graceful stop; 0: 10 s
}

// App is the whole program, built and not yet running.
type App struct {
	s         settings.Settings
	log       *slog.Logger
	now       func() time.Time
	store     *store.Store
	engine    *bot.Engine
	handlers  *handlers.Handlers
	stop      time.Duration // at most for a graceful stop
	lookEvery time.Duration // whether BSrE answers those who wait for it
	learn     func()        // the sentences, so that the first person need not wait for it; nil: somebody else did
	sides     []side        // of the platforms that are switched on

	mattermost *mattermost.Adapter // nil: switched off

	portal   *bsre.Portal     // nil: resets go another way
	site     *resetsite.Probe // nil: nobody looks
	metrics  *metrics
	outages  *outages
	wires    *wires
	refusals *refusals
	guides   *liveGuides
	parts    []part
	remarks  []part
	doors    []*door
	mux      *http.ServeMux // for the platforms
	admin    *http.ServeMux // for who runs it; the same when they share an address
}

// Build opens the database and puts everything together; for a PostgreSQL that
// does not answer it waits, until ctx ends. Nobody else is called yet; the
// address is taken, so that Addr can tell it.
func Build(ctx context.Context, s settings.Settings, o Options) (*App, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	key, err := s.Key()
	if err != nil {
		return nil, err
	}
	a := &App{s: s, now: o.Now, stop: cmp.Or(o.Stop, longestStop), lookEvery: cmp.Or(o.Look, sweepEvery), metrics: newMetrics(), mux: http.NewServeMux()}
	a.outages = newOutages(bot.WithIDs(o.Logger), o.Now, a.metrics.registry)
	o.Logger = bot.WithIDs(slog.New(outageLog{o.Logger.Handler(), a.outages}))
	a.log = o.Logger
	a.wires = newWires(a.call)
	a.admin = a.mux
	if s.AdminListenAddr != "" {
		a.admin = http.NewServeMux()
	}
	a.store, err = openStore(ctx, s, store.Options{Key: key, Logger: o.Logger, Now: o.Now, Observe: a.metrics.Event, IDs: ids(), Serve: true,
		State: func(ctx context.Context, took time.Duration, err error) {
			a.outages.note(ctx, systemDatabase, "", took, err)
		}})
	if err != nil {
		return nil, err
	}
	a.refusals = &refusals{log: o.Logger, count: a.metrics.Refused, audit: a.store.Audit, now: o.Now}
	if err := a.assemble(o); err != nil {
		return nil, errors.Join(settings.Wrong{Err: err}, closeStore(ctx, a.store, a.stop))
	}
	if err := a.listen(ctx); err != nil {
		return nil, errors.Join(err, closeStore(ctx, a.store, a.stop))
	}
	return a, nil
}

// assemble builds what stands on the store. It touches nothing outside, so an
// error is a setting's.
func (a *App) assemble(o Options) error {
	texts, err := handlers.LoadTexts()
	if err != nil {
		return err
	}
	signer := bot.NewSigner(a.store.Key("buttons"))
	for _, add := range a.platforms() {
		if err := add(signer, texts, o); err != nil {
			return err
		}
	}
	if err := a.buildHandlers(texts, o); err != nil {
		return err
	}
	a.metrics.watchPortal(a.portal)
	a.metrics.registry.MustRegister(newDepths(a))
	if err := a.buildWorker(texts, o); err != nil {
		return err
	}
	a.engine = bot.NewEngine(bot.EngineConfig{
		Inbox: inbox{a.store, func(ctx context.Context, err error) { a.outages.note(ctx, systemDatabase, "", 0, err) }}, Channels: a.channels(), Handler: a.wrap(texts, o), Unasked: a.handlers.Compose, Rank: a.rank, Lost: a.handlers.Unheard, Logger: a.log, Observer: a.metrics, Now: o.Now, Grace: a.stop,
		Sorry: func(ctx context.Context, u bot.Update, id string) bot.Reply {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), languageBound)
			defer cancel()
			a.keepApology(ctx, u)
			return bot.Reply{Messages: []bot.Message{{Text: texts.Get(a.handlers.LanguageOf(ctx, u), "sorry", "id", id)}}}
		},
	})
	for _, s := range a.sides {
		if s.serve != nil {
			s.serve(a.mux, a.engine)
		}
	}
	a.store.OnSay(a.say)
	a.parts = append(a.parts, part{"database", a.store.Ping})
	a.remarks = append(a.remarks, part{"employees", a.directory})
	a.remarks = append(a.remarks, part{"BSrE portal", a.portalTrouble})
	a.admin.HandleFunc("GET /healthz", healthz)
	a.admin.HandleFunc("GET /readyz", readyz(a.parts, a.remarks, a.log))
	a.admin.Handle("GET /metrics", a.metrics.handler())
	return nil
}

// keepApology lets an officer to whom the code is told find whose it is, in the
// audit trail.
func (a *App) keepApology(ctx context.Context, u bot.Update) {
	e := store.Event{At: a.now(), Account: store.Account(u.Account), Action: "apology", Outcome: "told", Detail: string(u.Kind), ID: bot.IDOf(u)}
	if err := a.store.Audit(ctx, e); err != nil {
		a.log.WarnContext(ctx, "an apology could not be written down", "error", err)
	}
}

// languageBound is how long the language of an apology is looked up: the
// database may be what it is for.
const languageBound = time.Second

// wrap puts the middleware around the handlers.
func (a *App) wrap(texts *talk.Texts, o Options) bot.Handler {
	slow := func(ctx context.Context, u bot.Update) bot.Reply {
		return bot.Reply{Messages: []bot.Message{{Text: texts.Get(a.handlers.LanguageOf(ctx, u), "slowdown")}}}
	}
	return bot.Chain(a.handlers.Handle, bot.Log(a.log, handlers.CommandWords()...), a.handlers.Guard, bot.RateLimit(o.Rate, slow))
}

// Addr is where the HTTP server listens.
func (a *App) Addr() string { return a.doors[0].listener.Addr().String() }

// AdminAddr is where health and metrics are.
func (a *App) AdminAddr() string { return a.doors[len(a.doors)-1].listener.Addr().String() }

// Handler is the HTTP server's, for tests that need no network.
func (a *App) Handler() http.Handler { return a.mux }

// Store is the open database.
func (a *App) Store() *store.Store { return a.store }

// A graceful stop takes at most so long: half of it for the answers that are
// being made, then the jobs that run, a fifth for what is queued for the
// database.
const longestStop = 10 * time.Second

// closeStore closes the database, also after ctx has ended.
func closeStore(ctx context.Context, s *store.Store, stop time.Duration) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stop/5)
	defer cancel()
	return s.Close(ctx)
}

// garbage is how much garbage may gather, in percent of what is in use: what
// is in use is little (about 12 MB), and most of an answer is garbage.
const garbage = 100

// Run works until ctx ends, then finishes what it began, at most 10 s, and
// closes the database. It is called once.
func (a *App) Run(ctx context.Context) error {
	if _, set := os.LookupEnv("GOGC"); !set {
		defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	}
	a.warn(ctx)
	group, running := errgroup.WithContext(ctx)
	for _, d := range a.doors {
		group.Go(d.open)
	}
	if a.learn != nil {
		group.Go(func() error {
			a.learn()
			debug.FreeOSMemory() // the start leaves more garbage than all that follows
			return nil
		})
	}
	if err := a.begin(running, group); err != nil {
		group.Go(func() error { return err })
	}
	<-running.Done()
	return errors.Join(a.end(), ignoreCancel(group.Wait()), closeStore(ctx, a.store, a.stop))
}

// begin takes up what was left, and lets the platforms in.
func (a *App) begin(ctx context.Context, group *errgroup.Group) error {
	if err := a.refuseAddresses(ctx); err != nil {
		return err
	}
	kinds := make(map[string]store.Worker)
	for kind, work := range a.handlers.Jobs() {
		kinds[kind] = work
	}
	if a.store.SingleProcess() {
		// Nobody else asks BSrE: what is open was left by a crash.
		if err := a.handlers.Sweep(ctx, a.now()); err != nil {
			return err
		}
	}
	if err := a.store.Work(ctx, kinds); err != nil {
		return err
	}
	if err := a.engine.Start(ctx); err != nil {
		return fmt.Errorf("take up the inbox: %w", err)
	}
	a.loops(ctx, group)
	group.Go(func() error { a.handlers.LookUpEnds(ctx); return nil })
	if names := inClear(a.s); names != "" {
		a.log.WarnContext(ctx, "the operator's password and codes travel in clear: BSRE_PORTAL_INSECURE is true", "addresses", names)
	}
	if a.portal != nil && a.s.PortalTOTP == "" {
		group.Go(func() error {
			return a.portal.KeepAlive(ctx, func(err error) {
				a.log.ErrorContext(ctx, "the portal's session could not be renewed; run resetpin bsre login if this goes on", "error", err)
			})
		})
	}
	for _, s := range a.sides {
		group.Go(func() error { return s.run(ctx, a.engine) })
	}
	a.log.InfoContext(ctx, "ready", "address", a.Addr())
	return nil
}

// end stops taking, and finishes.
func (a *App) end() error {
	ctx, cancel := context.WithTimeout(context.Background(), a.stop/2)
	defer cancel()
	a.log.InfoContext(ctx, "stopping")
	var errs []error
	for _, d := range a.doors {
		errs = append(errs, d.server.Shutdown(ctx))
	}
	errs = append(errs, a.engine.Stop(ctx))
	for _, s := range a.sides {
		errs = append(errs, s.adapter.End(ctx))
	}
	err := errors.Join(errs...)
	ctx, cancel = context.WithTimeout(context.Background(), a.stop*3/10)
	defer cancel()
	return errors.Join(err, a.store.StopWork(ctx))
}

func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
