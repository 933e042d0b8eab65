package talk

import (
	"resetpin/bot"
	"resetpin/handlers/resetlink"
	"resetpin/handlers/understand"
)

// understand tells what typed words mean where the person is.
func (k *Kernel) understand(r Request) understand.Result {
	if r.Kind == bot.KindAction || r.Kind == bot.KindForm {
		return understand.Result{}
	}
	command := k.table.find(r.Command)
	if r.Kind == bot.KindCommand && command != nil && r.Text == "" {
		return understand.Result{} // nothing but its name
	}
	place := r.Place()
	switch place { // the examples know nothing of these
	case WithPerson, AskPerson, PersonDone:
		place = understand.HomeLinked
	case NewNumber:
		place = understand.AskPhone
	}
	in := understand.Input{Place: place, Text: resetlink.Without(r.Text), Language: r.Lang, Wary: r.wary()}
	switch {
	case r.Kind != bot.KindCommand:
	case command == nil:
		in.Text = r.Command + " " + in.Text // a secret can stand right behind a slash
	case command.Name == "link":
		in.Place = understand.AskNIP
	}
	for _, c := range r.Offered() {
		in.Offered = append(in.Offered, c.Label)
	}
	return k.Sentences.Understand(in)
}
