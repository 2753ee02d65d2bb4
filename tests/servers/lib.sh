# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The words of the files in t/, and what run, trial and init share.
#
# A file names package, logs and checks, and it defines start. See README.md of
# the tests. The file is read several times, so only its functions act.

# From trial: the server's own folder, which is empty at first.
DIR=${DIR:-}
# The folder of unpack.
UNPACKED=${UNPACKED:-}

# Package of the server, a pattern of dpkg-query. Its version is printed.
package=
# Set if the package is in [servers-unpacked].
unpacked=
# Patterns of the server's log files in $DIR. "log" has all that the server
# prints or sends to syslog.
logs=log

# Each check with its port, and what is expected of it.
check_lines=()
check_ports=()
check_logs=()
check_nevers=()
check_frozen=()
check_stopped=()
# Each check that must fail: the number of the good check, its kind, its text
# and the expected reason.
wrong_checks=()
wrong_kinds=()
wrong_lines=()
wrong_reasons=()

# check PORT LINE [OPTION]...: a check that must be up while the server is
# healthy. LINE is the rest of a line of lvsmon.conf. The options are:
#
#   log=silent|any|NUMBER  lines that each probe adds to the logs
#   never=PATTERN          no such line is among them
#   frozen=PATTERN         reason if the server is frozen; up: not seen
#   stopped=PATTERN        reason if the server is stopped
#
# Patterns are extended regular expressions.
check()
{
	local log=any never='' frozen='timed out|waiting' stopped='connection refused'
	local option

	check_ports+=("$1")
	check_lines+=("$2")
	for option in "${@:3}"; do
		case $option in
		log=*) log=${option#*=} ;;
		never=*) never=${option#*=} ;;
		frozen=*) frozen=${option#*=} ;;
		stopped=*) stopped=${option#*=} ;;
		*) fault "check: what is '$option'?" ;;
		esac
	done
	check_logs+=("$log")
	check_nevers+=("$never")
	check_frozen+=("$frozen")
	check_stopped+=("$stopped")
}

# wrong_answer LINE REASON: a check on the port of the check above it that must
# be down, with a reason that matches.
wrong_answer()
{
	wrong answer "$@"
}

# wrong_credentials LINE REASON: the same, and the server refuses the login.
wrong_credentials()
{
	wrong credentials "$@"
}

wrong()
{
	wrong_kinds+=("$1")
	wrong_lines+=("$2")
	wrong_reasons+=("$3")
	wrong_checks+=($((${#check_lines[@]} - 1)))
}

# setup prepares files and accounts before start. Most servers need none.
setup()
{
	:
}

# account NAME: makes a user and a group, if this machine has none.
account()
{
	local id=$((64400 + $(wc -l </etc/passwd)))

	grep -q "^$1:" /etc/group || echo "$1:x:$id:" >>/etc/group
	grep -q "^$1:" /etc/passwd ||
		echo "$1:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
}

# own USER PATH...: gives it to the user and the group of that name.
own()
{
	chown -R "$1:" "${@:2}"
}

# as USER COMMAND...: runs it as the user.
as()
{
	setpriv --reuid "$1" --regid "$(id -g "$1")" --clear-groups "${@:2}"
}

fault()
{
	echo "$*" >&2
	exit 1
}

# row FIELD...: prints a line of the table.
row()
{
	printf '%-6s %-11s %-9s %-8s %-5s %-7s %-18s %-29s %-26s %-24s %s\n' "$@"
}
