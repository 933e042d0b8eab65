package mattermost

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
)

const (
	markName = "read"           // of the mark: everything written before that time is in the inbox
	overlap  = 10 * time.Second // before the mark, for what was stored late; the inbox knows what it has seen
	// longest is how far back is read: the inbox knows for a week what was
	// answered.
	longest  = 6 * 24 * time.Hour
	maxBatch = 100
	// mended is how long after their last post people's changes of it are looked
	// for: a channel tells when its last post was written, not when one was
	// changed, and each that is read is a call.
	mended = time.Hour
	// listBound is how long the server may take to list the direct messages.
	listBound = 2 * time.Minute
)

// catchUp reads what was written to the bot while it did not listen, oldest
// first, and hands it over. What was heard before is known by its id.
func (s *stream) catchUp(ctx context.Context) error {
	a := s.a
	since, err := a.since(ctx)
	if err != nil {
		return err
	}
	posts, err := a.postsSince(ctx, since)
	if err != nil {
		return err
	}
	slices.SortStableFunc(posts, func(x, y *model.Post) int { return cmp.Compare(x.CreateAt, y.CreateAt) })
	var updates []bot.Update
	for _, p := range posts {
		if a.isRoom(p.ChannelId) {
			if u, ok := a.heardInRoom(p, a.me.get()); ok && p.CreateAt >= since {
				updates = append(updates, u)
			}
			continue
		}
		if p.CreateAt >= since {
			updates = append(updates, a.written(p))
		}
		if p.EditAt >= since { // also of one that was heard before: a PIN may have been put into it
			updates = append(updates, a.edited(p))
		}
	}
	for part := range slices.Chunk(updates, maxBatch) {
		if err := s.insist(ctx, part...); err != nil {
			return err
		}
	}
	return nil
}

// since gives from when on to read, in milliseconds of the server's clock.
// Without a mark it is from now on: nothing was ever heard.
func (a *Adapter) since(ctx context.Context) (int64, error) {
	kept, err := a.c.Marks.Get(ctx, markName)
	if err != nil {
		return 0, err
	}
	mark, err := strconv.ParseInt(kept, 10, 64)
	if err != nil {
		if mark, err = a.firstMark(ctx); err != nil {
			return 0, err
		}
	}
	return max(mark-overlap.Milliseconds(), a.c.Now().Add(-longest).UnixMilli()), nil
}

// firstMark keeps what time it is on the server: posts bear its clock's times,
// not the bot's.
func (a *Adapter) firstMark(ctx context.Context) (int64, error) {
	_, r, err := a.askMe(ctx)
	if err != nil {
		return 0, err
	}
	now, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil { // a proxy may leave it out
		now = a.c.Now()
	}
	return now.UnixMilli(), a.putMark(ctx, now.UnixMilli())
}

func (a *Adapter) putMark(ctx context.Context, ms int64) error {
	return a.c.Marks.Put(ctx, markName, strconv.FormatInt(ms, 10))
}

// postsSince gives what people wrote or changed in direct messages and rooms;
// those of one of them in order.
func (a *Adapter) postsSince(ctx context.Context, since int64) ([]*model.Post, error) {
	me, err := a.Me(ctx)
	if err != nil {
		return nil, err
	}
	channels, err := a.directsSince(ctx, me, since)
	if err != nil {
		return nil, err
	}
	var out []*model.Post
	for _, channel := range append(channels, a.c.Rooms...) {
		var list *model.PostList
		err := a.try(ctx, "read a direct message", func(ctx context.Context) (r *model.Response, err error) {
			list, r, err = a.api.GetPostsSince(ctx, channel, since, false)
			return r, err
		})
		if server.Refused(err) { // it will not be read later either, and must not stop the others
			a.c.Logger.Error("mattermost: a direct message cannot be read and is skipped", "channel", channel, "error", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, id := range slices.Backward(list.Order) { // the newest come first
			if p := list.Posts[id]; p != nil && isPersons(p, me) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// directsSince lists the direct messages that something was written in since a
// time, or shortly before it, and may have been changed since. The server knows no such question: it tells all that there are, of
// which a large ministry has tens of thousands. So they are looked at one by
// one as they come, and may take their time.
func (a *Adapter) directsSince(ctx context.Context, me Me, since int64) ([]string, error) {
	var out []string
	err := a.onceFor(ctx, listBound, "list the direct messages", func(ctx context.Context) (*model.Response, error) {
		out = nil
		r, err := a.api.DoAPIGet(ctx, "/users/"+me.ID+"/channels?last_delete_at=0", "")
		if err != nil {
			return model.BuildResponse(r), err
		}
		defer func() { _ = r.Body.Close() }()
		list := json.NewDecoder(r.Body)
		if _, err := list.Token(); err != nil { // the bracket
			return model.BuildResponse(r), err
		}
		for list.More() {
			var c struct {
				ID       string            `json:"id"`
				Type     model.ChannelType `json:"type"`
				LastPost int64             `json:"last_post_at"`
			}
			if err := list.Decode(&c); err != nil {
				return model.BuildResponse(r), err
			}
			if c.Type == model.ChannelTypeDirect && c.LastPost >= since-mended.Milliseconds() {
				out = append(out, c.ID)
			}
		}
		_, err = list.Token() // without the other bracket it was cut off
		return model.BuildResponse(r), err
	})
	return out, err
}
