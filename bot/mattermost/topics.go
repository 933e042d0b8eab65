package mattermost

import (
	"context"
	"resetpin/bot/mattermost/server"
	"slices"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"
)

// propTopic is the property of a post that names what its buttons are about.
const propTopic = "resetpin_topic"

const (
	topicsAgo = 60    // posts of a channel that are looked through after a start
	maxTopics = 20000 // channels that are remembered
)

// topics remembers which posts have buttons that the next word on the same
// topic ends.
type topics struct {
	mu        sync.Mutex
	byChannel map[string]map[string][]string // by channel and topic: posts
}

// swap notes the newest post of a topic and gives the ones before; known is
// false for a channel that nothing is known of.
func (t *topics) swap(channel, topic, post string) (before []string, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	of, known := t.byChannel[channel]
	if !known {
		return nil, false
	}
	before = slices.DeleteFunc(of[topic], func(id string) bool { return id == post })
	of[topic] = []string{post}
	return before, true
}

// learn notes what a channel holds.
func (t *topics) learn(channel string, held map[string][]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byChannel == nil || len(t.byChannel) >= maxTopics {
		t.byChannel = make(map[string]map[string][]string)
	}
	if t.byChannel[channel] == nil {
		t.byChannel[channel] = held
	}
}

// retire takes the buttons off what was said of a topic before a post. It is a
// help only: an old button is answered politely anyway.
func (a *Adapter) retire(ctx context.Context, channel, topic, post string) {
	if topic == "" || post == "" {
		return
	}
	before, known := a.topics.swap(channel, topic, post)
	if !known {
		held, err := a.heldTopics(ctx, channel)
		if err != nil {
			a.c.Logger.Debug("mattermost: old buttons could not be looked for", "error", err)
			return
		}
		a.topics.learn(channel, held)
		before, _ = a.topics.swap(channel, topic, post)
	}
	for _, id := range before {
		props := model.StringInterface{model.PostPropsFromBot: "true"}
		if _, r, err := a.api.PatchPost(ctx, id, &model.PostPatch{Props: &props}); err != nil {
			a.c.Logger.Debug("mattermost: old buttons could not be taken away", "error", server.Explain("take the buttons off a post", r, err))
		}
	}
}

// heldTopics looks for the bot's posts with buttons among a channel's newest.
func (a *Adapter) heldTopics(ctx context.Context, channel string) (map[string][]string, error) {
	var list *model.PostList
	err := a.once(ctx, "look for old buttons", func(ctx context.Context) (r *model.Response, err error) {
		list, r, err = a.api.GetPostsForChannel(ctx, channel, 0, topicsAgo, "", false, false)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	held, me := map[string][]string{}, a.me.get()
	for _, p := range list.Posts {
		if topic, ok := p.GetProp(propTopic).(string); ok && p.UserId == me.ID && p.DeleteAt == 0 {
			held[topic] = append(held[topic], p.Id)
		}
	}
	return held, nil
}
