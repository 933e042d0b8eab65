package storetest

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// Address gives an address of the loopback for a program that must be told it
// before it listens there, and that may start anew. Until the test's end the
// kernel gives its port to nobody who asks for any.
func Address(t testing.TB) string {
	t.Helper()
	port, release, err := reserve()
	if err != nil {
		t.Fatalf("reserve a port: %v", err)
	}
	t.Cleanup(release)
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}

// reserve binds a socket to a port that the kernel chooses and does not listen.
// Beside it one other may listen there, as long as both say SO_REUSEADDR, which
// servers do (socket(7)).
func reserve() (port int, release func(), err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, nil, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			_ = syscall.Close(fd)
		}
	}()
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return 0, nil, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, nil, os.NewSyscallError("bind", err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		return 0, nil, os.NewSyscallError("getsockname", err)
	}
	four, ok := at.(*syscall.SockaddrInet4)
	if !ok {
		return 0, nil, fmt.Errorf("bound to %T", at)
	}
	return four.Port, func() { _ = syscall.Close(fd) }, nil
}
