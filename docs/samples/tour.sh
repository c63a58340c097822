#!/bin/bash
# tour.sh PROGRAMS: starts the daemon in PROGRAMS on a directory of its own, drops the samples into
# its inbox, and shows what it answers. KEEP=1 leaves it running. `make run` calls this.
set -euo pipefail
programs=$(cd "$1" && pwd)
samples=$(cd "$(dirname "$0")" && pwd)

home=$(mktemp -d /tmp/archived-tour.XXXXXX)
mkdir -p "$home/state/inbox" "$home/run"
printf 'outlets:\n  directory: %s\n' "$(cd "$samples/../../etc/archived/outlets" && pwd)" \
    >"$home/archived.yaml"
"$programs/archived" --state-directory "$home/state" --runtime-directory "$home/run" \
    --config "$home/archived.yaml" </dev/null >"$home/log" 2>&1 &
daemon=$!
leave() {
    local status=$?
    if [ $status != 0 ]; then
        echo "the daemon's own words:" >&2
        tail -n 20 "$home/log" >&2
    fi
    if [ "${KEEP:-}" != 1 ] || [ $status != 0 ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
        rm -rf "$home"
    fi
}
trap leave EXIT

export ARCHIVED_SOCKET=$home/run/archived.sock
ctl() {
    printf '\n$ archivectl'
    printf ' %q' "$@"
    printf '\n'
    "$programs/archivectl" "$@"
}
for _ in $(seq 300); do
    "$programs/archivectl" status >/dev/null 2>&1 && break
    kill -0 "$daemon" 2>/dev/null || { echo 'the daemon did not start' >&2; exit 1; }
    sleep .1
done

# As a person would: two files by hand, the others in a bundle.
echo "dropping $(cd "$samples" && ls -- *.txt *.html *.md *.xml | tr '\n' ' ')into $home/state/inbox"
cp "$samples/ferry.txt" "$samples/orchard.md" "$home/state/inbox/"
if command -v zip >/dev/null; then
    (cd "$samples" && zip -q - library.html bridge.xml lamp.txt) >"$home/state/inbox/.b.part"
    mv "$home/state/inbox/.b.part" "$home/state/inbox/courier.zip"
else
    tar -C "$samples" -cf "$home/state/inbox/.b.part" library.html bridge.xml lamp.txt
    mv "$home/state/inbox/.b.part" "$home/state/inbox/courier.tar"
fi

ctl search --sync=30 'ferry OR library OR apples OR drawbridge OR lamp'
ctl status
ctl quotes --speaker kranz
id=$("$programs/archivectl" search --output json-lines ferry |
    sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | head -n 1)
ctl show "$id"
ctl why "$id" headline

if [ "${KEEP:-}" = 1 ]; then
    echo
    echo "It goes on as process $daemon: kill $daemon ends it, rm -r $home forgets it."
    echo "    export ARCHIVED_SOCKET=$ARCHIVED_SOCKET"
    echo "    export PATH=$programs:\$PATH"
fi
