package settings

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that is never shown: printed with any verb, logged or
// encoded it is "[secret]".
type Secret string

const hidden = "[secret]"

// String hides the value.
func (Secret) String() string { return hidden }

// Format hides the value whatever the verb is: %d of a string shows it.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) } // fmt keeps no error

// LogValue hides the value.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from JSON, and so from a logger that writes it.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Reveal gives the value to whom it is meant for.
func (s Secret) Reveal() string { return string(s) }
