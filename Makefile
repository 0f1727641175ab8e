# Jingwei 经纬. Two commands do everything: `make demo` and `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CITY   ?=
PEOPLE ?=
SEED   ?= 1
LISTEN ?= 127.0.0.1:8080
DATA   ?=

GO_SOURCES  := $(shell find cmd internal migrations geodata -name '*.go' -o -name '*.sql' -o -name '*.json' 2>/dev/null)
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/screenshots -prune -o -type f -print 2>/dev/null)

.PHONY: kill storm help demo test test-go test-web test-browser check build bench setup setup-test clean

help: ## list the targets
	@echo 'make TARGET, where TARGET is one of'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 18
	@echo
	@echo 'Variables: CITY (zoucheng, a county, or town; by the people when not given), PEOPLE (residents; 850000 in the county, up to 100000 make a town), SEED ($(SEED)), LISTEN ($(LISTEN)), DATA (where the data is kept, one directory a place; /var/lib/jingwei as root, otherwise ~/.local/share/jingwei)'

demo: setup build ## install what is missing, build, make the demo county, serve it on http://127.0.0.1:8080
	bin/jingwei demo $(if $(CITY),--city $(CITY)) $(if $(PEOPLE),--people $(PEOPLE)) --seed $(SEED) --listen $(LISTEN) $(if $(DATA),--data-dir $(DATA))

test: setup-test build check test-go test-web test-browser ## everything that CI runs: checks, unit, property, store and browser tests

test-go: setup-test ## Go tests, on a real PostGIS
	go test -vet=off ./... # make check vets

test-web: web/node_modules/.stamp ## unit tests of the frontend
	cd web && npm run --silent test

test-browser: setup-test build ## what each user does, in Chromium, against a demo town of its own
	scripts/browser-test.sh

check: setup-test web/node_modules/.stamp ## formatting, vet, staticcheck, types of the frontend
	@unformatted=$$(gofmt -l cmd internal migrations geodata bench web/*.go 2>/dev/null); \
	  if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	cd web && npm run --silent check

bench: setup-test build ## measure, as ratios against a baseline in the same run; writes bench/results.md
	scripts/bench.sh

kill: setup-test ## kill -9 the program and its database KILLS times (50) under load: nothing accepted is lost, the trail is whole
	JINGWEI_KILLS=$${KILLS:-50} go test ./cmd/jingwei -run TestKilledUnderLoad -v -count=1 -timeout 60m

storm: setup-test ## planners redraw three towns and their county, EDITS edits (3000) confirmed, while program and database are killed KILLS times (50): everything proves, nothing confirmed is lost
	JINGWEI_EDITS=$${EDITS:-3000} JINGWEI_KILLS=$${KILLS:-50} go test ./cmd/jingwei -run TestStormOfPlanners -v -count=1 -timeout 60m

build: bin/jingwei ## bin/jingwei, with the frontend in it

bin/jingwei: setup $(GO_SOURCES) web/dist/index.html go.mod go.sum
	go build -o $@ ./cmd/jingwei

web/dist/index.html: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

web/node_modules/.stamp: web/package.json web/package-lock.json | setup
	cd web && npm ci --no-audit --no-fund
	@touch $@

setup: ## install what building and serving need (PostGIS, GDAL, gcc)
	@scripts/setup.sh runtime

setup-test: ## install what the tests need besides (Chromium, fonts)
	@scripts/setup.sh runtime test

clean: ## remove what was built here (no data)
	rm -rf bin web/dist/assets web/dist/index.html web/node_modules web/screenshots
