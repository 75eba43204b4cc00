#!/bin/bash
# Puts a Debian with its borgs and all that they need into a directory, unpacked, not set up: SUITE DIRECTORY
# or of that Debian only some packages, without what they need: SUITE DIRECTORY PACKAGE…
# No privileges are needed, and apt is used as this host has it, with its proxy and its mirror.
set -euo pipefail
suite=$1 target=$2
shift 2
[ ! -e "$target" ] || exit 0

umask 022
mkdir -p "$(dirname "$target")"
# In a name of its own until it is whole; of two that make it at once, the first one counts.
scene=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$scene"' EXIT
mkdir -p "$scene/state/lists/partial" "$scene/cache/archives/partial" "$scene/root/usr"
: >"$scene/status"

mirrors() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "$@"
}
# Before its first update apt cannot tell whose a mirror is, and a host of another distribution has none; debootstrap knows one.
read -r mirror < <(
    mirrors 'Origin: Debian' 'Label: Debian'
    mirrors 'Component: main' | grep '/debian/$'
    sed -n 's/^DEF_MIRROR="\(.*\)"$/\1/p' "$(command -v debootstrap)"
)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$scene/sources.list"

apt() {
    apt-get -qq -o Dir::State="$scene/state" -o Dir::State::status="$scene/status" -o Dir::Cache="$scene/cache" \
        -o Dir::Etc::sourcelist="$scene/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null \
        -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o Debug::NoLocking=1 "$@"
}
apt update
if [ $# -gt 0 ]; then
    (cd "$scene/cache/archives" && apt download "$@")
else
    packages=(borgbackup dash coreutils)
    [ "$suite" != trixie ] || packages+=(borgbackup2)
    apt install --download-only --no-install-recommends -y "${packages[@]}"
fi

# As debootstrap does it for every Debian since 12.
for name in bin sbin lib lib64; do
    mkdir "$scene/root/usr/$name"
    ln -s "usr/$name" "$scene/root/$name"
done
for package in "$scene"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -C "$scene/root" -x --keep-directory-symlink --no-same-owner
done
[ $# -gt 0 ] || [ -x "$scene/root/usr/bin/borg" ] || { echo "there is no borg in $suite" >&2; exit 1; }
mv -T "$scene/root" "$target" 2>/dev/null || [ -e "$target" ]
