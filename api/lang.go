package api

import (
	"strconv"
	"strings"
)

// lang is a language that texts are written in.
type lang int

const (
	chinese lang = iota // the default
	english
)

func (l lang) tag() string {
	if l == english {
		return "en"
	}
	return "zh-CN"
}

// langOf chooses between Chinese and English by an Accept-Language header:
// Chinese unless English is preferred.
func langOf(header string) lang {
	best := map[string]float64{}
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(q, 64)
			if err != nil {
				continue
			}
			weight = parsed
		}
		best[primary] = max(best[primary], weight)
	}
	if best["en"] > max(best["zh"], best["*"]) {
		return english
	}
	return chinese
}
