package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/go-telegram/bot/models"

	"resetpin/bot"
)

// documentCall is sendDocument.
type documentCall struct {
	ChatID   any                     `json:"chat_id"`
	Topic    int                     `json:"message_thread_id,omitempty"`
	Document string                  `json:"document,omitempty"` // its file id; empty: it is uploaded
	Caption  string                  `json:"caption,omitempty"`
	Entities []models.MessageEntity  `json:"caption_entities,omitempty"`
	Reply    *models.ReplyParameters `json:"reply_parameters,omitempty"`
	Keyboard *keyboard               `json:"reply_markup,omitempty"`
}

// sendFile carries a file: by its id when Telegram keeps it, else by upload.
func (a *Adapter) sendFile(ctx context.Context, d *delivery, p part, sent any) error {
	if p.file.Platform != bot.Telegram {
		return a.uploadFile(ctx, d, p)
	}
	return a.paced(ctx, d.chat, func(ctx context.Context) error {
		reply := d.replyParameters()
		if p.file.Kind == bot.FilePicture {
			return a.api.call(ctx, "sendPhoto", &photoCall{ChatID: d.id(), Topic: d.topic, Photo: p.file.ID, Caption: p.Text, Entities: p.Entities, Reply: reply, Keyboard: p.keyboard}, sent)
		}
		return a.api.call(ctx, "sendDocument", &documentCall{ChatID: d.id(), Topic: d.topic, Document: p.file.ID, Caption: p.Text, Entities: p.Entities, Reply: reply, Keyboard: p.keyboard}, sent)
	})
}

// uploadFile sends a file of another platform's as a document, which Telegram
// takes whatever it is.
func (a *Adapter) uploadFile(ctx context.Context, d *delivery, p part) error {
	if a.c.Fetch == nil {
		return fmt.Errorf("carry a file of %s: nobody fetches it", p.file.Platform)
	}
	data, err := a.c.Fetch(ctx, *p.file)
	if err != nil {
		return fmt.Errorf("fetch a file of %s: %w", p.file.Platform, err)
	}
	if err := a.pace.wait(ctx, d.chat); err != nil {
		return err
	}
	name := p.file.Name
	if name == "" {
		name = "file"
	}
	return a.once(ctx, d.chat, uploadCalls*a.c.Limits.Call, func(ctx context.Context) error {
		var sent models.Message
		call := documentCall{ChatID: d.id(), Topic: d.topic, Caption: p.Text, Entities: p.Entities, Reply: d.replyParameters(), Keyboard: p.keyboard}
		err := a.api.upload(ctx, "sendDocument", &call, uploaded{"document", name, data}, &sent)
		if err == nil && d.sent != nil {
			d.sent(sent.ID)
		}
		return err //nolint:wrapcheck // once's to judge
	})
}

// maxFile is the largest file that the Bot API gives to bots
// (https://core.telegram.org/bots/api#getfile), and that is carried.
const maxFile = 20 << 20

// Fetch gives the bytes of a file that Telegram keeps; see bot.FetchFile.
func (a *Adapter) Fetch(ctx context.Context, f bot.File) ([]byte, error) {
	var at struct {
		Path string `json:"file_path"`
	}
	err := a.once(ctx, "", a.c.Limits.Call, func(ctx context.Context) error {
		return a.api.call(ctx, "getFile", map[string]any{"file_id": f.ID}, &at)
	})
	if err != nil {
		return nil, fmt.Errorf("look for a file: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, uploadCalls*a.c.Limits.Call)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.c.APIURL+"/file/bot"+a.c.Token+"/"+at.Path, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", withoutURL(err))
	}
	resp, err := a.api.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", withoutURL(err))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxFile))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", err)
	}
	return data, nil
}
