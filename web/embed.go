// Package web is the frontend, built into the program: Dist is what `npm run build` leaves, and what
// `jingwei serve` gives to browsers. On a clone where nothing was built yet dist/ is all but empty; the
// program still compiles, and the server says that the page isn't built instead of showing a blank one.
package web

import (
	"embed"
	"io/fs"
)

// Dist holds the built page below "dist": index.html, seal.svg, assets/….
//
//go:embed all:dist
var Dist embed.FS

// Built says whether the page was built before the program was compiled. `make build` does both in the
// right order.
func Built() bool {
	_, err := fs.Stat(Dist, "dist/index.html")
	return err == nil
}
