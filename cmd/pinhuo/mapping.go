package main

import "pinhuo/web"

// mapping is where the page's map gets better pictures from than its own.
type mapping struct {
	Tiles            string `help:"Address of map tiles with {z}, {x} and {y}; none when empty, and the page draws its own map." env:"PINHUO_TILES"`
	TilesDatum       string `help:"What the tiles are drawn in: wgs84, or gcj02 for Chinese maps." env:"PINHUO_TILES_DATUM" name:"tiles-datum"`
	TilesAttribution string `help:"Whose tiles these are, shown on the map." env:"PINHUO_TILES_ATTRIBUTION" name:"tiles-attribution"`
}

func (m *mapping) tiles() web.Tiles {
	return web.Tiles{URL: m.Tiles, Datum: m.TilesDatum, Attribution: m.TilesAttribution}
}
