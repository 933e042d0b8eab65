package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/handlers/talk"
)

// The chat platforms, as the page names them.
const (
	platformTelegram   = bot.Telegram
	platformMattermost = bot.Mattermost
)

// office is the pretend Mattermost with the bot's account on it.
type office struct {
	server *mattermosttest.Server
	bot    string // the bot's user id
	token  string // the bot's access token

	// choose lets an account have chosen its language in the chat, as /bahasa
	// does; nil: nobody can. The bot takes no hint from Mattermost's own
	// languages, of which most people leave the server's.
	choose func(user, lang string)
}

// openOffice starts the server and makes the bot's account.
func openOffice(log *slog.Logger) (*office, error) {
	s, err := mattermosttest.New(mattermosttest.Options{Logger: log})
	if err != nil {
		return nil, fmt.Errorf("start the pretend Mattermost: %w", err)
	}
	o := &office{server: s}
	o.bot, o.token = s.AddBot(mattermostUser)
	return o, nil
}

// settings gives the bot's settings for the server, once it was set up as its
// administrator does: with the bot in the team and its slash commands. The
// others are the bot's settings beside those.
func (o *office) settings(ctx context.Context, publicURL string, others []string) ([]string, error) {
	own := []string{"PUBLIC_URL=" + publicURL, "MATTERMOST_URL=" + o.server.URL(), "MATTERMOST_BOT_TOKEN=" + o.token}
	s, err := settings.Load(append(own, others...), "no.env")
	if err != nil {
		return nil, fmt.Errorf("sandbox settings: %w", err)
	}
	r, err := app.MattermostSetup(ctx, s, setup.Options{AdminToken: o.server.AdminToken(), AllTeams: true})
	if err == nil && len(r.Trouble) > 0 {
		err = errors.New(strings.Join(r.Trouble, "; "))
	}
	if err != nil {
		return nil, fmt.Errorf("set up the pretend Mattermost: %w", err)
	}
	return append(own, r.Settings()...), nil
}

// seat is a Mattermost account of an employee's at the direct message with the
// bot.
type seat struct {
	*mattermosttest.Person
	direct string // the direct message's channel id
}

// seat gives an employee their nth account, from 1. Later ones have an address
// of their own, as accounts there do.
func (o *office) seat(f face, lang string, n int) seat {
	name, host, _ := strings.Cut(f.Email, "@")
	if n > 1 {
		name += strconv.Itoa(n)
	}
	p := o.server.AddPerson(name, name+"@"+host, lang)
	if o.choose != nil && lang != talk.Indonesian {
		o.choose(p.ID(), lang)
	}
	return seat{Person: p, direct: p.DM(o.bot)}
}

// window is where the pretend Mattermost reaches the bot. Its address is known
// before the bot is built.
type window struct{ listener net.Listener }

func openWindow(ctx context.Context) (window, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return window{}, fmt.Errorf("listen for the pretend Mattermost: %w", err)
	}
	return window{l}, nil
}

func (w window) url() string { return "http://" + w.listener.Addr().String() }

// serve hands what comes to the bot, until the window is closed.
func (w window) serve(h http.Handler, log *slog.Logger) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	go func() {
		if err := server.Serve(w.listener); !errors.Is(err, net.ErrClosed) {
			log.Error("the pretend Mattermost does not reach the bot any more", "error", err)
		}
	}()
}
