#!/usr/bin/env bash
# Unpacks Postfix, Exim, OpenSMTPD and postgrey from Debian's packages into a folder that is a small system of its own.
#
# The packages refuse to be installed side by side, so nothing is installed: with all libraries that they need they lie
# in one folder, in which the tests lock the servers up (chroot). The machine itself is not changed.
set -euo pipefail

folder=$1
servers=(postfix exim4-daemon-light opensmtpd postgrey)
# What the servers are made of; the rest of what they depend on is for machines on which they are installed.
parts='^(lib.*|zlib1g|perl|perl-base|perl-modules-.*|netbase|postfix|exim4-daemon-light|opensmtpd|postgrey)$'
unneeded='^libpam-.*$'

stop() {
    echo "$1" >&2
    exit 2
}

for program in apt-get dpkg-deb; do
    command -v "$program" >/dev/null || stop "The tests ask real mail servers out of Debian packages: run them on Debian or Ubuntu ($program is missing)."
done
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq || echo "The package lists could not be renewed; trying with the old ones." >&2
elif ! command -v newuidmap >/dev/null; then
    stop "Without root the mail servers of the tests run in a user namespace: install uidmap (Debian: apt-get install uidmap)."
fi

echo "Unpacking mail servers into $folder (once)"
rm -rf "$folder"
mkdir -p "$folder/packages" "$folder/root"

# An empty status file: the list names everything, whatever this machine has. One by one, because they conflict.
list() {
    apt-get --simulate -qq --no-install-recommends -o Dir::State::status=/dev/null install "$1" | awk '/^Inst/ {print $2}'
}
names=$(for server in "${servers[@]}"; do list "$server"; done | sort -u | grep -E "$parts" | grep -vE "$unneeded") ||
    stop "apt-get does not know ${servers[*]}: renew its lists (apt-get update) or enable the archive that has them."

(cd "$folder/packages" && xargs apt-get download -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 <<<"$names") ||
    stop "The packages of the mail servers could not be downloaded: ${servers[*]} and their libraries."

for package in "$folder"/packages/*.deb; do
    dpkg-deb --extract "$package" "$folder/root"
done
rm -rf "$folder/packages" "$folder"/root/usr/share/{doc,man,locale,lintian,bug,info} "$folder"/root/usr/lib/*/gconv
chmod -R u+w,ug-s "$folder/root" # nobody needs programs of root's in a working copy
touch "$folder/.unpacked"
