# A scene for the script of `print snapshot`, sourced by a shell in a mount namespace of its own: nothing outlives it.
# btrfs is real, on a loop device; LVM needs a device mapper, so stand-ins keep their state in files.
cd "$SCENE"
source="$SCENE/file systems/data" mountpoint="$SCENE/snap shot"
commands='btrfs find findmnt lvcreate lvremove lvs mkdir mount tr umount'
mkdir -p "$source" stand-ins faults
# Who is not root gets the directory back, without what is mounted there.
owner=$(stat -c %u:%g .)
chown -R 0:0 .
trap 'umount -Rl "$mountpoint" "$SCENE/file systems" 2>/dev/null || true; chown -R "$owner" "$SCENE"' EXIT

use_btrfs() {
    # A container may lack the nodes of loop devices.
    [ "$(findmnt -no FSTYPE /dev)" = devtmpfs ] || mount -t devtmpfs devtmpfs /dev
    truncate -s 128M image
    mkfs.btrfs -q image >log
    mount -o loop image "$SCENE/file systems"
    btrfs -q subvolume create "$source"
    echo content >"$source/file"
}

use_lvm() {
    cat >stand-ins/all <<'END'
#!/bin/sh
cd "$SCENE"
for last; do :; done
case "${0##*/} $*" in
    'findmnt -no FSTYPE '*) echo ext4 ;;
    'findmnt -no SOURCE --mountpoint '*data) echo /dev/mapper/group-data ;;
    'findmnt -no SOURCE --mountpoint '*) cat mounted 2>/dev/null ;;
    'lvs '*' vg_name /dev/mapper/group-data') echo '  group' ;;
    'lvs '*' segtype /dev/mapper/group-data') echo '  linear' ;;
    'lvs '*' lv_snapshot_invalid '*) cat invalid 2>/dev/null || true ;;
    'lvcreate '*) [ ! -e volume ] && echo "$4" >volume ;;
    'lvremove '*) [ ! -e mounted ] && rm -f volume ;;
    'mount '*) [ -e volume ] && echo "/dev/mapper/group-$(cat volume)" >mounted ;;
    'umount '*) [ ! -e busy ] && rm mounted ;;
    *) echo "unexpected: ${0##*/} $*" >&2; exit 99 ;;
esac
END
    chmod +x stand-ins/all
    for command in findmnt lvs lvcreate lvremove mount umount; do
        ln -s all "stand-ins/$command"
    done
}

# snapshot COMMAND: its exit code goes to $code.
snapshot() {
    code=0
    PATH="$SCENE/stand-ins:$PATH" ${SHELL_UNDER_TEST:-dash} "$SCENE/snapshot" "$1" "$source" "$mountpoint" >>log 2>&1 </dev/null || code=$?
}

# What there is of a snapshot.
left() {
    ls -A "$source" | grep assimilator || true
    findmnt -no SOURCE --mountpoint "$mountpoint" || true
    cat volume mounted 2>/dev/null || true
}

# faulty COMMAND FAULT N: the Nth program that the script starts fails, or the script gets a signal while it runs.
faulty() {
    cat >faults/all <<'END'
#!/bin/sh
PATH=${PATH#*:} program=${0##*/}
echo "$program" >>"$SCENE/started"
[ "$(wc -l <"$SCENE/started")" = "$N" ] || exec "$program" "$@"
case $FAULT in
    fails) exit 9 ;;
    'fails at its end') "$program" "$@"; exit 9 ;;
    'is killed at once') kill -KILL "$SCRIPT" ;;
    'is killed') "$program" "$@"; kill -KILL "$SCRIPT" ;;
    *) "$program" "$@"; code=$?; kill -"$FAULT" "$SCRIPT"; exit $code ;;
esac
END
    chmod +x faults/all
    for command in $commands; do
        ln -sf all "faults/$command"
    done
    : >started
    code=0
    # shellcheck disable=SC2016
    FAULT=$2 N=$3 PATH="$SCENE/faults:$SCENE/stand-ins:$PATH" sh -c 'SCRIPT=$$ exec dash "$@"' sh \
        "$SCENE/snapshot" "$1" "$source" "$mountpoint" >>log 2>&1 </dev/null || code=$?
}

# Tries every fault of every program, and prints one line for each: what the script was meant to do and over what, the
# fault, the program, the exit code, what was left by it, the exit code of remove afterwards, and what was left then.
every_fault() {
    for fault in fails 'fails at its end' TERM 'is killed at once' 'is killed'; do
        for start in 'create nothing' 'create leftover' 'remove leftover'; do
            n=0
            while n=$((n + 1)); do
                [ "${start#* }" = nothing ] || snapshot create
                faulty "${start% *}" "$fault" "$n"
                [ "$(wc -l <started)" -ge "$n" ] || break
                first=$code over=$(left | tr '\n' ' ')
                snapshot remove
                echo "$start|$fault|$(sed -n "${n}p" started)|$first|$over|$code|$(left)"
            done
            snapshot remove
        done
    done
}
