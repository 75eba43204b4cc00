"""A name server for the domain test, on port 53 of 127.0.0.1. The first label of a name says what becomes of a question."""
import socket
import struct
import threading

A, AAAA = 1, 28
ADDRESSES = {
    "four": {A: ["127.0.0.1"]},
    "six": {AAAA: ["::1"]},
    "both": {A: ["127.0.0.1"], AAAA: ["::1"]},
    "halfdead": {A: ["127.0.0.1", "127.0.0.9"]},
    # Nobody answers at the first one.
    "stuck": {A: ["127.0.0.9", "127.0.0.1"]},
    # Nothing is ever said about IPv6.
    "mute": {A: ["127.0.0.1"]},
    # Nothing is said before the second try.
    "late": {A: ["127.0.0.1"]},
    # Too long for UDP.
    "long": {A: [f"127.0.1.{number}" for number in range(1, 100)] + ["127.0.0.1"]},
    # Another name for one of these.
    "alias": {},
}
asked = set()


def encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(name, kind, data):
    return encoded(name) + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


def answer(query, by_tcp):
    labels, position = [], 12
    while query[position]:
        labels.append(query[position + 1:position + 1 + query[position]].decode().lower())
        position += 1 + query[position]
    kind = struct.unpack(">H", query[position + 1:position + 3])[0]
    question = query[12:position + 5]
    name, domain = labels[0], labels[1:]
    known = domain == ["test"] and name in ADDRESSES
    if name == "late" and known and not by_tcp and kind not in asked:
        asked.add(kind)
        return None
    if name == "mute" and kind == AAAA:
        return None
    records = []
    if known and name == "alias":
        records.append(record("alias.test", 5, encoded("four.test")))
        name = "four"
    if known:
        for address in ADDRESSES[name].get(kind, []):
            family = socket.AF_INET if kind == A else socket.AF_INET6
            records.append(record(f"{name}.test", kind, socket.inet_pton(family, address)))
    flags = 0x8580 if known else 0x8583
    if sum(map(len, records)) > 400 and not by_tcp:
        flags, records = flags | 0x0200, []
    return query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question + b"".join(records)


def serve_tcp(listener):
    while True:
        connection = listener.accept()[0]
        with connection, connection.makefile("rb") as stream:
            while len(length := stream.read(2)) == 2:
                reply = answer(stream.read(struct.unpack(">H", length)[0]), True)
                connection.sendall(struct.pack(">H", len(reply)) + reply)


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 53))
# A name server that takes every question and answers none.
dead = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dead.bind(("127.0.0.53", 53))
listener = socket.create_server(("127.0.0.1", 53))
threading.Thread(target=serve_tcp, args=[listener], daemon=True).start()
while True:
    message, client = udp.recvfrom(4096)
    if reply := answer(message, False):
        udp.sendto(reply, client)
