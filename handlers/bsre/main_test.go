package bsre_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets many tests wait side by side: most of them wait for timeouts.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
