# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A library: director, client and real servers, each in a network namespace
# of its own, on one Ethernet segment.
#
#   client   192.0.2.2  2001:db8:1::2
#   director 192.0.2.1  2001:db8:1::1   10.0.0.1   2001:db8:2::1
#   realN                               10.0.0.1N  2001:db8:2::1N
#   VIP      192.0.2.80 2001:db8:1::80, on the director
#
# A real answers by way of the director unless net_direct or net_tunnel was
# called for it. So address translation (masq) needs nothing more.
#
# A process costs user-mode Linux tens of milliseconds. So one ip(8) does as
# much as possible.

VIP=192.0.2.80
VIP6=2001:db8:1::80
FRONT=192.0.2.0/24
FRONT6=2001:db8:1::/64

# in_ns NAMESPACE COMMAND...: runs a command there.
in_ns()
{
	local name=$1

	shift
	nsenter --net="/run/netns/$name" "$@"
}

client()
{
	in_ns client "$@"
}

# net_load MODULE...: loads modules from the folder that init made.
net_load()
{
	modprobe -a -d /run/modules "$@"
}

# net_sysctls NAMESPACE NAME=VALUE...: names are paths under /proc/sys/net.
net_sysctls()
{
	local name=$1

	shift
	# shellcheck disable=SC2016 # the inner shell's
	in_ns "$name" bash -c 'for setting; do
		echo "${setting#*=}" >"/proc/sys/net/${setting%%=*}"
	done' - "$@"
}

# net_ip NAMESPACE: runs the ip(8) commands on stdin, one a line.
net_ip()
{
	ip -n "$1" -batch -
}

net_switch()
{
	ip netns add switch
	net_ip switch <<-END
		link set lo up
		link add bridge type bridge forward_delay 0
		link set bridge up
	END
}

# net_plug NAMESPACE MAC: makes a namespace with a cable to the switch. A real
# that is made anew has the same MAC, so that neighbour tables stay right.
net_plug()
{
	ip netns add "$1"
	net_ip switch <<-END
		link add to-$1 type veth peer name eth0 address $2 netns $1
		link set to-$1 master bridge up
	END
}

# Redirects would tell reals of a way around the translation. The director does
# not send them, as far as it can be told so, and the reals ignore them.
net_director()
{
	net_plug director 02:00:00:00:00:01
	net_ip director <<-END
		link set lo up
		link set eth0 up
		address add 192.0.2.1/24 dev eth0
		address add $VIP/32 dev eth0
		address add 10.0.0.1/16 dev eth0
		address add 2001:db8:1::1/64 dev eth0 nodad
		address add $VIP6/128 dev eth0 nodad
		address add 2001:db8:2::1/64 dev eth0 nodad
	END
	net_sysctls director ipv4/ip_forward=1 ipv6/conf/all/forwarding=1 \
		ipv4/conf/all/send_redirects=0 ipv4/conf/eth0/send_redirects=0
}

net_client()
{
	net_plug client 02:00:00:00:00:02
	net_ip client <<-END
		link set lo up
		link set eth0 up
		address add 192.0.2.2/24 dev eth0
		address add 2001:db8:1::2/64 dev eth0 nodad
	END
}

# net_real N
net_real()
{
	net_plug "real$1" "02:00:00:00:01:0$1"
	net_sysctls "real$1" ipv6/conf/eth0/accept_redirects=0
	net_ip "real$1" <<-END
		link set lo up
		link set eth0 up
		address add 10.0.0.1$1/16 dev eth0
		address add 2001:db8:2::1$1/64 dev eth0 nodad
		route add default via 10.0.0.1
		route add default via 2001:db8:2::1
	END
}

net_unplug()
{
	net_ip switch <<<"link del to-$1"
	ip netns del "$1"
}

# net_touch N: notes for guest that a test changed realN.
net_touch()
{
	[ -z "${WORK-}" ] || : >"$WORK/touched$1"
}

# net_up COUNT: makes everything, with so many reals. Only the director has
# IPVS.
net_up()
{
	local i

	net_load ip_vs veth bridge
	net_switch
	net_director
	net_client
	for ((i = 1; i <= $1; i++)); do
		net_real "$i"
	done
}

# net_direct N: realN accepts packets for the VIP, does not announce the VIP,
# and answers the client itself.
net_direct()
{
	net_touch "$1"
	net_sysctls "real$1" ipv4/conf/all/arp_ignore=1 \
		ipv4/conf/all/arp_announce=2
	net_ip "real$1" <<-END
		route replace $FRONT dev eth0
		route replace $FRONT6 dev eth0
		address replace $VIP/32 dev lo
		address replace $VIP6/128 dev lo
	END
}

# net_tunnel N: as net_direct, but packets come from an IP-in-IP tunnel.
net_tunnel()
{
	net_touch "$1"
	net_load ipip
	net_ip "real$1" <<-END
		link set tunl0 up
		route replace $FRONT dev eth0
		address replace $VIP/32 dev tunl0
	END
	net_sysctls "real$1" ipv4/conf/all/arp_ignore=1 \
		ipv4/conf/all/arp_announce=2 ipv4/conf/all/rp_filter=0 ipv4/conf/tunl0/rp_filter=0
}

# net_filter N DROP|REJECT PORT: realN filters TCP packets to PORT.
net_filter()
{
	net_touch "$1"
	in_ns "real$1" iptables-legacy -A INPUT -p tcp --dport "$3" -j "$2"
}

net_unfilter()
{
	in_ns "real$1" iptables-legacy -F INPUT
}

# net_many N: gives realN 200 and more addresses, from 10.0.20N.1 on.
net_many()
{
	net_touch "$1"
	net_ip "real$1" <<<"address replace 10.0.20$1.1/24 dev lo"
	net_ip director <<<"route replace 10.0.20$1.0/24 via 10.0.0.1$1"
}
