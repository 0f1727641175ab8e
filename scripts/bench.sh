#!/bin/bash
# Measures, each speed beside a baseline in the same run, and writes bench/results.md. Any arguments are passed to
# `go test` of package bench, such as -bench Dissolve -v; the page is then not written. SKIP='Register|Intake' leaves
# some out that take long; the page says so.
set -euo pipefail
cd "$(dirname "$0")/.."

JINGWEI_BENCH_LOAD=$(cut -d' ' -f1-3 /proc/loadavg) # before anything of ours runs
export JINGWEI_BENCH_LOAD

work=$(mktemp -d /tmp/jingwei-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

if [ $# -gt 0 ]; then
  go test -run '^$' -benchtime 1x -timeout 60m "$@" ./bench
  exit
fi

# The instances of the drawing engine's own benchmarks are made where the engine is. They come first, so that
# nothing else runs beside them.
go test -c -o "$work/drawing.test" ./internal/drawing
go test -c -o "$work/bench.test" ./bench
if ! (cd internal/drawing && "$work/drawing.test" -test.run '^$' -test.benchtime 1x -test.timeout 10m \
  -test.bench '^BenchmarkDrawVoronoi') >"$work/drawing.txt" 2>&1; then
  cat "$work/drawing.txt"
  exit 1
fi
cat "$work/drawing.txt"
cd bench
JINGWEI_BENCH_DRAWING="$work/drawing.txt" JINGWEI_BENCH_PAGE="$work/results.md" \
  JINGWEI_BENCH_SKIP=${SKIP:-} "$work/bench.test" -test.run '^$' -test.bench . -test.skip "${SKIP:-^$}" -test.benchtime 1x -test.timeout 60m -test.v
mv "$work/results.md" results.md
echo "written: bench/results.md"
