package talk

import "resetpin/bot"

// Profile shows the employee as the ministry's guide shows them.
func (k *Kernel) Profile(r Request, key string) bot.Reply {
	e := r.Session.Employee
	return Reply(r.Say(key)+"\n\n"+r.Say("profile", "nip", e.NIP, "name", e.Name, "position", Dash(e.Position), "unit", Dash(e.Unit), "grade", Dash(e.Grade)),
		k.HomeButtons(r)...)
}
