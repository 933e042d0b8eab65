package telegramtest_test

import (
	"encoding/json"
	"testing"

	"resetpin/bot/telegram/telegramtest"
)

// Topics, rights and membership are refused in the words of Telegram's own
// server.
func TestGroupsAreAsStrictAsTelegram(t *testing.T) {
	w := start(t, telegramtest.Options{})
	const group, forum, old, grown = -4001, -1001557000009, -4002, -1001557000001
	w.Group(group, "Helpdesk")
	w.Forum(forum, "Helpdesk dengan topik")
	w.Group(old, "Helpdesk lama")
	officer := w.User(9, "Petugas", "id")
	officer.In(forum)

	refused := func(what, method string, params map[string]any, code int, text string) {
		t.Helper()
		body, err := json.Marshal(params)
		if err != nil {
			t.Fatal(err)
		}
		if r := w.call(method, string(body)); r.ErrorCode != code && (code != 200 || !r.OK) || r.Description != text {
			t.Errorf("%s: %d %q, want %d %q", what, r.ErrorCode, r.Description, code, text)
		}
	}
	refused("a group without topics", "createForumTopic", map[string]any{"chat_id": group, "name": "x"}, 400, "Bad Request: the chat is not a forum")
	refused("a topic", "createForumTopic", map[string]any{"chat_id": forum, "name": "#1 Pegawai Satu"}, 200, "")
	topic := w.Topics(forum)[0]
	refused("an unknown topic", "sendMessage", map[string]any{"chat_id": forum, "message_thread_id": 4711, "text": "x"}, 400, "Bad Request: message thread not found")
	refused("closing twice", "reopenForumTopic", map[string]any{"chat_id": forum, "message_thread_id": topic.ID}, 400, "Bad Request: TOPIC_NOT_MODIFIED")
	refused("closing", "closeForumTopic", map[string]any{"chat_id": forum, "message_thread_id": topic.ID}, 200, "")
	refused("an administrator writes into a closed topic", "sendMessage", map[string]any{"chat_id": forum, "message_thread_id": topic.ID, "text": "x"}, 200, "")

	w.SetRights(forum, telegramtest.GroupRights{Forum: true})
	refused("no rights", "createForumTopic", map[string]any{"chat_id": forum, "name": "x"}, 400, "Bad Request: not enough rights to create a topic")
	refused("a closed topic", "sendMessage", map[string]any{"chat_id": forum, "message_thread_id": topic.ID, "text": "x"}, 400, "Bad Request: TOPIC_CLOSED")

	w.RemoveTopic(forum, topic.ID)
	refused("a topic that was deleted", "sendMessage", map[string]any{"chat_id": forum, "message_thread_id": topic.ID, "text": "x"}, 400, "Bad Request: message thread not found")

	refused("a stranger", "getChatMember", map[string]any{"chat_id": forum, "user_id": 4711}, 400, "Bad Request: PARTICIPANT_ID_INVALID")
	w.Migrate(old, grown)
	refused("a group that grew", "sendMessage", map[string]any{"chat_id": old, "text": "x"}, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	refused("looking at it", "getChat", map[string]any{"chat_id": old}, 200, "")
	w.KickBot(grown)
	refused("thrown out", "sendMessage", map[string]any{"chat_id": grown, "text": "x"}, 403, "Forbidden: bot was kicked from the supergroup chat")
}
