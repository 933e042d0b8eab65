package compact_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"resetpin/guides/picture/compact"
)

func encode(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Few colours stay what they are; of many none moves far, and the same
// picture always gives the same file.
func TestPNG(t *testing.T) {
	few, many := image.NewNRGBA(image.Rect(0, 0, 64, 64)), image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			few.Set(x, y, color.NRGBA{uint8(x / 16 * 60), 20, uint8(y / 16 * 60), 255})
			many.Set(x, y, color.NRGBA{uint8(x * 4), 128, uint8(y * 4), 255})
		}
	}
	for name, tt := range map[string]struct {
		picture *image.NRGBA
		off     int // a channel may be off by
	}{"few": {few, 0}, "many": {many, 12}} {
		data := encode(t, tt.picture)
		small, err := compact.PNG(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := compact.PNG(data)
		if err != nil || !bytes.Equal(small, again) {
			t.Errorf("%s: another file the second time (%v)", name, err)
		}
		got, err := png.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := got.(*image.Paletted); !ok || len(p.Palette) > 256 {
			t.Errorf("%s: no palette of 256: %T", name, got)
		}
		for y := range 64 {
			for x := range 64 {
				want, is := tt.picture.NRGBAAt(x, y), color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA)
				if far(want.R, is.R, tt.off) || far(want.G, is.G, tt.off) || far(want.B, is.B, tt.off) {
					t.Fatalf("%s at %d,%d: %v, want %v", name, x, y, is, want)
				}
			}
		}
	}
	if _, err := compact.PNG([]byte("no picture")); err == nil {
		t.Error("what is no PNG is taken")
	}
}

func far(a, b uint8, off int) bool { return max(int(a)-int(b), int(b)-int(a)) > off }
