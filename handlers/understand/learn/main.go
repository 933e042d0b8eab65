// Command learn writes what the built-in sentences teach, so that the program
// need not learn it at every start: go generate ./handlers/understand.
package main

import (
	"fmt"
	"os"

	"resetpin/handlers/understand"
)

func main() {
	if err := write(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "learn:", err)
		os.Exit(1)
	}
}

func write(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want the names of two files, got %q", args[1:])
	}
	meanings, guard, err := understand.Learn()
	if err != nil {
		return err
	}
	if err := os.WriteFile(args[1], meanings, 0o600); err != nil { //nolint:gosec // the developer names the file
		return err
	}
	return os.WriteFile(args[2], guard, 0o600) //nolint:gosec // the developer names the file
}
