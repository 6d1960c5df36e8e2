package main

import "strings"

// wadeInitials are the initials of pinyin that Wade and Giles write otherwise, the longer
// first; without the apostrophes, which old maps leave out as often as not.
var wadeInitials = [][2]string{
	{"zh", "ch"}, {"ch", "ch"}, {"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "ch"}, {"q", "ch"}, {"x", "hs"}, {"z", "ts"}, {"c", "ts"}, {"r", "j"},
}

// wadeFinals are the finals that they write otherwise.
var wadeFinals = map[string]string{
	"ian": "ien", "ie": "ieh", "ong": "ung", "iong": "iung", "ue": "ueh", "e": "e", "er": "erh", "üe": "ueh",
}

// wadeWhole are the syllables that follow no rule.
var wadeWhole = map[string]string{
	"zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "yi": "i", "you": "yu", "ye": "yeh",
	"yan": "yen", "yue": "yueh", "yong": "yung", "ge": "ko", "ke": "ko", "le": "lo", "he": "ho", "e": "o", "er": "erh", "gui": "kuei", "kui": "kuei",
	"zhuo": "cho", "chuo": "cho", "ruo": "jo", "duo": "to", "tuo": "to", "nuo": "no", "luo": "lo", "zuo": "tso", "cuo": "tso", "suo": "so",
	"shuo": "shuo", "xie": "hsieh",
}

// wadeGiles writes a syllable of pinyin as Wade and Giles do, in plain letters.
func wadeGiles(syllable string) string {
	if whole, ok := wadeWhole[syllable]; ok {
		return whole
	}
	for _, initial := range wadeInitials {
		if rest, ok := strings.CutPrefix(syllable, initial[0]); ok {
			return initial[1] + wadeFinal(rest)
		}
	}
	at := strings.IndexAny(syllable, "aeiouü")
	if at < 0 {
		return bare(syllable)
	}
	return syllable[:at] + wadeFinal(syllable[at:])
}

func wadeFinal(final string) string {
	if other, ok := wadeFinals[final]; ok {
		return other
	}
	return bare(final)
}
