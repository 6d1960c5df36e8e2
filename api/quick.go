package api

import "bytes"

// maxSeen is how many names of objects that are open at once the quick look
// remembers: an ordinary request has some twenty.
const maxSeen = 64

// plainly tells whether compact JSON is beyond doubt what canonical lets pass: an
// object, no deeper and no longer than allowed, without a name given twice.
// False promises nothing; then it is read token by token, which also finds the
// words for what is wrong.
func plainly(text []byte) bool {
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	look := quickLook{text: text}
	for look.at < len(text) {
		if !look.step() {
			return false
		}
	}
	return look.values <= maxValues
}

// quickLook goes through compact, valid JSON once.
type quickLook struct {
	text   []byte
	at     int
	values int
	depth  int
	first  [maxDepth + 1]int // of each open object's names; -1 for an array
	names  [maxSeen][]byte
	known  int
}

// step takes one bracket, comma, name or value; false when in doubt.
func (q *quickLook) step() bool {
	switch c := q.text[q.at]; c {
	case '{', '[':
		q.values++
		if q.depth++; q.depth > maxDepth {
			return false
		}
		q.first[q.depth] = q.known
		if c == '[' {
			q.first[q.depth] = -1
		}
		q.at++
		return c == '[' || q.text[q.at] == '}' || q.name()
	case '}', ']':
		if q.first[q.depth] >= 0 {
			q.known = q.first[q.depth]
		}
		q.depth--
		q.at++
	case ',':
		q.at++
		return q.first[q.depth] < 0 || q.name()
	case '"':
		q.values++
		return q.pass()
	default:
		q.values++
		for q.at++; q.at < len(q.text) && q.text[q.at] != ',' && q.text[q.at] != ']' && q.text[q.at] != '}'; {
			q.at++
		}
	}
	return true
}

// name takes a name and its colon; one that was given before, or that is spelled
// with escapes, is in doubt.
func (q *quickLook) name() bool {
	from := q.at
	if !q.pass() || q.known == maxSeen {
		return false
	}
	name := q.text[from:q.at]
	for _, other := range q.names[q.first[q.depth]:q.known] {
		if bytes.Equal(name, other) {
			return false
		}
	}
	if bytes.IndexByte(name, '\\') >= 0 {
		return false
	}
	q.names[q.known] = name
	q.known++
	q.at++ // the colon
	return true
}

// pass takes a string.
func (q *quickLook) pass() bool {
	for q.at++; q.at < len(q.text); q.at++ {
		switch q.text[q.at] {
		case '\\':
			q.at++
		case '"':
			q.at++
			return true
		}
	}
	return false
}
