"""Run inside a network namespace of its own: a Milvus server, and a socket file through which it is reached.

The server listens on every interface there is; here there is none but loopback. Usage: milvus_server.py DATA SOCKET
"""

from __future__ import annotations

import asyncio
import subprocess
import sys

from milvus import MilvusServer

PORT = 19530
QUICK = {"log.level": "error", "proxy.timeTickInterval": 50}
"""A reader that wants to see all that was written waits for the next tick."""
ROLES = ("proxy", "rootCoord", "dataCoord", "queryCoord", "queryNode", "dataNode", "indexNode")


async def relay(source, target):
    while data := await source.read(2**16):
        target.write(data)
        await target.drain()
    target.close()


async def served(reader, writer):
    try:
        upstream = await asyncio.open_connection("127.0.0.1", PORT)
        await asyncio.gather(relay(reader, upstream[1]), relay(upstream[0], writer))
    except OSError:
        writer.close()


async def main(data, socket):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = MilvusServer()
    server.set_base_dir(data)
    server.listen_port = PORT
    server.config.extra_configs.update({f"{role}.ip": "127.0.0.1" for role in ROLES} | QUICK)
    server.start()
    try:
        async with await asyncio.start_unix_server(served, socket):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    finally:
        server.stop()


asyncio.run(main(*sys.argv[1:]))
