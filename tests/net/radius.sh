#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whom the server lets in, with which address, is for a RADIUS server to say:
# FreeRADIUS, with pppd's own plugin. It answers for MS-CHAPv2 and gives the keys
# of MPPE (RFC 2548) and the address, and is told when the call starts, how it
# goes on (which pppd tells each minute at most), and when it stops.
. "$(dirname "$0")/lib.sh"

radius=/run/radius
load_modules
two_hosts
ppp_secrets

# What pppd's plugin wants to know: the server, and the attributes by number.
client_side()
{
	cat >$radius/client.conf <<-END
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
	echo '127.0.0.1 a-secret-of-two' >$radius/servers
	chmod 600 $radius/servers
	: >$radius/map
	cat >$radius/client.dictionary <<-END
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

server_side()
{
	cat >$radius/radiusd.conf <<-END
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
	cat >$radius/users <<-END
		alice Cleartext-Password := "known to RADIUS alone"
		 Framed-IP-Address = 10.0.0.77,
		 Acct-Interim-Interval = 60
	END
	chmod -R go= $radius
}

# told STATUS ATTRIBUTE: in accounting records of that kind.
told()
{
	awk -v RS= -v status="Acct-Status-Type = $1" -v wanted="$2" \
		'index($0, status) && index($0, wanted) { found = 1 } END { exit !found }' \
		$radius/accounting
}

mkdir $radius
client_side
server_side
cat >>/run/options.server <<-END
	debug
	logfile $logs/pppd-server.log
	plugin radius.so
	radius-config-file $radius/client.conf
END
start radiusd server freeradius -fxx -l stdout -d $radius
wait_for 10 "FreeRADIUS to listen" sh -c 'ip netns exec server ss -lun | grep -q :1813'
start_daemon server
start_daemon client '[server]' 'enable = no'

step "a password that RADIUS does not know"
dial mallory client alice password 'correct horse'
ends mallory 19

step "one that it knows: its address, and encryption with its keys"
dial alice client alice password 'known to RADIUS alone'
ppp_up client 10.0.0.1
pings client 10.0.0.1 || fail "no ping"
[[ $(ip -n client -o addr show) == *" 10.0.0.77 peer 10.0.0.1/"* ]] || fail "not the address that RADIUS gives"
logged alice 'MPPE 128-bit stateless compression enabled' || fail "no encryption"

step "accounting: start, interim, stop"
wait_for 5 "the start" told Start 'Framed-IP-Address = 10.0.0.77'
told Start 'Calling-Station-Id = "192.0.2.2"' || fail "RADIUS is not told who calls"
wait_for 80 "an interim update, after a minute" told Interim-Update 'Acct-Session-Time'
stop alice
wait_for 10 "the stop" told Stop 'Acct-Terminate-Cause = User-Request'
told Stop 'Acct-Input-Octets' || fail "the stop has no counters"

stop radiusd
nothing_left client server
done_story
