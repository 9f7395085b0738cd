#!/usr/bin/env bash
# Runs the peers' scripts in the environment that is fair to them and leaves their records (*.jsonl) for `-- kernels` and `-- models --peers OUT`.
#   bench/peers.sh OUT PEERS [GROUP…]
# PEERS is the folder of the scripts (py/torch_bench.py, js/ort_bench.js). GROUPs: onednn layers train s3 infer ort rss; all when none is named.
# Every group is a few processes of at most a minute; nothing else should run meanwhile.
#   BIN      folder with onednn_layers, built by the scripts' build.sh      (/tmp/peers/bin)
#   ONNX     folder with the exported models                                (/tmp/peers/onnx)
#   NODE_PATH  node_modules with onnxruntime-node                           (/tmp/peers/js/node_modules)
#   PYTHON   the interpreter that has torch                                 (/usr/bin/python3)
#   TURN     a command to put before each process, for example a lock       (none)
set -uo pipefail
out=${1:?folder for the records}
peers=${2:?folder of the scripts of the peers}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
BIN=${BIN:-/tmp/peers/bin} ONNX=${ONNX:-/tmp/peers/onnx} PYTHON=${PYTHON:-/usr/bin/python3} TURN=${TURN:-}
export NODE_PATH=${NODE_PATH:-/tmp/peers/js/node_modules}
# This OpenBLAS does not know the processor and would run SSE3 kernels: a win over those is none.
grep -q avx512f /proc/cpuinfo && export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-SkylakeX}
small=S0E1,S0E2,S0E3,S1E1,S1E2,S1E3,S2,S4E1,S4E2,MLP
mkdir -p "$out"

# take FILE THREADS COMMAND…: appends the records that the command prints, with that many threads for every library.
take() {
  local file=$out/$1.jsonl threads=$2
  shift 2
  echo "$(date +%T) $file: ${*##*/}" >&2
  OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads BLIS_NUM_THREADS=$threads $TURN "$@" | grep '^{' >>"$file" || echo "FAILED: $*" >&2
}

torch() { take "torch-$1-$2" "$2" "$PYTHON" "$peers/py/torch_bench.py" "$1" "$2" "$3"; }

groups=${*:-onednn layers train s3 infer ort rss}
for group in $groups; do
  for threads in 1 2; do
    case $group in
      onednn) take "onednn-$threads" "$threads" "$BIN/onednn_layers" "$threads" 0.3 ;;
      layers) BUDGET=0.5 torch layers $threads all ;;
      train)
        BUDGET=0.6 torch train $threads $small
        # With two pools of threads on two cores PyTorch loses; this is its better setting.
        if [ "$threads" = 2 ]; then BUDGET=0.6 PEER_NAME='pytorch[2T: OpenBLAS 1 thread]' take torch-train-2 2 env OPENBLAS_NUM_THREADS=1 "$PYTHON" "$peers/py/torch_bench.py" train 2 $small; fi
        ;;
      s3)
        BUDGET=1 torch train $threads S3F,S3L
        if [ "$threads" = 1 ]; then BUDGET=1 FTZ=1 PEER_NAME='pytorch[flush denormals]' torch train 1 S3F,S3L; fi
        ;;
      infer) JIT=1 BUDGET=0.4 torch infer $threads all ;;
      ort)
        if [ "$threads" = 1 ]; then
          floor=$(mktemp -d)
          "$PYTHON" "$here/peers/floor.py" "$floor" && take "ort-1" 1 node "$peers/js/ort_bench.js" "$floor" 1 0.5
          rm -rf "$floor"
        fi
        take "ort-$threads" "$threads" node "$peers/js/ort_bench.js" "$ONNX" "$threads" 0.4
        ;;
      rss) if [ "$threads" = 1 ]; then torch rss 1 S3F; torch rss 1 S3L; fi ;;
      *) echo "peers.sh: no group '$group'" >&2; exit 2 ;;
    esac
  done
done
