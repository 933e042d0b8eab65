package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a durable inbox: it outlives the engines that use it.
type memory struct {
	mu    sync.Mutex
	order []row
	open  map[row]InboxItem
	seen  map[row]bool
	locks map[string]chan struct{}

	addErr, doneErr error
	opened, dones   int
	doneLag         time.Duration
	alone           bool   // nobody else uses it
	most            int    // items that a lock shows; 0: all
	onAdd           func() // before the commit
	onLocked        func() // after a lock was read
}

func newMemory() *memory {
	return &memory{open: map[row]InboxItem{}, seen: map[row]bool{}, locks: map[string]chan struct{}{}}
}

func (m *memory) Add(ctx context.Context, items []InboxItem) ([]bool, error) {
	if m.onAdd != nil {
		m.onAdd()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.addErr != nil {
		return nil, m.addErr
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	fresh := make([]bool, len(items))
	for i, it := range items {
		r := row{it.Source, it.ID}
		if fresh[i] = !m.seen[r]; fresh[i] {
			m.seen[r] = true
			m.open[r] = it
			m.order = append(m.order, r)
		}
	}
	return fresh, nil
}

func (m *memory) Ack(ctx context.Context, source, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.doneErr != nil {
		return m.doneErr
	}
	m.dones++
	if m.doneLag > 0 {
		time.AfterFunc(m.doneLag, func() { m.set(func() { delete(m.open, row{source, id}) }) })
		return nil
	}
	delete(m.open, row{source, id})
	return nil
}

func (m *memory) Open(ctx context.Context) ([]InboxItem, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opened++
	var items []InboxItem
	for _, r := range m.order {
		if it, ok := m.open[r]; ok {
			items = append(items, it)
		}
	}
	return items, nil
}

func (m *memory) Lock(ctx context.Context, account string) (Lock, error) {
	m.mu.Lock()
	l := m.locks[account]
	if l == nil {
		l = make(chan struct{}, 1)
		m.locks[account] = l
	}
	m.mu.Unlock()
	select {
	case l <- struct{}{}:
	case <-ctx.Done():
		return Lock{}, ctx.Err()
	}
	if m.onLocked != nil {
		defer m.onLocked()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	lock := Lock{Alone: m.alone, Release: func() { <-l }}
	for _, r := range m.order {
		if it, ok := m.open[r]; ok && it.Account == account && !m.alone {
			lock.Open = append(lock.Open, it)
		}
	}
	if m.most > 0 && len(lock.Open) > m.most {
		lock.Open, lock.More = lock.Open[:m.most], true
	}
	return lock, nil
}

func (m *memory) left() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.open)
}

func (m *memory) set(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// room is a channel that writes down what was delivered. fail decides on
// every try; nil delivers.
type room struct {
	mu      sync.Mutex
	said    []string // "account: text"
	working []string // accounts
	tries   int
	fail    func(to Origin, r Reply) error
	onWork  func()
}

func (c *room) Deliver(ctx context.Context, to Origin, r Reply) error {
	c.mu.Lock()
	c.tries++
	fail := c.fail
	c.mu.Unlock()
	if fail != nil {
		if err := fail(to, r); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range r.Messages {
		c.said = append(c.said, to.Account.ID+": "+m.Text)
	}
	return nil
}

func (c *room) Working(_ context.Context, to Origin) {
	if c.onWork != nil {
		c.onWork()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working = append(c.working, to.Account.ID)
}

func (c *room) Ready(context.Context) error { return nil }

func (c *room) heard(account string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var texts []string
	for _, s := range c.said {
		if len(s) > len(account) && s[:len(account)+2] == account+": " {
			texts = append(texts, s[len(account)+2:])
		}
	}
	return texts
}

func (c *room) signs() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.working)
}

func (c *room) set(fail func(to Origin, r Reply) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = fail
}

func text(s string) Reply { return Reply{Messages: []Message{{Text: s}}} }

func echo(_ context.Context, u Update) (Reply, error) { return text(u.Text), nil }

func sorry(_ context.Context, _ Update, id string) Reply {
	return text("sorry " + strconv.Itoa(len(id)))
}

func said(account, id, words string) Update {
	return Update{Origin: Origin{Account: Account{Telegram, account}, Chat: account, Private: true},
		ID: id, Kind: KindText, Text: words}
}

var errDown = errors.New("the platform is down")

// bench is an engine with its surroundings inside a bubble of pretend time.
type bench struct {
	*Engine
	inbox *memory
	room  *room
	log   *lines
}

func setUp(t *testing.T, change func(c *EngineConfig)) bench {
	t.Helper()
	return setUpOn(t, newMemory(), &room{}, change)
}

func setUpOn(t *testing.T, m *memory, ch *room, change func(c *EngineConfig)) bench {
	t.Helper()
	log := &lines{}
	c := EngineConfig{Inbox: m, Channels: map[string]Channel{Telegram: ch}, Handler: echo, Sorry: sorry,
		Unasked: func(_ context.Context, u Update) (Reply, error) { return text(string(u.Words)), nil },
		Logger:  slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&c)
	}
	return bench{Engine: NewEngine(c), inbox: m, room: ch, log: log}
}

func (b bench) start(t *testing.T) {
	t.Helper()
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b bench) receive(t *testing.T, updates ...Update) {
	t.Helper()
	if err := b.Receive(t.Context(), updates...); err != nil {
		t.Fatal(err)
	}
}

// says writes what is to be said unasked into the inbox, as a transaction of
// this process does.
func (b bench) says(t *testing.T, id string, to Origin, words string) {
	t.Helper()
	b.Adopt(wordsRow(t, b.inbox, id, to, words))
}

// wordsRow is says in another process.
func wordsRow(t *testing.T, m *memory, id string, to Origin, words string) InboxItem {
	t.Helper()
	data, err := EncodeUnasked(to, "news", []byte(words))
	if err != nil {
		t.Fatal(err)
	}
	row := InboxItem{Source: to.Account.Platform, ID: id, Account: to.Account.String(), Payload: data}
	if _, err := m.Add(t.Context(), []InboxItem{row}); err != nil {
		t.Fatal(err)
	}
	return row
}

func (b bench) stop(t *testing.T) {
	t.Helper()
	if err := b.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	synctest.Wait()
	if n := b.Waiting(); n != 0 {
		t.Errorf("%d updates are still in memory", n)
	}
	if len(b.queues) != 0 || len(b.known) != 0 {
		t.Errorf("memory is not given back: %d queues, %d known", len(b.queues), len(b.known))
	}
}

// bubble runs f in pretend time; it fails when a goroutine is left over.
func bubble(t *testing.T, f func(t *testing.T)) { t.Helper(); synctest.Test(t, f) }

func want(t *testing.T, what string, got, wanted any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(wanted); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

// lines is a log that tests read.
type lines struct {
	mu   sync.Mutex
	text []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

func pause(d time.Duration) { time.Sleep(d); synctest.Wait() }

// named gives a name with a number.
func named(s string, i int) string { return s + strconv.Itoa(i) }
