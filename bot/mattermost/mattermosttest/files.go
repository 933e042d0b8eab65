package mattermosttest

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // for the sizes of pictures
	_ "image/jpeg" // for the sizes of pictures
	_ "image/png"  // for the sizes of pictures
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
)

const maxFile = 100 << 20

// maxName is how long the name of a file in a folder may be, in bytes: the
// server keeps a picture, and a smaller one with "_preview.jpg", by its name.
const maxName = 255

// file is an uploaded file.
type file struct {
	wire wireFile
	data []byte
	gone bool
}

// wireFile is what the server tells of a file.
type wireFile struct {
	ID         string `json:"id"`
	UserID     string `json:"user_id"`
	PostID     string `json:"post_id,omitempty"`
	ChannelID  string `json:"channel_id"`
	CreateAt   int64  `json:"create_at"`
	UpdateAt   int64  `json:"update_at"`
	DeleteAt   int64  `json:"delete_at"`
	Name       string `json:"name"`
	Extension  string `json:"extension"`
	Size       int64  `json:"size"`
	MimeType   string `json:"mime_type"`
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	HasPreview bool   `json:"has_preview_image,omitempty"`
}

// wireUpload answers an upload.
type wireUpload struct {
	Files     []wireFile `json:"file_infos"`
	ClientIDs []string   `json:"client_ids"`
}

func unreadable(detail string) *Failure {
	return fail(http.StatusBadRequest, "api.file.upload_file.read_request.app_error",
		"Unable to upload file(s). Error reading or parsing request data.").because("%s", detail)
}

// postFiles takes files as a multipart form, or one file as the body with its
// channel and name in the address.
func (s *Server) postFiles(c *call) (any, *Failure) {
	if c.r.ContentLength == 0 {
		return nil, unreadable("Content-Length should not be 0")
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxFile)
	channel, files := c.query("channel_id"), []upload(nil)
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err == nil && strings.HasPrefix(kind, "multipart/") {
		var form string
		if form, files, err = readForm(c.r.Body, params["boundary"]); form != "" {
			channel = form
		}
	} else {
		one := upload{name: c.query("filename")}
		one.data, err = io.ReadAll(c.r.Body)
		files = append(files, one)
	}
	if err != nil {
		return nil, unreadable(err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.settings.EnableFileAttachments {
		return nil, fail(http.StatusForbidden, "api.file.attachments.disabled.app_error", "File attachments have been disabled on this server.")
	}
	if ch := s.channels[channel]; ch == nil || !ch.members[c.user.id] {
		return nil, c.denied("upload_file")
	}
	if len(files) == 0 {
		return nil, unreadable("no files")
	}
	out := wireUpload{Files: []wireFile{}, ClientIDs: []string{}}
	for _, f := range files {
		if len(strings.TrimSuffix(f.name, filepath.Ext(f.name)))+len("_preview.jpg") > maxName {
			return nil, fail(http.StatusInternalServerError, "api.file.write_file_locally.writing.app_error", "Encountered an error writing to local server storage.")
		}
		out.Files = append(out.Files, s.store(c.user.id, channel, f))
	}
	return out, nil
}

type upload struct {
	name string
	data []byte
}

// readForm reads the channel and the files of a form; the channel has to come
// first.
func readForm(body io.Reader, boundary string) (channel string, files []upload, err error) {
	form := multipart.NewReader(body, boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return channel, files, nil
		}
		if err != nil {
			return "", nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return "", nil, err
		}
		switch {
		case part.FormName() == "channel_id":
			channel = string(data)
		case part.FormName() == "files" && channel != "":
			files = append(files, upload{filepath.Base(part.FileName()), data})
		}
	}
}

func (s *Server) store(user, channel string, u upload) wireFile {
	ext := strings.TrimPrefix(filepath.Ext(u.name), ".")
	f := &file{data: u.data, wire: wireFile{
		ID: newID(), UserID: user, ChannelID: channel, CreateAt: s.now(), UpdateAt: s.now(), Name: u.name, Extension: ext,
		Size: int64(len(u.data)), MimeType: mime.TypeByExtension("." + ext),
	}}
	if size, _, err := image.DecodeConfig(bytes.NewReader(u.data)); err == nil {
		f.wire.Width, f.wire.Height, f.wire.HasPreview = size.Width, size.Height, true
	}
	s.files[f.wire.ID] = f
	return f.wire
}

// seenFile gives a file that the caller may see.
func (s *Server) seenFile(c *call) (*file, *Failure) {
	id, failure := c.id("file_id")
	if failure != nil {
		return nil, failure
	}
	f := s.files[id]
	if f == nil || f.gone {
		return nil, notFound("app.file_info.get.app_error", "Unable to get the file info.", "FileInfo", id)
	}
	if f.wire.UserID != c.user.id && (f.wire.PostID == "" || !s.reads(c.user, s.channels[f.wire.ChannelID])) {
		return nil, c.denied("read_channel_content")
	}
	return f, nil
}

func (s *Server) getFile(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, failure := s.seenFile(c)
	if failure != nil {
		return nil, failure
	}
	c.w.Header().Set("Content-Type", f.wire.MimeType)
	return f.data, nil
}

func (s *Server) getFileInfo(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, failure := s.seenFile(c)
	if failure != nil {
		return nil, failure
	}
	return f.wire, nil
}
