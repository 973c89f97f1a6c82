#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# PPP header compression: fields are compressed as negotiated, never for LCP, and
# decompressed whatever arrives. Frames that are too short are counted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bare.bash"

load_modules
ip netns add host
ip -n host link set lo up

step "a call, and a peer that checks every byte"
channel=$(add_call host local 127.0.0.1 peer 127.0.0.2 id 7 peer-id 9)
in_ns host python3 "$top/tests/net/frames.py" 127.0.0.1 127.0.0.2 "$channel" 7 9 || fail "see above"

step "short frames are counted"
[ "$(statistic host 7 rx-malformed)" = 2 ] || fail "rx-malformed is $(statistic host 7 rx-malformed)"

end_calls host
done_story
