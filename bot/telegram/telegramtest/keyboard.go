package telegramtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Key is a button of the keyboard that a bot puts where a person types.
type Key struct {
	Text    string `json:"text"`
	Contact bool   `json:"contact,omitempty"` // hands over the person's own phone number
}

// replyMarkup is a keyboard where people type, or the end of one, as it is sent
// (https://core.telegram.org/bots/api#replykeyboardmarkup).
type replyMarkup struct {
	Keyboard    *[][]replyKey `json:"keyboard"`
	Persistent  bool          `json:"is_persistent"`
	Resize      bool          `json:"resize_keyboard"`
	OneTime     bool          `json:"one_time_keyboard"`
	Placeholder string        `json:"input_field_placeholder"`
	Selective   bool          `json:"selective"`
	Remove      bool          `json:"remove_keyboard"`
}

type replyKey struct {
	Text    string `json:"text"`
	Icon    string `json:"icon_custom_emoji_id"`
	Style   string `json:"style"`
	Contact bool   `json:"request_contact"`
	// The other types of button are known but not played.
	Location json.RawMessage `json:"request_location"`
	Poll     json.RawMessage `json:"request_poll"`
	Users    json.RawMessage `json:"request_users"`
	Chat     json.RawMessage `json:"request_chat"`
	Managed  json.RawMessage `json:"request_managed_bot"`
	WebApp   json.RawMessage `json:"web_app"`
}

// keyboardChange is what a new message does to the keyboard of its chat.
type keyboardChange struct {
	any    bool
	rows   [][]Key // none: it is taken away
	hiding bool    // once it was used
	from   int     // the message that it came with
}

// isReplyMarkup tells a reply_markup that is no inline keyboard.
func isReplyMarkup(text string) bool {
	var is struct {
		Keyboard json.RawMessage `json:"keyboard"`
		Remove   json.RawMessage `json:"remove_keyboard"`
	}
	return json.Unmarshal([]byte(text), &is) == nil && (is.Keyboard != nil || is.Remove != nil)
}

// readKeyboard reads a reply_markup that is no inline keyboard.
func readKeyboard(text string, private bool) (keyboardChange, *failure) {
	var m replyMarkup
	if err := strict(text, &m); err != nil {
		return keyboardChange{}, bad("can't parse reply keyboard markup JSON object: %s", err)
	}
	if m.Keyboard == nil {
		return keyboardChange{any: m.Remove}, nil
	}
	out := keyboardChange{any: true, hiding: m.OneTime}
	for _, row := range *m.Keyboard {
		var keys []Key
		for _, k := range row {
			switch {
			case strings.TrimSpace(k.Text) == "":
				return out, bad("keyboard button text must be non-empty")
			case k.Contact && !private:
				return out, bad("phone number can be requested in private chats only")
			case k.Location != nil || k.Poll != nil || k.Users != nil || k.Chat != nil || k.Managed != nil || k.WebApp != nil:
				return out, bad("the pretend server plays keyboard buttons with text and request_contact only")
			}
			keys = append(keys, Key{Text: k.Text, Contact: k.Contact})
		}
		if len(keys) > 0 {
			out.rows = append(out.rows, keys)
		}
	}
	if len(out.rows) == 0 {
		return out, bad("reply keyboard must contain at least one button")
	}
	return out, nil
}

// Keyboard gives the keyboard that the bot put where the person types. It is
// there, perhaps hidden, until the bot takes it away.
func (s *Server) Keyboard(chat int64) [][]Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chat]; c != nil {
		return c.keyboard.rows
	}
	return nil
}

// PressKey presses a button of the keyboard that the bot put where the person
// types: it sends the words on it, or the person's own phone number. It gives
// the message's id.
func (p *Person) PressKey(label string) (int, error) {
	p.s.mu.Lock()
	all := slices.Concat(p.chat.keyboard.rows...)
	p.s.mu.Unlock()
	i := slices.IndexFunc(all, func(k Key) bool { return k.Text == label })
	switch {
	case i < 0:
		return 0, fmt.Errorf("%w: %q on the keyboard", ErrNoButton, label)
	case all[i].Contact:
		return p.SendContact(p), nil
	}
	return p.Type(label), nil
}

// hasKey tells whether the keyboard that came with a message has a key.
func (p *Person) hasKey(message int, label string) bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	k := p.chat.keyboard
	return k.from == message && slices.ContainsFunc(slices.Concat(k.rows...), func(k Key) bool { return k.Text == label })
}

// SendContact sends somebody's contact card, one's own or another user's, which
// names the account that the number belongs to. It gives the message's id.
func (p *Person) SendContact(of *Person) int {
	return p.write(&message{kind: contactKind, card: &card{user: of.user.id, phone: of.user.number()}})
}

// SendNumber sends a contact card from the address book whose number no
// account of Telegram has.
func (p *Person) SendNumber(number string) int {
	return p.write(&message{kind: contactKind, card: &card{phone: number}})
}

// ForwardContact forwards a card that stands in the chat already. It is the
// same card, and says where it came from.
func (p *Person) ForwardContact(of *Person) int {
	return p.write(&message{kind: contactKind, forwarded: true, card: &card{user: of.user.id, phone: of.user.number()}})
}

// SetNumber gives the user another phone number, digits alone.
func (p *Person) SetNumber(number string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.user.phone = number
}

const contactKind = "contact"

// card is the content of a message of the kind contact.
type card struct {
	user  int64 // 0: of nobody on Telegram
	phone string
}

// number is the user's phone number in the form of Telegram: digits, without
// a plus sign.
func (u *user) number() string {
	if u.phone != "" {
		return u.phone
	}
	return "62812" + strconv.FormatInt(10_000_000+u.id%10_000_000, 10)
}

// wireCard gives a card as the Bot API writes it.
func (s *Server) wireCard(c *card) map[string]any {
	w := map[string]any{"phone_number": c.phone, "first_name": "Contoh"}
	if u := s.users[c.user]; u != nil {
		w["user_id"], w["first_name"] = u.id, u.name
	}
	return w
}
