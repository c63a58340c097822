#!/bin/bash
# box.sh PAYLOAD SCRIPT: boots a throwaway systemd over a copy-on-write view of this machine's
# files, with PAYLOAD laid over its root, runs SCRIPT in it as a unit, prints what SCRIPT printed,
# and ends with its exit status; 77 where a box cannot be had.
#
#   LIMIT=seconds   after which the box is ended (240)
#   JOURNAL=file    where to leave the journal of the box
#
# Nothing outside is written to: the mounts are in a namespace of their own, the network is none,
# and the control group is removed at the end.
set -euo pipefail

payload=$(readlink -f "$1")
script=$(readlink -f "$2")
limit=${LIMIT:-240}
[ "$(id -u)" = 0 ] || { echo "box: needs root" >&2; exit 77; }
command -v systemd-nspawn >/dev/null || { echo "box: needs systemd-nspawn" >&2; exit 77; }

work=$(mktemp -d /tmp/archived-box.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$work/out" "$work/mount"
: >"$work/out/log"

# Runs in a mount namespace of its own.
boot() {
    local root=$work/mount/root name=${work##*/} status=0
    # The box needs control groups of version 2 alone, whatever this machine has.
    umount -R /sys/fs/cgroup 2>/dev/null || umount -lR /sys/fs/cgroup || true
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    mount -t tmpfs -o size=3G,mode=755 box "$work/mount"
    mkdir "$work/mount/upper" "$work/mount/scratch" "$root" "$work/mount/nspawn"
    mkdir -p /run/systemd/nspawn
    mount --bind "$work/mount/nspawn" /run/systemd/nspawn
    mount -t overlay overlay \
        -o "lowerdir=/,upperdir=$work/mount/upper,workdir=$work/mount/scratch" "$root"
    furnish "$root"

    local group=/sys/fs/cgroup/$name
    local back=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    mkdir "$group"
    echo $$ >"$group/cgroup.procs"
    # systemd inside needs bpf(2) for IPAddressDeny=.
    timeout -k 10 "$limit" systemd-nspawn -q -D "$root" --boot --keep-unit --register=no \
        -M "$name" --private-network --system-call-filter=bpf --bind="$work/out:/box/out" \
        --console=pipe systemd.unit=box.target systemd.show_status=no \
        </dev/null >/dev/null 2>"$work/out/nspawn" || status=$?
    echo $$ >"$back/cgroup.procs"
    for _ in $(seq 25); do
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
        [ -d "$group" ] || break
        sleep .2
    done
    return $status
}

# Only basic.target and the script are started: none of this machine's own services.
furnish() {
    local root=$1
    # An empty or missing id would start the first-boot questions.
    rm -f "$root/etc/machine-id"
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    rm -rf "$root/var/log/journal"
    mkdir -p "$root/var/log/journal" "$root/box"
    # What this machine may have of the archive itself must not answer for the payload.
    rm -rf "$root"/{var/lib,etc,run}/archived "$root"/etc/systemd/system/archived*
    cp -a --no-preserve=ownership "$payload/." "$root/"
    install -m755 "$script" "$root/box/script"
    cat >"$root/etc/systemd/system/box.target" <<'UNIT'
[Unit]
Requires=basic.target
After=basic.target
Wants=dbus.service box.service
UNIT
    cat >"$root/etc/systemd/system/box.service" <<'UNIT'
[Unit]
After=basic.target dbus.service
[Service]
Type=exec
ExecStart=/box/script
ExecStopPost=/bin/sh -c "journalctl -b --no-pager -o short-monotonic >/box/out/journal; systemctl --no-block exit ${EXIT_STATUS:-99}"
StandardOutput=append:/box/out/log
StandardError=append:/box/out/log
UNIT
}

export work payload script limit
export -f boot furnish
status=0
unshare --mount --propagation private bash -euc boot || status=$?
cat "$work/out/log"
if [ $status != 0 ]; then
    echo "box: ended with $status; the end of its journal:"
    tail -n 60 "$work/out/nspawn" "$work/out/journal" 2>/dev/null || true
fi
[ -z "${JOURNAL:-}" ] || cp "$work/out/journal" "$JOURNAL" || true
exit $status
