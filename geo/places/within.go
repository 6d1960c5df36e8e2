package places

import "unicode/utf8"

// qualified notes places whose name follows those of larger units: 江苏省南通市海门区,
// 南通海门, or a whole address, of which the last name that is known counts.
func (f *finder) qualified(text string) {
	defer func() { f.within = -1 }()
	for f.within = -1; ; {
		unit, rest := f.unit(text)
		if unit < 0 || rest == "" {
			break
		}
		f.within, text = unit, rest
	}
	if f.within < 0 {
		return
	}
	f.note(&f.g.all[byHan], byHan, text, exact, prefix)
	for len(f.hits) == 0 && text != "" {
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
		if utf8.RuneCountInString(text) >= 2 {
			f.noteWhole(&f.g.all[byHan], byHan, text, exact)
		}
	}
	if len(f.hits) == 0 {
		unit := f.within
		f.within = -1
		f.hit(unit, prefix)
	}
}

// unit is the largest unit, within the present one, whose name the text begins with: of
// several names the longest, and what follows it; -1 where there is none.
func (f *finder) unit(text string) (unit int32, rest string) {
	unit = -1
	ix := &f.g.all[byHan]
	for at, n := 0, 0; at < len(text) && n < 12; n++ {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
		if n == 0 {
			continue
		}
		s := ix.within(ix.whole(), text[:at])
		if s.from == s.to {
			break
		}
		best := int32(-1)
		for _, k := range ix.names[s.from:s.to] {
			nm := &f.g.names[k]
			r := &f.g.places[nm.place]
			whole := at == len(nm.han) || at == int(nm.hanShort)
			if !whole || r.kind > County && r.kind != Country || f.within >= 0 && !f.g.inside(nm.place, f.within) {
				continue
			}
			if best < 0 || r.weight > f.g.places[best].weight {
				best = nm.place
			}
		}
		if best >= 0 {
			unit, rest = best, text[at:]
		}
	}
	return unit, rest
}
