package bsre_test

import (
	"strings"
	"testing"

	"resetpin/handlers/bsre"
)

func TestMask(t *testing.T) {
	for email, want := range map[string]string{
		"budi@kemenkeu.go.id":        "bu***@kemenkeu.go.id",
		"budi.santoso@contoh.go.id":  "bu***@contoh.go.id",
		"abc@contoh.go.id":           "a***@contoh.go.id",
		"ab@contoh.go.id":            "a***@contoh.go.id",
		"a@contoh.go.id":             "***@contoh.go.id",
		"@contoh.go.id":              "***@contoh.go.id",
		"éva.putri@contoh.go.id":     "év***@contoh.go.id",
		"a\u202eb\ncde@contoh.go.id": "ab***@contoh.go.id",
		"budi":                       "***",
		"budi@":                      "***",
		"":                           "***",
		`"a@b"@contoh.go.id`:         `"a***@contoh.go.id`,
	} {
		if got := bsre.Mask(email); got != want {
			t.Errorf("%q: %q, want %q", email, got, want)
		}
	}
}

func TestMaskPair(t *testing.T) {
	for _, c := range [][4]string{
		{"budi@contoh.go.id", "sari@contoh.go.id", "bu***@contoh.go.id", "sa***@contoh.go.id"},
		{"budi@contoh.go.id", "budi@lain.go.id", "bu***@contoh.go.id", "bu***@lain.go.id"},
		{"budi.santoso@contoh.go.id", "budi.susanto@contoh.go.id", "budi.sa***@contoh.go.id", "budi.su***@contoh.go.id"},
		{"budi@contoh.go.id", "bumi@contoh.go.id", "bud***@contoh.go.id", "bum***@contoh.go.id"},
		{"budi@contoh.go.id", "budiman@contoh.go.id", "budi@contoh.go.id", "budi***@contoh.go.id"},
		{"budi1@contoh.go.id", "budi2@contoh.go.id", "budi1@contoh.go.id", "budi2@contoh.go.id"},
		{"budi@contoh.go.id", "BUDI@contoh.go.id", "bu***@contoh.go.id", "BU***@contoh.go.id"},
		{"budi@contoh.go.id", "budi@contoh.go.id", "bu***@contoh.go.id", "bu***@contoh.go.id"},
	} {
		if a, b := bsre.MaskPair(c[0], c[1]); a != c[2] || b != c[3] {
			t.Errorf("%s and %s: %s and %s, want %s and %s", c[0], c[1], a, b, c[2], c[3])
		}
	}
}

func TestMaskPhone(t *testing.T) {
	for phone, want := range map[string]string{
		"62*********42":     "62*********42", // as recorded
		"6281200000142":     "62********142",
		"+62 812-0000-0142": "+62 ***-****-*142",
		"0812****7890":      "08*******890",
		"081200000142":      "08*******142",
		"0812xxxx142":       "08******142",
		"12345":             "*****",
		"٠٨١٢٠٠٠٠٠١٤٢":      "************",
		"":                  "",
	} {
		if got := bsre.MaskPhone(phone); got != want {
			t.Errorf("%q: %q, want %q", phone, got, want)
		}
	}
}

func TestPhoneMatchesMask(t *testing.T) {
	for _, c := range []struct {
		phone, mask string
		want        bool
	}{
		{"081234567890", "0812*****890", true},
		{"+62 812-3456-7890", "0812*****890", true},
		{"6281234567890", "0812*****890", true},
		{"81234567890", "0812*****890", true},
		{"(0812) 3456 7890", "0812-****-*890", true},
		{"081234567890", "+62812*****890", true},
		{"081234567890", "62812*****890", true},
		{"081234567890", "62 812 xxxx x890", true},
		{"081234567890", "********7890", true},
		{"081234567890", "••••••••7890", true},
		{"081234567890", "0812****90", true}, // a fixed number of stars
		{"081234567890", "*****90", true},
		{"081234567890", "081234567890", true},
		{"081234567890", "0812*****891", false},
		{"081234567890", "0813*****890", false},
		{"081234567890", "0812****91", false},
		{"081234567890", "08**********", false}, // shows what all have
		{"081234567890", "************", false},
		{"081234567890", "+628**********", false},
		{"081234567890", "", false},
		{"081234567890", "***0", false},
		{"", "0812*****890", false},
		{"0812", "0812*****890", false},
		{"123", "*23", false},
		{"08123456789012345678", "0812*****678", false},
		{"081234567890", "0812**56**90**", false},
		{"08129999890", "0812*****890", false}, // a digit short
		{"pin saya 1234", "0812*****890", false},
	} {
		if got := bsre.PhoneMatchesMask(c.phone, c.mask); got != c.want {
			t.Errorf("%q with %q: %v", c.phone, c.mask, got)
		}
	}
}

// FuzzPhoneMatchesMask: a mask without two digits of its own matches nothing,
// and a number that is changed where the mask shows it does not match.
func FuzzPhoneMatchesMask(f *testing.F) {
	f.Add("081234567890", "0812*****890")
	f.Add("+62 812", "62812***")
	f.Add("٠٨١٢", "*\xff*0")
	f.Fuzz(func(t *testing.T, phone, mask string) {
		if !bsre.PhoneMatchesMask(phone, mask) {
			return
		}
		if strings.Count(mask, "")-1 < 2 {
			t.Errorf("%q matches the mask %q", phone, mask)
		}
		digit := strings.LastIndexAny(mask, "0123456789")
		other := mask[:digit] + string('0'+('9'-mask[digit]+'1'-'0')%10) + mask[digit+1:]
		if other != mask && digit == len(mask)-1 && bsre.PhoneMatchesMask(phone, other) && bsre.PhoneMatchesMask(phone, mask) {
			t.Errorf("%q matches %q and %q", phone, mask, other)
		}
	})
}
