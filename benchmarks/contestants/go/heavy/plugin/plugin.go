// A plugin that uses an HTTP, TLS and SQL stack, which its host has too.
package main

import (
	_ "bench/heavy/memory"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Fetch asks a server by HTTPS, and has the answer kept by a database.
func Fetch(client *http.Client, settings *tls.Config, source string) error {
	client = &http.Client{Timeout: client.Timeout, Transport: &http.Transport{TLSClientConfig: settings.Clone()}}
	answer, err := client.Get(source)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var told map[string]any
	if err := json.Unmarshal(body, &told); err != nil {
		return fmt.Errorf("%s did not answer in JSON: %w", source, err)
	}
	database, err := sql.Open("memory", "")
	if err != nil {
		return err
	}
	defer database.Close()
	_, err = database.Exec("insert into answers values (?, ?)", source, body)
	return err
}
