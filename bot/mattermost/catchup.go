package mattermost

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

const (
	markName = "read"           // of the mark: everything written before that time is in the inbox
	overlap  = 10 * time.Second // before the mark, for what was stored late; the inbox knows what it has seen
	// longest is how far back is read: the inbox knows for a week what was
	// answered.
	longest  = 6 * 24 * time.Hour
	maxBatch = 100
)

// catchUp reads what was written to the bot while it did not listen, oldest
// first, and hands it over. What was heard before is known by its id.
func (a *Adapter) catchUp(ctx context.Context) error {
	since, err := a.since(ctx)
	if err != nil {
		return err
	}
	posts, err := a.postsSince(ctx, since)
	if err != nil {
		return err
	}
	slices.SortFunc(posts, func(x, y *model.Post) int { return int(x.CreateAt - y.CreateAt) })
	var updates []bot.Update
	for _, p := range posts {
		switch {
		case p.CreateAt >= since:
			updates = append(updates, a.written(p))
		case p.EditAt >= since:
			updates = append(updates, a.edited(p))
		}
	}
	for part := range slices.Chunk(updates, maxBatch) {
		if err := a.insist(ctx, part...); err != nil {
			return err
		}
	}
	return nil
}

// since gives from when on to read, in milliseconds. Without a mark it is
// from now on: nothing was ever heard.
func (a *Adapter) since(ctx context.Context) (int64, error) {
	kept, err := a.c.Marks.Get(ctx, markName)
	if err != nil {
		return 0, err
	}
	now := a.c.Now()
	mark, err := strconv.ParseInt(kept, 10, 64)
	if err != nil {
		mark = now.UnixMilli()
		if err := a.putMark(ctx, mark); err != nil { // the server may be down for long
			return 0, err
		}
	}
	return max(mark-overlap.Milliseconds(), now.Add(-longest).UnixMilli()), nil
}

func (a *Adapter) putMark(ctx context.Context, ms int64) error {
	return a.c.Marks.Put(ctx, markName, strconv.FormatInt(ms, 10))
}

// postsSince gives what people wrote or changed in direct messages.
func (a *Adapter) postsSince(ctx context.Context, since int64) ([]*model.Post, error) {
	me, err := a.Me(ctx)
	if err != nil {
		return nil, err
	}
	var channels []*model.Channel
	err = a.try(ctx, "list the direct messages", func(ctx context.Context) (r *model.Response, err error) {
		channels, r, err = a.api.GetChannelsForUserWithLastDeleteAt(ctx, me.ID, 0)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	var out []*model.Post
	for _, c := range channels {
		if c.Type != model.ChannelTypeDirect || c.LastPostAt < since {
			continue
		}
		var list *model.PostList
		err := a.try(ctx, "read a direct message", func(ctx context.Context) (r *model.Response, err error) {
			list, r, err = a.api.GetPostsSince(ctx, c.Id, since, false)
			return r, err
		})
		if refused(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, p := range list.Posts {
			if isPersons(p, me) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}
