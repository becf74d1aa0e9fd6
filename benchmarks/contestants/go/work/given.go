package work

import "fmt"

// GivenRequest has twelve headers, three of which do not pass, and 2 KiB of body.
func GivenRequest() *Request {
	body := make([]byte, 2048)
	for at := range body {
		body[at] = ' ' + byte(at%95)
	}
	return &Request{
		Method: "POST",
		Path:   "/orders/17?confirm=yes",
		Headers: []Header{
			{"Host", "shop.example"},
			{"User-Agent", "bench/1.0 (a request of middling size)"},
			{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"},
			{"Accept-Language", "en-GB,en;q=0.7"},
			{"Accept-Encoding", "gzip, br"},
			{"Content-Type", "text/plain; charset=utf-8"},
			{"Content-Length", "2048"},
			{"Connection", "keep-alive"},
			{"Keep-Alive", "timeout=5, max=100"},
			{"Transfer-Encoding", "identity"},
			{"Cookie", "session=0123456789abcdef0123456789abcdef; theme=dark"},
			{"X-Request-Id", "4c2f6c1e-8f2d-4b6e-9a3c-0d1e2f3a4b5c"},
		},
		Body: body,
	}
}

// GivenNumbers are a million, by xorshift from seed 1.
func GivenNumbers() []uint64 {
	numbers := make([]uint64, 1_000_000)
	state := uint64(1)
	for at := range numbers {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		numbers[at] = state
	}
	return numbers
}

// GivenStrings are ten thousand, by ten thousand keys.
func GivenStrings() map[string]string {
	values := make(map[string]string, 10_000)
	for at := range uint32(10_000) {
		values[fmt.Sprintf("key-%d", at)] = fmt.Sprintf("value-%d", at*7919)
	}
	return values
}
