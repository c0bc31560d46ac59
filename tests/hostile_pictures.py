#!/usr/bin/env python3
"""Pictures as they should not be, made anew for each test: tests/hostile_pictures.py FOLDER. See src/features/gallery/gallery_test.c."""
import base64
import pathlib
import struct
import sys
import zlib

folder = pathlib.Path(sys.argv[1])


def put(name, data):
    (folder / name).write_bytes(data)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, color, body, extra=b""):
    head = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def rows(width, height, step=1):
    """A gradient with a dark mark in the first corner, so that it can be seen which side is up."""
    lines = bytearray()
    for y in range(height):
        lines.append(0)
        for x in range(width):
            mark = x < width // 4 and y < height // 4
            lines += b"\x00\x00\x00" if mark else bytes((200, x * 255 // width, y * 255 // height))
    return bytes(lines)


def zeros(count):
    packer = zlib.compressobj(1)
    block, out = bytes(1 << 20), []
    while count > 0:
        out.append(packer.compress(block[:min(count, len(block))]))
        count -= len(block)
    return b"".join(out) + packer.flush()


photo = png(640, 480, 8, 2, zlib.compress(rows(640, 480), 1))
put("photo.png", photo)
put("header.png", png(40000, 40000, 8, 2, zlib.compress(b"\0" * 100)))               # says so and has nothing
put("huge.png", png(40000, 40000, 1, 0, zeros(40000 * 5001)))                        # and one that has it all
put("bomb.png", png(6000, 6000, 8, 6, zeros(6000 * 24001)))                          # 140 MB in 140 KB
put("words.png", png(64, 64, 8, 2, zlib.compress(rows(64, 64)), chunk(b"zTXt", b"a\0\0" + zeros(60 << 20))))
put("cut.png", photo[:len(photo) // 2])
put("gif.gif", base64.b64decode("R0lGODlhAQABAPAAAP8AAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAAAQABAAACAkQBACH5BAAKAAAALAAAAAABAAEAgAAA/wAAAAICRAEAOw=="))
put("script.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>')
put("svg.png", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>')
put("fake.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\xff" * 4000)
put("noise.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40)
put("empty.jpg", b"")
