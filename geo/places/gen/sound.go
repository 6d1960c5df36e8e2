package main

import (
	_ "embed" // the readings of place names
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

//go:embed readings.tsv
var readingsTSV string

// longestWord is the longest entry of readings.tsv, in characters.
const longestWord = 7

// reader tells how names are read aloud.
type reader struct {
	words map[string][]string // from readings.tsv: characters and words, one syllable a character
	args  pinyin.Args
	every pinyin.Args
	known map[rune][]string // what all has found: the dictionary is slow
}

func newReader() (*reader, error) {
	r := &reader{words: map[string][]string{}, args: pinyin.NewArgs(), every: pinyin.NewArgs(), known: map[rune][]string{}}
	r.every.Heteronym = true
	for n, line := range strings.Split(strings.TrimSpace(readingsTSV), "\n") {
		word, sound, ok := strings.Cut(line, "\t")
		syllables := strings.Fields(sound)
		if !ok || len(syllables) != runes(word) || len(syllables) > longestWord || r.words[word] != nil {
			return nil, fmt.Errorf("readings.tsv: line %d: %q", n+1, line)
		}
		r.words[word] = syllables
	}
	return r, nil
}

// usual is how a character is read in place names that say nothing else, or "".
func (r *reader) usual(c rune) string { return r.all(c)[0] }

// all are the readings a character has in any word, the usual one first.
func (r *reader) all(c rune) []string {
	list, ok := r.known[c]
	if !ok {
		list = []string{r.lookUp(c)}
		for _, s := range pinyin.SinglePinyin(c, r.every) {
			list = append(list, plain(s))
		}
		r.known[c] = list
	}
	return list
}

func (r *reader) lookUp(c rune) string {
	if s := r.words[string(c)]; s != nil {
		return s[0]
	}
	if s := pinyin.SinglePinyin(c, r.args); len(s) > 0 {
		return plain(s[0])
	}
	return ""
}

// read gives the syllables of a name, one a character; the Latin name, where it can be cut
// into readings of the characters it begins with, decides between them.
func (r *reader) read(name, latin string) []string {
	cs := []rune(name)
	out := make([]string, 0, len(cs))
	if latin != "" {
		out = r.cut(cs, bare(latin))
	}
	for i := len(out); i < len(cs); i = len(out) {
		out = append(out, r.next(cs[i:])...)
	}
	return r.corrected(cs, out)
}

// next reads the longest word of the table, or one character.
func (r *reader) next(cs []rune) []string {
	for n := min(longestWord, len(cs)); n > 1; n-- {
		if s := r.words[string(cs[:n])]; s != nil {
			return s
		}
	}
	return []string{r.usual(cs[0])}
}

// corrected puts the words of the table in wherever they stand in the name.
func (r *reader) corrected(cs []rune, sounds []string) []string {
	for i := range cs {
		for n := min(longestWord, len(cs)-i); n > 1; n-- {
			if s := r.words[string(cs[i:i+n])]; s != nil {
				copy(sounds[i:], s)
				break
			}
		}
	}
	return sounds
}

// cut divides a Latin name into readings of the first characters of a name; nil where it
// does not come out even, or covers less than two characters.
func (r *reader) cut(cs []rune, latin string) []string {
	var out []string
	for len(latin) > 0 {
		if len(out) == len(cs) {
			return nil
		}
		best := ""
		for _, s := range r.all(cs[len(out)]) {
			if strings.HasPrefix(latin, bare(s)) && len(bare(s)) > len(bare(best)) {
				best = s
			}
		}
		if best == "" {
			return nil
		}
		out, latin = append(out, best), latin[len(bare(best)):]
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

var plainLetters = strings.NewReplacer("v", "ü", "ê", "e")

// plain writes the dictionary's v as ü.
func plain(syllable string) string { return plainLetters.Replace(syllable) }

var bareLetters = strings.NewReplacer("’", "", "'", "", "‘", "", " ", "", "-", "", "ü", "u")

// bare is a Latin name as letters alone.
func bare(latin string) string { return bareLetters.Replace(strings.ToLower(latin)) }

// table lists every character of the names, and all others of GB 2312, with its readings,
// the usual one first: what is typed may hold a character that no name has.
func (r *reader) table(used map[rune]map[string]bool) (cs []rune, readings [][]string) {
	for c := range pinyin.PinyinDict {
		if used[rune(c)] == nil && simplified(string(rune(c))) {
			used[rune(c)] = nil
		}
	}
	cs = slices.Sorted(maps.Keys(used))
	for _, c := range cs {
		list := []string{r.usual(c)}
		for _, s := range slices.Sorted(maps.Keys(used[c])) {
			if s != list[0] {
				list = append(list, s)
			}
		}
		readings = append(readings, list)
	}
	return cs, readings
}
