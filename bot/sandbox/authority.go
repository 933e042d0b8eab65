package sandbox

import (
	"strconv"
	"time"

	"resetpin/handlers/bsre/bsretest"
)

// authority is the pretend BSrE as the page shows it.
type authority struct{ world *bsretest.World }

// note is a WhatsApp message of BSrE's.
type note struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	Link string    `json:"link"`
	At   time.Time `json:"at"`
}

// notes gives the WhatsApp messages to an employee, oldest first.
func (a *authority) notes(e *employee) []note {
	sent := a.world.WhatsApps(e.nik)
	out := make([]note, 0, len(sent))
	for i, m := range sent {
		out = append(out, note{ID: strconv.Itoa(i + 1), Text: m.Text, Link: m.Link, At: m.At})
	}
	return out
}

// phone is the number that BSrE has on record for an employee.
func (a *authority) phone(e *employee) string {
	for _, p := range a.world.Persons() {
		if p.NIK == e.nik {
			return p.Phone
		}
	}
	return e.Phone
}

// renumber is what an operator does in BSrE's portal when an employee's number
// has changed: it is edited, and the change approved.
func (a *authority) renumber(e *employee, phone string) {
	a.world.EditNumber(e.nik, phone)
	a.world.ApproveNumber(e.nik)
}

// resets counts the resets that took effect for an employee.
func (a *authority) resets(e *employee) int { return a.world.ResetsOf(e.nik) }

// disturb makes a place have the kind of trouble.
func (a *authority) disturb(where, kind string) {
	mode, delay := troubleMode(kind)
	if where == placeAPI {
		a.world.Set(bsretest.PlaceAPI, mode, delay)
		return
	}
	a.world.Set(bsretest.PlacePortal, mode, delay)
	if kind != troubleLogin {
		mode = bsretest.ModeOK
	}
	a.world.Set(bsretest.PlaceSSO, mode, 0) // only there a password is refused
}

func troubleMode(kind string) (bsretest.Mode, time.Duration) {
	switch kind {
	case troubleSlow:
		return bsretest.ModeSlow, 4 * time.Second
	case troubleDown:
		return bsretest.ModeDown, 0
	case troubleError:
		return bsretest.ModeError, 0
	case troubleHTML:
		return bsretest.ModeGateway, 0
	case troubleGarbage:
		return bsretest.ModeGarbage, 0
	case troubleLogin:
		return bsretest.ModeLogin, 0
	case troubleSilent:
		return bsretest.ModeSilent, 30 * time.Second
	}
	return bsretest.ModeOK, 0
}
