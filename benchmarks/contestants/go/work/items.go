package work

import (
	"bytes"
	"fmt"
	"strings"
)

// Headers that are meant for one hop alone.
var hopByHop = [3]string{"connection", "keep-alive", "transfer-encoding"}

func passes(name string) bool {
	for _, hop := range hopByHop {
		if strings.EqualFold(name, hop) {
			return false
		}
	}
	return true
}

// Filter drops hop-by-hop headers, adds the body's digest as `x-filtered`, and answers with the body in capitals.
func Filter(request *Request) Answer {
	headers := make([]Header, 0, len(request.Headers)+1)
	for _, header := range request.Headers {
		if passes(header.Name) {
			headers = append(headers, header)
		}
	}
	headers = append(headers, Header{"x-filtered", fmt.Sprintf("%016x", And(New, request.Body))})
	return Answer{200, headers, bytes.ToUpper(request.Body)}
}

// Summary tells answers apart, in the words of the crate.
func (answer *Answer) Summary() string {
	digest := uint64(New)
	for _, header := range answer.Headers {
		digest = And(And(And(And(digest, header.Name), ":"), header.Value), "\n")
	}
	return fmt.Sprintf("%d %d %016x", answer.Status, len(answer.Headers), And(digest, answer.Body))
}

// Sum adds them up, and wraps around.
func Sum(numbers []uint64) uint64 {
	var sum uint64
	for _, number := range numbers {
		sum += number
	}
	return sum
}

// Map adds up the values' lengths, and to that the keys' digests by exclusive or.
func Map(values map[string]string) uint64 {
	var lengths, keys uint64
	for key, value := range values {
		lengths += uint64(len(value))
		keys ^= And(New, key)
	}
	return lengths + keys
}

// New is FNV-1a in 64 bits, of nothing yet.
const New = 0xcbf2_9ce4_8422_2325

// And is the digest with these bytes after the earlier ones.
func And[T string | []byte](digest uint64, bytes T) uint64 {
	for i := 0; i < len(bytes); i++ {
		digest = (digest ^ uint64(bytes[i])) * 0x0100_0000_01b3
	}
	return digest
}
