package telegramtest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxData is the most bytes of callback data.
const maxData = 64

// maxCopy is the most characters that a button copies.
const maxCopy = 256

// strict decodes a JSON object and refuses fields that the target has not.
func strict(text string, into any) error {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// markup is an inline keyboard as it is sent. Other keyboards go with a new
// text alone; see readKeyboard.
type markup struct {
	Keyboard *[][]markupButton `json:"inline_keyboard"`
}

type markupButton struct {
	Text  string `json:"text"`
	Icon  string `json:"icon_custom_emoji_id"`
	Style string `json:"style"`
	URL   string `json:"url"`
	Data  string `json:"callback_data"`
	Copy  *struct {
		Text string `json:"text"`
	} `json:"copy_text"`
	// The other types of button are known but not played.
	WebApp        json.RawMessage `json:"web_app"`
	Login         json.RawMessage `json:"login_url"`
	Switch        json.RawMessage `json:"switch_inline_query"`
	SwitchCurrent json.RawMessage `json:"switch_inline_query_current_chat"`
	SwitchChosen  json.RawMessage `json:"switch_inline_query_chosen_chat"`
	Game          json.RawMessage `json:"callback_game"`
	Pay           json.RawMessage `json:"pay"`
}

// readMarkup reads the reply_markup parameter; no keyboard gives nil.
func readMarkup(text string) ([][]Button, *failure) {
	if text == "" {
		return nil, nil
	}
	if isReplyMarkup(text) {
		return nil, bad("inline keyboard expected")
	}
	var m markup
	if err := strict(text, &m); err != nil {
		return nil, bad("can't parse reply keyboard markup JSON object: %s", err)
	}
	if m.Keyboard == nil {
		return nil, bad("the pretend server plays inline keyboards only")
	}
	var rows [][]Button
	count := 0
	for _, row := range *m.Keyboard {
		var out []Button
		for _, b := range row {
			shown, f := b.read()
			if f != nil {
				return nil, f
			}
			out = append(out, shown)
			count++
		}
		if len(out) > 8 {
			return nil, bad("BUTTON_ROW_TOO_LONG") // the real server wraps or refuses; a bot should not try
		}
		if len(out) > 0 {
			rows = append(rows, out)
		}
	}
	if count > 100 || len(text) > 10<<10 {
		return nil, bad("reply markup is too long")
	}
	return rows, nil
}

// read checks one button.
func (b markupButton) read() (Button, *failure) {
	kinds := 0
	for _, set := range []bool{b.URL != "", b.Data != "", b.WebApp != nil, b.Login != nil, b.Switch != nil,
		b.SwitchCurrent != nil, b.SwitchChosen != nil, b.Copy != nil, b.Game != nil, b.Pay != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		return Button{}, bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case kinds > 1: // the real server takes the first it knows; documented is exactly one
		return Button{}, bad("can't parse inline keyboard button: exactly one of the optional fields must be used")
	case strings.TrimSpace(b.Text) == "":
		return Button{}, bad("inline keyboard button text must be non-empty")
	case b.Style != "" && b.Style != "primary" && b.Style != "success" && b.Style != "danger":
		return Button{}, bad("can't parse inline keyboard button: invalid button style specified")
	case len(b.Data) > maxData:
		return Button{}, bad("BUTTON_DATA_INVALID")
	case b.Copy != nil && (b.Copy.Text == "" || utf8.RuneCountInString(b.Copy.Text) > maxCopy):
		return Button{}, bad("can't parse inline keyboard button: the text to copy must have 1 to %d characters", maxCopy)
	case b.URL == "" && b.Data == "" && b.Copy == nil:
		return Button{}, bad("the pretend server plays buttons with url, callback_data and copy_text only")
	}
	if b.URL != "" {
		if reason := badLink(b.URL); reason != "" {
			return Button{}, bad("inline keyboard button URL '%s' is invalid: %s", b.URL, reason)
		}
	}
	shown := Button{Text: b.Text, Data: b.Data, URL: b.URL, Style: b.Style}
	if b.Copy != nil {
		shown.Copy = b.Copy.Text
	}
	return shown, nil
}

// badLink tells why Telegram does not take a link, or gives nothing.
func badLink(link string) string {
	lower := strings.ToLower(link)
	if strings.HasPrefix(lower, "tg:") || strings.HasPrefix(lower, "ton:") {
		return ""
	}
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return "Unallowed characters in URL host"
	case u.Scheme != "http" && u.Scheme != "https":
		return "Unsupported URL protocol"
	case !strings.Contains(u.Hostname(), ".") && !strings.Contains(u.Hostname(), ":"):
		return "Wrong HTTP URL"
	}
	return ""
}
