#!/bin/bash
# The machine that the system tests run in: boots a real systemd and a real systemd-journald with
# the units of a directory installed, runs one command beside them, and takes everything down.
#
# Owns: a cached Debian tree, and for the time of a run a cgroup, namespaces and a work directory.
# Never changes the tree, the host's settings or its services. Called by `cargo xtask test`; see
# README.md beside this file for what works inside and what does not.
#
# Each run is an overlay over the tree whose upper layer is in memory, with PID 1 in namespaces of
# its own (pid, mount, cgroup, network, uts, ipc). Needs root, overlayfs, cgroup2, util-linux,
# script(1) and tar; the host needs no systemd of its own.
set -Eeuo pipefail
umask 022

readonly PROGRAM=${0##*/}
SELF=$(readlink -f -- "${BASH_SOURCE[0]}")
readonly SELF

usage() {
    cat <<USAGE
usage: $PROGRAM [OPTION]... [UNITS] -- COMMAND [ARG]...
       $PROGRAM [OPTION]... --prepare | --clean

UNITS is a directory: its unit files and NAME.d drop-in directories are installed in
/etc/systemd/system, and what lies under UNITS/files is copied onto / (files keep their mode).
COMMAND runs inside as root, beside the manager; its exit status is this program's.

  --copy SRC:DST      copy a file or directory in, before the boot
  --bind SRC[:DST]    bind a directory or file of the host, writable
  --bind-ro SRC[:DST] the same, read-only
  --env NAME=VALUE    set a variable for COMMAND (PATH, HOME, LANG and these are all it has)
  --chdir DIR         start COMMAND there (default /)
  --timeout SECONDS   end the run after that long, boot included (default 300)
  --journal FILE      save the whole journal there afterwards, one JSON object a line
  --console FILE      save what the manager wrote on its console
  --keep-caps LIST    let the machine have these too, e.g. sys_time,syslog (default none)
  --suite NAME        Debian release of the tree (default $SUITE)
  --packages A,B      more packages for the tree
  --tree DIR          use this tree, build none; "/" is the host's own root
  --cache DIR         where trees are kept (default $CACHE)
  --prepare           build the tree, if missing, and stop
  --clean             remove the cached trees
  -v                  say what happens

exit status: COMMAND's own; 124 past the time limit; 125 the machine could not be made.
USAGE
}

CACHE=${NENYA_MACHINE_CACHE:-/var/tmp/nenya-machine}
SUITE=${NENYA_MACHINE_SUITE:-trixie}
MIRROR=${NENYA_MACHINE_MIRROR:-}   # empty: where mmdebstrap goes by itself
BASE_PACKAGES=systemd,dbus,libnss-systemd,libbpf1
EXTRA_PACKAGES=${NENYA_MACHINE_PACKAGES:-}
BUILD_LIMIT=900
TIME_LIMIT=300
VERBOSE=0

say() { ((VERBOSE)) && printf '%s: %s\n' "$PROGRAM" "$*" >&2; return 0; }
die() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; exit 125; }

# ---------------------------------------------------------------- the tree
apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

tree_path() {
    local all=$BASE_PACKAGES${EXTRA_PACKAGES:+,$EXTRA_PACKAGES}
    printf '%s/%s-%s' "$CACHE" "$SUITE" "$(printf '%s' "$SUITE $all" | sha256sum | cut -c1-12)"
}

build_tree() { # PATH
    local tree=$1 tmp=$1.new.$$ log=$CACHE/build.log
    if ! command -v mmdebstrap >/dev/null; then
        say "installing mmdebstrap"
        apt_get update >"$log" 2>&1 || die "apt-get update failed, see $log"
        apt_get install -y --no-install-recommends mmdebstrap >>"$log" 2>&1 || die "installing mmdebstrap failed, see $log"
    fi
    say "building $tree"
    rm -rf -- "$CACHE"/*.new.*
    timeout "$BUILD_LIMIT" mmdebstrap --mode=root --variant=minbase --components=main \
        --include="$BASE_PACKAGES${EXTRA_PACKAGES:+,$EXTRA_PACKAGES}" \
        --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$SUITE" "$tmp" ${MIRROR:+"$MIRROR"} >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -rf -- "$tmp"; die "building the tree failed, see $log"; }
    rm -f -- "$tmp/etc/resolv.conf" "$tmp/etc/machine-id" "$tmp/var/lib/dbus/machine-id"
    mv -T -- "$tmp" "$tree"
}

# One builder at a time; a half-built tree never has its final name.
ensure_tree() {
    mkdir -p -- "$CACHE"
    local tree; tree=$(tree_path)
    if [[ ! -d $tree ]]; then
        exec 9>"$CACHE/lock"
        flock -w "$BUILD_LIMIT" 9 || die "another build holds $CACHE/lock"
        [[ -d $tree ]] || build_tree "$tree"
        exec 9>&-
    fi
    TREE=$tree
}

# ---------------------------------------------------------------- PID 1, before it becomes systemd
# Runs inside the new namespaces.  $1 the tree, $2 a work directory of the host, $3 capabilities.
inner_init() {
    local tree=$1 work=$2 drop=$3 outer
    read -r outer _ </proc/self/stat            # /proc is still the host's: our pid out there
    local m=$work/m r=$work/m/root
    mount --make-rprivate /
    mkdir -p "$m"
    mount -t tmpfs -o mode=0755 nenya-machine "$m"
    mkdir "$m/upper" "$m/work" "$r"
    mount -t overlay -o "lowerdir=$tree,upperdir=$m/upper,workdir=$m/work" overlay "$r"

    mkdir -p "$r"/{proc,sys,dev,run,tmp}
    mount -t proc -o nosuid,nodev,noexec proc "$r/proc"
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$r/sys"
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$r/sys/fs/cgroup"
    # The kernel's settings belong to the host: only those of this network namespace are writable.
    local p
    for p in /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus; do
        [[ -e $r$p ]] || continue
        mount --bind "$r$p" "$r$p"
        [[ $p != /proc/sys ]] || mount --bind "$r/proc/sys/net" "$r/proc/sys/net"
        mount -o remount,bind,ro,nosuid,nodev,noexec "$r$p"
    done
    mount -t tmpfs -o mode=0755,nosuid tmpfs "$r/dev"
    for p in null zero full random urandom tty; do
        : >"$r/dev/$p"
        mount --bind "/dev/$p" "$r/dev/$p"
    done
    mkdir "$r/dev/pts" "$r/dev/shm" "$r/dev/mqueue"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$r/dev/pts"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$r/dev/shm"
    mount -t mqueue -o nosuid,nodev,noexec mqueue "$r/dev/mqueue"
    ln -s pts/ptmx "$r/dev/ptmx"
    ln -s /proc/self/fd "$r/dev/fd"
    ln -s /proc/self/fd/0 "$r/dev/stdin"
    ln -s /proc/self/fd/1 "$r/dev/stdout"
    ln -s /proc/self/fd/2 "$r/dev/stderr"
    if tty -s; then
        : >"$r/dev/console"
        mount --bind "$(tty)" "$r/dev/console"
    fi
    mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$r/run"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$r/tmp"

    tr -d - </proc/sys/kernel/random/uuid >"$r/etc/machine-id"
    echo nenya-machine >"$r/etc/hostname"

    # What a throw-away machine does not need, and mounts the kernel shares with the host.
    mkdir -p "$r/run/systemd/system"
    for p in sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
        sys-fs-fuse-connections.mount dev-hugepages.mount proc-sys-fs-binfmt_misc.automount \
        systemd-modules-load.service systemd-udevd.service systemd-udev-trigger.service \
        systemd-random-seed.service systemd-firstboot.service ldconfig.service \
        systemd-journal-catalog-update.service systemd-update-done.service \
        systemd-networkd.service systemd-resolved.service systemd-timesyncd.service; do
        ln -sf /dev/null "$r/run/systemd/system/$p"
    done
    rm -rf "$r"/{etc,usr/lib}/systemd/system/timers.target.wants
    cat >"$r/run/systemd/system/nenya-machine.target" <<'UNIT'
[Unit]
Description=A machine for one test run
Requires=basic.target dbus.socket
After=basic.target dbus.socket
AllowIsolate=yes
UNIT

    # The caller's files, then its binds, taken while the host's root is still in sight.
    tar -C "$work/files" -cf - . | tar -C "$r" --no-overwrite-dir -xpf -
    local kind src dst
    while IFS=$'\t' read -r kind src dst; do
        [[ -n $kind ]] || continue
        if [[ -d $src ]]; then mkdir -p "$r$dst"; else mkdir -p "$r${dst%/*}"; [[ -e $r$dst ]] || : >"$r$dst"; fi
        mount --rbind "$src" "$r$dst"
        [[ $kind == rw ]] || mount -o remount,bind,ro "$r$dst"
    done <"$work/binds"

    echo "$outer" >"$work/leader.new"
    mv "$work/leader.new" "$work/leader"
    cd "$r"
    mkdir -p .old
    pivot_root . .old
    # shellcheck disable=SC2016  # the new shell expands it
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8 \
        container=nenya-machine SYSTEMD_COLORS=0 TERM=dumb DROP="$drop" /bin/sh -c '
        umount -l /.old && rmdir /.old
        mount --make-rshared /   # credentials and other late mounts reach running units through this
        d=$DROP; unset DROP
        exec setpriv --bounding-set "$d" --inh-caps=-all /usr/lib/systemd/systemd --system --unit=nenya-machine.target --show-status=yes'
}
# setpriv lowers the bounding set; PID 1 keeps the rest of root's capabilities.
readonly DROPPED=(sys_module sys_rawio sys_time syslog mac_admin mac_override wake_alarm block_suspend
    audit_control audit_read audit_write sys_pacct mknod sys_tty_config)

if [[ ${1-} == --inner-init ]]; then shift; inner_init "$@"; exit 125; fi

# ---------------------------------------------------------------- arguments
COPIES=() BINDS=() ENVS=() CHDIR=/ JOURNAL='' CONSOLE='' KEEP='' TREE='' UNITS='' ACTION=run
pair() { # SRC[:DST] -> "SRC<tab>DST"
    local src=${1%%:*} dst=${1#*:}
    [[ $1 == *:* ]] || dst=$(readlink -f -- "$src")
    [[ -e $src ]] || die "no such file: $src"
    [[ $dst == /* ]] || die "not an absolute path: $dst"
    printf '%s\t%s' "$(readlink -f -- "$src")" "$dst"
}
while (($#)); do
    case $1 in
        --) shift; break ;;
        --copy) COPIES+=("$(pair "$2")"); shift 2 ;;
        --bind) BINDS+=("rw"$'\t'"$(pair "$2")"); shift 2 ;;
        --bind-ro) BINDS+=("ro"$'\t'"$(pair "$2")"); shift 2 ;;
        --env) ENVS+=("$2"); shift 2 ;;
        --chdir) CHDIR=$2; shift 2 ;;
        --timeout) TIME_LIMIT=$2; shift 2 ;;
        --journal) JOURNAL=$2; shift 2 ;;
        --console) CONSOLE=$2; shift 2 ;;
        --keep-caps) KEEP=$2; shift 2 ;;
        --suite) SUITE=$2; shift 2 ;;
        --packages) EXTRA_PACKAGES=${EXTRA_PACKAGES:+$EXTRA_PACKAGES,}$2; shift 2 ;;
        --tree) TREE=$(readlink -f -- "$2"); shift 2 ;;
        --cache) CACHE=$(readlink -m -- "$2"); shift 2 ;;
        --prepare) ACTION=prepare; shift ;;
        --clean) ACTION=clean; shift ;;
        -v) VERBOSE=1; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 125 ;;
        *) [[ -z $UNITS ]] || { usage >&2; exit 125; }; UNITS=$1; shift ;;
    esac
done
((EUID == 0)) || die "must run as root"
case $ACTION in
    prepare) [[ -n $TREE ]] || ensure_tree; echo "$TREE"; exit 0 ;;
    clean)
        [[ ! -d $CACHE ]] || find "$CACHE" -mindepth 1 -maxdepth 1 -regextype posix-extended \
            \( -regex '.*-[0-9a-f]{12}(\.new\.[0-9]+)?' -o -name build.log -o -name lock \) -exec rm -rf -- {} +
        exit 0 ;;
esac
(($#)) || { usage >&2; exit 125; }
[[ -z $UNITS || -d $UNITS ]] || die "no such directory: $UNITS"
[[ -n $TREE ]] || ensure_tree
[[ -x $TREE/usr/lib/systemd/systemd ]] || die "no systemd in $TREE"

[[ -e /proc/self/fd/0 ]] || exec </dev/null

# ---------------------------------------------------------------- one run
WORK='' CGROUP='' CGMOUNT='' HOLDER='' JOINED=''
alive() { [[ -n ${1-} && -e /proc/$1 ]] && [[ $(awk '/^State/{print $2}' "/proc/$1/status" 2>/dev/null) != Z ]]; }
cleanup() {
    local status=$?
    trap '' INT TERM HUP
    set +e
    exec 2>/dev/null                       # no "Killed" from the shell for what it ends here
    if [[ -n $HOLDER ]]; then
        kill -KILL "$HOLDER"               # the pid namespace ends with it, and all in it
        wait "$HOLDER" ${JOINED:+"$JOINED"}
    fi
    if [[ -n $CGROUP && -d $CGROUP ]]; then
        for _ in {1..50}; do
            find "$CGROUP" -depth -type d -exec rmdir {} +
            [[ -d $CGROUP ]] || break
            sleep 0.1
        done
    fi
    [[ -z $CGMOUNT ]] || umount "$CGMOUNT"
    [[ -z $CONSOLE || ! -e $WORK/console ]] || cp -- "$WORK/console" "$CONSOLE"
    [[ -z $WORK ]] || rm -rf --one-file-system -- "$WORK"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

START=$SECONDS
WORK=$(mktemp -d "${TMPDIR:-/tmp}/nenya-machine.XXXXXXXX")
exec 8>"$WORK/lock"
flock 8

# A cgroup of its own: on a host with the unified hierarchy, with the hybrid one, or with none mounted.
for CGROUP in /sys/fs/cgroup /sys/fs/cgroup/unified ''; do
    [[ -n $CGROUP ]] || break
    [[ $(stat -f -c %T "$CGROUP" 2>/dev/null) != cgroup2fs ]] || break
done
if [[ -z $CGROUP ]]; then
    mkdir "$WORK/cgroup"
    mount -t cgroup2 cgroup2 "$WORK/cgroup" || die "no cgroup2 here"
    CGROUP=$WORK/cgroup CGMOUNT=$WORK/cgroup
fi
for old in "${TMPDIR:-/tmp}"/nenya-machine.*/lock; do # left by a run that was killed: nobody holds its lock
    old=${old%/lock}
    if [[ ! -e $old/lock || $old == "$WORK" ]] || ! flock -n "$old/lock" true; then continue; fi
    find "$CGROUP/${old##*/}" -depth -type d -exec rmdir {} + 2>/dev/null || true
    umount "$old/cgroup" 2>/dev/null || true
    rm -rf --one-file-system -- "$old"
done
CGROUP=$CGROUP/${WORK##*/}
mkdir "$CGROUP" || { CGROUP=; die "cannot make a cgroup"; }
mkdir "$CGROUP/command"

# Files to install, gathered in one directory that is copied onto the new root.
mkdir -p "$WORK/files/etc/systemd/system"
if [[ -n $UNITS ]]; then
    [[ ! -d $UNITS/files ]] || cp -a -- "$UNITS/files/." "$WORK/files/"
    find "$UNITS" -mindepth 1 -maxdepth 1 ! -name files \( -name '*.d' -o -name '*.service' -o -name '*.socket' \
        -o -name '*.target' -o -name '*.timer' -o -name '*.path' -o -name '*.slice' -o -name '*.mount' \) \
        -exec cp -a -t "$WORK/files/etc/systemd/system" -- {} +
fi
for entry in ${COPIES[@]+"${COPIES[@]}"}; do
    src=${entry%%$'\t'*} dst=${entry#*$'\t'}
    mkdir -p "$WORK/files${dst%/*}"
    cp -aT -- "$src" "$WORK/files$dst"
done
chown -R 0:0 "$WORK/files"
: >"$WORK/binds"
for entry in ${BINDS[@]+"${BINDS[@]}"}; do printf '%s\n' "$entry" >>"$WORK/binds"; done

drop=''
for cap in "${DROPPED[@]}"; do [[ ,$KEEP, == *,$cap,* ]] || drop+=${drop:+,}-$cap; done

say "booting $TREE"
# script(1) gives the manager a console; if this program dies by any signal, the machine goes too.
(
    echo "$BASHPID" >"$CGROUP/cgroup.procs"
    printf -v line '%q ' setpriv --pdeathsig KILL unshare --pid --fork --kill-child=KILL --mount --cgroup \
        --uts --ipc --net --propagation private bash "$SELF" --inner-init "$TREE" "$WORK" "$drop"
    exec setpriv --pdeathsig KILL env SHELL=/bin/bash script -qefc "exec $line" "$WORK/console"
) </dev/null >/dev/null 2>&1 8>&- &
HOLDER=$!

fail_boot() { tail -n 40 "$WORK/console" >&2 2>/dev/null; die "$1"; }
left() { local l=$((TIME_LIMIT - (SECONDS - START))); echo $((l > 0 ? l : 1)); }
while [[ ! -e $WORK/leader ]]; do
    alive "$HOLDER" || fail_boot "the machine could not be set up"
    ((SECONDS - START < 30)) || fail_boot "the machine was not set up in 30 s"
    sleep 0.02
done
LEADER=$(<"$WORK/leader")

# Become COMMAND inside: first the cgroup, so that it is in none of the manager's own.
join() {
    echo "$BASHPID" >"$CGROUP/command/cgroup.procs"
    exec nsenter -t "$LEADER" --mount --uts --ipc --net --pid --cgroup --root -- \
        env --chdir="$CHDIR" -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8 \
        ${ENVS[@]+"${ENVS[@]}"} "$@"
}
enter() { (join "$@"); }
state=''
while :; do
    alive "$HOLDER" || fail_boot "the manager ended during the boot"
    ((SECONDS - START < 60 && SECONDS - START < TIME_LIMIT)) || fail_boot "no manager after $((SECONDS - START)) s (${state:-no answer})"
    state=$(enter timeout 30 systemctl is-system-running --wait 2>/dev/null) || true
    [[ $state != running && $state != degraded ]] || break
    sleep 0.05
done
if [[ $state == degraded ]]; then
    printf '%s: some units failed at boot:\n' "$PROGRAM" >&2
    enter systemctl --failed --no-legend --plain >&2 || true
fi
say "booted in $((SECONDS - START)) s ($state)"

# In the background, so that a signal to this program ends the run at once.
status=0
join timeout --foreground --kill-after=5 "$(left)" "$@" <&0 8>&- &
JOINED=$!
wait "$JOINED" || status=$?
[[ -z $JOURNAL ]] || enter timeout 30 sh -c 'journalctl --sync; journalctl -o json --no-pager --all' >"$JOURNAL" || true
exit "$status"
