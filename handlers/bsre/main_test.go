package bsre_test

import (
	"flag"
	"os"
	"testing"

	"resetpin/store/storetest"
)

// TestMain lets many tests wait side by side: most of them wait for timeouts.
func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		os.Exit(child())
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	storetest.Main(m)
}
