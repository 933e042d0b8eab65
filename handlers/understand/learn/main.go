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
	if len(args) != 2 {
		return fmt.Errorf("want the name of a file, got %q", args[1:])
	}
	data, err := understand.Learn()
	if err != nil {
		return err
	}
	return os.WriteFile(args[1], data, 0o600) //nolint:gosec // the developer names the file
}
