package talk

import "resetpin/bot"

// Lost answers what the bot did not understand, in two lines with buttons.
func (k *Kernel) Lost(r Request) bot.Reply {
	return AboutAny.Of(Reply(r.Say("lost"), k.HomeButtons(r)...))
}

// HomeButtons lead to what the person most likely wants.
func (k *Kernel) HomeButtons(r Request) []bot.Button {
	if !r.Session.Linked {
		return []bot.Button{r.Primary("button.reset", Cmd, "resetpin"), r.Button("button.link", Cmd, "link"), r.Button("button.help", Cmd, "help")}
	}
	reset, status, help := r.Primary("button.reset", Cmd, "resetpin"), r.Button("button.status", Cmd, "status"), r.Button("button.help", Cmd, "help")
	switch {
	case !r.Interrupted():
		return []bot.Button{reset, status, help}
	case r.Session.Walk.Guide == ResetGuide: // a new link would kill the one that waits
		return []bot.Button{Resume(r), status, help}
	}
	reset.Style = bot.StyleNormal
	return []bot.Button{Resume(r), reset, status, help}
}

// Resume is the button that leads back to where the person was.
func Resume(r Request) bot.Button { return r.Primary("button.resume", WalkHere, "") }

// ModeButton offers the other of text alone and pictures.
func ModeButton(r Request) bot.Button {
	if r.Session.TextOnly {
		return r.Button("button.pictures", Mode, "pictures")
	}
	return r.Button("button.textonly", Mode, "text")
}

// QuietButton offers the other of reminders and none.
func QuietButton(r Request) bot.Button {
	if r.Session.Quiet {
		return r.Button("quiet.off", Quiet, "off")
	}
	return r.Button("quiet.on", Quiet, "on")
}

// Typed is how a command is typed on a platform. Mattermost has two slash
// commands; the others are words of the first.
func (k *Kernel) Typed(platform, name string) string {
	switch {
	case platform != bot.Mattermost:
		return "/" + name
	case name == "resetpin":
		return "/" + k.Settings.ResetTrigger
	case name == "status":
		return "/" + k.Settings.StatusTrigger
	}
	return "/" + k.Settings.ResetTrigger + " " + name
}

// TypedHere is how an officers' command is typed where an officer writes. On
// Mattermost it is no slash command, which is only a wish: in a channel it
// follows the name of the bot that the set-up makes.
func (k *Kernel) TypedHere(r Request, name string) string {
	switch {
	case r.Account.Platform != bot.Mattermost:
		return k.Typed(r.Account.Platform, name)
	case r.Private:
		return name
	}
	return k.Texts.Get(r.Lang, "mattermost.mention", "command", name)
}

// StatusName is a certificate's status in plain words; one that nobody knows is
// shown as it came.
func (k *Kernel) StatusName(lang, value string) string {
	if key := "status.name." + value; k.Texts.Has(key) {
		return k.Texts.Get(lang, key)
	}
	return value
}

// HelpdeskLine tells whom to ask when a person is needed, if that is set.
func (k *Kernel) HelpdeskLine(r Request) string {
	if k.Settings.HelpdeskContact == "" {
		return ""
	}
	return "\n\n" + r.Say("helpdesk", "contact", k.Settings.HelpdeskContact)
}

// Helpdesk is whom to ask, in words that fit into a sentence.
func (k *Kernel) Helpdesk(r Request) string {
	if k.Settings.HelpdeskContact != "" {
		return k.Settings.HelpdeskContact
	}
	return r.Say("walk.someone")
}
