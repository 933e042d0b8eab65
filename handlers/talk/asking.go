package talk

import (
	"regexp"
	"strings"
)

// Words of officers that ask for a secret are not carried, whoever wrote them:
// whoever has taken an officer's account over asks the same way.
var (
	secretWords = regexp.MustCompile(`(?i)\b(pin|pin-?nya|passphrase|passphrase-?nya|password|password-?nya|kata sandi|sandi|sandinya|kode|kodenya|otp|otpnya|code|nik|niknya|link reset|tautan reset|linknya|reset link)\b`)
	askingWords = regexp.MustCompile(`(?i)\b(minta|mintakan|kirim|kirimkan|kirimin|sebut|sebutkan|sebutin|berapa|apa|beri|berikan|beritahu|beritahukan|kasih|kasi|bagi|bagikan|infokan|info|balas|send|tell|give|share|what'?s|what is|reply)\b`)
	typingWords = regexp.MustCompile(`(?i)\b(ketik|ketikkan|tulis|tuliskan|type|write)\b.*\b(di sini|disini|ke sini|kesini|ke saya|here|me)\b`)
	// What warns against it: the warning stands right before the asking word.
	warned = regexp.MustCompile(`(?i)\b(jangan|jangan pernah|tidak|tidak pernah|tidak akan|tidak perlu|tak|tanpa|never|don'?t|do not|not)\s+(pernah\s+|akan\s+|perlu\s+|ever\s+)?(minta|meminta|kirim|kirimkan|sebut|sebutkan|beri|berikan|beritahukan|kasih|bagikan|balas|ketik|tulis|send|tell|give|share|ask|type|write|reply)\b`)
)

// AsksForSecret tells whether words ask an employee for a PIN, a code, a NIK or
// a reset link.
func AsksForSecret(text string) bool {
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '\n' || r == ';' }) {
		rest := warned.ReplaceAllString(sentence, " ")
		if secretWords.MatchString(rest) && (askingWords.MatchString(rest) || typingWords.MatchString(rest)) {
			return true
		}
	}
	return false
}
