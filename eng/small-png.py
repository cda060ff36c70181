#!/usr/bin/env python3
"""Writes a screenshot as a PNG of at most 256 colours, a third of its size: small-png.py FROM TO. Nothing but the standard library."""
import collections, struct, sys, zlib


def read(path):
    data, at, packed = open(path, 'rb').read(), 8, b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        chunk, at = data[at + 8:at + 8 + size], at + size + 12
        if kind == b'IHDR': width, height, depth, color = struct.unpack('>IIBB', chunk[:10])
        if kind == b'IDAT': packed += chunk
    step, raw, before, pixels = {2: 3, 6: 4}[color], zlib.decompress(packed), None, []
    line = width * step
    for row in range(height):
        kind, now = raw[row * (line + 1)], bytearray(raw[row * (line + 1) + 1:(row + 1) * (line + 1)])
        before = before or bytearray(line)
        for i in range(line):
            left, up, corner = now[i - step] if i >= step else 0, before[i], before[i - step] if i >= step else 0
            if kind == 1: now[i] = now[i] + left & 255
            elif kind == 2: now[i] = now[i] + up & 255
            elif kind == 3: now[i] = now[i] + (left + up) // 2 & 255
            elif kind == 4:
                guess = left + up - corner
                now[i] = now[i] + min((left, up, corner), key=lambda value: abs(guess - value)) & 255
        pixels += [tuple(now[i:i + 3]) for i in range(0, line, step)]
        before = now
    return width, height, pixels


def write(path, width, height, pixels):
    palette = [color for color, _ in collections.Counter(pixels).most_common(256)]
    place = {color: number for number, color in enumerate(palette)}
    for color in set(pixels) - place.keys():
        place[color] = min(range(len(palette)), key=lambda number: sum((a - b) ** 2 for a, b in zip(color, palette[number])))
    rows = b''.join(b'\0' + bytes(place[pixel] for pixel in pixels[row * width:(row + 1) * width]) for row in range(height))
    chunks = [(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 3, 0, 0, 0)), (b'PLTE', b''.join(map(bytes, palette))), (b'IDAT', zlib.compress(rows, 9)), (b'IEND', b'')]
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + b''.join(struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body)) for kind, body in chunks))


write(sys.argv[2], *read(sys.argv[1]))
