package mattermost

import (
	"context"
	"sync"
	"time"
)

// memoryMarks is a Marks that forgets with the process.
type memoryMarks struct {
	mu     sync.Mutex
	values map[string]string
}

func (m *memoryMarks) Get(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name], nil
}

func (m *memoryMarks) Put(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[name] = value
	return nil
}

// NewMemoryTriggers gives a Triggers that forgets with the process.
func NewMemoryTriggers() Triggers { return &memoryTriggers{until: map[string]time.Time{}} }

type memoryTriggers struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// SpendTrigger notes that a proof was used; false: it was before.
func (m *memoryTriggers) SpendTrigger(_ context.Context, id string, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, used := m.until[id]; used {
		return false, nil
	}
	for old, end := range m.until {
		if until.Sub(end) > dialogLife+proofLife+proofKept {
			delete(m.until, old)
		}
	}
	m.until[id] = until
	return true, nil
}

// FreeTrigger lets a proof count once more.
func (m *memoryTriggers) FreeTrigger(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.until, id)
	return nil
}
