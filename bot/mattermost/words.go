package mattermost

import (
	"context"
	"regexp"
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
	fill(&w.Working, "Sedang saya kerjakan, mohon tunggu sebentar …")
	fill(&w.Continued, "Saya lanjutkan berdua saja di [pesan langsung]({link}).")
	fill(&w.Form, "Silakan isi di jendela yang baru terbuka, atau tulis di [pesan langsung]({link}).")
	fill(&w.FormAgain, "Maaf, jendela isiannya belum bisa dibuka. Coba tekan sekali lagi.")
	fill(&w.Old, "Isian ini sudah terlalu lama. Silakan mulai lagi.")
	fill(&w.Foreign, "Tombol ini bukan untuk Anda.")
	fill(&w.Again, "Ini sudah saya terima.")
	fill(&w.Unproven, "Maaf, saya belum bisa memastikan bahwa ini dari Anda. Silakan coba sekali lagi, atau tulis di [pesan langsung]({link}).")
	fill(&w.Unreachable, "Maaf, saya belum bisa menulis pesan langsung kepada Anda. Tolong sampaikan ini kepada petugas bantuan.")
	fill(&w.Trouble, "Maaf, sedang ada gangguan. Silakan coba lagi sebentar lagi.")
	return w
}

// CommandInfo is a word of the bot's, for the hint and the list that
// Mattermost shows while a slash command is typed.
type CommandInfo struct {
	Name        string // a word after /resetpin
	Arg         string // what may follow it, such as NIP; empty: nothing
	Description string
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
