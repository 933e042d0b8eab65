package bot_test

import (
	"encoding/json"
	"testing"

	"resetpin/bot"
)

// Words that wait to be said are stored with their pictures.
func TestAPictureIsStoredWithItsWords(t *testing.T) {
	t.Parallel()
	message := bot.Message{Text: "Lihat", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return []byte("png") }, Alt: "layar"}}
	data, err := json.Marshal(bot.Reply{Messages: []bot.Message{message, {Text: "tanpa"}}})
	if err != nil {
		t.Fatal(err)
	}
	var back bot.Reply
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if p := back.Messages[0].Picture; p == nil || p.Name != "a.png" || p.Alt != "layar" || string(p.Data()) != "png" {
		t.Errorf("%s gives %+v", data, p)
	}
	if back.Messages[1].Picture != nil {
		t.Errorf("a message without a picture got %+v", back.Messages[1].Picture)
	}
}
