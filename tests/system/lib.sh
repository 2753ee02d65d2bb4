# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Every system test sources this file. A test runs in the director's network
# namespace of a guest. At its start the nginx of each real is up and the table
# is empty. guest restores that after the test. The exit code says whether the
# test failed.
set -euo pipefail

top=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck source=tests/system/net/net.sh
. "$top/net/net.sh"
# shellcheck source=tests/system/servers.sh
. "$top/servers.sh"

# From guest: the folder of the binaries, in memory and owned by root.
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

# Settings for most tests.
TIMES='
	interval 250ms
	timeout 1500ms
	rise 2
	fall 2
	audit 1s
'

# write_config: writes $TIMES and then stdin.
write_config()
{
	{
		echo "$TIMES"
		cat
	} >"$WORK/lvsmon.conf"
}

# launch ARG...: starts lvsmon with the written configuration. Its log is
# $WORK/log.
launch()
{
	"$LVSMON_BIN/lvsmon" -p "$LVSMON_BIN/plugins" -f "$WORK/lvsmon.conf" \
		"$@" >>"$WORK/log" 2>&1 </dev/null &
	keeper=$!
}

# start ARG...: starts lvsmon with the configuration on stdin, and waits until
# its first round has ended.
start()
{
	write_config
	: >"$WORK/log"
	marked=0
	launch "$@"
	expect_log 'ready: '
}

stop()
{
	kill "$keeper"
	wait "$keeper" || fail "lvsmon ended with code $?"
}

# reload: reloads lvsmon with the configuration on stdin.
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

# expect_log and refuse_log look at the log from here on.
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

# listen_at SOCKET FILE: starts a reader of datagrams that prints them to FILE.
# Its process number is $ear.
listen_at()
{
	mkdir -p "$(dirname "$1")"
	"$NOTIFY" "$1" true >"$2" 2>&1 &
	# shellcheck disable=SC2034 # for the test
	ear=$!
	wait_until 5 test -S "$1" || fail "no reader at $1"
}

# expect_heard FILE PATTERN: waits until the reader has printed such a line.
expect_heard()
{
	wait_until $PATIENCE grep -qE -- "$2" "$1" ||
		fail "not heard: $2; but: $(tail -n 20 "$1")"
}

# weight SERVICE REAL: prints the weight, as `weight 'TCP 192.0.2.80:80'
# 10.0.0.11:80`. Prints nothing if the real is not in the table.
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

# expect_weight SERVICE REAL WEIGHT: waits for this weight; '' = not in the
# table.
expect_weight()
{
	wait_until $PATIENCE weight_is "$@" ||
		fail "$2 of $1 has weight '$(weight "$1" "$2")', not '$3'"
}

# expect_web N WEIGHT: the same for realN behind port 80 of the VIP.
expect_web()
{
	expect_weight "TCP $VIP:80" "10.0.0.1$1:80" "$2"
}

# fetch COUNT [URL]: the client sends so many requests, each on its own
# connection.
fetch()
{
	client curl -sS --fail --fail-early --max-time 5 \
		"${2:-http://$VIP/}?[1-$1]"
}

# expect_served URL NAME...: each of these answers, no other answers, and no
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

# Prints the number of connections of each entry. An entry that was made anew
# counts from 0.
counters()
{
	ipvsadm -Ln --stats --exact | awk '{ print $1, $2, $3 }'
}

# The kernel adds up its counters every two seconds.
settle()
{
	sleep 2.2
}

# Prints all that must not change if nothing is touched.
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

# servers_with_moods NAMESPACE ADDRESS COUNT PORT: starts servers that obey
# orders to descriptor 7. See tests/peers/moods.c.
servers_with_moods()
{
	mkfifo "$WORK/orders"
	in_ns "$1" setsid "$LVSMON_BIN/moods" "${@:2}" \
		<"$WORK/orders" >"$WORK/servers" 2>&1 &
	exec 7>"$WORK/orders"
}

# run_trials PHASE...: fails calls of lvsmon in these phases.
run_trials()
{
	servers_with_moods director 127.20.0.1 3 8090
	"$LVSMON_BIN/trials" "$LVSMON_BIN/lvsmon" "$LVSMON_BIN/plugins" \
		"$LVSMON_BIN/faults.so" "$WORK" "${LVSMON_SEED:?}" \
		"${LVSMON_SECONDS:?}" "$@"
}
