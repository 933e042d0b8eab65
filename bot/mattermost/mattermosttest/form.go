package mattermosttest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Dialog is a dialog that is open in front of a person. URL and State are in
// the client's reach, though it does not show them.
type Dialog struct {
	URL, CallbackID, Title, Intro, SubmitLabel, State string
	NotifyOnCancel                                    bool
	Elements                                          []Element
	Error                                             string            // shown beside the buttons
	Errors                                            map[string]string // shown under the fields, by name
}

var (
	// ErrNoDialog says that no dialog is open.
	ErrNoDialog = errors.New("mattermosttest: no dialog is open")
	// ErrField says that the client would not let a value through.
	ErrField = errors.New("mattermosttest: the client refuses the value")
)

// Dialog gives the open dialog, or nil.
func (p *Person) Dialog() *Dialog {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.u.desk.dialog == nil {
		return nil
	}
	d := *p.u.desk.dialog
	d.Errors = maps.Clone(d.Errors)
	return &d
}

// Submit fills in the open dialog and submits it. Optional fields that are not
// among the values are left out, as the web client does, but a box that was
// not ticked is false. It returns when the bot has answered; with errors the
// dialog stays open and shows them.
func (p *Person) Submit(values map[string]any) error {
	d := p.Dialog()
	if d == nil {
		return ErrNoDialog
	}
	filled, err := d.fill(values)
	if err != nil {
		return err
	}
	return p.submit(*d, filled, false)
}

// SubmitForged submits a dialog with anything in it, as any client may.
func (p *Person) SubmitForged(d Dialog, values map[string]any) (answer string, err error) {
	out, f := p.s.submit(p.u, p.submission(d, values, false))
	return asText(out), failure(f)
}

// Cancel closes the dialog. The bot is told of it when it asked for that.
func (p *Person) Cancel() error {
	d := p.Dialog()
	if d == nil {
		return ErrNoDialog
	}
	if !d.NotifyOnCancel {
		p.close()
		return nil
	}
	return p.submit(*d, map[string]any{}, true)
}

func (p *Person) close() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.u.desk.dialog = nil
}

// submission is what the client sends: with the channel and the team that it
// shows.
func (p *Person) submission(d Dialog, values map[string]any, cancelled bool) submission {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	channel := p.u.desk.channel
	return submission{
		URL: d.URL, CallbackID: d.CallbackID, State: d.State, ChannelID: channel, TeamID: p.s.teamAt(p.u, channel),
		Submission: values, Cancelled: cancelled,
	}
}

func (p *Person) submit(d Dialog, values map[string]any, cancelled bool) error {
	before := p.current()
	out, f := p.s.submit(p.u, p.submission(d, values, cancelled))
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	now := p.u.desk.dialog
	if now != before || now == nil {
		return failure(f) // another one opened meanwhile
	}
	switch {
	case cancelled:
		p.u.desk.dialog = nil
	case f != nil:
		now.Error, now.Errors = f.Message, nil
	case out.Error != "" || len(out.Errors) > 0:
		now.Error, now.Errors = out.Error, out.Errors
	default:
		p.u.desk.dialog = nil
	}
	return failure(f)
}

func (p *Person) current() *Dialog {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.u.desk.dialog
}

// fill puts values into the fields as the web client lets people do.
func (d *Dialog) fill(values map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for name := range values {
		if !slices.ContainsFunc(d.Elements, func(e Element) bool { return e.Name == name }) {
			return nil, fmt.Errorf("%w: there is no field %q", ErrField, name)
		}
	}
	for _, e := range d.Elements {
		value, given := values[e.Name]
		if !given && e.Default != "" {
			value, given = e.Default, true
		}
		text, isText := value.(string)
		switch {
		case !given && e.Type == "bool":
			out[e.Name] = false
		case !given && !e.Optional, isText && text == "" && !e.Optional:
			return nil, fmt.Errorf("%w: %q is required", ErrField, e.Name)
		case !given:
		case isText && e.MinLength > 0 && utf8.RuneCountInString(text) < e.MinLength:
			return nil, fmt.Errorf("%w: %q is too short", ErrField, e.Name)
		case isText && e.MaxLength > 0 && utf8.RuneCountInString(text) > e.MaxLength:
			return nil, fmt.Errorf("%w: %q is too long", ErrField, e.Name)
		default:
			out[e.Name] = value
		}
	}
	return out, nil
}
