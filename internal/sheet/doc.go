// Package sheet prints: maps of grids at A3 as PDF and PNG, one sheet a community, and tables of what a layout changes as XLSX.
//
// A page is drawn once, in millimetres, on a canvas (page.go, map.go); there are two of them, a page of a PDF and a picture. Letters are the outlines
// of a font of the machine that has Chinese (font.go). A PDF holds the outlines of the letters that stand in it, as a font of its own, so that it looks
// the same everywhere, is small, and can be searched and copied from; it needs no font where it is read.
package sheet
