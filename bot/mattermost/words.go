package mattermost

import (
	"context"
	"regexp"
	"resetpin/bot/platform"
	"strings"
	"time"
)

// Words are the few sentences that the adapter itself must say. {link} is
// where the address of the direct message with the bot goes in.
type Words struct {
	Working   string // the answer takes longer
	Continued string // in a channel: it goes on in the direct message; {link}
	Form      string // in a channel: a dialog was opened; {link}
	FormAgain string // a dialog could not be opened
	Old       string // a dialog that is too old
	Foreign   string // a button or dialog that was shown to somebody else
	Again     string // a press or dialog that was taken already
	Trouble   string // nothing could be taken over just now

	Unproven    string // it could not be made sure who acts; {link}
	Unreachable string // in a channel: the server lets the bot write no direct message
}

// withDefaults fills what is empty.
func (w Words) withDefaults() Words {
	platform.Or(&w.Working, "Sedang saya kerjakan, mohon tunggu sebentar …")
	platform.Or(&w.Continued, "Saya lanjutkan berdua saja di [pesan langsung]({link}).")
	platform.Or(&w.Form, "Silakan isi di jendela yang baru terbuka, atau tulis di [pesan langsung]({link}).")
	platform.Or(&w.FormAgain, "Maaf, jendela isiannya belum bisa dibuka. Coba tekan sekali lagi.")
	platform.Or(&w.Old, "Isian ini sudah terlalu lama. Silakan mulai lagi.")
	platform.Or(&w.Foreign, "Tombol ini bukan untuk Anda.")
	platform.Or(&w.Again, "Ini sudah saya terima.")
	platform.Or(&w.Unproven, "Maaf, saya belum bisa memastikan bahwa ini dari Anda. Silakan coba sekali lagi, atau tulis di [pesan langsung]({link}).")
	platform.Or(&w.Unreachable, "Maaf, saya belum bisa menulis pesan langsung kepada Anda. Tolong sampaikan ini kepada petugas bantuan.")
	platform.Or(&w.Trouble, "Maaf, sedang ada gangguan. Silakan coba lagi sebentar lagi.")
	return w
}

// wordsBound is the longest that somebody's language is looked up: the words
// must come in time, in whatever language.
const wordsBound = 500 * time.Millisecond

// wordsTo gives the words for a user.
func (a *Adapter) wordsTo(ctx context.Context, user string) Words {
	if a.c.Words == nil {
		return Words{}.withDefaults()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wordsBound)
	defer cancel()
	return a.c.Words(ctx, user).withDefaults()
}

// toLink is the link in a sentence, whose address is filled in.
var toLink = regexp.MustCompile(`\[([^\]]*)\]\(\{link\}\)`)

// linked puts an address into a sentence. Where none is known, the link's
// words stay.
func linked(sentence, address string) string {
	if address == "" {
		return toLink.ReplaceAllString(sentence, "$1")
	}
	return strings.ReplaceAll(sentence, "{link}", address)
}
