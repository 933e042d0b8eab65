package mattermost

import (
	"context"
	"crypto/rand"
	"strconv"

	"resetpin/bot"
)

// pendingID is the id by which the server knows a repeated post for 30 s: a
// lost answer, or a process that died before it could note that it had
// answered, leads to no second post. It is made of the update that is answered
// and of the post's number, so that another try, another process and another
// replica make the same. What answers no update is tried by this call alone.
// https://developers.mattermost.com/api-documentation/#/operations/CreatePost
func pendingID(ctx context.Context, d *delivery) string {
	update := bot.ID(ctx)
	if update == "" {
		return d.me.ID + ":" + rand.Text()
	}
	return d.me.ID + ":" + handleOf(update+" "+d.to.Account.String()+" "+d.channel+" "+strconv.Itoa(d.message)+"."+strconv.Itoa(d.posts))
}
