#!/bin/sh
# Debian packages the application needs: names what is missing, installs it with apt, or says what to do.
set -eu

# With « test », also the programs that judge what the application writes: PDF syntax, fonts, text and archives.
judges="poppler-utils qpdf default-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java softhsm2"
needed="python3-venv libglib2.0-0 libgl1 libegl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
[ "${1:-}" = test ] && needed="$judges"

command -v dpkg-query >/dev/null 2>&1 || {
    echo "System packages: this is no Debian; the README names the libraries that Qt needs."
    exit 0
}

missing=""
for package in $needed; do
    # libglib2.0-0 became libglib2.0-0t64 in later releases and still answers to its old name.
    if ! dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null | grep -q "install ok installed"; then
        missing="$missing $package"
    fi
done
[ -n "$missing" ] || exit 0

echo "System packages: installing$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo"
else
    echo "Neither root nor sudo here. Ask an administrator to run:" >&2
    echo "  apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "apt could not install them. Try by hand: apt-get install --no-install-recommends$missing" >&2
    exit 1
}
