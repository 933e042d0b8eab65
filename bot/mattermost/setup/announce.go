package setup

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"resetpin/bot/mattermost/server"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// announced is how many of a channel's newest posts are looked through for the
// announcement: a second run is no second one.
const announced = 60

// announce lets the bot present itself in a channel, if one is named.
func (s *run) announce(ctx context.Context) error {
	if s.c.Announce == "" {
		return nil
	}
	team, channel, ok := strings.Cut(s.c.Announce, "/")
	if !ok {
		return fmt.Errorf("mattermost: --announce %q: want TEAM/CHANNEL, by their names in addresses", s.c.Announce)
	}
	c, r, err := s.admin.GetChannelByNameForTeamName(ctx, strings.TrimPrefix(channel, "~"), team, "")
	if err != nil {
		return server.Explain("look for the channel "+s.c.Announce, r, err)
	}
	if _, r, err := s.admin.AddChannelMember(ctx, c.Id, s.bot.Id); err != nil {
		e := server.Explain("bring the bot into "+s.c.Announce, r, err)
		if e.Status == http.StatusForbidden {
			return fmt.Errorf("%w; is the bot in team %s?", e, team)
		}
		return e
	}
	token := s.c.BotToken
	if s.out.BotToken != "" {
		token = s.out.BotToken
	}
	as := server.NewClient(s.c.URL, token, s.c.HTTPClient)
	list, r, err := as.GetPostsForChannel(ctx, c.Id, 0, announced, "", false, false)
	if err != nil {
		return server.Explain("read "+s.c.Announce, r, err)
	}
	text := strings.TrimSpace(cmp.Or(s.c.Text, s.c.Words))
	for _, p := range list.Posts {
		if p.UserId == s.bot.Id && p.Message == text {
			return nil
		}
	}
	if _, r, err := as.CreatePost(ctx, &model.Post{ChannelId: c.Id, Message: text}); err != nil {
		return server.Explain("announce the bot in "+s.c.Announce, r, err)
	}
	s.did("announced @%s in %s", s.bot.Username, s.c.Announce)
	return nil
}
