# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# FreeRADIUS for a server's clients, and the configuration of pppd's RADIUS plugin.
# Source it after lib.sh; $radius is the directory of both.

# Configuration of pppd's plugin: the server, and the attributes by number.
radius_client()
{
	: "${radius:?}"
	cat >"$radius/client.conf" <<-END
		auth_order radius
		login_tries 1
		login_timeout 5
		authserver 127.0.0.1:1812
		acctserver 127.0.0.1:1813
		servers $radius/servers
		dictionary $radius/client.dictionary
		seqfile $radius/seq
		mapfile $radius/map
		login_radius /bin/false
		radius_timeout 5
		radius_retries 3
	END
	echo '127.0.0.1 a-secret-of-two' >"$radius/servers"
	chmod 600 "$radius/servers"
	: >"$radius/map"
	cat >"$radius/client.dictionary" <<-END
		ATTRIBUTE User-Name 1 string
		ATTRIBUTE NAS-IP-Address 4 ipaddr
		ATTRIBUTE NAS-Port 5 integer
		ATTRIBUTE Service-Type 6 integer
		ATTRIBUTE Framed-Protocol 7 integer
		ATTRIBUTE Framed-IP-Address 8 ipaddr
		ATTRIBUTE Framed-IP-Netmask 9 ipaddr
		ATTRIBUTE Class 25 string
		ATTRIBUTE Session-Timeout 27 integer
		ATTRIBUTE Called-Station-Id 30 string
		ATTRIBUTE Calling-Station-Id 31 string
		ATTRIBUTE NAS-Identifier 32 string
		ATTRIBUTE Acct-Status-Type 40 integer
		ATTRIBUTE Acct-Delay-Time 41 integer
		ATTRIBUTE Acct-Input-Octets 42 integer
		ATTRIBUTE Acct-Output-Octets 43 integer
		ATTRIBUTE Acct-Session-Id 44 string
		ATTRIBUTE Acct-Authentic 45 integer
		ATTRIBUTE Acct-Session-Time 46 integer
		ATTRIBUTE Acct-Input-Packets 47 integer
		ATTRIBUTE Acct-Output-Packets 48 integer
		ATTRIBUTE Acct-Terminate-Cause 49 integer
		ATTRIBUTE NAS-Port-Type 61 integer
		ATTRIBUTE Connect-Info 77 string
		ATTRIBUTE Acct-Interim-Interval 85 integer
		VENDOR Microsoft 311
		ATTRIBUTE MS-CHAP-Error 2 string Microsoft
		ATTRIBUTE MS-MPPE-Encryption-Policy 7 string Microsoft
		ATTRIBUTE MS-MPPE-Encryption-Types 8 string Microsoft
		ATTRIBUTE MS-CHAP-Challenge 11 string Microsoft
		ATTRIBUTE MS-MPPE-Send-Key 16 string Microsoft
		ATTRIBUTE MS-MPPE-Recv-Key 17 string Microsoft
		ATTRIBUTE MS-CHAP2-Response 25 string Microsoft
		ATTRIBUTE MS-CHAP2-Success 26 string Microsoft
	END
}

# Configuration of FreeRADIUS. Only RADIUS knows alice's password and address.
radius_server()
{
	cat >"$radius/radiusd.conf" <<-END
		prefix = /usr
		libdir = /usr/lib/freeradius
		logdir = $radius
		run_dir = $radius
		security {
			reject_delay = 0
			allow_vulnerable_openssl = yes
		}
		client here {
			ipaddr = 127.0.0.1
			secret = a-secret-of-two
		}
		modules {
			mschap {
				use_mppe = yes
				require_encryption = yes
				require_strong = yes
			}
			files {
				filename = $radius/users
			}
			detail {
				filename = $radius/accounting
			}
		}
		server default {
			listen {
				type = auth
				ipaddr = 127.0.0.1
				port = 1812
			}
			listen {
				type = acct
				ipaddr = 127.0.0.1
				port = 1813
			}
			authorize {
				mschap
				files
			}
			authenticate {
				Auth-Type MS-CHAP {
					mschap
				}
			}
			accounting {
				detail
			}
		}
	END
	cat >"$radius/users" <<-END
		alice Cleartext-Password := "known to RADIUS alone"
		 Framed-IP-Address = 10.0.0.77,
		 Acct-Interim-Interval = 60
	END
	chmod -R go= "$radius"
}

radius_files()
{
	mkdir "$radius"
	radius_client
	radius_server
}

# start_radius NAMESPACE
start_radius()
{
	start radiusd "$1" freeradius -fxx -l stdout -d "$radius"
	wait_for 30 "FreeRADIUS to listen" sh -c "ip netns exec $1 ss -lun | grep -q :1813"
}

# accounted STATUS ATTRIBUTE: an accounting record of this status has the attribute.
accounted()
{
	awk -v RS= -v status="Acct-Status-Type = $1" -v wanted="$2" \
		'index($0, status) && index($0, wanted) { found = 1 } END { exit !found }' \
		"$radius/accounting"
}
