package talk

import (
	"context"
	"encoding/json"
	"fmt"

	"resetpin/store"
)

// JobKind is what a durable job does. It stands in the database.
type JobKind string

// JobPush is a message to somebody who did not just ask, which an older version
// left as a job.
const JobPush JobKind = "push"

// NewJob makes a job; key tells jobs of a kind apart that must not be there
// twice. The payload is sealed by the store.
func NewJob(kind JobKind, key string, payload any) (store.Job, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return store.Job{}, fmt.Errorf("make %s job: %w", kind, err)
	}
	return store.Job{Kind: string(kind), Payload: data, Key: key}, nil
}

// PlainJob is NewJob for a payload of nothing but words, numbers and times,
// which can always be written.
func PlainJob(kind JobKind, payload any) store.Job {
	job, err := NewJob(kind, "", payload)
	if err != nil {
		panic(err)
	}
	return job
}

// Payload reads what a job was made with. A broken one ends the job.
func Payload[T any](payload []byte) (T, error) {
	var out T
	if err := json.Unmarshal(payload, &out); err != nil {
		return out, fmt.Errorf("%w: read payload: %w", store.ErrJobCancel, err)
	}
	return out, nil
}

// Jobs gives the work by its kind, for store.Work.
func (k *Kernel) Jobs() map[string]func(ctx context.Context, payload []byte) error {
	out := make(map[string]func(ctx context.Context, payload []byte) error)
	for kind, work := range k.table.jobs {
		out[string(kind)] = work
	}
	return out
}

// push says what an older version left as a job.
func (k *Kernel) push(ctx context.Context, payload []byte) error {
	p, err := Payload[Push](payload)
	if err != nil {
		return err
	}
	return k.Store.Enqueue(ctx, Tell("", p))
}
