package mattermosttest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// commandReply is the answer to a slash command, and what is sent to its
// response_url.
type commandReply struct {
	ResponseType     string          `json:"response_type"`
	Text             string          `json:"text"`
	Username         string          `json:"username"`
	ChannelID        string          `json:"channel_id"`
	IconURL          string          `json:"icon_url"`
	Type             string          `json:"type"`
	Props            map[string]any  `json:"props"`
	GotoLocation     string          `json:"goto_location"`
	TriggerID        string          `json:"trigger_id"`
	SkipSlackParsing bool            `json:"skip_slack_parsing"`
	Attachments      []*attachment   `json:"attachments"`
	ExtraResponses   []*commandReply `json:"extra_responses"`
}

// show turns an answer into posts. It runs under the lock.
func (s *Server) show(r *run, reply *commandReply) *Failure {
	bad := s.showOne(r, reply)
	for _, more := range reply.ExtraResponses {
		if more == nil {
			continue
		}
		if f := s.showOne(r, more); f != nil {
			bad = f
		}
	}
	if reply.GotoLocation != "" {
		r.user.desk.location = reply.GotoLocation
	}
	if bad == nil {
		return nil
	}
	s.o.Logger.Debug("a slash command's answer could not be posted", "err", bad)
	return fail(http.StatusInternalServerError, "api.command.execute_command.create_post_failed.app_error",
		"Command '"+r.trigger+"' failed to post response. Please contact your System Administrator.")
}

// showOne posts one answer: to all, as a post of the caller's that says to
// come from a webhook, or to the caller only.
func (s *Server) showOne(r *run, reply *commandReply) *Failure {
	p := post{ChannelID: r.args.Channel, RootID: r.args.Root, UserID: r.user.id, Type: reply.Type, Props: map[string]any{}}
	for k, v := range reply.Props {
		p.Props[k] = v
	}
	if reply.ChannelID != "" {
		if ch := s.channels[reply.ChannelID]; ch == nil || !ch.members[r.user.id] {
			return fail(http.StatusForbidden, "api.command.command_post.forbidden.app_error", "Specified user is not a member of specified channel.")
		}
		p.ChannelID = reply.ChannelID
	}
	s.override(&p, r.command, reply)
	p.Props["from_webhook"] = "true"
	if strings.HasPrefix(p.Type, "system_") {
		return fail(http.StatusBadRequest, "api.context.invalid_param.app_error", "Invalid post.type parameter.")
	}
	p.Message = reply.Text
	if !reply.SkipSlackParsing {
		p.Message = slackLinks(s.slackText(reply.Text))
	}
	if reply.Attachments != nil {
		s.dressAttachments(&p, reply)
	}
	switch {
	case reply.ResponseType == "in_channel":
		made, f := s.create(r.user, p)
		if f == nil {
			reply.Attachments = attachments(strip(made.Props, nil))
		}
		return f
	case (reply.ResponseType == "" || reply.ResponseType == "ephemeral") && (reply.Text != "" || reply.Attachments != nil):
		reply.Attachments = attachments(s.whisper(r.user.id, p).Props) // with their cookies
	}
	return nil
}

// override gives a post the name and the picture that the command or else the
// answer asks for.
func (s *Server) override(p *post, c wireCommand, reply *commandReply) {
	first := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	if name := first(c.Username, reply.Username); name != "" && s.settings.EnablePostUsernameOverride {
		p.Props["override_username"] = name
	}
	if s.settings.EnablePostIconOverride {
		p.Props["override_icon_url"] = first(c.IconURL, reply.IconURL)
	}
}

func (s *Server) dressAttachments(p *post, reply *commandReply) {
	if p.Type == "" {
		p.Type = "slack_attachment"
	}
	for _, a := range reply.Attachments {
		if a == nil {
			continue
		}
		if !reply.SkipSlackParsing {
			a.Text, a.Pretext, a.Title = s.slackText(a.Text), s.slackText(a.Pretext), s.slackText(a.Title)
		}
		a.Text, a.Pretext = slackLinks(a.Text), slackLinks(a.Pretext)
	}
	p.Props["attachments"] = reply.Attachments
}

// postHook serves a response_url: it needs no token and is good for five
// answers within half an hour.
func (s *Server) postHook(c *call) (any, *Failure) {
	id := c.r.PathValue("id")
	body, err := io.ReadAll(c.r.Body)
	var reply *commandReply
	if err == nil {
		reply, err = readReply(c.r.Header.Get("Content-Type"), body)
	}
	if err != nil {
		return nil, fail(http.StatusBadRequest, "web.command_webhook.parse.app_error", "Unable to parse incoming data for webhook "+id+".").
			because("%s", err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.useHook(id, reply); f != nil {
		return nil, fail(f.Status, "web.command_webhook.general.app_error", "Failed to handle command webhook "+id+".").
			because("HandleCommandWebhook: %s, %s", f.Message, f.Detail)
	}
	return "ok", nil
}

var errGone = errors.New("the command is gone")

func (s *Server) useHook(id string, reply *commandReply) *Failure {
	h := s.hooks[id]
	if h == nil || s.age(h.created) > hookLife {
		return notFound("app.command_webhook.get.missing", "Unable to find the webhook.", "CommandWebhook", id)
	}
	m := s.commands[h.command]
	if m == nil {
		return fail(http.StatusBadRequest, "web.command_webhook.command.app_error", errGone.Error())
	}
	if h.uses >= hookUses {
		return fail(http.StatusBadRequest, "app.command_webhook.try_use.invalid", "Invalid webhook.").because("invalid input: entity: CommandWebhook field: id value: %s", id)
	}
	h.uses++
	r := &run{user: s.users[h.user], args: args{Channel: h.channel, Root: h.root, Team: m.TeamID}, command: m.wireCommand, trigger: m.Trigger}
	return s.show(r, reply)
}
