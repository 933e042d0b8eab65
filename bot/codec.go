package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// wire is the inbox's form of an update: JSON with short keys, so that a row
// that an older or newer version of the program wrote can still be read.
// Unknown keys are ignored, missing ones are zero.
type wire struct {
	Platform string            `json:"p"`
	User     string            `json:"u"`
	Chat     string            `json:"c,omitempty"`
	Private  bool              `json:"v,omitempty"`
	Message  string            `json:"m,omitempty"`
	Thread   string            `json:"o,omitempty"`
	Subject  string            `json:"j,omitempty"`
	Handle   string            `json:"h,omitempty"`
	ID       string            `json:"i"`
	Kind     Kind              `json:"k"`
	Command  string            `json:"d,omitempty"`
	Text     string            `json:"t,omitempty"`
	Links    []string          `json:"n,omitempty"`
	Contact  string            `json:"b,omitempty"`
	Files    []wireFile        `json:"e,omitempty"`
	Action   *wireAction       `json:"a,omitempty"`
	Called   string            `json:"z,omitempty"`
	Fields   map[string]string `json:"f,omitempty"`
	Language string            `json:"l,omitempty"`
	At       int64             `json:"s,omitempty"` // Unix milliseconds; 0: the zero time
	Wish     bool              `json:"w,omitempty"`
	What     string            `json:"x,omitempty"`
	Words    []byte            `json:"y,omitempty"`
	Received int64             `json:"r,omitempty"` // Unix milliseconds by this program's clock
}

type wireFile struct {
	Platform string   `json:"p"`
	ID       string   `json:"i"`
	Kind     FileKind `json:"k"`
	Name     string   `json:"n,omitempty"`
}

type wireAction struct {
	Name string `json:"n"`
	Arg  string `json:"g,omitempty"`
	At   int64  `json:"s,omitempty"` // Unix milliseconds; 0: the zero time
}

// encodeUpdate writes an update and when it was received, both times to the
// millisecond.
func encodeUpdate(u Update, received time.Time) ([]byte, error) {
	w := wire{
		Platform: u.Account.Platform, User: u.Account.ID, Chat: u.Chat, Private: u.Private,
		Message: u.Message, Thread: u.Thread, Subject: u.Subject, Handle: u.Handle, ID: u.ID, Kind: u.Kind, Command: u.Command,
		Text: u.Text, Links: u.Links, Contact: u.Contact, Called: u.Called, Fields: u.Fields, Language: u.Language,
		At: toMilli(u.At), Wish: u.Wish, What: u.What, Words: u.Words, Received: toMilli(received),
	}
	for _, f := range u.Files {
		w.Files = append(w.Files, wireFile(f))
	}
	if u.Action != (Action{}) {
		w.Action = &wireAction{Name: u.Action.Name, Arg: u.Action.Arg, At: toMilli(u.Action.At)}
	}
	data, err := json.Marshal(&w)
	if err != nil {
		return nil, fmt.Errorf("encode update: %w", err)
	}
	return data, nil
}

// decodeUpdate reads what encodeUpdate wrote. Its error says nothing of the
// content, which may be a secret.
func decodeUpdate(data []byte) (u Update, received time.Time, err error) {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return Update{}, time.Time{}, fmt.Errorf("decode update of %d bytes: not its form (%T)", len(data), err)
	}
	u = Update{
		Origin: Origin{
			Account: Account{Platform: w.Platform, ID: w.User},
			Chat:    w.Chat, Private: w.Private, Message: w.Message, Thread: w.Thread, Subject: w.Subject, Handle: w.Handle,
		},
		ID: w.ID, Kind: w.Kind, Command: w.Command, Text: w.Text, Links: w.Links, Contact: w.Contact, Called: w.Called,
		Fields: w.Fields, Language: w.Language, At: fromMilli(w.At), Wish: w.Wish, What: w.What, Words: w.Words,
	}
	for _, f := range w.Files {
		u.Files = append(u.Files, File(f))
	}
	if w.Action != nil {
		u.Action = Action{Name: w.Action.Name, Arg: w.Action.Arg, At: fromMilli(w.Action.At)}
	}
	return u, fromMilli(w.Received), nil
}

// EncodeUnasked writes what the bot has to say unasked as a row of the inbox
// keeps it. Where it is said is to's Account's private chat unless to names
// another: a group, a topic, a thread. The row's own id is the update's.
func EncodeUnasked(to Origin, what string, words []byte) ([]byte, error) {
	return encodeUpdate(Update{Origin: to, Kind: KindUnasked, What: what, Words: words}, time.Time{})
}

// DecodeUnasked reads a row that EncodeUnasked wrote.
func DecodeUnasked(r InboxItem) (Update, error) {
	u, _, err := decodeRow(r)
	return u, err
}

// decodeRow reads a row of the inbox.
func decodeRow(r InboxItem) (u Update, received time.Time, err error) {
	u, received, err = decodeUpdate(r.Payload)
	if err == nil && u.Kind == KindUnasked && u.ID == "" {
		u.ID = r.ID
	}
	if err == nil && (u.ID != r.ID || u.Account.Platform != r.Source) {
		err = errors.New("the payload is another update's")
	}
	return u, received, err
}

func toMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
