package places

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// formOf numbers what a name is found by.
type formOf int

// The forms of a name.
const (
	byHan formOf = iota
	byPinyin
	byInitials
	forms
)

// of is the name in that form, and its length without the rank.
func (f formOf) of(n *name) (text string, short uint8) {
	switch f {
	case byHan:
		return n.han, n.hanShort
	case byPinyin:
		return n.pinyin, n.pinyinShort
	}
	return n.initials, n.initialsShort
}

// index is names in the order of one of their forms.
type index struct {
	texts []string
	names []int32
}

// indexOf puts names in the order of a form; those without it are left out.
func (g *Gazetteer) indexOf(f formOf, names []int32) index {
	type item struct {
		head uint64 // the first eight bytes: they decide most comparisons
		name int32
	}
	text := func(n int32) string {
		text, _ := f.of(&g.names[n])
		return text
	}
	list := make([]item, 0, len(names))
	for _, n := range names {
		if text := text(n); text != "" {
			var head [8]byte
			copy(head[:], text)
			list = append(list, item{binary.BigEndian.Uint64(head[:]), n})
		}
	}
	slices.SortFunc(list, func(a, b item) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Or(strings.Compare(text(a.name), text(b.name)), cmp.Compare(a.name, b.name))
	})
	ix := index{make([]string, len(list)), make([]int32, len(list))}
	for i, it := range list {
		ix.texts[i], ix.names[i] = text(it.name), it.name
	}
	return ix
}

// span is a run of an index whose texts share their first depth bytes.
type span struct{ from, to, depth int }

func (ix *index) whole() span { return span{0, len(ix.texts), 0} }

// within narrows a span to the texts that go on with rest.
func (ix *index) within(s span, rest string) span {
	texts := ix.texts[s.from:s.to]
	from := sort.Search(len(texts), func(i int) bool { return texts[i][s.depth:] >= rest })
	texts = texts[from:]
	to := sort.Search(len(texts), func(i int) bool { return !strings.HasPrefix(texts[i][s.depth:], rest) })
	return span{s.from + from, s.from + from + to, s.depth + len(rest)}
}

// branch is the part of a span with the same next byte as its first text that has one; it is
// empty where none is left.
func (ix *index) branch(s span) span {
	for s.from < s.to && len(ix.texts[s.from]) == s.depth {
		s.from++
	}
	if s.from == s.to {
		return s
	}
	next := ix.texts[s.from][s.depth]
	texts := ix.texts[s.from:s.to]
	s.to = s.from + sort.Search(len(texts), func(i int) bool { return texts[i][s.depth] != next })
	s.depth++
	return s
}

// slips hands over the spans of texts that begin with what is one slip away from query: a
// letter too many, too few, wrong, or two exchanged.
func (ix *index) slips(query string, take func(span)) {
	pass := func(s span) {
		if s.from < s.to {
			take(s)
		}
	}
	for s, i := ix.whole(), 0; s.from < s.to; i++ {
		rest := query[i:]
		if i < len(query) {
			pass(ix.within(s, rest[1:]))
		}
		if len(rest) > 1 && rest[0] != rest[1] {
			pass(ix.within(ix.within(ix.within(s, rest[1:2]), rest[:1]), rest[2:]))
		}
		for left := s; len(rest) > 0; {
			b := ix.branch(left)
			if b.from == b.to {
				break
			}
			pass(ix.within(b, rest))
			if next := ix.texts[b.from][s.depth]; next != rest[0] {
				pass(ix.within(b, rest[1:]))
			}
			left.from = b.to
		}
		if i == len(query) {
			return
		}
		s = ix.within(s, rest[:1])
	}
}
