# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every system test begins with. A test runs in the director's network
# namespace of a guest, with realN's nginx up and an empty table; guest puts
# right what it leaves behind. It fails by its exit code.
set -euo pipefail

top=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=tests/system/net/net.sh
. "$top/net/net.sh"
# shellcheck source=tests/system/servers.sh
. "$top/servers.sh"

# From guest: where binaries stand in memory, root's and nobody else's.
LVSMON_BIN=${LVSMON_BIN:?}
WORK=${WORK:?}
PATIENCE=15
keeper=

fail()
{
	echo "FAILED: $*" >&2
	ipvsadm -Ln >&2
	exit 1
}

# What suits most tests.
TIMES='
	interval 250ms
	timeout 1500ms
	rise 2
	fall 2
	audit 1s
'

# write_config: from stdin, after $TIMES.
write_config()
{
	{
		echo "$TIMES"
		cat
	} >"$WORK/lvsmon.conf"
}

# launch ARG...: lvsmon with the configuration written; its log in $WORK/log.
launch()
{
	"$LVSMON_BIN/lvsmon" -p "$LVSMON_BIN/plugins" -f "$WORK/lvsmon.conf" \
		"$@" >>"$WORK/log" 2>&1 </dev/null &
	keeper=$!
}

# start: lvsmon with the configuration on stdin, until its first round ended.
start()
{
	write_config
	: >"$WORK/log"
	launch "$@"
	expect_log 'ready: '
}

stop()
{
	kill "$keeper"
	wait "$keeper" || fail "lvsmon ended with code $?"
}

# reload: with the configuration on stdin.
reload()
{
	write_config
	mark_log
	kill -HUP "$keeper"
}

engine_of()
{
	pgrep -P "$1"
}

# The log from here on is what expect_log and refuse_log look at.
marked=0
mark_log()
{
	marked=$(wc -l <"$WORK/log")
}

log_has()
{
	grep -qE -- "$1" <(tail -n "+$((marked + 1))" "$WORK/log")
}

# log_lines PATTERN: how many there are.
log_lines()
{
	grep -cE -- "$1" <(tail -n "+$((marked + 1))" "$WORK/log") || true
}

expect_log()
{
	wait_until $PATIENCE log_has "$1" || fail "no such line: $1"
}

refuse_log()
{
	! log_has "$1" || fail "such a line: $1"
}

# weight SERVICE REAL: as `weight 'TCP 192.0.2.80:80' 10.0.0.11:80`; nothing
# where it is not in the table.
weight()
{
	local in='' kind name rest weight

	while read -r kind name rest weight _; do
		case $kind in
		TCP | UDP | FWM) in=$([ "$kind $name" = "$1" ] && echo 1) ;;
		'->') [ -z "$in" ] || [ "$name" != "$2" ] || echo "$weight" ;;
		esac || true
	done < <(ipvsadm -Ln)
}

weight_is()
{
	[ "$(weight "$1" "$2")" = "$3" ]
}

# expect_weight SERVICE REAL WEIGHT: in the end. '' for none.
expect_weight()
{
	wait_until $PATIENCE weight_is "$@" ||
		fail "$2 of $1 has weight '$(weight "$1" "$2")', not '$3'"
}

# web N WEIGHT: of realN behind the VIP's port 80, the usual case.
expect_web()
{
	expect_weight "TCP $VIP:80" "10.0.0.1$1:80" "$2"
}

# fetch COUNT [URL]: so many requests of the client's, a connection each.
fetch()
{
	client curl -sS --fail --fail-early --max-time 5 \
		"${2:-http://$VIP/}?[1-$1]"
}

# expect_served URL NAME...: each of these answers, nobody else does, and no
# request fails.
expect_served()
{
	local url=$1 answers names

	shift
	answers=$(fetch $((4 * $#)) "$url") || fail "a request failed"
	answers=$(sort -u <<<"$answers")
	names=$(printf '%s\n' "$@")
	[ "$answers" = "$names" ] || fail "answers of ${answers//$'\n'/ }, not of $*"
}

# Connections that each entry has had: from 0 where it was made anew.
counters()
{
	ipvsadm -Ln --stats --exact | awk '{ print $1, $2, $3 }'
}

# The kernel adds up its counters every two seconds.
settle()
{
	sleep 2.2
}

# All that must not change where nothing is touched.
table_now()
{
	ipvsadm -Sn
	counters
}

# expect_same TABLE: table_now is still what it was.
expect_same()
{
	diff <(echo "$1") <(table_now) || fail "the table has changed"
}
