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

// wordsBound is the longest that somebody's language is looked up: the words
// must come in time, in whatever language.
const wordsBound = 500 * time.Millisecond

// wordsTo gives the words for a user.
func (a *Adapter) wordsTo(ctx context.Context, user string) Words {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wordsBound)
	defer cancel()
	return a.c.Words(ctx, user)
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
