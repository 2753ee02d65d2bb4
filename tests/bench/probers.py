# SPDX-License-Identifier: GPL-2.0-or-later
"""The compared probers: their configurations, how they are started, and the
kernel's numbers about them."""
import contextlib
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import time

BUILD = pathlib.Path(sys.argv[1])
PORT = 8077
RESPONDER_CPU, PROBER_CPU = "0", "1"


def virtuals(services):
    """Virtuals of up to 250 reals each. Yields the virtual's address, the first
    three numbers of its reals' addresses, and the number of reals. The last
    number counts from .1. floor.c uses the same addresses."""
    for v in range((services + 249) // 250):
        yield (f"192.0.{v // 250}.{v % 250 + 1}",
               f"127.{1 + v // 256}.{v % 256}", min(250, services - v * 250))


def floor(mode, services, interval, work):
    return [str(BUILD / "bench/bench_floor"), mode, str(services),
            str(interval), str(PORT)], {}


def lvsmon(mode, services, interval, work, settings=""):
    check = "http -u /" if mode == "http" else mode
    text = [f"user nobody\nprobes 8192\naudit 0\n{settings}"
            f"interval {interval}ms timeout 3s\ncheck {check}\n"]
    for virtual, net, count in virtuals(services):
        text.append(f"virtual {virtual} {virtual}:80 {{\n"
                    f"real {net}.[1-{count}]:{PORT}\n}}\n")
    path = work / "lvsmon.conf"
    path.write_text("".join(text))
    return [str(BUILD / "lvsmon"), "-n", "-f", str(path), "-p",
            str(BUILD / "plugins")], {}


def lvsmon_hasty(mode, services, interval, work):
    """Does not wait for the end of the peer, but resets the connection."""
    return lvsmon(mode, services, interval, work, "linger 0\n")


def haproxy(mode, services, interval, work):
    text = ["global\n nbthread 1\n maxconn 500\n no strict-limits\n"
            " spread-checks 50\ndefaults\n mode tcp\n timeout connect 3s\n"
            " timeout client 3s\n timeout server 3s\n timeout check 3s\n"
            "frontend idle\n bind 127.0.0.1:8078\n"]
    for virtual, net, count in virtuals(services):
        text.append(f"backend {virtual}\n")
        text.append(" option httpchk GET /\n" if mode == "http" else "")
        text += [f" server s{real} {net}.{real}:{PORT} check "
                 f"inter {interval}ms\n" for real in range(1, count + 1)]
    path = work / "haproxy.cfg"
    path.write_text("".join(text))
    return ["haproxy", "-db", "-f", str(path)], {}


def keepalived(mode, services, interval, work):
    check = ("HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n"
             "connect_timeout 3\n}\n" if mode == "http" else
             "PING_CHECK {\nconnect_timeout 3\n}\n" if mode == "ping" else
             "TCP_CHECK {\nconnect_timeout 3\n}\n")
    text = []
    for virtual, net, count in virtuals(services):
        text.append(f"virtual_server {virtual} 80 {{\n"
                    f"delay_loop {interval / 1000:g}\nlb_algo rr\n"
                    "lb_kind NAT\nprotocol TCP\n")
        text += [f"real_server {net}.{real} {PORT} {{\nweight 1\n"
                 f"{check}}}\n" for real in range(1, count + 1)]
        text.append("}\n")
    path = work / "keepalived.conf"
    path.write_text("".join(text))
    return (["keepalived", "-n", "-C", "-G", "-f", str(path),
             "-p", str(work / "k.pid"), "-c", str(work / "c.pid")],
            {"LD_PRELOAD": str(BUILD / "bench/bench_no_ipvs.so")})


def ldirectord(mode, services, interval, work):
    """ldirectord makes one check after another, then sleeps. It calls ipvsadm,
    which true(1) replaces in a mount namespace of its own."""
    check = ('checktype=negotiate\n\tservice=http\n\trequest="/"\n'
             '\treceive="ok"' if mode == "http" else "checktype=connect")
    text = ["supervised=yes\nchecktimeout=3\n"
            f"checkinterval={interval // 1000}\n"]
    for virtual, net, count in virtuals(services):
        text.append(f"virtual={virtual}:80\n\tprotocol=tcp\n"
                    f"\tscheduler=rr\n\t{check}\n")
        text += [f"\treal={net}.{real}:{PORT} masq\n"
                 for real in range(1, count + 1)]
    path = work / "ldirectord.cf"
    path.write_text("".join(text))
    return ["unshare", "-m", "sh", "-c",
            "mount --bind /bin/true /usr/sbin/ipvsadm && "
            f"exec ldirectord {path} start"], {}


def fping(mode, services, interval, work):
    """-i: the milliseconds between two requests. fping ends if it sends more
    than 65,536 requests in 10 s."""
    path = work / "targets"
    path.write_text("".join(
        f"{net}.{real}\n" for _, net, count in virtuals(services)
        for real in range(1, count + 1)))
    return ["fping", "-l", "-q", "-i", "0.05", "-p", str(interval),
            "-t", "3000", "-f", str(path)], {}


PROBERS = [floor, lvsmon, lvsmon_hasty, haproxy, keepalived, ldirectord]
PINGERS = [lvsmon, keepalived, fping]


def checks_begun(mode):
    """Connections or echo requests that this machine has begun since its
    start."""
    protocol, name = (("Icmp:", "OutEchos") if mode == "ping" else
                      ("Tcp:", "ActiveOpens"))
    lines = [line.split() for line in open("/proc/net/snmp")
             if line.startswith(protocol)]
    return int(dict(zip(*lines))[name])


@contextlib.contextmanager
def all_may_ping():
    """Lets every group open ping sockets, for a while."""
    path = pathlib.Path("/proc/sys/net/ipv4/ping_group_range")
    before = path.read_text()
    path.write_text("0 2147483647")
    try:
        yield
    finally:
        path.write_text(before)


class Responder:
    def __init__(self, work):
        self.path = work / "counts"
        self.begin()

    def begin(self):
        self.process = subprocess.Popen(
            ["taskset", "-c", RESPONDER_CPU,
             str(BUILD / "bench/bench_responder"), str(PORT), str(self.path)])
        time.sleep(0.5)

    def end(self):
        self.process.kill()
        self.process.wait()

    def answered(self):
        return struct.unpack("QQ", self.path.read_bytes())[1]


def family(pid):
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            children = open(f"/proc/{parent}/task/{parent}/children").read()
            found += [int(child) for child in children.split()]
    return found


def cpu_us(pids):
    return sum(int(open(f"/proc/{pid}/schedstat").read().split()[0])
               for pid in pids) / 1000


def rollup(pids, fields):
    """Bytes in the fields of smaps_rollup that a pattern names."""
    return 1024 * sum(
        int(kb) for pid in pids for kb in re.findall(
            rf"^{fields}: +(\d+) kB",
            open(f"/proc/{pid}/smaps_rollup").read(), re.M))


def resident(pids):
    """Resident bytes. A page that they share counts once."""
    return rollup(pids, "Pss")


def private(pids):
    """Bytes that would be free without these processes."""
    return rollup(pids, "Private_(?:Clean|Dirty)")


@contextlib.contextmanager
def running(prober, mode, services, interval, work, out=None):
    """Runs a prober on its core. Its output goes to `out`, or to work/log."""
    command, environment = prober(mode, services, interval, work)
    process = subprocess.Popen(
        ["taskset", "-c", PROBER_CPU] + command, cwd=work,
        stdout=out or subprocess.DEVNULL,
        stderr=out or open(work / "log", "wb"),
        env={**os.environ, **environment})
    try:
        yield process
    finally:
        pids = family(process.pid)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            for pid in pids:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
        time.sleep(0.5)
