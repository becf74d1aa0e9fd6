package main

import (
	"bench/work"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// As in the crate `protocol`.
const (
	batchTime = 2 * time.Millisecond
	batches   = 25
	// Go collects when there is as much again as what lives: after many maps, not after each.
	collected = 32
)

// An answer stays somewhere, so that it must be made.
var answered work.Answer

func items(item, path string) error {
	opened, err := open(path)
	if err != nil {
		return err
	}
	switch item {
	case "filter":
		request := work.GivenRequest()
		answer := opened.filter(request)
		told(item, answer.Summary(), 1, func(size int) time.Duration {
			start := time.Now()
			for range size {
				answered = opened.filter(request)
			}
			return time.Since(start)
		})
	case "sum":
		numbers := work.GivenNumbers()
		told(item, opened.sum(numbers), 1, func(size int) time.Duration {
			start := time.Now()
			for range size {
				sink = opened.sum(numbers)
			}
			return time.Since(start)
		})
	case "map":
		values := work.GivenStrings()
		told(item, opened.values(values), collected, func(size int) time.Duration {
			made := make([]map[string]string, size)
			for at := range made {
				// No clone: that would share the strings, and all maps would be in the cache.
				made[at] = work.GivenStrings()
			}
			runtime.GC()
			start := time.Now()
			for at := range made {
				sink = opened.values(made[at])
				made[at] = nil
			}
			// Dropping the maps is part of the work.
			runtime.GC()
			return time.Since(start)
		})
	default:
		return errors.New("the items of work are `filter`, `sum` and `map`")
	}
	return nil
}

// Batches of at least this size and large enough for the clock, and their median.
func told(item string, answer any, size int, batch func(int) time.Duration) {
	for taken := batch(size); taken < batchTime; taken = batch(size) {
		factor := float64(batchTime) * 1.2 / float64(max(taken, 1))
		size = int(math.Ceil(float64(size) * min(max(factor, 1.5), 10)))
	}
	taken := make([]time.Duration, batches)
	for at := range taken {
		taken[at] = batch(size)
	}
	slices.Sort(taken)
	fmt.Printf("%s %v\nanswer %v\n", item, float64(taken[batches/2].Nanoseconds())/float64(size), answer)
}
