#!/usr/bin/env bash
# Packs the package, installs it into an empty folder as a user would, and tries it there: help, validation, a run
# against a server, all without the optional engine. Checks size and number of what gets installed.
set -euo pipefail

readonly MOST_PACKAGES=140
readonly MOST_MEGABYTES=80

root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "check-package: $*" >&2; exit 1; }

(cd "$root" && npm pack --silent --pack-destination "$work" >/dev/null)
tarball="$(echo "$work"/aligntrust-*.tgz)"
[ -f "$tarball" ] || fail 'npm pack made no tarball'
tar tzf "$tarball" >"$work/files"
grep -q '^package/dist/bin/aligntrust.js$' "$work/files" || fail 'the tarball has no command'
grep -q '^package/zoo/checkpoints/.*\.gguf$' "$work/files" || fail 'the tarball has no zoo'
if grep -E '^package/(test|zoo/lab|runs|node_modules)/' "$work/files"; then fail 'the tarball carries what nobody needs'; fi

mkdir "$work/app" && cd "$work/app"
echo '{"name":"app","private":true}' >package.json
npm install --silent --no-audit --no-fund "$tarball"
[ ! -e node_modules/node-llama-cpp ] || fail 'the optional engine was installed unasked'
packages="$(npm ls --all --parseable | tail -n +2 | sort -u | wc -l)"
megabytes="$(du -sm node_modules | cut -f1)"
own="$(du -sm node_modules/aligntrust | cut -f1)"
echo "installed: $packages packages, $megabytes MB, of which aligntrust and its zoo $own MB"
[ "$packages" -le "$MOST_PACKAGES" ] || fail "more than $MOST_PACKAGES packages"
[ "$((megabytes - own))" -le "$MOST_MEGABYTES" ] || fail "dependencies take more than $MOST_MEGABYTES MB"

npx aligntrust --help >help.txt
grep -q 'aligntrust' help.txt || fail '--help says nothing'
node --input-type=module -e '
  import { wilsonInterval } from "aligntrust/statistics";
  const { low, high } = wilsonInterval(1, 10);
  if (Math.abs(low - 0.0179) > 1e-4 || Math.abs(high - 0.4042) > 1e-4) throw new Error(`${low} to ${high}`);
' || fail 'aligntrust/statistics cannot be imported'
[ -f node_modules/aligntrust/dist/results/statistics/public.d.ts ] || fail 'aligntrust/statistics has no types'
npx aligntrust validate tiny || fail 'the shipped benchmark is not valid'

node "$root/scripts/package-server.mjs" >server.txt &
server=$!
for _ in $(seq 50); do [ -s server.txt ] && break; sleep 0.1; done
url="$(cat server.txt)"
cat >mine.yaml <<YAML
benchmark: package
checkpoints:
  - id: base
    adapter: openai
    model: steady
    promptFormat: chat
    options: { baseURL: "$url", dialect: none }
    alignment: { method: none }
  - id: sft
    adapter: openai
    model: other
    promptFormat: chat
    options: { baseURL: "$url", dialect: none }
    alignment: { method: sft, parent: base }
tasks:
  - { task: truthfulness/mc-generate, dataset: zoo-truth, limit: 10 }
YAML
npx aligntrust validate mine.yaml
npx aligntrust run mine.yaml --runs runs --json >summary.json || fail 'a run against a server failed'
node -e '
  const { cells, effects } = JSON.parse(require("fs").readFileSync("summary.json", "utf8"));
  const asked = cells.filter(({ n, rates }) => n > 0 || rates.scored + rates.unparsed > 0);
  if (asked.length < 2 || effects.length === 0) throw new Error("the run has no cells or no effects");
' || fail 'the run left no results'
if npx aligntrust run tiny --runs runs --quiet 2>refusal.txt; then fail 'gguf ran without its engine'; fi
grep -q 'node-llama-cpp' refusal.txt || fail 'without the engine, nothing says how to get it'
echo 'package: fine'
