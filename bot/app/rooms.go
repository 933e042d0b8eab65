package app

import (
	"context"
	"fmt"

	"resetpin/bot"
	"resetpin/bot/settings"
	"resetpin/store"
)

// helpdeskChats are the rooms where officers work.
func helpdeskChats(s settings.Settings) []bot.Account {
	var out []bot.Account
	for _, room := range []bot.Account{{Platform: bot.Telegram, ID: s.HelpdeskTelegram}, {Platform: bot.Mattermost, ID: s.HelpdeskMattermost}} {
		if room.ID != "" {
			out = append(out, room)
		}
	}
	return out
}

// rooms are those on one platform.
func rooms(s settings.Settings, platform string) []string {
	var out []string
	for _, room := range helpdeskChats(s) {
		if room.Platform == platform {
			out = append(out, room.ID)
		}
	}
	return out
}

// members gives who tells whether somebody is in an officers' room.
func (a *App) members() map[string]bot.Members {
	out := make(map[string]bot.Members)
	for _, s := range a.sides {
		out[s.platform] = s.adapter
	}
	return out
}

// fetch gives the bytes of a file from the platform that keeps it.
func (a *App) fetch(ctx context.Context, f bot.File) ([]byte, error) {
	for _, s := range a.sides {
		if s.platform == f.Platform {
			return s.adapter.Fetch(ctx, f)
		}
	}
	return nil, fmt.Errorf("no files come from %q", f.Platform)
}

// threads is what a platform's side asks about the threads in rooms.
type threads struct{ a *App }

// Thread gives the platform's word for a subject's thread.
func (t threads) Thread(ctx context.Context, room bot.Account, subject string) (string, error) {
	return t.a.store.Thread(ctx, store.Account(room), subject)
}

// KeepThread notes one.
func (t threads) KeepThread(ctx context.Context, room bot.Account, subject, thread string) error {
	return t.a.store.KeepThread(ctx, store.Account(room), subject, thread)
}

// ForgetThread notes that they are gone.
func (t threads) ForgetThread(ctx context.Context, room bot.Account, subject string) error {
	return t.a.store.ForgetThread(ctx, store.Account(room), subject)
}

// Head gives how a subject's thread begins.
func (t threads) Head(ctx context.Context, _ bot.Account, subject string) (bot.Head, error) {
	return t.a.handlers.Desk().Head(ctx, subject)
}
