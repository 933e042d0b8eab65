package desk

import (
	"testing"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store/storetest"
)

// What officers are told to type is what their platform takes where they are:
// in a channel of Mattermost's a command follows the bot's name.
func TestOfficersAreToldWhatTheirPlatformTakes(t *testing.T) {
	for _, c := range []struct {
		room bot.Account
		want string
	}{
		{forum, "Tulis `/"},
		{bot.Account{Platform: bot.Mattermost, ID: "helpdesk"}, "Tulis `@resetpin "},
	} {
		w := newWorldIn(t, storetest.Open(t, storetest.SQLite(t)), c.room, talk.Indonesian)
		officer := bot.Account{Platform: c.room.Platform, ID: rina.ID}
		for _, command := range []string{cmdName, cmdNumber, cmdCall} {
			asked := bot.Update{Origin: bot.Origin{Chat: c.room.ID, Thread: "t1"}, Kind: bot.KindCommand, Command: command}
			holds(t, c.room.Platform, w.do(w.room, w.by(officer, asked)).Messages[0].Text, c.want+command)
		}
		asked := bot.Update{Kind: bot.KindCommand, Command: cmdCall}
		w.Kernel.Settings.Admins = []bot.Account{officer}
		own := map[string]string{bot.Telegram: "Tulis `/telepon", bot.Mattermost: "Tulis `telepon"}[c.room.Platform]
		holds(t, "an administrator", w.do(w.Capability().Commands[2].Run, w.by(officer, asked)).Messages[0].Text, own)
	}
}
