# Part of build.sh: what is handed out, made of the committed state.

release() {
    need "${release_packages[@]}"
    in_clone make_executables
}

deb() {
    need "${release_packages[@]}" "${deb_packages[@]}"
    in_clone make_executables make_packages
}

# in_clone FUNCTION…: what is in no commit is in no release, and nothing stale gets in. The functions leave their files in
# release/, with times from the commit.
in_clone() (
    [ -z "$(git status --porcelain)" ] || fail "a release is made of a commit, and this checkout has changes that are in none"
    local destination=$PWD/dist clone make
    clone=$(mktemp -d)
    trap 'rm -rf "$clone"' EXIT
    git clone -q . "$clone"
    cd "$clone"
    mkdir release
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
    export SOURCE_DATE_EPOCH
    for make in "$@"; do "$make"; done
    (cd release && sha256sum assimilator* >SHA256SUMS)
    mkdir -p "$destination"
    mv release/* "$destination"
)

executable_of() { echo "release/assimilator-$(version)-$(runtime_of "$1")"; }

# A test that needs only one of them sets it.
readonly release_architectures=${RELEASE_ARCHITECTURES:-amd64 arm64}

make_executables() {
    local architecture executable
    # They say nothing that the build of the same code, which each test begins with, has not said.
    export RunAnalyzers=false
    for architecture in $release_architectures; do
        need_toolchain "$architecture"
        executable=$(executable_of "$architecture")
        say "building dist/${executable#release/}"
        publish "$architecture" "$executable"
        src/Packaging/bill-of-materials "$executable" "obj/Release/net10.0/$(runtime_of "$architecture")" "$(version)" \
            >"$executable.cdx.json"
    done
}

make_packages() {
    local architecture
    for architecture in $release_architectures; do
        say "packing for Debian on $architecture"
        quietly release.log src/Packaging/debian-package "$(executable_of "$architecture")" \
            "$(executable_of "$(native_architecture)")" "$architecture" "$(version)" release
    done
    say "checking the packages with lintian"
    lintian --allow-root --fail-on error release/*.deb
}
