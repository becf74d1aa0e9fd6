// The host with an HTTP, TLS and SQL stack, which it uses as its plugin does. It opens plugins, and that is all that is
// measured of it.
package main

import (
	_ "bench/heavy/memory"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"plugin"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 1 && arguments[0] == "start":
		return nil
	case len(arguments) > 1 && arguments[0] == "open":
		return inOrder(arguments[1:])
	case len(arguments) == 1 && arguments[0] == "serve":
		return serve()
	}
	return errors.New("expected `start`, `open PLUGIN…` or `serve`")
}

func inOrder(paths []string) error {
	for _, path := range paths {
		start := time.Now()
		err := open(path)
		taken := time.Since(start)
		if err != nil {
			return err
		}
		fmt.Println("open", taken.Nanoseconds())
	}
	return nil
}

func open(path string) error {
	file, err := plugin.Open(path)
	if err != nil {
		return err
	}
	symbol, err := file.Lookup("Fetch")
	if err != nil {
		return err
	}
	fetch, fits := symbol.(func(*http.Client, *tls.Config, string) error)
	if !fits {
		return fmt.Errorf("`Fetch` is a %T, expected a %T", symbol, fetch)
	}
	return nil
}

// What makes the stack part of the host.
func serve() error {
	database, err := sql.Open("memory", "")
	if err != nil {
		return err
	}
	handler := func(writer http.ResponseWriter, request *http.Request) {
		var query string
		if err := database.QueryRow(request.URL.Path).Scan(&query); err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(writer, "{\"query\": %q}", query)
	}
	server := http.Server{Addr: "localhost:0", Handler: http.HandlerFunc(handler), TLSConfig: &tls.Config{}}
	return server.ListenAndServeTLS("cert.pem", "key.pem")
}
