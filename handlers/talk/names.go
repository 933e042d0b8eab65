package talk

import "resetpin/bot"

// Name names what a button or a dialog does. It stands in signed buttons that
// are in people's chats: a name that was given once is not given another
// meaning. At most 16 characters of a-z, 0-9 and dot (bot.Action).
type Name string

// With is the action of the name with an argument.
func (n Name) With(arg string) bot.Action { return bot.Action{Name: string(n), Arg: arg} }

// Does is what a button is made for: a Name, and never a bare string, so that
// a slip of the pen does not build.
type Does interface {
	With(arg string) bot.Action
}

// What more than one capability offers. Each of them is done by one, which
// the kernel makes sure of; a capability's own names are its own constants.
const (
	Cmd       Name = "cmd"    // the command that is named
	Cancel    Name = "cancel" // take the question's buttons away
	LinkAgain Name = "link.again"
	CodeAgain Name = "code.again" // another code for the NIP that was typed last
	LinkCut   Name = "link.cut"   // of the platform that is named
	ResetOK   Name = "reset.ok"
	ResetNew  Name = "reset.new"
	Phone     Name = "reset.phone" // look again whether BSrE knows the number
	UnlinkOK  Name = "unlink.ok"
	Walk      Name = "walk"       // a choice at a walk's position
	WalkStart Name = "walk.start" // the guide that is named
	WalkHere  Name = "walk.here"  // where the person was
	WalkOwn   Name = "walk.own"   // the reset's, with a link that the bot did not ask for
	Page      Name = "page"       // GUIDE.PAGE, beside any walk
	Browser   Name = "browser"
	Helpdesk  Name = "helpdesk"
	Number    Name = "desk.number" // hand a changed phone number over to officers
	Mode      Name = "mode"        // pictures or text
	Language  Name = "lang"
	OtherNIP  Name = "code.nip"
	Quiet     Name = "quiet"
	Worked    Name = "worked"
	Given     Name = "given"        // a secret was given away
	Mean      Name = "mean"         // what was meant
	Await     Name = "notice.await" // tell once when BSrE answers again, with the command that is named
)

// Shared lists them.
func Shared() []Name {
	return []Name{
		Cmd, Cancel, LinkAgain, CodeAgain, LinkCut, ResetOK, ResetNew, Phone, UnlinkOK, Walk, WalkStart, WalkHere, WalkOwn, Page,
		Browser, Helpdesk, Number, Mode, Language, OtherNIP, Quiet, Worked, Given, Mean, Await,
	}
}
