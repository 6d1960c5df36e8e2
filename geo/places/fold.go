package places

import (
	"strings"
	"unicode"
)

// folds turns the letters of romanised names into plain ones; what is not listed and not
// plain stays as it is. A v stands for ü on many keyboards, and ü is often typed u.
var folds = strings.NewReplacer(
	"ü", "u", "ǖ", "u", "ǘ", "u", "ǚ", "u", "ǜ", "u", "v", "u", "ö", "o", "ø", "o", "ê", "e", "ë", "e", "ä", "a", "å", "a", "â", "a", "ã", "a",
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ă", "a", "ą", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ę", "e", "ė", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "î", "i", "ï", "i", "ı", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ô", "o", "õ", "o", "ő", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "û", "u", "ů", "u", "ű", "u", "ç", "c", "č", "c", "ć", "c", "ñ", "n", "ń", "n", "ň", "n",
	"š", "s", "ś", "s", "ş", "s", "ș", "s", "ž", "z", "ź", "z", "ż", "z", "ł", "l", "ď", "d", "đ", "d", "ť", "t", "ţ", "t", "ț", "t",
	"ř", "r", "ğ", "g", "ý", "y", "ß", "ss", "æ", "ae", "œ", "oe",
)

// fold makes texts comparable: lower case, half width, letters and digits only, without
// marks and tones.
func fold(s string) string {
	if plain(s) {
		return s
	}
	bare := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	if plain(bare) {
		return bare
	}
	return folds.Replace(bare)
}

// plain tells whether a text is lower-case letters already, none of which is folded.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' || s[i] == 'v' {
			return false
		}
	}
	return true
}

// foldHan is fold for a name in Han characters, nearly all of which it leaves as they are;
// other names have no such form.
func foldHan(s string) string {
	han, all := false, true
	for _, r := range s {
		if r >= firstCharacter && r < pastCharacters {
			han = true
		} else {
			all = false
		}
	}
	switch {
	case all:
		return s
	case han:
		return fold(s)
	}
	return ""
}

// rankEnds are the ranks people put behind a name, the longer first.
var rankEnds = []string{"街道", "市", "区", "县", "镇", "乡", "省"}

// unranked is a name without a rank at its end.
func unranked(text string) string {
	for _, end := range rankEnds {
		if rest, ok := strings.CutSuffix(text, end); ok && rest != "" {
			return rest
		}
	}
	return text
}
