package mattermost

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
)

// frame is what the server sends by websocket: an event, or the reply to a
// ping.
type frame struct {
	Event    model.WebsocketEventType `json:"event"`
	Seq      int64                    `json:"seq"`
	Data     json.RawMessage          `json:"data"`
	Status   string                   `json:"status"`
	SeqReply int64                    `json:"seq_reply"`

	Broadcast struct {
		ChannelID string `json:"channel_id"`
	} `json:"broadcast"` // whom the event is for
}

func (f frame) isReply() bool { return f.Event == "" && f.Status != "" }

// connectionID is hello's.
func (f frame) connectionID() string {
	var d struct {
		ID string `json:"connection_id"`
	}
	if json.Unmarshal(f.Data, &d) != nil || !model.IsValidId(d.ID) {
		return ""
	}
	return d.ID
}

// serverTime is a pong's, in milliseconds; 0: not told.
func (f frame) serverTime() int64 {
	var d struct {
		Time int64 `json:"server_time"`
	}
	if json.Unmarshal(f.Data, &d) != nil {
		return 0
	}
	return d.Time
}

// postedData is what comes with a post, written or changed.
type postedData struct {
	Post        string            `json:"post"` // JSON in JSON
	ChannelType model.ChannelType `json:"channel_type"`
	Mentions    string            `json:"mentions"` // JSON in JSON: user ids
}

// posted reads a post's event; false: it is none that can be read.
func (f frame) posted() (d postedData, p *model.Post, ok bool) {
	p = &model.Post{}
	ok = json.Unmarshal(f.Data, &d) == nil && json.Unmarshal([]byte(d.Post), p) == nil
	return d, p, ok
}

// removed reads who was taken out of a channel, or has left it.
func (f frame) removed() (user string, ok bool) {
	var d struct {
		UserID string `json:"user_id"`
	}
	ok = json.Unmarshal(f.Data, &d) == nil && model.IsValidId(d.UserID)
	return d.UserID, ok
}

// mentions tells whether a post names a user.
func (d postedData) mentions(user string) bool {
	var ids []string
	return d.Mentions != "" && json.Unmarshal([]byte(d.Mentions), &ids) == nil && slices.Contains(ids, user)
}

// heard makes an update of an event, if it is somebody's message to the bot.
func (a *Adapter) heard(ctx context.Context, f frame) (bot.Update, bool, error) {
	if f.Event == model.WebsocketEventUserRemoved {
		u, ok := a.left(f)
		return u, ok, nil
	}
	if f.Event != model.WebsocketEventPosted && f.Event != model.WebsocketEventPostEdited {
		return bot.Update{}, false, nil
	}
	d, p, ok := f.posted()
	if !ok {
		a.c.Logger.Error("mattermost: a post cannot be read and is skipped", "event", f.Event)
		return bot.Update{}, false, nil
	}
	me := a.me.get()
	switch {
	case !isPersons(p, me):
		return bot.Update{}, false, nil
	case f.Event == model.WebsocketEventPostEdited:
		return a.heardEdit(ctx, p)
	case d.ChannelType == model.ChannelTypeDirect:
		return a.written(p), true, nil
	case a.isRoom(p.ChannelId):
		u, ok := a.heardInRoom(p, me)
		return u, ok, nil
	case !d.mentions(me.ID):
		return bot.Update{}, false, nil
	}
	u, ok := a.called(p, me)
	return u, ok, nil
}

// heardEdit makes an update of a changed direct message. The event does not
// tell the kind of its channel; and it also comes when a post is pinned, which
// changes no word.
func (a *Adapter) heardEdit(ctx context.Context, p *model.Post) (bot.Update, bool, error) {
	if p.EditAt == 0 {
		return bot.Update{}, false, nil
	}
	kind, err := a.kindOf(ctx, p.ChannelId)
	switch {
	case server.Refused(err):
		return bot.Update{}, false, nil
	case err != nil:
		return bot.Update{}, false, err
	}
	return a.edited(p), kind == model.ChannelTypeDirect, nil
}

// isPersons tells whether a post was written by a person other than the bot.
// A slash command's public answer counts as its caller's post.
func isPersons(p *model.Post, me Me) bool {
	return p.Id != "" && p.UserId != "" && p.UserId != me.ID && p.Type == model.PostTypeDefault && p.DeleteAt == 0 &&
		p.GetProp(model.PostPropsFromWebhook) != "true" && p.GetProp(model.PostPropsFromBot) != "true"
}

// written makes an update of a direct message.
func (a *Adapter) written(p *model.Post) bot.Update {
	u := a.from(p)
	text := strings.TrimSpace(p.Message)
	switch {
	case text == "" && len(p.FileIds) > 0:
		u.Kind = bot.KindOther
	default:
		u.Kind, u.Command, u.Text = a.words(text)
	}
	return u
}

// behindWords is the address of a link in Markdown, which the reader does not
// see: [words](address).
var behindWords = regexp.MustCompile(`\]\(\s*<?([^\s)>]+)`)

// from gives what every direct message tells of its writer.
func (a *Adapter) from(p *model.Post) bot.Update {
	u := bot.Update{
		Origin: bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: p.UserId}, Chat: p.ChannelId, Private: true, Message: p.Id},
		ID:     p.Id, At: time.UnixMilli(p.CreateAt),
	}
	for _, found := range behindWords.FindAllStringSubmatch(p.Message, -1) {
		u.Links = append(u.Links, found[1])
	}
	u.Files = filesOf(p)
	u.Handle = inThread("", p.RootId)
	return u
}

// edited makes an update of a direct message that was changed.
func (a *Adapter) edited(p *model.Post) bot.Update {
	u := a.from(p)
	u.ID = p.Id + "." + strconv.FormatInt(p.EditAt, 10)
	u.Kind, u.Text, u.At = bot.KindEdited, p.Message, time.UnixMilli(p.EditAt)
	return u
}

// called makes an update of a post in a channel that names the bot, wherever
// in it: "halo @bot tolong". A word of the bot's right after its name is a
// command; all else is handed over whole, for a PIN may be in it. Where others
// read along the handlers only show the way to the direct message.
func (a *Adapter) called(p *model.Post, me Me) (bot.Update, bool) {
	before, after, ok := cutMention(p.Message, me.Username)
	if !ok {
		return bot.Update{}, false
	}
	root := p.RootId
	if root == "" {
		root = p.Id
	}
	u := a.from(p)
	u.Private, u.Kind, u.Handle = false, bot.KindCommand, inThread("", root)
	word, rest := cutWord(after)
	if word = strings.ToLower(word); slices.Contains(a.commandWords(p.ChannelId), word) {
		u.Command, u.Text = word, rest
	} else {
		u.Text = strings.TrimSpace(before + " " + after)
	}
	return u, true
}

// cutMention cuts a text at the first word that is a user's @name, whatever
// sign of punctuation stands around it.
func cutMention(text, name string) (before, after string, ok bool) {
	for at := 0; at < len(text); {
		start := at + strings.IndexFunc(text[at:], func(r rune) bool { return !unicode.IsSpace(r) })
		if start < at {
			break
		}
		end := len(text)
		if i := strings.IndexFunc(text[start:], unicode.IsSpace); i >= 0 {
			end = start + i
		}
		word := strings.TrimLeft(strings.TrimRight(text[start:end], ",:.;!?)\"'*_~"), "(\"'*_~")
		if strings.EqualFold(word, "@"+name) {
			return strings.TrimSpace(text[:start]), strings.TrimSpace(text[end:]), true
		}
		at = end
	}
	return "", "", false
}
