// Package understandtest gives tests what understands typed words.
package understandtest

import (
	"sync"

	"resetpin/handlers/understand"
)

// Site is the reset site that it knows as the genuine one.
const Site = "esign-bsre.bssn.go.id"

// Builtin understands by the sentences that come with the program. It is made
// once for all tests of a process.
var Builtin = sync.OnceValue(func() *understand.Understander { //nolint:gochecknoglobals // reading them takes a while
	u, err := understand.New([]string{Site}, understand.Builtin())
	if err != nil {
		panic(err) // they are built in, and tested
	}
	return u
})
