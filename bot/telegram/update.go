package telegram

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
)

// mapper turns Telegram's updates into the bot's. It is a pure function of
// its fields.
type mapper struct {
	signer   *bot.Signer
	username string // the bot's own, to tell commands for other bots apart
	now      time.Time
	rooms    *rooms // nil: none
}

// Why an update is not one for the bot.
var (
	errIgnored = errors.New("not an update for this bot")
	errForged  = errors.New("a press that this bot did not sign for the presser")
)

// update gives the bot.Update of w; or errIgnored; or errForged, with the
// origin of the press to answer.
func (m mapper) update(w *wireUpdate) (bot.Update, error) {
	var u bot.Update
	var err error
	switch {
	case w.Query != nil:
		u, err = m.press(w.Query)
	case w.Message != nil:
		u, err = m.message(w.Message)
	case w.Edited != nil:
		u, err = m.edited(w.Edited)
	case w.Member != nil:
		u, err = m.member(w.Member)
	default:
		err = errIgnored
	}
	u.ID = strconv.FormatInt(w.ID, 10)
	return u, err
}

// from gives what every message tells of its writer, or errIgnored when
// nobody can be answered: posts in channels, in a chat's name, of bots or by
// way of them.
func (m mapper) from(w *wireMessage) (bot.Update, error) {
	if w.From == nil || w.From.IsBot || bool(w.SenderChat) || bool(w.ViaBot) || w.Chat.Type == "channel" {
		return bot.Update{}, errIgnored
	}
	return bot.Update{
		Origin: bot.Origin{
			Account: account(w.From.ID), Chat: m.chat(w), Thread: m.thread(w),
			Private: w.Chat.Type == "private", Message: strconv.FormatInt(w.ID, 10),
		},
		Links:    w.links(),
		Files:    w.files(),
		Language: w.From.Language,
		At:       time.Unix(w.Date, 0),
	}, nil
}

func account(id int64) bot.Account {
	return bot.Account{Platform: bot.Telegram, ID: strconv.FormatInt(id, 10)}
}

func (m mapper) message(w *wireMessage) (bot.Update, error) {
	if w.Left != nil && m.rooms.has(m.chat(w)) {
		return m.left(w.Left, m.chat(w), w.Date)
	}
	u, err := m.from(w)
	if err != nil {
		return u, err
	}
	switch {
	case w.Text == "" && !w.other():
		return u, errIgnored // a service message
	case w.Contact != nil && u.Private:
		u.Kind, u.Contact = bot.KindContact, w.ownNumber()
		return u, nil
	case w.Text == "":
		u.Kind, u.Text = bot.KindOther, w.Caption
		return u, nil
	}
	command, args, bot1 := splitCommand(w.Text)
	switch {
	case command == "":
		u.Kind, u.Text = bot.KindText, w.Text
	case bot1 != "" && !u.Private && !strings.EqualFold(bot1, m.username):
		return u, errIgnored
	default:
		u.Kind, u.Command, u.Text = bot.KindCommand, command, args
	}
	return u, nil
}

// splitCommand reads "/name@bot arguments"; name comes in lower case and is
// empty when the text is no command.
func splitCommand(text string) (name, args, botName string) {
	if text == "" || text[0] != '/' {
		return "", "", ""
	}
	word := text[1:]
	if end := strings.IndexFunc(word, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\u00a0' }); end >= 0 {
		word, args = word[:end], strings.TrimSpace(word[end:])
	}
	name, botName, _ = strings.Cut(word, "@")
	if name == "" || len(name) > 64 {
		return "", "", ""
	}
	for _, c := range []byte(name) {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return "", "", ""
		}
	}
	return strings.ToLower(name), args, botName
}

func (m mapper) edited(w *wireMessage) (bot.Update, error) {
	u, err := m.from(w)
	if err != nil {
		return u, err
	}
	u.Kind, u.Text = bot.KindEdited, w.Text+w.Caption // never both
	if u.Text == "" {
		return u, errIgnored // a live location moves, a poll closes …
	}
	if w.Edited != 0 {
		u.At = time.Unix(w.Edited, 0)
	}
	return u, nil
}

// press reads a pressed button. Its action must be signed for the presser;
// in a group also one signed for the group itself is taken.
func (m mapper) press(w *wireQuery) (bot.Update, error) {
	if w.From == nil || w.ID == "" {
		return bot.Update{}, errIgnored
	}
	u := bot.Update{
		Origin: bot.Origin{Account: account(w.From.ID), Handle: handle(w)},
		Kind:   bot.KindAction, Language: w.From.Language, At: m.now,
	}
	if w.Message == nil {
		return u, errForged // this bot writes no inline messages
	}
	u.Chat, u.Thread = m.chat(w.Message), m.thread(w.Message)
	u.Private = w.Message.Chat.ID == w.From.ID
	if m.rooms.has(u.Chat) {
		u.Called = w.From.Name
	}
	if w.Message.Date != 0 {
		u.Message = strconv.FormatInt(w.Message.ID, 10)
	}
	act, err := m.signer.Verify(u.Account, w.Data)
	if err != nil && !u.Private {
		act, err = m.signer.Verify(bot.Account{Platform: bot.Telegram, ID: m.chat(w.Message)}, w.Data)
	}
	if err != nil {
		return u, errForged
	}
	u.Action = act
	return u, nil
}

// A Handle is the id of a callback query behind a letter that tells what the
// pressed message is, so that it can be edited the right way.
const (
	pressedText  = 't'
	pressedPhoto = 'p'
	pressedGone  = 'g' // inaccessible
)

func handle(w *wireQuery) string {
	kind := pressedText
	switch {
	case w.Message == nil || w.Message.Date == 0:
		kind = pressedGone
	case len(w.Message.Photo) > 0:
		kind = pressedPhoto
	}
	return string(kind) + w.ID
}

// splitHandle gives a handle's letter and query id; both zero when it is empty.
func splitHandle(h string) (kind byte, query string) {
	if h == "" {
		return 0, ""
	}
	return h[0], h[1:]
}
