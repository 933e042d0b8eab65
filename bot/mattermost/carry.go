package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// maxFile is the largest file that is carried to another platform.
const maxFile = 20 << 20

// filesOf are the files of a post that can be carried to somebody else.
func filesOf(p *model.Post) []bot.File {
	var out []bot.File
	for _, id := range p.FileIds {
		f := bot.File{Platform: bot.Mattermost, ID: id, Kind: bot.FileDocument}
		if p.Metadata != nil {
			for _, info := range p.Metadata.Files {
				if info == nil || info.Id != id {
					continue
				}
				f.Name = info.Name
				if strings.HasPrefix(info.MimeType, "image/") {
					f.Kind = bot.FilePicture
				}
			}
		}
		out = append(out, f)
	}
	return out
}

// Fetch gives the bytes of a file that Mattermost keeps; see bot.FetchFile.
func (a *Adapter) Fetch(ctx context.Context, f bot.File) ([]byte, error) {
	var info *model.FileInfo
	err := a.once(ctx, "look at a file", func(ctx context.Context) (r *model.Response, err error) {
		info, r, err = a.api.GetFileInfo(ctx, f.ID)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	if info.Size > maxFile {
		return nil, fmt.Errorf("a file of %d bytes is too large to be carried", info.Size)
	}
	var data []byte
	err = a.once(ctx, "fetch a file", func(ctx context.Context) (r *model.Response, err error) {
		data, r, err = a.api.GetFile(ctx, f.ID)
		return r, err
	})
	return data, err
}

// attach uploads what is shown with a piece and gives the files' ids.
func (a *Adapter) attach(ctx context.Context, channel string, p piece) (model.StringArray, error) {
	if p.file == nil {
		return a.upload(ctx, channel, p.picture)
	}
	if a.c.Fetch == nil {
		return nil, errors.New("mattermost: carry a file: nobody fetches it")
	}
	data, err := a.c.Fetch(ctx, *p.file)
	if err != nil {
		return nil, fmt.Errorf("fetch a file of %s: %w", p.file.Platform, err)
	}
	return a.uploadData(ctx, channel, carriedName(*p.file, data), data)
}

// carriedName names a file by its own name, or by what its bytes are.
func carriedName(f bot.File, data []byte) string {
	switch {
	case f.Name != "":
		return f.Name
	case http.DetectContentType(data) == "image/png":
		return "picture.png"
	case f.Kind == bot.FilePicture:
		return "picture.jpg"
	}
	return "file"
}
