// Package web is the frontend, built into the program: dist/ is what `npm run build` leaves, and what
// `jingwei serve` gives to browsers. On a clone where nothing was built yet dist/ is all but empty; the
// program still compiles, and says so instead of showing a blank page.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is the built frontend, its root being the page's own: index.html, seal.svg, assets/….
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return sub
}

// Built says whether the frontend was built before the program was compiled. When it wasn't, `make build`
// does both in the right order.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}

// NotBuilt is the page to show when Built is false.
const NotBuilt = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>经纬 Jingwei</title>
<body style="font:16px/1.7 sans-serif;max-width:36em;margin:15vh auto;padding:0 1em">
<h1 style="font-size:1.3em">前端尚未构建 · The frontend is not built</h1>
<p>程序编译时没有网页文件。请运行 <code>make build</code>，再重新启动 <code>jingwei serve</code>。</p>
<p lang="en">The program was compiled without its page. Run <code>make build</code>, then start
<code>jingwei serve</code> again.</p>
`
