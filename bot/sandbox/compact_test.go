package sandbox

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math/bits"
	"slices"
)

// shade is the pixels of nearly one colour: their number and the sums of
// their red, green and blue.
type shade struct {
	n   int
	sum [3]int
}

func (s *shade) mean(channel int) int { return s.sum[channel] / s.n }

// compact reduces a picture to 256 colours: a page is made of few, and the
// README's pictures should load at once.
func compact(data []byte) ([]byte, error) {
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	palette := choosePalette(countShades(picture))
	small := image.NewPaletted(picture.Bounds(), palette)
	area := picture.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			small.Set(x, y, picture.At(x, y))
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}

func countShades(picture image.Image) []*shade {
	shades := map[[3]int]*shade{}
	area := picture.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			rgb := [3]int{int(c.R), int(c.G), int(c.B)}
			key := [3]int{rgb[0] >> 2, rgb[1] >> 2, rgb[2] >> 2}
			if shades[key] == nil {
				shades[key] = &shade{}
			}
			shades[key].n++
			for i := range rgb {
				shades[key].sum[i] += rgb[i]
			}
		}
	}
	return slices.Collect(maps.Values(shades))
}

// choosePalette splits the box of shades that differ most, large areas before
// small ones, into two, again and again (median cut), and takes each box's
// mean.
func choosePalette(all []*shade) color.Palette {
	boxes := [][]*shade{all}
	for len(boxes) < 256 {
		widest, channel, width := -1, 0, 0
		for i, box := range boxes {
			pixels := 0
			for _, s := range box {
				pixels += s.n
			}
			for c := range 3 {
				order := func(a, b *shade) int { return cmp.Compare(a.mean(c), b.mean(c)) }
				if w := (slices.MaxFunc(box, order).mean(c) - slices.MinFunc(box, order).mean(c)) * bits.Len(uint(pixels)); w > width {
					widest, channel, width = i, c, w
				}
			}
		}
		if widest < 0 {
			break
		}
		box := boxes[widest]
		slices.SortFunc(box, func(a, b *shade) int { return cmp.Compare(a.mean(channel), b.mean(channel)) })
		boxes[widest] = box[:len(box)/2]
		boxes = append(boxes, box[len(box)/2:])
	}
	var palette color.Palette
	for _, box := range boxes {
		var sum shade
		for _, s := range box {
			sum.n += s.n
			for c := range 3 {
				sum.sum[c] += s.sum[c]
			}
		}
		palette = append(palette, color.NRGBA{uint8(sum.mean(0)), uint8(sum.mean(1)), uint8(sum.mean(2)), 255})
	}
	return palette
}
