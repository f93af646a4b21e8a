#!/usr/bin/env bash
# Writes what the native halves of JCuda ask of CUDA's libraries into this directory:
#   test/emulator/symbols/list.sh kernels/target/jcuda/lib
# Done once for each version of JCuda.
set -euo pipefail
natives=${1:?usage: list.sh DIRECTORY}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

list() {
    nm -D --undefined-only "$natives"/lib"$2"-*.so | awk '{ print $NF }' | sed 's/@.*//' | grep "$3" |
        LC_ALL=C sort -u > "$here/$1.txt"
}

list cuda JCudaDriver '^cu[A-Z]'
list nvrtc JNvrtc '^nvrtc'
list cublas JCublas2 '^cublas'
list cudnn JCudnn '^cudnn'
wc -l "$here"/*.txt
