# pinhuo: everything a newcomer, a reviewer and CI run. `make` alone lists it.
# Debian 12 with git, make and Go is enough: each target installs what else it needs
# (scripts/need.sh) and says so.

# An older Go fetches the one that go.mod asks for.
export GOTOOLCHAIN := auto

# The linters and govulncheck live in a module of their own, so that their libraries
# stay out of ours.
tool := go tool -modfile=tools/go.mod

# ARGS is handed to what `run` and `bench` start, TESTFLAGS to `go test`.
ARGS ?=
TESTFLAGS ?=

# Told to the linker because a build in a container may not see the repository.
commit ?= $(shell git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null || echo unknown)
build := go build -ldflags '-X main.commit=$(commit)'

.DEFAULT_GOAL := help
.PHONY: help run build test hunt mutants planted storm fuzz check lint bench bench-index places-report roads-report roads-bench web openapi fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@echo '  ARGS="..." hands options on to what run and bench start, TESTFLAGS="..." to go test'
	@echo '  make run ARGS="--listen 127.0.0.1:9000"'

run: build ## set everything up and start a demo market: no PostgreSQL, no Node, no questions
	exec bin/pinhuo serve --demo $(ARGS)

build: ## build bin/pinhuo
	@scripts/need.sh build
	@test -e bin/pinhuo || echo 'the first build compiles SQLite and H3 too: give it a few minutes'
	$(build) -o bin/pinhuo ./cmd/pinhuo

# Under the race detector some tests of these rooms do a share of their work only.
in_full := ./geo/...

test: ## every test: both databases, a real browser, the race detector
	@scripts/need.sh test
	go test -race -timeout 30m $(TESTFLAGS) ./...
	go test -timeout 30m $(TESTFLAGS) $(in_full)
	go test -timeout 30m $(TESTFLAGS) -run '^TestActsAroundTheClock$$' ./internal/dispatch -acts
	scripts/planted.sh --often

hunt: ## the random tests of the core with fresh worlds: TESTFLAGS=-count=20 for many
	@scripts/need.sh build
	PINHUO_SEED=random go test $(or $(TESTFLAGS),-count=1) ./geo/... ./matcher/... ./internal/audit ./internal/dispatch

mutants: ## plant every bug of the generator in the matcher, one after the other (about an hour)
	@scripts/need.sh build
	PINHUO_MUTANTS=all go test -timeout 180m -count=1 -v -run '^TestMutantsAreNoticed$$' ./matcher/...

planted: ## plant the bugs of testdata/planted, one for each rule and more, and want a test to notice each
	@scripts/need.sh build
	scripts/planted.sh $(ARGS)

storm: ## 500 phones accept 10,000 times on PostgreSQL while the server is killed twice
	@scripts/need.sh test
	go test -timeout 60m -count=1 -v -run '^TestStorm' ./cmd/pinhuo -storm

fuzz: ## look for inputs that break Fits, remedies, admission and bans: TIME=30s each
	@scripts/need.sh build
	go test -run '^$$' -fuzz '^FuzzFits$$' -fuzztime $(or $(TIME),30s) ./matcher
	go test -run '^$$' -fuzz '^FuzzRemedy$$' -fuzztime $(or $(TIME),30s) ./matcher
	go test -run '^$$' -fuzz '^FuzzAdmission$$' -fuzztime $(or $(TIME),30s) ./freight
	go test -run '^$$' -fuzz '^FuzzBans$$' -fuzztime $(or $(TIME),30s) ./freight

check: lint ## what must be green besides the tests: lint, imports, docs, OpenAPI, page, alert rules, vulnerabilities
	go test ./internal/house
	scripts/openapi-current.sh
	scripts/page-current.sh
	scripts/rules.sh
	scripts/vuln.sh

lint: ## format, go vet and golangci-lint (the first run builds it: some minutes)
	@scripts/need.sh build
	@unformatted=$$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0r gofmt -l) && \
		test -z "$$unformatted" || { echo "not formatted, run make fmt: $$unformatted" >&2; exit 1; }
	go vet ./...
	$(tool) golangci-lint run

bench: ## the figures of docs/benchmarks.md on this machine, with its name and the commit
	@scripts/need.sh test
	$(build) -o bin/pinhuo ./cmd/pinhuo
	$(build) -o bin/pinhuo-bench ./cmd/pinhuo-bench
	bin/pinhuo-bench $(ARGS)
	@if test -e '$(ROADS_PBF)'; then $(MAKE) --no-print-directory roads-bench; fi

bench-index: ## queries, memory and writes of the corridor index at up to a million trips, a line of JSON a size
	@scripts/need.sh build
	$(build) -o bin/pinhuo-bench ./cmd/pinhuo-bench
	bin/pinhuo-bench index $(ARGS)

places-report: ## what the gazetteer costs and covers, by province
	@scripts/need.sh build
	go run ./cmd/places-report

# The roads that the two targets below are about; any extract will do.
ROADS_PBF ?= $(or $(PINHUO_TESTDATA),../shared/data)/roads/yangtze_delta_major_roads.osm.pbf

roads-report: ## how far estimates are from the road between towns, and how near the bounds of cells come
	@scripts/need.sh build
	@test -e '$(ROADS_PBF)' || { echo 'name an extract: make roads-report ROADS_PBF=region.osm.pbf' >&2; exit 1; }
	$(build) -o bin/pinhuo ./cmd/pinhuo
	bin/pinhuo roads build '$(ROADS_PBF)' -o bin/report.roads
	bin/pinhuo roads report --roads bin/report.roads $(ARGS)
	go test -count=1 -v -run 'RoadFigures|BoundsOnTheDelta' ./geo/roads/osm

roads-bench: ## routes beside plain Dijkstra and github.com/LdDl/ch on the same roads, in processor time
	@scripts/need.sh build
	@test -e '$(ROADS_PBF)' || { echo 'name an extract: make roads-bench ROADS_PBF=region.osm.pbf' >&2; exit 1; }
	cd tools/roadbench && go run . '$(abspath $(ROADS_PBF))'

web: ## rebuild the page after a change in web/ (the only target that needs Node, 20 or newer)
	cd web && npm ci --no-audit --no-fund && npm run build

openapi: ## bring docs/openapi.json up to date after a change of the API
	@scripts/need.sh build
	scripts/openapi-current.sh --write

fmt: ## format the Go code
	git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0r gofmt -w
