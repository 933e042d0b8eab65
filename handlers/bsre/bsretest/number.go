package bsretest

// EditNumber is what an operator does in the portal first when somebody's phone
// number has changed: the person's data are edited, their status becomes
// UPDATE, and the old number stays on record until the change is approved.
func (w *World) EditNumber(nik, phone string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.persons[nik]; p != nil {
		p.pendingNumber = phone
		w.tell(nik)
	}
}

// ApproveNumber is what comes second ("Approval User Berhasil"): the new number
// is the one on record, and not verified.
func (w *World) ApproveNumber(nik string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.persons[nik]
	if p == nil || p.pendingNumber == "" {
		return
	}
	p.Phone, p.PhoneVerified, p.pendingNumber = p.pendingNumber, false, ""
	w.tell(nik)
}
