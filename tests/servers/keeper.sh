# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A library of trial: lvsmon with the checks of the server. Needs $out, $work
# and $patience, and the words of lib.sh.

keeper=
targets=0
probes=0
failures=0

# wait_until COMMAND...: waits until it succeeds. Fails if patience ends.
wait_until()
{
	local end=$((SECONDS + patience))

	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# watch INTERVAL: starts lvsmon with the virtuals on stdin, and waits until its
# first round has ended.
watch()
{
	{
		echo "user nobody interval $1 timeout 1500ms rise 1 fall 2"
		cat
	} >"$work/lvsmon.conf"
	forget_log
	"$out/bin/lvsmon" -n -p "$out/bin/plugins" -f "$work/lvsmon.conf" \
		</dev/null >>"$work/lvsmon.log" 2>&1 &
	keeper=$!
	wait_until log_has 'ready: ' || fault "lvsmon is not ready"
}

unwatch()
{
	kill "$keeper"
	wait "$keeper" || fault "lvsmon ended with code $?"
}

# pause_keeper: stops all processes of lvsmon. No further probe begins.
pause_keeper()
{
	pkill -STOP -P "$keeper"
	kill -STOP "$keeper"
}

resume_keeper()
{
	kill -CONT "$keeper"
	pkill -CONT -P "$keeper"
}

# virtual NAME PORT LINE: prints a virtual with one real server and one check.
virtual()
{
	targets=$((targets + 1))
	printf 'virtual %s 192.0.2.1:%s {\n\treal 127.0.0.1:%s {\n' \
		"$1" "$targets" "$2"
	printf '\t\tcheck %s\n\t}\n}\n' "$3"
}

good_virtual()
{
	virtual "check$1" "${check_ports[$1]}" "${check_lines[$1]}"
}

good_virtuals()
{
	local i

	for i in "${!check_lines[@]}"; do
		good_virtual "$i"
	done
}

wrong_virtuals()
{
	local i

	for i in "${!wrong_lines[@]}"; do
		virtual "wrong$i" "${check_ports[${wrong_checks[$i]}]}" \
			"${wrong_lines[$i]}"
	done
}

forget_log()
{
	: >"$work/lvsmon.log"
}

log_has()
{
	grep -qE -- "$1" "$work/lvsmon.log"
}

# ask_status: asks lvsmon for its status. The last line is that of a check.
ask_status()
{
	forget_log
	kill -USR1 "$keeper"
	wait_until log_has 'status: .* in a row$' ||
		fault "lvsmon does not tell its status"
}

# goods_are_up: the checks that must be up are, and no other check is.
goods_are_up()
{
	ask_status
	log_has "status: .*, ${#check_lines[@]} of [0-9]+ reals? up"
}

# has_probed NUMBER: whether the only check has. Sets probes and failures.
has_probed()
{
	local line

	ask_status
	line=$(grep ' successes, ' "$work/lvsmon.log")
	[[ $line =~ ([0-9]+)' successes, '([0-9]+)' failures' ]]
	failures=${BASH_REMATCH[2]}
	probes=$((BASH_REMATCH[1] + failures))
	[ "$probes" -ge "$1" ]
}

# went_down TARGET: whether the log says so.
went_down()
{
	log_has " of $1: down: "
}

# reason_of TARGET: prints the last reason, without the name of the checker and
# without times and counts.
reason_of()
{
	sed -nE "s/.* of $1: down: [^ ]* //p" "$work/lvsmon.log" | tail -n 1 |
		sed -E 's/, [0-9]+ ms,.*//'
}
