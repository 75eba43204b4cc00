#!/usr/bin/env bash
# Builds assimilator, shows it at work, tests it. Each verb installs the Debian packages it lacks, and says so.
set -euo pipefail
cd "$(dirname "$0")"

readonly build_packages=(clang lld llvm cmake make binutils git libssl-dev zlib1g-dev libzstd-dev)
readonly release_packages=(git jq)
readonly deb_packages=(dpkg-dev debhelper lintian)
readonly demo_packages=(borgbackup prometheus-pushgateway curl)
readonly test_packages=("${demo_packages[@]}" prometheus prometheus-alertmanager prometheus-node-exporter
    openssh-server openssh-client bubblewrap systemd python3-seccomp nginx-light openssl
    strace busybox-static debootstrap debian-archive-keyring qemu-user-static
    shellcheck btrfs-progs postgresql mariadb-server sqlite3
    mandoc man-db zsh fish)
readonly bench_packages=("${demo_packages[@]}" borgmatic prometheus openssh-server openssh-client strace time python3)
# In bytes, for Debian 12: the OpenSSL of Debian 13 alone is two million larger.
readonly size_limit=13900000
# Compilers end before a profile of themselves has made them faster: without one they take a third less.
export DOTNET_TieredPGO=0

usage() {
    cat <<'END'
Usage: ./build.sh          build dist/assimilator, one static executable
       ./build.sh demo     build, and run a real backup that reports to a real Pushgateway
       ./build.sh test     build, and run all tests
       ./build.sh test unit  run only the tests of pure functions (seconds; needs only the SDK)
       ./build.sh fuzz     give every parser some millions of odd inputs (ten minutes)
       ./build.sh bench    measure, next to a script and to borgmatic (a quarter of an hour)
       ./build.sh bench NAME  one part: whole, share, log-lines, commands, distance, footprint, progress or fleet
       ./build.sh release  build the committed state for x64 and arm64, with check sums and bills of materials
       ./build.sh deb      the same, and Debian packages of it
END
}

say() { printf 'build.sh: %s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "cannot install packages: neither root nor sudo; install by hand: ${missing[*]}"
    fi
}

# need PACKAGE…: installs those that are not there.
need() {
    command -v dpkg-query >/dev/null || fail "needs a Debian system (no dpkg here) with: $*"
    missing=()
    for package in "$@"; do
        # Another architecture's package has the same name.
        dpkg-query -W -f='${db:Status-Status} ${Architecture}\n' "$package" 2>/dev/null |
            grep -qxE "installed ($(dpkg --print-architecture)|all|${package#*:})" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { as_root apt-get -o DPkg::Lock::Timeout=600 update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: ${missing[*]}"
    fi
    rm -f "$log"
}

need_sdk() {
    command -v dotnet >/dev/null || fail "needs the .NET 10 SDK (no dotnet in PATH)"
    dotnet --list-sdks | grep -q '^10\.' || fail "needs the .NET 10 SDK, found: $(dotnet --list-sdks | tr '\n' ' ')"
}

# quietly LOG COMMAND…: shows what a command said only when it fails.
quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        fail "failed: $*"
    }
}

# What .NET and clang call an architecture of Debian's.
runtime_of() { [ "$1" = arm64 ] && echo linux-arm64 || echo linux-x64; }
triple_of() { [ "$1" = arm64 ] && echo aarch64-linux-gnu || echo x86_64-linux-gnu; }

native_architecture() {
    local architecture
    architecture=$(dpkg --print-architecture)
    case "$architecture" in
        amd64 | arm64) echo "$architecture" ;;
        *) fail "builds on amd64 and arm64, this is $architecture" ;;
    esac
}

# need_toolchain ARCHITECTURE: what it takes to build for it here.
need_toolchain() {
    need_sdk
    need "${build_packages[@]}"
    [ "$1" != "$(native_architecture)" ] || return 0
    if ! dpkg --print-foreign-architectures | grep -qx "$1"; then
        say "adding the architecture $1 to dpkg's"
        as_root dpkg --add-architecture "$1"
    fi
    need "gcc-$(triple_of "$1" | tr _ -)" "libc6-dev:$1" "libssl-dev:$1" "zlib1g-dev:$1" "libzstd-dev:$1"
}

# The tag of this commit, else what the project file says.
version() {
    local tag
    tag=$(git describe --exact-match --tags --match 'v[0-9]*' 2>/dev/null) || tag=
    [ -n "$tag" ] && echo "${tag#v}" || sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' Assimilator.csproj
}

# publish ARCHITECTURE EXECUTABLE: leaves the executable, checked, and what it was made of in obj.
publish() (
    local runtime output packages
    runtime=$(runtime_of "$1")
    output=$(mktemp -d)
    trap 'rm -rf "$output"' EXIT
    packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    # CMake refuses the cache of a checkout that has been moved, and keeps the flags of another build.
    grep -qsrF "$PWD/" --include=CMakeCache.txt obj && grep -qsr -- -ffile-prefix-map --include=CMakeCache.txt obj || rm -rf obj
    # The C code that the SDK brings: its warnings are not ours (ours are errors), and the file names in it would be this machine's.
    quietly "$output/log" env CFLAGS="-w -Os -DNDEBUG --target=$(triple_of "$1") -ffile-prefix-map=$packages/=" \
        dotnet publish Assimilator.csproj -c Release -r "$runtime" -o "$output/publish" -nologo \
        -p:Version="$(version)" -p:Commit="$(git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null || true)" \
        -p:CommitDate="$(git log -1 --format=%cs 2>/dev/null || true)"
    check "$output/publish/assimilator"
    mkdir -p "$(dirname "$2")"
    mv "$output/publish/assimilator" "$2"
    say "$2: $(wc -c <"$2") bytes, static"
)

build() (
    local architecture
    architecture=$(native_architecture)
    need_toolchain "$architecture"
    say "building dist/assimilator for $(runtime_of "$architecture")"
    publish "$architecture" dist/assimilator
)

# A stale object once gave a dynamic executable that was taken for a static one.
check() {
    local headers size
    headers=$(readelf -hldW "$1") || fail "readelf cannot read $1"
    grep -q 'Type: *DYN' <<<"$headers" || fail "$1 is not position-independent"
    ! grep -q INTERP <<<"$headers" || fail "$1 is not static: it names an interpreter"
    ! grep -q NEEDED <<<"$headers" || fail "$1 is not static: it needs shared libraries"
    size=$(wc -c <"$1")
    [ "$size" -le "$size_limit" ] || [ "$(. /etc/os-release && echo "${VERSION_ID-}")" != 12 ] ||
        fail "$1 has $size bytes, the limit is $size_limit"
}

free_port() {
    local port
    for port in $(shuf -i 20000-30000 -n 50); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || {
            echo "$port"
            return
        }
    done
    fail "found no free port on 127.0.0.1"
}

demo() (
    build
    need "${demo_packages[@]}"
    local port scene gateway=
    scene=$(mktemp -d)
    trap 'kill $gateway 2>/dev/null || true; rm -rf "$scene"' EXIT
    port=$(free_port)

    say "starting a Pushgateway on 127.0.0.1:$port"
    # Debian's default would keep the demonstration's metrics for ever.
    prometheus-pushgateway --web.listen-address="127.0.0.1:$port" --persistence.file= >"$scene/pushgateway.log" 2>&1 &
    gateway=$!
    curl -fs --retry 50 --retry-delay 1 --retry-connrefused -o "$scene/ready" "http://127.0.0.1:$port/-/ready" ||
        fail "the Pushgateway did not start: $(tail -n 3 "$scene/pushgateway.log")"

    say "making a repository and something to back up"
    export BORG_BASE_DIR="$scene/borg"
    mkdir -p "$scene/etc" "$scene/home/.cache"
    cp assimilator.ini README.md "$scene/etc/"
    cp -r src "$scene/home/project"
    (umask 077 && head -c 24 /dev/urandom | base64 >"$scene/passphrase")
    quietly "$scene/init.log" env BORG_PASSCOMMAND="cat $scene/passphrase" borg init -e repokey-blake2 "$scene/repository"

    # The documented example itself; only the places are others.
    sed -e "s|^location = .*|location = $scene/repository|" \
        -e "s|^passphrase_file = .*|passphrase_file = $scene/passphrase|" \
        -e "s|^1 = /etc\$|1 = $scene/etc|" -e "s|^2 = /home\$|2 = $scene/home|" \
        -e "s|^url = .*|url = http://127.0.0.1:$port|" \
        -e "s|^;\\[state\\]|[state]|" -e "s|^;directory = .*|directory = $scene/state|" \
        assimilator.ini >"$scene/assimilator.ini"

    say "dist/assimilator -c $scene/assimilator.ini"
    dist/assimilator -c "$scene/assimilator.ini"
    say "what the Pushgateway serves now:"
    curl -fsS "http://127.0.0.1:$port/metrics" | grep -E '^(# (HELP|TYPE) )?(assimilator|borg)_'
)

run_tests() (
    build
    need "${test_packages[@]}" "${release_packages[@]}" "${deb_packages[@]}"
    need_toolchain amd64
    need_toolchain arm64
    local log
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    say "building the tests"
    quietly "$log" dotnet build tests -c Release -nologo
    say "running the tests"
    # A background job of a shell ignores SIGINT, and so would what the tests start.
    env --default-signal tests/bin/Release/net10.0/Assimilator.Tests "$@" | tee "$log" || true
    summarize "$log"
)

bench() (
    build
    need "${bench_packages[@]}"
    python3 -B tests/Bench/bench.py "$@"
)

# Needs neither the published executable nor any Debian package.
run_unit_tests() (
    need_sdk
    local log
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    quietly "$log" dotnet build tests -c Release -nologo
    tests/bin/Release/net10.0/Assimilator.Tests -namespace Assimilator.Tests.Unit | tee "$log" || true
    summarize "$log"
)

# Ends with the line `N passed, N failed`; a run without a result has failed.
summarize() {
    local total failed skipped errors
    read -r total errors failed skipped < <(
        sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$1" | tail -n 1
    ) || fail "the tests ended without a summary"
    echo "$((total - failed - skipped)) passed, $((failed + errors + skipped)) failed"
    [ "$total" -gt 0 ] && [ "$((failed + errors + skipped))" -eq 0 ]
}

case "${1-}" in
    '') build ;;
    demo) demo ;;
    test)
        shift
        if [ "${1-}" = unit ]; then run_unit_tests; else run_tests "$@"; fi
        ;;
    bench)
        shift
        bench "$@"
        ;;
    release | deb)
        . src/Packaging/release.sh
        "$1"
        ;;
    fuzz) FUZZ_INPUTS=${FUZZ_INPUTS:-5000000} run_tests -class Assimilator.Tests.Unit.FuzzTests ;;
    -h | --help | help) usage ;;
    *)
        usage >&2
        fail "unknown verb: $1"
        ;;
esac
