package telegram

import (
	"context"
	"strconv"

	tg "github.com/go-telegram/bot"
)

// edit changes the origin's message into the part. It gives false when that
// is impossible (too old, deleted, not the bot's own): then a new message is
// to be sent.
func (a *Adapter) edit(ctx context.Context, d *delivery, p part) (bool, error) {
	id, err := strconv.Atoi(d.to.Message)
	if err != nil {
		return false, nil //nolint:nilerr // no message of Telegram's
	}
	kind, _ := splitHandle(d.to.Handle)
	switch {
	case kind == pressedGone:
		return false, nil
	case p.picture != nil:
		err = a.editPicture(ctx, d, id, p)
	case kind == pressedPhoto:
		return true, a.swap(ctx, d, id, p)
	default:
		err = a.editText(ctx, d.place, id, p)
	}
	switch e := refusal(err); {
	case err == nil || e.notModified():
		return true, nil
	case e == nil || e.gone():
		return false, err
	case e.says("there is no text in the message"):
		return true, a.swap(ctx, d, id, p)
	default:
		a.c.Logger.Debug("a message cannot be edited; a new one is sent", "error", err)
		return false, nil
	}
}

func (a *Adapter) editText(ctx context.Context, at place, id int, p part) error {
	call := tg.EditMessageTextParams{ChatID: at.id(), MessageID: id, Text: p.Text, Entities: p.Entities, LinkPreviewOptions: noPreview(), ReplyMarkup: p.markup()}
	return a.paced(ctx, at.chat, func(ctx context.Context) error { return a.api.call(ctx, "editMessageText", &call, nil) })
}

// swap puts a text in the place of a picture, which cannot be edited into
// one: the text is sent, then the picture taken away, or at least its buttons.
func (a *Adapter) swap(ctx context.Context, d *delivery, id int, p part) error {
	if err := a.send(ctx, d, p); err != nil {
		return err
	}
	removed, err := a.remove(ctx, d.place, strconv.Itoa(id))
	if err == nil && !removed {
		strip := tg.EditMessageReplyMarkupParams{ChatID: d.id(), MessageID: id}
		err = a.try(ctx, d.chat, func(ctx context.Context) error {
			return a.api.call(ctx, "editMessageReplyMarkup", &strip, nil)
		})
	}
	if err != nil { // the answer is there; an old picture above it does no harm
		a.c.Logger.Info("an old picture could not be taken away", "error", err)
	}
	return nil
}
