#!/usr/bin/env bash
# Builds the emulated CUDA device into a directory:  test/emulator/build.sh DIRECTORY
# Needs bash, g++ and the binutils that g++ needs. Compiles what changed since the last time, and nothing else.
#
#   CXX                    the compiler instead of g++
#   SEICHE_FIBRE=ucontext  threads of a block switch by swapcontext instead of by assembly
set -euo pipefail

cxx=${CXX:-g++}
source=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "${1:?usage: build.sh DIRECTORY}"
out=$(cd -P "$1" && pwd)

command -v "$cxx" > /dev/null || {
    echo "the emulated CUDA device needs $cxx, which is not installed" >&2
    exit 69
}
mkdir -p "$out/objects"
if command -v flock > /dev/null; then
    exec 9>> "$out/objects/lock"
    flock 9
fi

# What compiled kernels and the libraries have to agree on; part of the version that the emulated NVRTC gives.
abi=$(cat "$source"/src/device/*.h "$source/src/compiler/rewrite.cpp" | cksum | cut -d ' ' -f 1)
flags=(-std=c++17 -O2 -g1 -fPIC -fvisibility=hidden -Wall -Wextra -Werror -DSEICHE_CXX="\"$cxx\"" -DSEICHE_ABI="$((abi % 1000000))")
[ "${SEICHE_FIBRE:-}" != ucontext ] || flags+=(-DSEICHE_FIBRE_UCONTEXT)

# Everything is compiled again when a header, this script or the compiler is another one.
stamp=$({ "$cxx" --version; printf '%s\n' "${flags[@]}"; cat "$source/build.sh"; find "$source/src" -name '*.h' | LC_ALL=C sort | xargs cat; } | cksum)
if [ "$stamp" != "$(cat "$out/objects/stamp" 2> /dev/null || true)" ]; then
    rm -f "$out"/objects/*.o "$out"/lib*.so.*
    printf '%s\n' "$stamp" > "$out/objects/stamp"
fi

# Compiles the sources of some directories, two at a time; their objects are then in $objects.
compile() {
    local directory file object running=0
    objects=()
    for directory in "$@"; do
        for file in "$source/src/$directory"/*.cpp; do
            object=$out/objects/$directory-$(basename "$file" .cpp).o
            objects+=("$object")
            if [ -f "$object" ] && [ "$object" -nt "$file" ]; then continue; fi
            compile_one "$file" "$object" &
            running=$((running + 1))
            if [ "$running" -ge 2 ]; then
                wait -n
                running=$((running - 1))
            fi
        done
    done
    while [ "$running" -gt 0 ]; do
        wait -n
        running=$((running - 1))
    done
}

compile_one() {
    "$cxx" "${flags[@]}" -c "$1" -o "$2.new" 9>&-
    mv "$2.new" "$2"
}

# Functions that JCuda may call and that are not emulated say so, where the dynamic linker would end the JVM.
# stubs NAME STATUS: reads symbols/NAME.txt, adds an object to $objects.
stubs() {
    local object=$out/objects/stubs-$1.o text=$out/objects/stubs-$1.cpp
    {
        printf '#include <cstdio>\n'
        comm -23 <(LC_ALL=C sort "$source/symbols/$1.txt") \
            <(nm --defined-only --extern-only "${objects[@]}" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort) |
            while read -r name; do
                printf 'extern "C" __attribute__((visibility("default"))) int %s() {' "$name"
                printf ' std::fprintf(stderr, "emulated CUDA device: %s is not emulated\\n"); return %s; }\n' "$name" "$2"
            done
    } > "$text.new"
    if ! cmp -s "$text.new" "$text" || [ ! -f "$object" ]; then
        "$cxx" -O0 -fPIC -x c++ -c "$text.new" -o "$object" 9>&-
        mv "$text.new" "$text"
    else
        rm "$text.new"
    fi
    objects+=("$object")
}

# link LIBRARY MAP [LIBRARIES...]: from $objects, when one of them is newer.
link() {
    local library=$out/$1 map=$2 object
    shift 2
    local newer=
    for object in "${objects[@]}" "$@"; do
        if [ ! -f "$library" ] || [ "$object" -nt "$library" ]; then newer=yes; fi
    done
    [ -n "$newer" ] || return 0
    "$cxx" -shared "${objects[@]}" "$@" -o "$library.new" -Wl,-soname,"$(basename "$library")" \
        -Wl,--version-script="$map" -Wl,-z,defs -lpthread -ldl 9>&-
    mv "$library.new" "$library"
}

# JCuda asks for nvrtc, cublas and cudnn symbols of a version that is named as their library.
versioned() {
    printf '%s { global: %s; local: *; };\n' "$1" "$2" > "$out/objects/$1.map"
    printf '%s\n' "$out/objects/$1.map"
}

# Kernels of long ago: what is still used is compiled again.
[ ! -d "$out/cache" ] || find "$out/cache" -type f -mtime +30 -delete

mkdir -p "$out/device"
for header in "$source"/src/device/*.h; do
    cmp -s "$header" "$out/device/$(basename "$header")" || cp "$header" "$out/device/"
done

# A source that is touched from here on is newer than what is built.
: > "$out/objects/started"

compile compiler runtime checker driver
stubs cuda 801
link libcuda.so.1 "$source/src/driver/version.map"

compile compiler nvrtc
stubs nvrtc 11
link libnvrtc.so.12 "$(versioned libnvrtc.so.12 'nvrtc*')"

compile cublas
stubs cublas 15
link libcublas.so.12 "$(versioned libcublas.so.12 'cublas*')" "$out/libcuda.so.1"

compile cudnn
stubs cudnn 3000
link libcudnn.so.9 "$(versioned libcudnn.so.9 'cudnn*')" "$out/libcuda.so.1"

# The emulator's reader in Java looks at the time of this file.
mv "$out/objects/started" "$out/objects/done"
