package handlers

import (
	"embed"
	"io/fs"

	"resetpin/handlers/desk"
	"resetpin/handlers/talk"
)

//go:embed texts
var builtinTexts embed.FS

// TextFiles are the built-in texts that no capability brings, and the frame of
// mails.
func TextFiles() fs.FS {
	own, err := fs.Sub(builtinTexts, "texts")
	if err != nil {
		panic(err) // a name that cannot be wrong
	}
	return own
}

// Languages lists those that the bot speaks, Indonesian first: there is a file
// of texts for each.
func Languages() []string {
	all, err := talk.LanguagesOf(TextFiles())
	if err != nil {
		panic(err) // they are built in
	}
	return all
}

// LoadTexts reads the built-in texts and those of all capabilities. It fails
// when one is missing in a language; see talk.LoadTexts.
func LoadTexts() (*talk.Texts, error) {
	folders := []fs.FS{TextFiles()}
	for _, c := range assemble(Config{}).capabilities() {
		if c.Texts != nil {
			folders = append(folders, c.Texts)
		}
	}
	return talk.LoadTexts(folders...)
}

// CommandInfo is a command as platforms list it.
type CommandInfo struct {
	Name        string
	Description map[string]string // by language
}

// Commands lists the commands for a platform to show.
func Commands(t *talk.Texts) []CommandInfo {
	var out []CommandInfo
	for _, c := range table().Listed() {
		info := CommandInfo{Name: c.Name, Description: make(map[string]string)}
		for _, lang := range t.Languages() {
			info.Description[lang] = t.Get(lang, "command."+c.Name)
		}
		out = append(out, info)
	}
	return out
}

// CommandWords lists every word that is a command, aliases included.
func CommandWords() []string { return table().Words() }

// AdminWords lists the words that are commands of admins in their private chat.
func AdminWords() []string { return table().AdminWords() }

// RoomWords lists the words that are commands in officers' rooms.
func RoomWords() []string { return append(desk.RoomCommands(), table().RoomCommands()...) }

// table is what the capabilities bring, for those who only look at it.
func table() *talk.Table {
	h := assemble(Config{})
	if err := h.Register(h.capabilities()...); err != nil {
		panic(err) // New says so first, and a test
	}
	return h.Table()
}
