package telegram

import (
	"context"

	"github.com/go-telegram/bot/models"
)

// uploadCalls is how many times longer than other calls an upload may take.
const uploadCalls = 6

// photoCall is sendPhoto, mediaCall is editMessageMedia: the library's params
// for them hold no plain JSON.
type photoCall struct {
	ChatID   any                     `json:"chat_id"`
	Topic    int                     `json:"message_thread_id,omitempty"`
	Photo    string                  `json:"photo,omitempty"` // its file id; empty: it is uploaded
	Caption  string                  `json:"caption,omitempty"`
	Entities []models.MessageEntity  `json:"caption_entities,omitempty"`
	Reply    *models.ReplyParameters `json:"reply_parameters,omitempty"`
	Keyboard *keyboard               `json:"reply_markup,omitempty"`
}

type mediaCall struct {
	ChatID    any       `json:"chat_id"`
	MessageID int       `json:"message_id"`
	Media     media     `json:"media"`
	Keyboard  *keyboard `json:"reply_markup,omitempty"`
}

type media struct {
	Type     string                 `json:"type"`
	Media    string                 `json:"media"`
	Caption  string                 `json:"caption,omitempty"`
	Entities []models.MessageEntity `json:"caption_entities,omitempty"`
}

// sendPicture sends a picture: by its file id when it was sent before, else
// by upload. A file id that Telegram takes no more is replaced.
func (a *Adapter) sendPicture(ctx context.Context, d *delivery, p part) error {
	call := photoCall{ChatID: d.id(), Topic: d.topic, Caption: p.Text, Entities: p.Entities, Reply: d.replyParameters(), Keyboard: p.keyboard}
	return a.byFileID(ctx, d.chat, p,
		func(ctx context.Context, id string) error {
			known := call
			known.Photo = id
			return a.api.call(ctx, "sendPhoto", &known, nil)
		},
		func(ctx context.Context, sent *models.Message) error {
			return a.api.upload(ctx, "sendPhoto", &call, uploaded{"photo", p.picture.Name, p.picture.Data()}, sent)
		})
}

// editPicture changes a message, text or picture, into a picture.
func (a *Adapter) editPicture(ctx context.Context, d *delivery, message int, p part) error {
	call := func(photo string) *mediaCall {
		return &mediaCall{
			ChatID: d.id(), MessageID: message, Keyboard: p.keyboard,
			Media: media{Type: "photo", Media: photo, Caption: p.Text, Entities: p.Entities},
		}
	}
	return a.byFileID(ctx, d.chat, p,
		func(ctx context.Context, id string) error {
			return a.api.call(ctx, "editMessageMedia", call(id), nil)
		},
		func(ctx context.Context, sent *models.Message) error {
			const attached = "picture"
			return a.api.upload(ctx, "editMessageMedia", call("attach://"+attached), uploaded{attached, p.picture.Name, p.picture.Data()}, sent)
		})
}

// byFileID makes the call known with the picture's file id, or upload when
// there is none or Telegram takes it no more, and keeps the new one.
func (a *Adapter) byFileID(ctx context.Context, chat string, p part, known func(context.Context, string) error, upload func(context.Context, *models.Message) error) error {
	name := p.picture.Name
	id, err := a.c.FileIDs.Get(ctx, name)
	if err != nil {
		a.c.Logger.Warn("a picture's file id could not be read; it is uploaded", "picture", name, "error", err)
	}
	if id != "" {
		err := a.paced(ctx, chat, func(ctx context.Context) error { return known(ctx, id) })
		if e := refusal(err); !e.says("file identifier", "file_id", "file_reference", "media_empty", "media_invalid", "photo_invalid") {
			return err
		}
		a.c.Logger.Info("a picture's file id is not taken any more; it is uploaded again", "picture", name)
	}
	var sent models.Message
	if err := a.pace.wait(ctx, chat); err != nil {
		return err
	}
	err = a.once(ctx, chat, uploadCalls*a.c.Limits.Call, func(ctx context.Context) error { return upload(ctx, &sent) })
	if err != nil {
		return err
	}
	a.keepFileID(ctx, name, sent)
	return nil
}

// keepFileID remembers the file id of the largest size of what was uploaded.
func (a *Adapter) keepFileID(ctx context.Context, name string, sent models.Message) {
	if len(sent.Photo) == 0 {
		return
	}
	if err := a.c.FileIDs.Put(ctx, name, sent.Photo[len(sent.Photo)-1].FileID); err != nil {
		a.c.Logger.Warn("a picture's file id could not be kept; it will be uploaded again", "picture", name, "error", err)
	}
}
