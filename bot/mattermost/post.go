package mattermost

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

// delivery is one reply on its way into a channel where the bot posts.
type delivery struct {
	to      bot.Origin
	me      Me
	channel string
	root    string // the thread that was written in; empty: none
	subject string // of the room's thread that root is; empty: it is none
	replace bool   // the origin's post is not replaced yet
	message int    // its number in the reply
	posts   int    // the number in the message of the post before
	last    string // the post that was written or changed last
}

// postsOfPiece is how often a piece is written at most: as it is, and plainer.
const postsOfPiece = 2

// post writes a piece as a new post. What the server refuses is written in a
// plainer form: better an ugly answer than none.
func (a *Adapter) post(ctx context.Context, d *delivery, p piece) error {
	err := a.postOnce(ctx, d, p)
	e := server.Refusal(err)
	if e == nil || !server.Refused(err) {
		return err
	}
	if e.Status == http.StatusForbidden || e.Status == http.StatusNotFound {
		return platform.Gone(err) // the channel is closed, or the bot is no longer in it
	}
	if d.subject != "" && rootGone(err) {
		return err // the thread is opened anew
	}
	a.c.Logger.Error("mattermost refused a post; it is written in a plainer form", "error", err)
	d.root = ""
	plain := p.message
	if plain == "" {
		plain = "…"
	}
	if err = a.postOnce(ctx, d, piece{message: plain}); server.Refused(err) {
		return platform.Gone(err) // trying again is no use
	}
	return err
}

// postOnce writes a post; an answer that is lost on the way leads to no
// second one.
func (a *Adapter) postOnce(ctx context.Context, d *delivery, p piece) error {
	d.posts++
	id := pendingID(ctx, d)
	files, err := a.attach(ctx, d.channel, p)
	if err == nil {
		err = a.inTurn(ctx, "write a post", func(ctx context.Context) (*model.Response, error) {
			made, r, err := a.api.CreatePost(ctx, &model.Post{
				ChannelId: d.channel, RootId: d.root, Message: p.message, FileIds: files, Props: p.props(), PendingPostId: id,
			})
			if err == nil {
				d.last = made.Id
			}
			return r, err
		})
	}
	return err
}

// edit changes a post of the bot's into a piece. It gives false when that is
// not possible: the post is gone, or the server allows no changes.
func (a *Adapter) edit(ctx context.Context, d *delivery, post string, p piece) (bool, error) {
	files, err := a.attach(ctx, d.channel, p)
	if err != nil {
		return false, err
	}
	if files == nil {
		files = model.StringArray{} // null would keep the old picture
	}
	err = a.inTurn(ctx, "change a post", func(ctx context.Context) (*model.Response, error) {
		_, r, err := a.api.UpdatePost(ctx, post, &model.Post{
			Id: post, ChannelId: d.channel, Message: p.message, FileIds: files, Props: p.props(),
		})
		return r, err
	})
	if err == nil {
		d.last = post
	}
	if server.Refused(err) {
		a.c.Logger.Info("a post could not be changed; a new one is written", "error", err)
		return false, nil
	}
	return err == nil, err
}

// maxFileName is how long a file's name may be, in bytes: the server keeps the
// file by it, and a smaller picture by it and "_preview".
const maxFileName = 200

// fileName names a picture by what it shows: the web client reads the name of
// a post's file out to those who cannot see it (aria-label, the same in a wide
// and a narrow window of 11.6); a file has no other alternative text.
func fileName(p *bot.Picture) string {
	ending := path.Ext(p.Name)
	words := strings.FieldsFunc(p.Alt, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r)
	})
	name := ""
	for _, w := range words {
		if len(name)+len(" ")+len(w)+len(ending) > maxFileName {
			break
		}
		name = strings.TrimSpace(name + " " + w)
	}
	if name = strings.TrimRight(name, ". "); name == "" {
		return path.Base(strings.ReplaceAll(p.Name, `\`, "/"))
	}
	return name + ending
}

// upload brings a picture to the server, which shows it to people in networks
// that no other host can be reached from. A file belongs to one post only, so
// there is nothing to keep. A picture that is refused is left out, and so is one
// that takes the server too long: people wait for the words.
func (a *Adapter) upload(ctx context.Context, channel string, p *bot.Picture) (model.StringArray, error) {
	if p == nil {
		return nil, nil
	}
	files, err := a.uploadData(ctx, channel, fileName(p), p.Data())
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		a.c.Logger.Warn("mattermost took too long for a picture; it is left out", "name", p.Name, "error", err)
		return nil, nil
	}
	return files, err
}

func (a *Adapter) uploadData(ctx context.Context, channel, name string, data []byte) (model.StringArray, error) {
	var up *model.FileUploadResponse
	err := a.onceFor(ctx, a.c.Timing.Upload, "upload a file", func(ctx context.Context) (r *model.Response, err error) {
		up, r, err = a.api.UploadFile(ctx, data, channel, name)
		return r, err
	})
	if server.Refused(err) {
		a.c.Logger.Error("mattermost refused a file", "name", name, "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ids model.StringArray
	for _, f := range up.FileInfos {
		ids = append(ids, f.Id)
	}
	return ids, nil
}

// remove deletes a person's post. It gives false when the server does not
// allow that; most do not. A slash command leaves no post: then there is
// nothing to take away.
func (a *Adapter) remove(ctx context.Context, post string) (bool, error) {
	if post == "" {
		return true, nil
	}
	err := a.once(ctx, "delete a post", func(ctx context.Context) (*model.Response, error) {
		return a.api.DeletePost(ctx, post)
	})
	if server.Refused(err) {
		return false, nil
	}
	return err == nil, err
}
