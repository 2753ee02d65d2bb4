# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A library: Debian's servers on the reals of net/net.sh. Each has files of its
# own under $SERVERS and uses no configuration of the machine.

SERVERS=${SERVERS:-/run/servers}

# wait_until SECONDS COMMAND...: waits until the command succeeds. Fails after
# that time.
wait_until()
{
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# listens NAMESPACE PORT: connects, so do not use it for servers that count
# connections.
listens()
{
	in_ns "$1" bash -c "exec 3<>/dev/tcp/127.0.0.1/$2"
}

# nginx N answers "realN" at /, and "ok" at /healthz if the file exists. The
# file at /big is large, so that a download takes some time.
nginx_config()
{
	cat <<-END
		pid $SERVERS/nginx$1/pid;
		error_log $SERVERS/nginx$1/error.log;
		worker_processes 1;
		events {
		}
		http {
			access_log $SERVERS/nginx$1/access.log;
			keepalive_timeout 0;
			server {
				listen 80;
				listen [::]:80;
				listen 8080;
				root $SERVERS/nginx$1/www;
				location = / {
					return 200 "real$1\n";
				}
			}
		}
	END
}

nginx_start()
{
	local dir=$SERVERS/nginx$1

	mkdir -p "$dir/www"
	nginx_config "$1" >"$dir/conf"
	echo ok >"$dir/www/healthz"
	[ -e "$dir/www/big" ] ||
		head -c 4194304 /dev/urandom >"$dir/www/big"
	in_ns "real$1" nginx -c "$dir/conf" -e "$dir/error.log"
}

sshd_start()
{
	net_touch "$1"
	local dir=$SERVERS/sshd$1

	mkdir -p "$dir" /run/sshd
	[ -e "$dir/key" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
	cat >"$dir/conf" <<-END
		Port 22
		HostKey $dir/key
		PidFile $dir/pid
		UsePAM no
		LogLevel VERBOSE
	END
	in_ns "real$1" /usr/sbin/sshd -f "$dir/conf" -E "$dir/log"
	wait_until 5 listens "real$1" 22
}

# A mail server that accepts mail for anybody@example.org and loses it. The user
# probe can log in with the password geheim.
exim_config()
{
	cat <<-END
		primary_hostname = mail$1.example.org
		spool_directory = $SERVERS/exim$1/spool
		log_file_path = $SERVERS/exim$1/%slog
		pid_file_path = $SERVERS/exim$1/pid
		daemon_smtp_ports = 25
		local_interfaces = <; 0.0.0.0; ::0
		tls_advertise_hosts =
		acl_smtp_rcpt = rcpt
		host_lookup =
		rfc1413_query_timeout = 0s
		begin acl
		rcpt:
			accept domains = example.org
			deny
		begin authenticators
		plain:
			driver = plaintext
			public_name = PLAIN
			server_condition = \
				\${if and{{eq{\$auth2}{probe}}{eq{\$auth3}{geheim}}}}
	END
}

greets()
{
	in_ns "$1" nc -w 5 127.0.0.1 25 <<<QUIT | grep -q '^220 '
}

exim_start()
{
	net_touch "$1"
	local dir=$SERVERS/exim$1

	mkdir -p "$dir/spool"
	exim_config "$1" >"$dir/conf"
	chown Debian-exim: "$dir" "$dir/spool"
	in_ns "real$1" exim4 -C "$dir/conf" -bd
	# The first greetings are slow: each needs a process of its own.
	wait_until 10 greets "real$1"
}

# peer_start N KIND PORT [TEXT]: starts a server of tests/peers/peer.c on realN.
peer_start()
{
	local name=real$1

	net_touch "$1"
	shift
	in_ns "$name" setsid "$PEER" "$@" </dev/null >/dev/null 2>&1 &
	[ "$1" = udp ] || wait_until 5 listens "$name" "$2"
}

# real_signal SIGNAL N: signals every process on realN.
real_signal()
{
	local pids

	net_touch "$2"
	pids=$(ip netns pids "real$2")
	# shellcheck disable=SC2086 # one word each
	[ -z "$pids" ] || kill "-$1" $pids
}

real_kill()
{
	real_signal KILL "$1"
	wait_until 5 real_is_empty "$1"
}

real_is_empty()
{
	[ -z "$(ip netns pids "real$1")" ]
}

real_freeze()
{
	real_signal STOP "$1"
}

real_thaw()
{
	real_signal CONT "$1"
}
