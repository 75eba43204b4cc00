#!/usr/bin/env python3
"""Passes TCP connections on, each direction later by some time: relay.py PORT TARGET MILLISECONDS."""

import asyncio
import sys


async def pass_on(reader, writer, delay):
    """Every piece has its own due time, so that the delay does not limit the rate."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def write():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                writer.close()
                return
            writer.write(piece)

    writing = asyncio.create_task(write())
    try:
        while True:
            piece = await reader.read(65536)
            pieces.put_nowait((loop.time() + delay, piece))
            if not piece:
                break
    except ConnectionError:
        pieces.put_nowait((loop.time() + delay, b""))
    await writing


async def main(port, target, milliseconds):
    async def accept(reader, writer):
        await asyncio.sleep(2 * milliseconds / 1000)  # the handshake of TCP
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pass_on(reader, far_writer, milliseconds / 1000),
                             pass_on(far_reader, writer, milliseconds / 1000), return_exceptions=True)

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
