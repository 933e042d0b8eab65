package telegramtest

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2}$`)
)

// menuKey names a menu by its scope and language.
func menuKey(scope, language string) string { return scope + "/" + language }

// menuKeys are the menus that apply to a scope and language, nearest first.
func menuKeys(scope, language string) []string {
	return []string{menuKey(scope, language), menuKey(scope, ""), menuKey("default", language), menuKey("default", "")}
}

// readScope reads scope and language_code and gives the menu's key.
func readScope(q *request) (string, *failure) {
	scope := struct {
		Type   string `json:"type"`
		ChatID any    `json:"chat_id"`
		UserID int64  `json:"user_id"`
	}{Type: "default"}
	if text := q.params["scope"]; text != "" {
		if err := strict(text, &scope); err != nil {
			return "", bad("can't parse BotCommandScope JSON object: %s", err)
		}
	}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
	case "chat", "chat_administrators", "chat_member":
		return "", bad("the pretend server does not play commands of one chat")
	default:
		return "", bad("can't parse BotCommandScope: Unsupported type specified")
	}
	language := q.params["language_code"]
	if language != "" && !languageForm.MatchString(language) {
		return "", bad("invalid language code specified")
	}
	return menuKey(scope.Type, language), nil
}

func (s *Server) setMyCommands(q *request) (any, *failure) {
	var menu []Command
	if err := strict(q.params["commands"], &menu); err != nil {
		return nil, bad("can't parse commands JSON object: %s", err)
	}
	if len(menu) > 100 {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range menu {
		if !commandName.MatchString(c.Command) {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n < 1 || n > 256 {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	key, f := readScope(q)
	if f != nil {
		return nil, f
	}
	s.menus[key] = menu
	s.tell(Change{Kind: ChangeCommands})
	return true, nil
}

func (s *Server) getMyCommands(q *request) (any, *failure) {
	key, f := readScope(q)
	if f != nil {
		return nil, f
	}
	if menu := s.menus[key]; menu != nil {
		return menu, nil
	}
	return json.RawMessage("[]"), nil
}

func (s *Server) deleteMyCommands(q *request) (any, *failure) {
	key, f := readScope(q)
	if f != nil {
		return nil, f
	}
	delete(s.menus, key)
	s.tell(Change{Kind: ChangeCommands})
	return true, nil
}
