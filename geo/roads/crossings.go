package roads

// The lower Yangtze from above Anqing to the sea has few crossings, and the
// nearest decides how long a road is. The tables below are hand-written from
// common knowledge of the map, good to a kilometre or two; the river's line
// above Zhenjiang follows Natural Earth (public domain). Raise tableVersion
// with any change: figures are frozen under the version they were made with.

// tableVersion numbers the tables of this file.
const tableVersion = 1

// degrees is latitude and longitude in WGS-84.
type degrees struct{ lat, lng float64 }

// riverStem is the river from its western end of the table down to where
// Chongming island parts it.
var riverStem = []degrees{
	{30.22, 116.88}, {30.34, 116.92}, {30.42, 116.91}, {30.48, 117.01}, {30.49, 117.15},
	{30.55, 117.23}, {30.67, 117.23}, {30.70, 117.43}, {30.80, 117.70}, {31.01, 117.77},
	{31.09, 117.77}, {31.12, 117.79}, {31.14, 117.86}, {31.09, 117.91}, {31.09, 117.95},
	{31.12, 117.99}, {31.21, 118.00}, {31.23, 118.06}, {31.29, 118.22}, {31.31, 118.31},
	{31.37, 118.32}, {31.44, 118.32}, {31.56, 118.38}, {31.72, 118.43}, {31.85, 118.50},
	{32.06, 118.69}, {32.13, 118.75}, {32.19, 118.77}, {32.215, 118.83}, {32.17, 118.91},
	{32.23, 119.08}, {32.21, 119.25}, {32.23, 119.36}, {32.24, 119.50}, {32.19, 119.57},
	{32.23, 119.66}, {32.285, 119.74}, {32.30, 119.81}, {32.275, 119.88}, {32.20, 119.95},
	{32.10, 119.965}, {32.00, 119.985}, {31.955, 120.03}, {31.925, 120.13}, {31.925, 120.22},
	{31.945, 120.28}, {31.995, 120.35}, {32.045, 120.45}, {32.025, 120.56}, {32.01, 120.65},
	{31.99, 120.77}, {31.88, 120.86}, {31.825, 120.91}, {31.785, 120.97}, {31.78, 121.08},
}

// northBranch goes on from the stem's last point, north of Chongming.
var northBranch = []degrees{
	{31.82, 121.17}, {31.86, 121.25}, {31.855, 121.29}, {31.83, 121.39}, {31.77, 121.50},
	{31.69, 121.66}, {31.645, 121.87}, {31.63, 121.95},
}

// southBranch goes on from the stem's last point, south of Chongming and of
// its small neighbours Changxing and Hengsha.
var southBranch = []degrees{
	{31.74, 121.12}, {31.66, 121.22}, {31.56, 121.33}, {31.46, 121.47}, {31.405, 121.55},
	{31.385, 121.60}, {31.327, 121.70}, {31.265, 121.78}, {31.22, 121.90},
}

// mouth is where the branches meet again, at sea.
var mouth = degrees{31.40, 122.15}

// crossing is a bridge or a tunnel for trucks, between landings well inside
// the two banks.
type crossing struct {
	name   string
	a, b   degrees // landings
	ra, rb bank    // the banks they stand on: north before south before island
	metres float64 // road between the landings; at least the plain distance is taken
}

// crossings are listed downstream. Left out are those closed to trucks, such
// as the first bridge of Nanjing and its city tunnels.
var crossings = []crossing{
	{"安庆长江大桥", degrees{30.525, 117.085}, degrees{30.475, 117.115}, north, south, 6_000},
	{"池州长江公路大桥", degrees{30.72, 117.33}, degrees{30.655, 117.36}, north, south, 8_000},
	{"铜陵长江大桥", degrees{30.895, 117.69}, degrees{30.875, 117.76}, north, south, 7_000},
	{"芜湖长江二桥", degrees{31.285, 118.11}, degrees{31.23, 118.155}, north, south, 8_000},
	{"芜湖长江大桥", degrees{31.385, 118.29}, degrees{31.37, 118.355}, north, south, 7_000},
	{"马鞍山长江大桥", degrees{31.625, 118.355}, degrees{31.605, 118.44}, north, south, 9_000},
	{"南京大胜关长江大桥", degrees{31.99, 118.59}, degrees{31.95, 118.65}, north, south, 8_000},
	{"南京八卦洲长江大桥", degrees{32.235, 118.815}, degrees{32.145, 118.87}, north, south, 12_000},
	{"南京栖霞山长江大桥", degrees{32.22, 118.96}, degrees{32.15, 118.97}, north, south, 9_000},
	{"润扬长江大桥", degrees{32.26, 119.36}, degrees{32.19, 119.375}, north, south, 8_500},
	{"五峰山长江大桥", degrees{32.27, 119.68}, degrees{32.19, 119.675}, north, south, 10_000},
	{"泰州长江大桥", degrees{32.285, 119.915}, degrees{32.225, 119.845}, north, south, 10_500},
	{"常泰长江大桥", degrees{32.10, 120.01}, degrees{32.05, 119.93}, north, south, 10_500},
	{"江阴长江大桥", degrees{31.97, 120.27}, degrees{31.925, 120.275}, north, south, 5_500},
	{"沪苏通长江公铁大桥", degrees{32.03, 120.70}, degrees{31.955, 120.72}, north, south, 11_000},
	{"苏通长江公路大桥", degrees{31.83, 120.985}, degrees{31.745, 121.015}, north, south, 11_000},
	{"崇启大桥", degrees{31.73, 121.68}, degrees{31.655, 121.70}, north, island, 9_500},
	{"上海长江隧道", degrees{31.285, 121.69}, degrees{31.375, 121.725}, south, island, 11_500},
}
