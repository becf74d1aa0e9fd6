// Package work is the crate `work`, by hand: what plugins do, what hosts have it done with, and their common types.
package work

// Request is what came over the wire.
type Request struct {
	Method  string
	Path    string
	Headers []Header
	Body    []byte
}

// Header is a name and its value.
type Header struct {
	Name, Value string
}

// Answer is what the filter answers.
type Answer struct {
	Status  uint16
	Headers []Header
	Body    []byte
}

// Stepper has Step as a method, for calls through an interface.
type Stepper interface {
	Step(state uint64) uint64
}

// Step is hardly any work: the next number of a linear congruential generator.
func Step(state uint64) uint64 {
	return state*6_364_136_223_846_793_005 + 1_442_695_040_888_963_407
}
