package storetest

import (
	"net"
	"strings"
	"testing"
)

// Who was told the address may listen there again and again, and in between
// nobody does.
func TestAnAddressIsKept(t *testing.T) {
	t.Parallel()
	address := Address(t)
	for range 3 {
		if conn, err := net.Dial("tcp", address); err == nil || !strings.Contains(err.Error(), "refused") {
			t.Fatalf("nobody listens, and dialing gives %v, %v", conn, err)
		}
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Listen("tcp", address); err == nil {
			t.Error("two listen at one address")
		}
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		_ = l.Close()
	}
}
