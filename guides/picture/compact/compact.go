// Package compact makes PNG pictures of pages small: a page is made of few
// colours, and 256 of them are hardly told from all.
package compact

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math/bits"
	"slices"
)

const colours = 256

// PNG reduces a PNG picture to a palette of at most 256 colours. It fails
// when data is no PNG.
func PNG(data []byte) ([]byte, error) {
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	palette := choose(count(picture))
	area := picture.Bounds()
	small := image.NewPaletted(area, palette)
	nearest := make(map[color.NRGBA]uint8)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := at(picture, x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		return nil, fmt.Errorf("write a picture: %w", err)
	}
	return out.Bytes(), nil
}

func at(picture image.Image, x, y int) color.NRGBA {
	return color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
}

// shade is the pixels of nearly one colour: their number and the sums of
// their red, green and blue.
type shade struct {
	n   int
	sum [3]int
}

func (s *shade) mean(channel int) int { return s.sum[channel] / s.n }

func count(picture image.Image) []*shade {
	shades := map[[3]int]*shade{}
	area := picture.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := at(picture, x, y)
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
	// A map's order is another one each time; the same picture is to give the
	// same file.
	return slices.SortedFunc(maps.Values(shades), func(a, b *shade) int {
		return cmp.Or(b.n-a.n, slices.Compare(a.sum[:], b.sum[:]))
	})
}

// choose splits the box of shades that differ most, large areas before small
// ones, into two, again and again (median cut), and takes each box's mean.
func choose(all []*shade) color.Palette {
	boxes := [][]*shade{all}
	for len(boxes) < colours {
		widest, channel, width := -1, 0, 0
		for i, box := range boxes {
			for c := range 3 {
				if w := spread(box, c); w > width {
					widest, channel, width = i, c, w
				}
			}
		}
		if widest < 0 {
			break
		}
		box := boxes[widest]
		slices.SortStableFunc(box, func(a, b *shade) int { return cmp.Compare(a.mean(channel), b.mean(channel)) })
		boxes[widest] = box[:len(box)/2]
		boxes = append(boxes, box[len(box)/2:])
	}
	var palette color.Palette
	for _, box := range boxes {
		palette = append(palette, mean(box))
	}
	return palette
}

// spread is how much a box's shades differ in a channel, weighed by the size
// of their area; 0: not at all.
func spread(box []*shade, channel int) int {
	low, high, pixels := 255, 0, 0
	for _, s := range box {
		low, high, pixels = min(low, s.mean(channel)), max(high, s.mean(channel)), pixels+s.n
	}
	return max(0, high-low) * bits.Len(uint(pixels))
}

func mean(box []*shade) color.NRGBA {
	var sum shade
	for _, s := range box {
		sum.n += s.n
		for c := range 3 {
			sum.sum[c] += s.sum[c]
		}
	}
	channel := func(c int) uint8 { return uint8(sum.mean(c)) }
	return color.NRGBA{channel(0), channel(1), channel(2), 255}
}
