// The host that opens plugins of Go's package plugin. It understands what the crate `protocol` says.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 {
		return errors.New("expected `start`, `open`, `call`, `work` or `edited`")
	}
	verb, rest := arguments[0], arguments[1:]
	switch {
	case verb == "start" && len(rest) == 0:
		return nil
	case verb == "open" && len(rest) > 0:
		return inOrder(rest)
	case verb == "call" && len(rest) == 1:
		return calls(rest[0])
	case verb == "work" && len(rest) == 2:
		return items(rest[0], rest[1])
	case verb == "edited" && len(rest) == 0:
		return edited()
	}
	return errors.New("expected `start`, `open PLUGIN…`, `call PLUGIN`, `work ITEM PLUGIN` or `edited`")
}

func inOrder(paths []string) error {
	taken := make([]time.Duration, 0, len(paths))
	for _, path := range paths {
		start := time.Now()
		_, err := open(path)
		taken = append(taken, time.Since(start))
		if err != nil {
			return err
		}
	}
	for _, one := range taken {
		fmt.Println("open", one.Nanoseconds())
	}
	return nil
}

func edited() error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		opened, err := open(lines.Text())
		if err != nil {
			return err
		}
		fmt.Println("edited", opened.constant())
	}
	return lines.Err()
}
