// The work, in a plugin of Go's package plugin.
package main

import "bench/work"

// What the benchmark edits.
const constant uint64 = 1

type theirs struct{ mark uint64 }

func (stepper theirs) Step(state uint64) uint64 {
	return work.Step(state) ^ stepper.mark
}

// Step is hardly any work.
func Step(state uint64) uint64 { return work.Step(state) }

// Stepper has it as a method.
func Stepper() work.Stepper { return theirs{constant} }

// Filter answers a request.
func Filter(request *work.Request) work.Answer { return work.Filter(request) }

// Sum adds numbers up.
func Sum(numbers []uint64) uint64 { return work.Sum(numbers) }

// Map reads a map.
func Map(values map[string]string) uint64 { return work.Map(values) }

// Constant is the constant, as it is now.
func Constant() uint64 { return constant }
