#!/usr/bin/env bash
# Installs what some tests use besides Node.js, Debian's prometheus (for promtool) and chromium, where they are missing and
# that is possible: on Debian, as root. Elsewhere, and where it fails, it says so and succeeds: those tests skip themselves.
# No service is left running.
set -uo pipefail

os_release=${OS_RELEASE:-/etc/os-release}
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}

notice() {
  echo "Notice: $*; the tests that need it are skipped." >&2
  exit 0
}

missing=()
command -v promtool >/dev/null || missing+=(prometheus)
command -v chromium >/dev/null || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0

grep -q '^ID=debian$' "$os_release" 2>/dev/null || notice "${missing[*]} not found, and this is not Debian"
[ "$(id -u)" -eq 0 ] || notice "${missing[*]} not found, and only root can install it"
command -v apt-get >/dev/null || notice "${missing[*]} not found, and there is no apt-get"

log=$(mktemp)
# Debian starts a service as soon as it is installed, unless this file forbids it.
forbids=
cleanup() {
  rm -f "$log"
  [ -z "$forbids" ] || rm -f "$policy"
}
trap cleanup EXIT
if [ ! -e "$policy" ]; then
  forbids=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" || notice "$policy cannot be written"
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -q -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=60)
if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 5 "$log" >&2
  notice "${missing[*]} could not be installed"
fi

# Nor at the next boot, nor where somebody else's policy let it start.
if [[ " ${missing[*]} " == *' prometheus '* ]] && command -v systemctl >/dev/null; then
  systemctl disable --now prometheus >/dev/null 2>&1
fi
exit 0
