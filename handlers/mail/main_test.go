package mail_test

import (
	"os"
	"testing"

	"resetpin/bot/leaktest"
)

func TestMain(m *testing.M) { os.Exit(leaktest.Run(m)) }
