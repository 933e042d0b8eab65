package telegramtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"image"
	_ "image/jpeg" // pictures may be JPEG
	_ "image/png"  // or PNG
	"regexp"
	"strings"
)

// maxPhoto is the most bytes of a picture.
const maxPhoto = 10 << 20

var photoName = regexp.MustCompile(`(?i)\.(jpe?g|gif|png|tif|bmp)$`)

var fileIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{20,}$`)

// fileID makes the file id of a picture; the same bytes have the same id.
func fileID(data []byte) string {
	sum := sha256.Sum256(data)
	return "AgACAgUAAxk" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// readPhoto looks at a picture's bytes; nil when it is none that Telegram takes.
func readPhoto(data []byte) *Photo {
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return &Photo{FileID: fileID(data), Type: "image/" + kind, Width: cfg.Width, Height: cfg.Height, Data: data}
}

// takePhoto finds the picture that a call means: uploaded under the field's
// own name or as attach://NAME, or an earlier one by its file id.
func (s *Server) takePhoto(q *request, field, value string) (*Photo, *failure) {
	up, ok := q.files[field]
	if name, attached := strings.CutPrefix(value, "attach://"); attached {
		if up, ok = q.files[name]; !ok {
			return nil, bad("there is no photo in the request")
		}
	}
	if ok {
		return checkPhoto(up)
	}
	switch {
	case value == "":
		return nil, bad("there is no photo in the request")
	case strings.Contains(value, "://"):
		return nil, bad("failed to get HTTP URL content")
	case !fileIDForm.MatchString(value):
		return nil, bad("wrong remote file identifier specified: Wrong padding length")
	}
	p := s.files[value]
	if p == nil {
		return nil, bad("wrong file identifier/HTTP URL specified")
	}
	return p, nil
}

func checkPhoto(up upload) (*Photo, *failure) {
	data := up.data
	if !photoName.MatchString(up.name) {
		return nil, bad("photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp")
	}
	if len(data) == 0 {
		return nil, bad("file must be non-empty")
	}
	if len(data) > maxPhoto {
		return nil, bad("too big file for photo")
	}
	p := readPhoto(data)
	if p == nil {
		return nil, bad("IMAGE_PROCESS_FAILED")
	}
	if p.Width+p.Height > 10000 || p.Width > 20*p.Height || p.Height > 20*p.Width {
		return nil, bad("PHOTO_INVALID_DIMENSIONS")
	}
	return p, nil
}

func (s *Server) getFile(q *request) (any, *failure) {
	id := q.params["file_id"]
	if data := s.documents[id]; data != nil {
		return map[string]any{"file_id": id, "file_unique_id": id[11:19], "file_size": len(data), "file_path": "documents/" + id}, nil
	}
	p := s.files[id]
	if p == nil {
		return nil, bad("invalid file_id")
	}
	return map[string]any{"file_id": p.FileID, "file_unique_id": p.FileID[11:19], "file_size": len(p.Data), "file_path": "photos/" + p.FileID}, nil
}

// otherContent is a plausible content of a message that is neither text nor
// picture.
func otherContent(kind string) any {
	file := map[string]any{"file_id": "BQACAgUAAxk" + strings.Repeat("A", 20), "file_unique_id": "AgADother", "file_size": 1234}
	switch kind {
	case "location":
		return map[string]any{"latitude": -6.2, "longitude": 106.8}
	case "contact":
		return map[string]any{"phone_number": "+620000000", "first_name": "Contoh"}
	case "voice", "audio", "video_note":
		file["duration"] = 3
	case "sticker":
		file["width"], file["height"], file["emoji"], file["type"] = 512, 512, "👍", "regular"
	case "video", "animation":
		file["width"], file["height"], file["duration"] = 320, 240, 3
	case "dice":
		return map[string]any{"emoji": "🎲", "value": 4}
	}
	return file
}

// checkPreview reads link_preview_options.
func checkPreview(text string) *failure {
	if text == "" {
		return nil
	}
	var p struct {
		Disabled bool   `json:"is_disabled"`
		URL      string `json:"url"`
		Small    bool   `json:"prefer_small_media"`
		Large    bool   `json:"prefer_large_media"`
		Above    bool   `json:"show_above_text"`
	}
	if err := strict(text, &p); err != nil {
		return bad("can't parse link preview options JSON object: %s", err)
	}
	return nil
}
