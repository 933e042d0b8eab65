package mattermost

import (
	"context"
	"sync"
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
