package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	helpdesk "resetpin/handlers/desk"
	"resetpin/handlers/letters"
	"resetpin/store"
	"resetpin/store/directory"
)

// importWork is one import on its way.
type importWork struct {
	importCommand
	*call
	db       *store.Store
	file     *directory.File
	rejects  *rejects
	effects  store.ImportEffects
	problems []error // what keeps it from being written
}

// The most people that an import makes inactive unasked, beside one, who is no
// bulk.
const (
	mostLeaving = 100
	mostPercent = 5
)

func (w *importWork) run(in *input) error {
	bar := progress(w.env, in.size)
	_, err := w.db.Import(w.ctx, w.rejects.pass(w.file.Rows), store.ImportOptions{
		DryRun: w.DryRun, DeactivateMissing: w.Deactivate, Stay: w.file.Stay, Judge: w.judge,
		Progress: func(int) { _ = bar.Set64(in.read) }, // a bar that cannot be drawn is no loss
	})
	_ = bar.Finish()
	w.rejects.sum()
	if err == nil || len(w.problems) > 0 {
		err = errors.Join(w.tell(), errors.Join(w.problems...))
	}
	if err != nil && !w.DryRun {
		err = errors.Join(err, w.db.Audit(w.ctx, w.event("refused")))
	}
	return err
}

// judge finds what keeps the import from being written: all of it, so that it
// is mended in one go.
func (w *importWork) judge(e store.ImportEffects) (store.ImportRecord, error) {
	w.effects = e
	w.problem(w.file.Cut())
	w.problem(w.badRows())
	w.problem(w.twins())
	w.problem(w.leaving())
	if len(w.problems) > 0 && !w.DryRun {
		return store.ImportRecord{}, errors.New("nothing was written")
	}
	record := store.ImportRecord{Events: []store.Event{w.event("done")}}
	for _, change := range e.Linked {
		jobs, err := letters.ChangeJobs(change)
		if err != nil {
			return record, err
		}
		record.Jobs = append(record.Jobs, jobs...)
	}
	s, err := w.settings()
	if err != nil {
		return record, err
	}
	for _, m := range e.Mended {
		record.Jobs = append(record.Jobs, helpdesk.MendedJobs(m, s.DefaultLanguage)...)
		record.Events = append(record.Events, store.Event{At: w.now(), Account: m.Ticket.Account, Action: "ticket", Outcome: "mended", Detail: strconv.FormatInt(m.Ticket.ID, 10)})
	}
	return record, nil
}

func (w *importWork) problem(err error) {
	if err != nil {
		w.problems = append(w.problems, err)
	}
}

func (w *importWork) badRows() error {
	switch nobody := w.file.Nobody(); {
	case w.rejects.bad > 0 && !w.SkipBad:
		return fmt.Errorf("bad rows: %d; nothing was written; mend them, or write the others with --skip-bad", w.rejects.bad)
	case w.Deactivate && len(nobody) > 0:
		return fmt.Errorf("of %d bad rows nobody knows whom they name (the first is line %d), and --deactivate-missing would make those people inactive: mend the NIPs, or leave it out", len(nobody), nobody[0])
	}
	return nil
}

// twins refuses two active people with one NIK: one of them would see, and
// reset, the other's certificate.
func (w *importWork) twins() error {
	var errs []error
	for n, t := range w.effects.Twins {
		if n == 10 {
			errs = append(errs, fmt.Errorf("… and %d more NIKs of several people", len(w.effects.Twins)-n))
			break
		}
		var who []string
		for _, nip := range t.NIPs {
			where := "not in good order in the file"
			if line := w.file.Line(nip); line > 0 {
				where = fmt.Sprintf("line %d", line)
			}
			who = append(who, fmt.Sprintf("%s (%s)", nip, where))
		}
		errs = append(errs, fmt.Errorf("one NIK belongs to several active people: %s; correct the NIK that is wrong, or write in the column aktif who is not active", strings.Join(who, ", ")))
	}
	return errors.Join(errs...)
}

// leaving refuses to make many people inactive who may only be missing in a
// file that is not whole.
func (w *importWork) leaving() error {
	n, of := len(w.effects.Left), w.effects.Active
	few := n <= 1 || n <= mostLeaving && n*100 <= of*mostPercent
	if few || n <= w.YesDeactivate {
		return nil
	}
	return fmt.Errorf("%d of %d active people would be made inactive, which is a lot: is the file whole? If they really left, repeat with --yes-deactivate %d (--dry-run names them)", n, of, n)
}

// event is the import's line of the audit trail.
func (w *importWork) event(outcome string) store.Event {
	r := w.effects.Result
	return store.Event{
		At: w.now(), Account: store.Account{Platform: commandLine, ID: w.env.Operator}, Action: "import", Outcome: outcome,
		Detail: fmt.Sprintf("%d added, %d changed, %d unchanged, %d inactive, %d bad", r.Added, r.Changed, r.Unchanged, len(w.effects.Left), w.rejects.bad),
	}
}
