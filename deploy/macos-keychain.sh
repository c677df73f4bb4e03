#!/bin/bash
# Starts nenya with secrets from the macOS login keychain. Arguments go to nenya.
#
#   security add-generic-password -s nenya-secrets -a "$USER" -w "$(cat creds/secrets.json)" -U
#   ./macos-keychain.sh serve -config config.json
#
# The secrets are in a file for as long as nenya runs, in a temporary directory that only this user
# can enter. SIGHUP reads the keychain anew before nenya reloads.
set -euo pipefail
umask 077

directory=$(mktemp -d "${TMPDIR:-/tmp}/nenya.XXXXXX")
trap 'rm -rf -- "$directory"' EXIT

# A blob with line ends comes back as hexadecimal digits.
fetch() {
    local blob
    blob=$(security find-generic-password -s nenya-secrets -a "${USER:-$(id -un)}" -w)
    if [[ $blob =~ ^([0-9a-fA-F]{2})+$ ]]; then
        blob=$(xxd -r -p <<<"$blob")
    fi
    printf '%s\n' "$blob" >"$directory/secrets"
}

fetch
# Variables that hold secrets are refused by nenya; none is made here.
CREDENTIALS_DIRECTORY=$directory nenya "$@" &
gateway=$!

reload() {
    if fetch; then
        kill -HUP "$gateway"
    else
        echo "the keychain did not answer; nothing was reloaded" >&2
    fi
}
trap reload HUP
trap 'kill -TERM "$gateway"' TERM INT

# A trapped signal ends the wait before nenya ends.
status=0
while true; do
    wait "$gateway" && status=0 || status=$?
    kill -0 "$gateway" 2>/dev/null || break
done
exit "$status"
