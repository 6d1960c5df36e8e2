package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestShort(t *testing.T) {
	for name, want := range map[string]string{
		"海门区": "海门", "江苏省": "江苏", "内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "新疆维吾尔自治区": "新疆", "香港特别行政区": "香港",
		"延边朝鲜族自治州": "延边", "恩施土家族苗族自治州": "恩施", "巴音郭楞蒙古自治州": "巴音郭楞", "大兴安岭地区": "大兴安岭", "锡林郭勒盟": "锡林郭勒",
		"景宁畲族自治县": "景宁", "莫力达瓦达斡尔族自治旗": "莫力达瓦", "单县": "单县", "郊区": "郊区", "花桥镇": "花桥", "硖门畲族乡": "硖门",
		"海门街道": "海门", "神农架林区": "神农架", "西沙群岛": "西沙群岛", "赛罕塔拉苏木": "赛罕塔拉", "Tokyo": "Tokyo",
	} {
		if got := short(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestStrip(t *testing.T) {
	known := map[int64]string{320000: "江苏省", 320600: "南通市", 320614: "海门区"}
	for name, want := range map[string]string{
		"南通市海门区三厂苗圃": "三厂苗圃", "南通市海门市沿江渔场": "沿江渔场", "海门港新区": "海门港新区", "常乐镇": "常乐镇", "海门区": "海门区",
	} {
		if got := strip(unit{parent: 320614, kind: town, name: name}, known); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	r, err := newReader()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, latin, want string }{
		{"重庆市", "", "chong qing shi"}, {"六安市", "", "lu an shi"}, {"蚌埠市", "", "beng bu shi"}, {"乐清市", "", "yue qing shi"},
		{"厦门市", "", "xia men shi"}, {"大城县", "", "dai cheng xian"}, {"大港镇", "Dagang", "da gang zhen"},
		{"六合镇", "Liuhe", "lu he zhen"}, {"洪洞县", "Hongdong", "hong tong xian"}, {"堡子镇", "Puzi", "pu zi zhen"},
		{"射阳县", "Hede", "she yang xian"}, {"绿地", "", "lü di"}, {"长白山", "", "chang bai shan"}, {"（甲）", "", " jia "},
	} {
		if got := strings.Join(r.read(tc.name, tc.latin), " "); got != tc.want {
			t.Errorf("%s (%s): %q, want %q", tc.name, tc.latin, got, tc.want)
		}
	}
	if r.cut([]rune("海门"), "haimenx") != nil || r.cut([]rune("海门"), "yangmen") != nil || r.cut([]rune("海"), "hai") != nil {
		t.Error("a Latin name that does not come out even is taken")
	}
}

func TestWadeGiles(t *testing.T) {
	for pinyin, want := range map[string]string{
		"chang yang": "changyang", "tang yin": "tangyin", "mu chuan": "muchuan", "tun liu": "tunliu", "zhang zhou": "changchou", "xin ye": "hsinyeh",
		"zi chang": "tzuchang", "le chang": "lochang", "guang han": "kuanghan", "peng xi": "penghsi", "hong yuan": "hungyuan", "jiang kou": "chiangkou",
		"tong wei": "tungwei", "lüe yang": "lüehyang", "shi shou": "shihshou", "qiong lai": "chiunglai", "da yi": "tai", "er yuan": "erhyuan",
	} {
		got := ""
		for _, s := range strings.Fields(pinyin) {
			got += wadeGiles(s)
		}
		if got != strings.ReplaceAll(want, "ü", "u") {
			t.Errorf("%s: %s, want %s", pinyin, got, want)
		}
	}
}

// TestOwner gives a row to the one town of its name it can only be.
func TestOwner(t *testing.T) {
	at := func(k kind, parent int, code, lat, lng int64, exact bool) place {
		return place{kind: k, parent: parent, code: code, name: "x", latE5: lat, lngE5: lng, exact: exact}
	}
	j := &joiner{byCode: map[int64]int{320600: 1}, places: []place{
		at(province, -1, 320000, 0, 0, false), at(prefecture, 0, 320600, 3200000, 12100000, true),
		at(county, 1, 320601, 3200000, 12100000, true), at(county, 1, 320602, 3200000, 12160000, true), at(county, 1, 320603, 3200000, 12100000, false),
		at(town, 2, 320601100, 0, 0, false), at(town, 3, 320602100, 0, 0, false), at(town, 4, 320603100, 0, 0, false),
	}, rows: []row{
		{country: "CN", province: 32, prefecture: 3206, latE5: 3200000, lngE5: 12110000}, // 9 km from the first seat
		{country: "CN", province: 32, prefecture: 3206, latE5: 3200000, lngE5: 12128000}, // between both
		{country: "CN", province: 32, prefecture: 3206, latE5: 3240000, lngE5: 12100000}, // far from all
	}}
	for n, want := range []int{5, -1, -1} {
		if got := j.owner([]int{5, 6}, n); got != want {
			t.Errorf("row %d is of %d, want %d", n, got, want)
		}
	}
	if got := j.owner([]int{5, 6, 7}, 0); got != -1 {
		t.Errorf("a county without a seat may have it too: %d", got)
	}
}

func TestTraditional(t *testing.T) {
	got := traditional([]row{{names: []string{"廈門", "厦门"}}, {names: []string{"東京", "东京", "江户"}}, {names: []string{"龘", "厦"}}})
	want := map[rune]rune{'東': '东'}
	if len(got) != len(want) || got['東'] != '东' {
		t.Errorf("%q", got)
	}
}

// TestDeterministic makes the file of China twice from the shared lists.
func TestDeterministic(t *testing.T) {
	dir := os.Getenv("PINHUO_TESTDATA")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	gb := filepath.Join(dir, "gazetteer")
	china := filepath.Join(gb, "geonames_cities500_CN.tsv.gz")
	if _, err := os.Stat(china); err != nil {
		t.Skipf("no lists here: %v", err)
	}
	var made [2][]byte
	for i := range made {
		out := filepath.Join(t.TempDir(), "places.bin.gz")
		if err := run(gb, china, out); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		made[i] = data
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two runs give two files")
	}
}

func TestBadSources(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, "none", filepath.Join(dir, "out")); err == nil {
		t.Error("no lists are not told")
	}
	path := filepath.Join(dir, "rows.txt")
	for _, text := range []string{"1\tX\n", strings.Repeat("x\t", 18) + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readGeoNames(path); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
