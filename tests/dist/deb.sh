#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: tests/dist/deb.sh [SUITE]
#
# The Debian packages in a fresh system of a release (bookworm): they build from these
# sources, have no lintian errors, and can be installed, upgraded, removed and purged.
# DKMS builds the modules.
set -euo pipefail
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

fresh_root "${1:-bookworm}"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

# present FILE...: the files, or patterns, exist in the root.
present()
{
	local file

	for file; do
		compgen -G "$root$file" >/dev/null || complain "$file is missing"
	done
}

absent()
{
	local file

	for file; do
		! compgen -G "$root$file" >/dev/null || complain "$file is still there"
	done
}

say "building"
quietly apt-get -qq update
put_sources
# Build dependencies, and tools of the test.
mapfile -t needed < <(sed -n '/^Build-Depends:/,/^$/p' user/debian/control |
	sed 's/Build-Depends://; s/(.*)//; s/-compat//; s/,//g' | xargs -n 1)
installs build-essential fakeroot lintian "${needed[@]}"
quietly make -C /src deb
mkdir "$root/deb"
cp "$root"/src/tests/build/deb/* "$root/deb"

say "lintian"
inside lintian --allow-root --fail-on error "/deb/kpptp_${version}_$(dpkg --print-architecture).changes" ||
	complain "lintian found errors"

say "a version after it, for the upgrade"
sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$version.1\"/" "$root/src/dkms.conf"
sed -i "s/^kpptp ($version)/kpptp ($version.1)/" "$root/src/user/debian/changelog"
quietly make -C /src deb
cp "$root"/src/tests/build/deb/*.deb "$root/deb"

packages=("/deb/kpptp_$version"_*.deb "/deb/kpptp-dkms_${version}_all.deb")
say "installing"
installs systemd "linux-headers-$(dpkg --print-architecture)"
# shellcheck disable=SC2016 # expanded there
quietly sh -c 'apt-get -qq -y --no-install-recommends install $*' sh "${packages[@]}"
kernel=$(basename "$(echo "$root"/lib/modules/*)")
present /usr/sbin/kpptpd /usr/bin/kpptpctl '/usr/lib/pppd/*/kpptp.so' /etc/kpptpd.conf \
	/etc/ppp/options.kpptpd /usr/share/man/man8/kpptpctl.8.gz \
	/usr/share/bash-completion/completions/kpptpctl /usr/lib/modprobe.d/kpptp{,_mppe}.conf \
	/usr/share/doc/kpptp/examples/pppoe-router/pppoe-offer \
	/usr/lib/systemd/system/kpptpd.service "/lib/modules/$kernel/updates/dkms/kpptp"{,_mppe}'.ko*'
absent '/etc/systemd/system/*.wants/kpptpd*'
inside getent passwd kpptp >/dev/null || complain "there is no user kpptp"
inside kpptpd --check >/dev/null || complain "the configuration has errors"
inside pppd plugin kpptp.so --version >"$work/pppd" 2>&1 || complain "pppd: $(cat "$work/pppd")"
[ "$(inside kpptpctl --version)" = "kpptpctl $version" ] || complain "kpptpctl has another version"
[ "$(inside modinfo -k "$kernel" -F version kpptp)" = "$version" ] || complain "the module has another version"
inside modprobe -S "$kernel" -nv net-pf-24-proto-2 2>/dev/null | grep -q /pptp.ko &&
	complain "pptp is still loaded by its alias"
[[ $(inside modprobe -S "$kernel" -nv ppp-compress-18 2>/dev/null) = */kpptp_mppe.ko* ]] ||
	complain "kpptp_mppe is not loaded by its alias"

say "upgrading"
echo '# mine' >>"$root/etc/kpptpd.conf"
# shellcheck disable=SC2016
quietly sh -c 'apt-get -qq -y --no-install-recommends install $*' sh \
	"/deb/kpptp_$version.1"_*.deb "/deb/kpptp-dkms_$version.1_all.deb"
[ "$(inside modinfo -k "$kernel" -F version kpptp)" = "$version.1" ] || complain "DKMS did not build the new module"
tail -n 1 "$root/etc/kpptpd.conf" | grep -qx '# mine' || complain "the upgrade changed kpptpd.conf"
absent "/usr/src/kpptp-$version" "/var/lib/dkms/kpptp/$version"

say "removing"
quietly apt-get -qq -y remove kpptp kpptp-dkms
present /etc/kpptpd.conf
absent /usr/sbin/kpptpd '/usr/lib/pppd/*/kpptp.so' "/lib/modules/$kernel/updates/dkms/kpptp"{,_mppe}'.ko*' /var/lib/dkms/kpptp
say "purging"
quietly apt-get -qq -y purge kpptp kpptp-dkms
absent /etc/kpptpd.conf /etc/ppp/options.kpptpd '/usr/src/kpptp-*' /usr/share/doc/kpptp '/usr/lib/modprobe.d/kpptp*'
conclude "Debian packages in $suite"
