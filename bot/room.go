package bot

import "context"

// A room is a place where officers work: a group on Telegram, a channel on
// Mattermost. It is named like a person, by an Account whose ID is the
// platform's id of the chat as the settings name it: what is said there keeps
// one order, and its buttons are signed for everybody in it.

// Head is how a thread in a room begins.
type Head struct {
	Title string  // plain text: what a list of threads shows
	First Message // its first message
}

// Threads is what a platform's side asks about the threads in rooms. A thread
// is named twice: by its subject, which whoever speaks gives (a ticket's
// number), and by the platform's own word for it, which stands in an update's
// Origin.Thread.
type Threads interface {
	// Thread gives the platform's word for the thread of a subject, or "" when
	// there is none yet.
	Thread(ctx context.Context, room Account, subject string) (string, error)
	// KeepThread notes one. A subject may have several: the oldest is the one
	// that Thread gives.
	KeepThread(ctx context.Context, room Account, subject, thread string) error
	// ForgetThread notes that a subject's threads are gone.
	ForgetThread(ctx context.Context, room Account, subject string) error
	// Head gives how the thread of a subject begins, as things stand now.
	Head(ctx context.Context, room Account, subject string) (Head, error)
}

// Members tells who belongs to a room.
type Members interface {
	// Member tells whether a person is in a room now.
	Member(ctx context.Context, room Account, person Account) (bool, error)
}

// FileKind is what a carried file is.
type FileKind string

// The kinds of files that are carried.
const (
	FilePicture  FileKind = "picture"
	FileDocument FileKind = "document"
)

// File is a picture or document that somebody sent, as their platform keeps
// it. The bot keeps nothing of it.
type File struct {
	Platform string
	ID       string // the platform's own
	Kind     FileKind
	Name     string // with its ending; empty: not told
}

// FetchFile gives the bytes of a file from the platform that keeps it, for
// another to show.
type FetchFile func(ctx context.Context, f File) ([]byte, error)
