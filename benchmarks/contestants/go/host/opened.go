package main

import (
	"bench/work"
	"fmt"
	"plugin"
)

// A plugin that was opened, with all that is called in it.
type opened struct {
	step     func(uint64) uint64
	stepper  func() work.Stepper
	filter   func(*work.Request) work.Answer
	sum      func([]uint64) uint64
	values   func(map[string]string) uint64
	constant func() uint64
}

func open(path string) (found opened, err error) {
	file, err := plugin.Open(path)
	if err != nil {
		return found, err
	}
	if found.step, err = lookup[func(uint64) uint64](file, "Step"); err != nil {
		return found, err
	}
	if found.stepper, err = lookup[func() work.Stepper](file, "Stepper"); err != nil {
		return found, err
	}
	if found.filter, err = lookup[func(*work.Request) work.Answer](file, "Filter"); err != nil {
		return found, err
	}
	if found.sum, err = lookup[func([]uint64) uint64](file, "Sum"); err != nil {
		return found, err
	}
	if found.values, err = lookup[func(map[string]string) uint64](file, "Map"); err != nil {
		return found, err
	}
	found.constant, err = lookup[func() uint64](file, "Constant")
	return found, err
}

func lookup[T any](file *plugin.Plugin, name string) (found T, err error) {
	symbol, err := file.Lookup(name)
	if err != nil {
		return found, err
	}
	found, fits := symbol.(T)
	if !fits {
		return found, fmt.Errorf("`%s` is a %T, expected a %T", name, symbol, found)
	}
	return found, nil
}
