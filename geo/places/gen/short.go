package main

import (
	"strings"
	"unicode/utf8"
)

// kind is the sort of a place, as the file says it.
type kind uint8

// The kinds, in the order of their weight. They are part of the file's form.
const (
	province kind = iota
	prefecture
	county
	town
	village // populated, in no list
	city    // outside the lists: abroad, Hong Kong, Macao, Taiwan
	country
)

// peoples are the names that stand before "autonomous" in the names of units, the longer
// of two that begin alike first.
var peoples = []string{
	"蒙古族", "蒙古", "回族", "藏族", "维吾尔", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族",
	"哈尼族", "哈萨克族", "哈萨克", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族",
	"柯尔克孜", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "锡伯", "阿昌族", "普米族",
	"塔吉克族", "塔吉克", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族", "独龙族",
	"鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族", "各族",
}

// suffixes are the ranks at the end of a name, the longer first.
var suffixes = []string{
	"特别行政区", "自治区", "自治州", "自治县", "自治旗", "街道办事处", "民族乡", "林区", "特区", "地区", "街道", "苏木",
	"省", "市", "盟", "州", "区", "县", "旗", "镇", "乡",
}

func isSuffix(s string) bool {
	for _, suffix := range suffixes {
		if s == suffix {
			return true
		}
	}
	return false
}

// short is a name without its rank and, where it is autonomous, without its peoples: 海门
// of 海门区, 延边 of 延边朝鲜族自治州. Names that would be left with one character stay whole.
func short(name string) string {
	for _, suffix := range suffixes {
		rest, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if strings.HasPrefix(suffix, "自治") || suffix == "民族乡" || suffix == "乡" {
			rest = withoutPeoples(rest)
		}
		if utf8.RuneCountInString(rest) < 2 {
			return name
		}
		return rest
	}
	return name
}

func withoutPeoples(name string) string {
	for again := true; again; {
		again = false
		for _, people := range peoples {
			rest, ok := strings.CutSuffix(name, people)
			if ok && utf8.RuneCountInString(rest) >= 2 {
				name, again = rest, true
			}
		}
	}
	return name
}
