package main

import (
	"bench/work"
	"fmt"
	"slices"
	"time"
)

// As in the crate `protocol`.
const (
	perBatch = 20_000
	pairs    = 1_001
)

type own struct{ mark uint64 }

func (stepper own) Step(state uint64) uint64 {
	return work.Step(state) ^ stepper.mark
}

// The same as the plugin's: what differs is who has it.
func step(state uint64) uint64 { return work.Step(state) }

func calls(path string) error {
	opened, err := open(path)
	if err != nil {
		return err
	}
	host, plugin := compare(step, opened.step, functions)
	fmt.Printf("call %v\nown %v\n", plugin, host)
	host, plugin = compare(work.Stepper(own{1}), opened.stepper(), methods)
	fmt.Printf("trait %v\nown-trait %v\n", plugin, host)
	return nil
}

// Each of two by turns, in nanoseconds per call.
func compare[F any](host, plugin F, batch func(F) time.Duration) (float64, float64) {
	var ofHost, ofPlugin []time.Duration
	batch(host)
	batch(plugin)
	for pair := range pairs {
		if pair%2 == 0 {
			ofHost = append(ofHost, batch(host))
			ofPlugin = append(ofPlugin, batch(plugin))
		} else {
			ofPlugin = append(ofPlugin, batch(plugin))
			ofHost = append(ofHost, batch(host))
		}
	}
	return perCall(ofHost), perCall(ofPlugin)
}

func perCall(batches []time.Duration) float64 {
	slices.Sort(batches)
	return float64(batches[len(batches)/2].Nanoseconds()) / perBatch
}

// What was computed goes here, so that it must be.
var sink uint64

//go:noinline
func functions(function func(uint64) uint64) time.Duration {
	start := time.Now()
	all := uint64(0)
	for state := range uint64(perBatch) {
		all ^= function(state)
	}
	sink = all
	return time.Since(start)
}

//go:noinline
func methods(stepper work.Stepper) time.Duration {
	start := time.Now()
	all := uint64(0)
	for state := range uint64(perBatch) {
		all ^= stepper.Step(state)
	}
	sink = all
	return time.Since(start)
}
