#!/bin/bash
# Runs within the box, as root, under a real systemd: proves what the units promise. Each check is
# one line, "ok" or "FAILED"; the exit status is the number of those that failed.
set -uo pipefail
export LC_ALL=C SYSTEMD_PAGER=

inbox=/var/lib/archived/inbox
queries=/run/archived/archived.sock
administration=/run/archived/admin.sock
failures=0 checks=0

# check SENTENCE COMMAND...: the command must succeed.
check() {
    local sentence=$1 output
    shift
    checks=$((checks + 1))
    if output=$("$@" 2>&1); then
        echo "ok      $sentence"
    else
        failures=$((failures + 1))
        echo "FAILED  $sentence"
        printf '%s\n' "command: $*" "$output" | head -n 20 | sed 's/^/        /'
    fi
}

refused() { ! "$@"; }
denied() {
    local output
    output=$("$@" 2>&1) && { echo "was allowed: $output"; return 1; }
    case $output in *[Pp]'ermission denied'*) ;; *) echo "$output"; return 1 ;; esac
}
equal() { [ "$1" = "$2" ] || { echo "is \"$1\", not \"$2\""; return 1; }; }
unlike() { [ "$1" != "$2" ] || { echo "is still \"$1\""; return 1; }; }
silent() {
    local output
    output=$("$@" 2>&1) && [ -z "$output" ] || { echo "$output"; return 1; }
}
contains() {
    case $1 in *"$2"*) ;; *) echo "\"$2\" is not in: $1"; return 1 ;; esac
}
property() { systemctl show -P "$1" "${2:-archived.service}"; }
as() { setpriv --reuid "$1" --regid "$1" --init-groups --reset-env -- "${@:2}"; }

# within SECONDS COMMAND...: the command must succeed before that.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { "$@"; return 1; }
        sleep .1
    done
}

# ask USER SOCKET METHOD PARAMS: one request as that user, its answer on a line.
ask() {
    as "$1" perl -MIO::Socket::UNIX -e '
        alarm 30;
        my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "connect: $!\n";
        print $socket qq({"jsonrpc":"2.0","id":1,"method":"$ARGV[1]","params":$ARGV[2]}\n);
        $socket->flush; print scalar <$socket>' "$2" "$3" "$4"
}
answers() { contains "$(ask "$1" "$2" "$3" "$4")" "$5"; }

# story HEADLINE WORD: the text of a page of more than 1024 bytes.
story() {
    printf '%s\n\nBy Ada Winter | March 3, 2016 9:05am\n\n' "$1"
    for part in one two three four five six; do
        echo "HARBOR POINT — In part $part the $2 was seen above the ferry landing by people who" \
            "had come to wait for the first boat, and who stayed until the wind had turned again."
        echo
        echo "\"It was larger than the pier in part $part,\" said Bela Kranz, who sells tickets" \
            "there."
        echo
    done
}
# drop USER NAME MODE HEADLINE WORD: what a person does: write beside, then rename into the inbox.
drop() {
    story "$4" "$5" | as "$1" sh -c "umask 027; cat >$inbox/.$2.part && chmod $3 $inbox/.$2.part &&
        mv $inbox/.$2.part $inbox/$2"
}
messages() { journalctl --sync; journalctl -b -o json MESSAGE_ID="$1"; }

# --- installation -------------------------------------------------------------------------------
check 'systemd-sysusers makes the user and the groups' silent systemd-sysusers archived.conf
check 'systemd-tmpfiles makes the directories' silent systemd-tmpfiles --create archived.conf
useradd -M -G archive alice
useradd -M mallory
useradd -M -G archive-admin carol
check 'the inbox is open to the group alone' \
    equal "$(stat -c '%a %U:%G' $inbox)" '2770 archived:archive'
check 'systemd-analyze verify has nothing to say' silent systemd-analyze verify --man=no \
    /usr/lib/systemd/system/archived.service /usr/lib/systemd/system/archived.socket \
    /usr/lib/systemd/system/archived-admin.socket
check 'the exposure is at most 0.5' systemd-analyze security --offline=true --threshold=5 \
    --no-pager /usr/lib/systemd/system/archived.service
systemd-analyze security --offline=true --no-pager /usr/lib/systemd/system/archived.service |
    sed -n 's/.*\(Overall exposure[^:]*: [0-9.]*\).*/        \1/p'
check 'the journal catalog is taken' silent journalctl --update-catalog
catalog=/usr/lib/systemd/catalog/archived.catalog
ids=$(sed -n 's/^-- \([0-9a-f]\{32\}\)$/\1/p' $catalog)
check 'the catalog has entries' test -n "$ids"
for id in $ids; do
    check "the catalog explains $id" contains "$(journalctl --list-catalog "$id" 2>&1)" archived:
done
id_of() { grep -B0 -A1 -h . $catalog | grep -B1 "^Subject: $1" | sed -n 's/^-- //p'; }

# --- activation ---------------------------------------------------------------------------------
systemctl start archived.socket archived-admin.socket
check 'only the sockets are started' equal "$(property ActiveState)" inactive
check 'the socket of questions is for the group' \
    equal "$(stat -c '%a %G' $queries)" '660 archive'
check 'the socket of administration is for its group' \
    equal "$(stat -c '%a %G' $administration)" '660 archive-admin'
check 'an outsider is refused' denied as mallory archivectl status
check 'an outsider starts nothing' equal "$(property ActiveState)" inactive
check 'a member is served, and so starts the daemon' as alice archivectl status
check 'the daemon is ready' equal "$(property ActiveState)/$(property SubState)" active/running
check 'the daemon tells its state' unlike "$(property StatusText)" ''
check 'the daemon runs as its user' \
    equal "$(stat -c %U "/proc/$(property MainPID)")" archived
check 'the daemon is confined' equal \
    "$(grep -E '^(Seccomp|NoNewPrivs|CapEff):' "/proc/$(property MainPID)/status" | tr -d '\n')" \
    "$(printf 'CapEff:\t0000000000000000NoNewPrivs:\t1Seccomp:\t2')"

# --- rights -------------------------------------------------------------------------------------
check 'a member may not administer on the socket of questions' \
    answers alice $queries archive.reload '{}' '"notPermitted"'
check 'a member cannot open the socket of administration' \
    denied ask alice $administration ping '{}'
check 'an administrator may administer' \
    answers carol $administration inbox.rescan '{}' '"found"'
check 'an outsider cannot list the inbox' denied as mallory ls $inbox
check 'an outsider cannot drop a file' denied as mallory sh -c "echo x >$inbox/x"
check 'an outsider cannot pass a name that he knows' denied as mallory stat $inbox/.
check 'a member cannot read the store past the daemon' \
    denied as alice cat /var/lib/archived/archive.sqlite
second() {
    local status=0
    timeout 20 setpriv --reuid archived --regid archive --clear-groups archived \
        --runtime-directory /tmp || status=$?
    case $status in 0 | 12[4-7]) return 1 ;; esac
}
check 'the lock keeps a second daemon out' second

# --- a dropped file -----------------------------------------------------------------------------
drop alice zeppelin.txt 640 'Zeppelin Sighted Above the Ferry Landing' zeppelin
check 'a dropped file is answered for' contains \
    "$(as alice archivectl search --sync=30 zeppelin 2>&1)" 'Zeppelin Sighted Above'
check 'its file has left the inbox' within 10 refused test -e $inbox/zeppelin.txt
check 'its original is kept byte for byte' contains \
    "$(find /var/lib/archived/originals -type f -exec sha256sum {} +)" \
    "$(story 'Zeppelin Sighted Above the Ferry Landing' zeppelin | sha256sum | cut -d' ' -f1)"
# filters PID: how many filters of system calls hold a process.
filters() { sed -n 's/^Seccomp_filters:[^0-9]*//p' "/proc/$1/status"; }
confined() {
    local daemon worker
    daemon=$(property MainPID)
    worker=$(pgrep -P "$daemon" -f parse-worker | head -n 1)
    [ -n "$worker" ] || { echo 'there is no worker'; return 1; }
    [ "$(filters "$worker")" -gt "$(filters "$daemon")" ] || {
        echo "the worker has $(filters "$worker") filters, the daemon $(filters "$daemon")"
        return 1
    }
}
check 'what read it is confined more than the daemon' confined
drop alice private.txt 600 'Nobody May Read This Yet' secretive
check 'a file that may not be read waits, and says why' within 20 \
    answers alice $queries inbox.explain '{"path":"private.txt"}' '"permission"'
as alice chmod 640 $inbox/private.txt
check 'and is taken once it may be read' within 20 \
    answers alice $queries articles.search '{"query":"secretive"}' 'Nobody May Read'

# --- reload -------------------------------------------------------------------------------------
pid=$(property MainPID)
printf 'limits:\n  pageBytes: 1024\n  nesting: many\n' >/etc/archived/archived.yaml
check 'a bad configuration is refused' refused systemctl reload archived.service
check 'and the daemon goes on' equal "$(property MainPID)/$(property ActiveState)" "$pid/active"
check 'and is not left reloading' equal "$(property SubState)" running
check 'and the refusal is in the journal' contains \
    "$(messages "$(id_of 'The configuration was refused')")" '"ARCHIVED_DETAIL"'
drop alice balloon.txt 640 'Balloon Follows the Zeppelin' balloon
check 'and not one of its settings holds' contains \
    "$(as alice archivectl search --sync=30 balloon 2>&1)" 'Balloon Follows'
printf 'limits:\n  pageBytes: 1024\n' >/etc/archived/archived.yaml
check 'a good configuration is taken' systemctl reload archived.service
check 'by the same process' equal "$(property MainPID)/$(property SubState)" "$pid/running"
drop alice kite.txt 640 'Kite Follows the Balloon' kiteflyer
quarantined() {
    messages "$(id_of 'A dropped file was set aside')" | grep '"ARCHIVED_PATH":"kite.txt"'
}
check 'and its settings hold' within 20 quarantined
check 'with the fields of the journal' contains "$(quarantined)" '"ARCHIVED_REASON":"too-large"'
check 'sent by the daemon' contains "$(quarantined)" '"_SYSTEMD_UNIT":"archived.service"'
check 'under its name' contains "$(quarantined)" '"SYSLOG_IDENTIFIER":"archived"'
check 'its start is in the journal too' test -n \
    "$(messages "$(id_of 'The newsroom archive has started')")"
check 'an administrator reloads without systemd' as carol archivectl reload
rm /etc/archived/archived.yaml
check 'a missing configuration is the default' systemctl reload archived.service

# --- watchdog -----------------------------------------------------------------------------------
mkdir -p /run/systemd/system/archived.service.d
printf '[Service]\nWatchdogSec=4s\nRestartSec=200ms\n' \
    >/run/systemd/system/archived.service.d/watchdog.conf
systemctl daemon-reload
check 'the daemon can be restarted' systemctl restart archived.service
pid=$(property MainPID)
sleep 9
check 'a daemon at work feeds the watchdog' \
    equal "$(property MainPID)/$(property NRestarts)" "$pid/0"
kill -STOP "$pid"
restarted() { [ "$(property NRestarts)" = 1 ] && [ "$(property ActiveState)" = active ]; }
check 'one that hangs is killed and started anew' within 60 restarted
check 'as another process' unlike "$(property MainPID)" "$pid"
check 'which knows what was kept' contains \
    "$(as alice archivectl search zeppelin 2>&1)" 'Zeppelin Sighted Above'
rm -r /run/systemd/system/archived.service.d
systemctl daemon-reload

# --- a wrong configuration at the start ---------------------------------------------------------
printf 'inbox:\n  path: here\n' >/etc/archived/archived.yaml
systemctl stop archived.service
check 'a wrong configuration starts nothing' refused systemctl start archived.service
check 'and is not tried again' equal \
    "$(property ExecMainStatus)/$(property NRestarts)/$(property ActiveState)" 78/0/failed
check 'and the journal names the key' contains \
    "$(messages "$(id_of 'The configuration was refused')" | tail -n 1)" \
    '"ARCHIVED_DETAIL":"/etc/archived/archived.yaml: inbox.path:'
rm /etc/archived/archived.yaml
systemctl reset-failed 'archived*'
systemctl start archived.socket archived-admin.socket archived.service

# --- stop ---------------------------------------------------------------------------------------
systemctl log-level debug
as alice perl -MIO::Socket::UNIX -e '
    my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; $SIG{ALRM} = sub { exit };
    alarm 60; print $socket qq({"jsonrpc"); $socket->flush; $socket->read(my $answer, 1)' \
    $queries &
check 'a client that says no more is counted' within 10 \
    answers alice $queries archive.status '{}' '"connections":2'
check 'the daemon stops soon, although a client is there' timeout 5 \
    systemctl stop archived.service
wait $!
systemctl log-level info
journalctl --sync
check 'and says so at once' contains "$(journalctl -b _PID=1 -o cat --grep 'STOPPING=1')" archived
check 'with success' equal \
    "$(property Result)/$(property ExecMainStatus)/$(property ActiveState)" success/0/inactive
check 'the sockets stay' equal "$(property SubState archived.socket)" listening
check 'where they were' test -S $queries -a -S $administration
check 'and start it again' as alice archivectl status
systemctl stop archived.socket archived-admin.socket archived.service
check 'a stopped socket is gone' refused test -e $queries
check 'nothing has failed' equal "$(systemctl list-units --failed --no-legend 'archived*' 2>&1)" ''

echo "$checks checks, $failures failed"
exit $((failures > 100 ? 100 : failures))
