#!/usr/bin/env bash
# Measures this machine anew and writes every committed table of bench/results.
#   bench/measure.sh PEERS [TABLE…]
# PEERS is the folder of the peers' scripts (see peers.sh, whose variables BIN, ONNX, NODE_PATH, PYTHON apply), or - to measure FlatFuse alone.
# TABLEs: limits kernels (with gemm-avx2 and vanishing) models scale start; all when none is named. RESULTS names the folder to write to. The peers' records are taken
# in the same run, just before the tables, and kept beside them in peers/. About 20 minutes; nothing else should run.
#   PASSES   how many processes take each time, ours and the peers'; the least median counts (2)
#   TURN     a command to put before each process, for example a lock
set -euo pipefail
peers=${1:?folder of the peers scripts, or -}
shift
here=$(cd "$(dirname "$0")" && pwd)
family=$(awk -F': *' '/^cpu family/ {f = $2} /^model\t/ {m = $2} END {print "family" f "-model" m}' /proc/cpuinfo)
RESULTS=${RESULTS:-$here/results/xeon-$family-$(nproc)cores}
TURN=${TURN:-}
PASSES=${PASSES:-2}
export TURN
tables=${*:-limits kernels models scale start}
dll=$here/FlatFuse.Benchmarks/bin/Release/net10.0/FlatFuse.Benchmarks.dll
dotnet build "$here/FlatFuse.Benchmarks" -c Release -v q -clp:NoSummary
mkdir -p "$RESULTS"
from=()
[ "$peers" = - ] || from=(--peers "$RESULTS/peers")

# bench FILE ARGS…: one table into its file, with the command above it. Variables in $switches are set for it.
switches=
bench() {
  local file=$RESULTS/$1
  shift
  echo "$(date +%T) ${file##*/}: $*" >&2
  { echo "\`${switches:+$switches }-- ${*//$RESULTS\//}\` at $(git -C "$here" rev-parse --short HEAD), $(date -u +%F)"; echo; $TURN env $switches dotnet "$dll" "$@"; } >"$file.new" && mv "$file.new" "$file"
}

# peers GROUP…: as many passes of the peers' scripts.
peers() {
  [ "$peers" = - ] || for _ in $(seq "$PASSES"); do "$here/peers.sh" "$RESULTS/peers" "$peers" "$@"; done
}

for table in $tables; do
  case $table in
    limits) bench limits.txt limits ;;
    kernels)
      [ "$peers" = - ] || rm -f "$RESULTS"/peers/{onednn,torch-layers}-*.jsonl
      peers onednn layers
      for family in gemm dense conv1d lstm gru elementwise reductions optimizers; do bench "$family.md" kernels $family "${from[@]}" --passes "$PASSES"; done
      bench vanishing.txt vanishing
      # Everybody held to AVX2; BLIS chooses its Haswell kernels here anyway.
      switches='DOTNET_EnableAVX512=0 OPENBLAS_CORETYPE=Haswell ONEDNN_MAX_CPU_ISA=AVX2'
      bench gemm-avx2.md kernels gemm --passes "$PASSES"
      switches=
      ;;
    models)
      [ "$peers" = - ] || rm -f "$RESULTS"/peers/{torch-train,torch-infer,ort}-*.jsonl
      peers train s3 infer ort
      bench training.md models train "${from[@]}" --passes "$PASSES"
      bench prediction.md models predict "${from[@]}" --passes "$PASSES"
      ;;
    scale) for axis in batch length units threads; do bench "scale-$axis.md" scale $axis; done ;;
    start)
      [ "$peers" = - ] || { rm -f "$RESULTS"/peers/torch-rss-*.jsonl; "$here/peers.sh" "$RESULTS/peers" "$peers" rss; }
      start=$(mktemp -d)
      trap 'rm -rf "$start"' EXIT
      $TURN dotnet publish "$here/FlatFuse.Start" -c Release -v q -clp:NoSummary --use-current-runtime -p:PublishReadyToRun=true -o "$start"
      bench start.txt start "${from[@]}" --published "$start"
      ;;
    *) echo "measure.sh: no table '$table'" >&2; exit 2 ;;
  esac
done
{
  uname -sr
  grep -m1 'model name' /proc/cpuinfo
  echo "dotnet $(dotnet --version)"
  "${PYTHON:-/usr/bin/python3}" -c 'import torch; print("pytorch", torch.__version__)' 2>/dev/null || true
  (cd "${NODE_PATH:-/tmp/peers/js/node_modules}" 2>/dev/null && grep -m1 '"version"' onnxruntime-node/package.json | sed 's/.*: /onnxruntime-node /; s/[",]//g') || true
  dpkg-query -W -f '${Package} ${Version}\n' libopenblas0 libblis4 libdnnl2 2>/dev/null || true
} >"$RESULTS/versions.txt"
