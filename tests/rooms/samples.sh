# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Part of run: a sample tree that breaks every rule, and the proof that each
# rule finds its fault there.

here=${here:?}

# write_function FILE NAME [CALLED]...: appends a function to a C file.
write_function()
{
	local file=$1 name=$2 called

	shift 2
	{
		echo "int $name(void)"
		echo '{'
		for called; do
			echo "	$called();"
		done
		echo '}'
		echo
	} >>"$sample/$file"
}

# Files that break the rules about included headers, one each.
write_includes()
{
	local file include

	while read -r file include; do
		echo "#include $include" >>"$sample/$file"
	done <<-'END'
		core/base/up.c "config/config.h"
		core/loop/up.c "config/config.h"
		core/config/up.c "loop/loop.h"
		core/health/up.c "policy/policy.h"
		core/policy/up.c "ipvs/table.h"
		core/ipvs/up.c "ipc/protocol.h"
		core/ipc/up.c "process/child.h"
		core/process/up.c "engine/engine.h"
		core/engine/across.c "ipvs/table.h"
		core/engine/up.c "keeper/keeper.h"
		core/keeper/up.c "vector.h"
		core/cellar/new.c "base/log.h"
		plugins/up.c "base/text.h"
		plugins/io.c <sys/socket.h>
		core/config/io.c <unistd.h>
		core/health/timer.c "base/clock.h"
		core/policy/wait.c <time.h>
		core/ipvs/table_io.c <fcntl.h>
		core/engine/grid.c <time.h>
		core/keeper/event.c <event2/event.h>
		core/engine/plugins.c <dlfcn.h>
		core/ipvs/table_netlink.c <netlink/netlink.h>
		core/keeper/say.c <syslog.h>
		core/base/notify2.c <systemd/sd-daemon.h>
		core/base/notify.c <systemd/sd-journal.h>
		core/engine/filter.c <seccomp.h>
		core/engine/tls.c <openssl/ssl.h>
		core/tls/up.c "keeper/keeper.h"
		plugins/match.c <pcre2.h>
		core/engine/probe.c <sys/socket.h>
		core/ipvs/one.h "ipvs/two.h"
		core/ipvs/two.h "ipvs/one.h"
	END
}

# hen and egg include one header that declares the functions of both, so only
# the calls show the circle. left and right hand each other a table.
write_circles()
{
	echo 'int hen_lay(void); int egg_hatch(void);' \
		>"$sample/core/keeper/yard.h"
	write_function core/keeper/hen.c hen_lay egg_hatch
	write_function core/keeper/egg.c egg_hatch hen_lay
	echo 'const int left_table[] = {' >"$sample/core/ipc/left.c"
	echo '	right_size };' >>"$sample/core/ipc/left.c"
	echo 'const int right_size = 1;' >"$sample/core/ipc/right.c"
	write_function core/ipc/right.c right_look left_table
}

# same_room and same_plugin must be found. step must not: the two plugins
# never meet. The mentions of far_call are no calls.
write_names()
{
	write_function core/base/one.c same_room
	write_function core/keeper/three.c same_room
	write_function plugins/http.c same_plugin
	write_function plugins/http_head.c same_plugin
	write_function plugins/ftp.c step
	write_function plugins/pop.c step
	write_function core/keeper/far.c far_call
	{
		echo '/* far_call() is called later. */'
		echo 'static const char text[] = "far_call()"; // far_call()'
		echo 'struct far_call { int far; };'
		echo 'static int look(struct far_call *at)'
		echo '{'
		echo '	return at->far_call;'
		echo '}'
	} >"$sample/core/base/near.c"
	echo >"$sample/plugins/near.c"
}

# One function of 81 lines in a file of more than 500, and many of 41 lines.
write_lengths()
{
	local i

	{
		echo 'int a(void)'
		echo '{'
		seq -f '	a(%g);' 81
		echo '}'
		seq -f '/* %g */' 500
	} >"$sample/core/engine/long.c"
	for i in {1..30}; do
		# shellcheck disable=SC2046 # one name each
		write_function core/engine/many.c "long_$i" $(seq -f 'b%g' 41)
	done
}

# Says which rules find nothing, or too much, in the sample.
check_rules()
{
	local sample said rule

	sample=$(mktemp -d)
	mkdir -p "$sample"/{plugins,tests,core/cellar} \
		"$sample"/core/{base,loop,config,health,policy,ipvs,ipc} \
		"$sample"/core/{process,engine,tls,keeper}
	write_includes
	write_circles
	write_names
	write_lengths
	said=$(LVSMON_ROOMS=$sample "$here/run" || true)
	rm -rf "$sample"
	while read -r rule; do
		grep -qF -e "$rule" <<<"$said" ||
			fault "the rule that says '$rule' finds nothing"
	done < <(list_findings)
	for rule in far_call ': step:' 'uses'; do
		! grep -F -e "$rule" <<<"$said" ||
			fault "a rule finds '$rule', which breaks none"
	done
}

list_findings()
{
	cat <<-'END'
		core/base/up.c:1: base knows config
		core/loop/up.c:1: loop knows config
		core/config/up.c:1: config knows loop
		core/health/up.c:1: health knows policy
		core/policy/up.c:1: policy knows ipvs
		core/ipvs/up.c:1: ipvs knows ipc
		core/ipc/up.c:1: ipc knows process
		core/process/up.c:1: process knows engine
		core/engine/across.c:1: engine knows ipvs
		core/engine/up.c:1: engine knows keeper
		core/keeper/up.c:1: keeper knows main
		core/tls/up.c:1: tls knows keeper
		core/cellar/new.c:1: cellar knows base (no such room)
		plugins/up.c:1: plugins knows base
		plugins/io.c:1:
		core/config/io.c:1:
		core/health/timer.c:1:
		core/policy/wait.c:1:
		core/ipvs/table_io.c:1:
		core/engine/grid.c:1:
		core/keeper/event.c:1:
		core/engine/plugins.c:1:
		core/ipvs/table_netlink.c:1:
		core/keeper/say.c:1:
		core/base/notify2.c:1:
		core/base/notify.c:1:
		core/engine/filter.c:1:
		core/engine/tls.c:1:
		plugins/match.c:1:
		core/engine/probe.c:1:
		a circle: core/ipvs/one -> core/ipvs/two
		a circle: core/keeper/egg -> core/keeper/hen
		a circle: core/ipc/left -> core/ipc/right
		two files have one name: core/base/near.c and plugins/near.c
		same_room: core/base/one.c:2 core/keeper/three.c:2
		same_plugin: plugins/http.c:2 plugins/http_head.c:2
		core/engine/long.c:2: 81 lines in a function
		core/engine/long.c: over 500 lines
		half of the functions have 41 lines or more
		one function of 20 has 41 lines or more
		no licence: core/engine/long.c
		, 3 circles, 14 arrows up
	END
}

# The rule for built checkers finds a checker's wrong import and export.
check_rule_of_checkers()
{
	local sample said

	[ -n "$build" ] || return 0
	sample=$(mktemp -d)
	mkdir -p "$sample/plugins" "$sample/core"
	echo 'int lvsmon_other(void); int own(void); int own(void)
		{ return lvsmon_other(); } int pcre2_match_8(void);
		int two(void); int two(void) { return pcre2_match_8(); }' |
		cc -x c -shared -fPIC -o "$sample/plugins/a.so" -
	cp "$sample/plugins/a.so" "$sample/plugins/banner.so"
	cp "$sample/plugins/a.so" "$sample/plugins/lvsmon-tls.so"
	said=$(LVSMON_ROOMS=$sample "$here/run" "$sample" || true)
	rm -rf "$sample"
	[[ $said == *'lvsmon-tls.so imports lvsmon_other
pcre2_match_8'*'lvsmon-tls.so exports own'* ]] ||
		fault "the rule for the module of TLS finds nothing"
	[[ $said == *'a.so imports lvsmon_other
pcre2_match_8'* && $said == *'banner.so imports lvsmon_other
rooms: '* && $said == *'exports own'* ]] ||
		fault "the rule for built checkers finds nothing"
}
