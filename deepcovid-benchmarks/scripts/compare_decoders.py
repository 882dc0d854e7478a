"""Compares our decoding of PNG, JPEG, BMP, TIFF and DICOM files with other decoders.

Writes a corpus of encoder settings, decodes it with org.deepcovid.benchmarks.DecodeFiles, with
djpeg, Pillow, libtiff's tiff2rgba, Netpbm's bmptopnm and dcmtk's dcmj2pnm, each where it reads the
samples as they are, and compares with the encoded samples where the format is lossless. One line of
CSV per setting: number of files, largest difference in grey levels, and how many files we refuse.
Debian:

    apt-get install libjpeg-turbo-progs libtiff-tools netpbm dcmtk libopenjp2-tools \
        python3-pil python3-pydicom

    python3 compare_decoders.py RESULT.csv java -cp CLASSPATH org.deepcovid.benchmarks.DecodeFiles

With a folder only, reads damaged files that we accepted, NAME beside NAME.pnm with our pixels
(MutatedFilesTest writes them), prints what other decoders make of them, and exits with 1 if one
refuses a file for lost data or gives other pixels:

    python3 compare_decoders.py FOLDER
"""

import collections
import csv
import io
import math
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

import pydicom
from PIL import Image, ImageOps
from pydicom.encaps import encapsulate

WIDTH, HEIGHT = 61, 45


def level(x, y, c, top):
    """Blobs with noise over the whole range of samples."""
    wave = math.sin((x + 7 * c) / 6) * math.cos(y / (5 + c))
    noise = random.Random(x * 4099 + y * 31 + c).uniform(-0.12, 0.12)
    return max(0, min(top, round((0.5 + 0.42 * wave + noise) * top)))


def samples(bands, top, low=0):
    return [
        [[low + level(x, y, c, top - low) for c in range(bands)] for x in range(WIDTH)]
        for y in range(HEIGHT)
    ]


def packed(values, bits, order="big"):
    if bits == 16:
        return b"".join(v.to_bytes(2, order) for v in values)
    text = "".join(format(v, f"0{bits}b") for v in values)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def grey8(value, top):
    return (2 * value * 255 + top) // (2 * top)


def expected(rows, top, palette=None, inverse=False, colours=None):
    """What the picture is in 8 bits: rows of pixels, each 1 or 3 samples."""
    result = []
    for row in rows:
        for pixel in row:
            if palette:
                result.append(tuple(palette[pixel[0]]))
            else:
                scaled = [grey8(v, top) for v in pixel[:colours]]
                result.append(tuple(255 - v for v in scaled) if inverse else tuple(scaled))
    if palette and all(len(set(p)) == 1 for p in palette):
        result = [(p[0],) for p in result]
    return result


class Corpus:
    def __init__(self, folder):
        self.folder = folder
        self.settings = {}
        self.truth = {}

    def add(self, setting, content, suffix, truth=None):
        name = f"{len(self.settings):05d}.{suffix}"
        (self.folder / name).write_bytes(content)
        self.settings[name] = setting
        if truth is not None:
            self.truth[name] = truth
        return name


# PNG


def png(rows, colour_type, bits, palette=None, interlaced=False, extra=()):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    bands = len(rows[0][0])
    step = max(1, bands * bits // 8)
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4)]
        passes += [(1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for left, top, across, down in passes:
        above = None
        for y in range(top, HEIGHT, down):
            line = packed([v for x in range(left, WIDTH, across) for v in rows[y][x]], bits)
            above = above or bytes(len(line))
            kind = (y + bits) % 5
            data += bytes([kind]) + filtered(line, above, step, kind)
            above = line
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colour_type, 0, 0, interlaced)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    for kind, body in extra:
        content += chunk(kind, body)
    if palette:
        content += chunk(b"PLTE", bytes(v for colour in palette for v in colour))
    return content + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def filtered(line, above, step, kind):
    out = bytearray()
    for i, value in enumerate(line):
        a = line[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out.append((value - (0, a, b, (a + b) // 2, nearest)[kind]) % 256)
    return bytes(out)


def palettes(size):
    shades = [(v,) * 3 for v in (round(i * 255 / (size - 1)) for i in range(size))]
    yield "grey ramp", shades
    yield "inverted grey ramp", shades[::-1]
    yield "shuffled greys", random.Random(1).sample(shades, size)
    yield "greys of a part", [(40 + v[0] // 2,) * 3 for v in shades]
    colours = random.Random(2)
    yield "colours", [tuple(colours.randrange(256) for _ in range(3)) for _ in range(size)]
    yield "greys and one colour", shades[:-1] + [(255, 0, 0)]


def png_corpus(corpus):
    for interlaced in (False, True):
        kind = "PNG interlaced" if interlaced else "PNG"
        for colour_type, name, bands, colours, depths in (
            (0, "grey", 1, 1, (1, 2, 4, 8, 16)),
            (2, "RGB", 3, 3, (8, 16)),
            (4, "grey and alpha", 2, 1, (8, 16)),
            (6, "RGB and alpha", 4, 3, (8, 16)),
        ):
            for bits in depths:
                top = (1 << bits) - 1
                rows = samples(bands, top)
                content = png(rows, colour_type, bits, interlaced=interlaced)
                truth = expected(rows, top, colours=colours)
                corpus.add((kind, f"{name} {bits} bits"), content, "png", truth)
        for bits in (1, 2, 4, 8):
            for name, palette in palettes(1 << bits):
                rows = samples(1, (1 << bits) - 1)
                content = png(rows, 3, bits, palette, interlaced)
                truth = expected(rows, 0, palette)
                corpus.add((kind, f"palette {bits} bits"), content, "png", truth)
    for used in (8, 10, 12, 14, 15):
        rows = samples(1, (1 << used) - 1)
        truth = expected(rows, (1 << used) - 1)
        declared = png(rows, 0, 16, extra=[(b"sBIT", bytes([used]))])
        corpus.add(("PNG", f"grey 16 bits, sBIT {used}"), declared, "png", truth)
        if used < 15:
            corpus.add(("PNG", f"grey 16 bits, {used} used"), png(rows, 0, 16), "png", truth)


# BMP


def bmp(rows, bits, palette=None, header=40, top_down=False, masks=None, runs=None):
    lines = []
    for row in rows:
        if bits <= 8:
            line = packed([p[0] for p in row], bits)
        elif masks:
            values = []
            for pixel in row:
                word = 0
                for value, mask in zip(pixel, masks):
                    word |= value << (mask & -mask).bit_length() - 1
                values.append(word.to_bytes(bits // 8, "little"))
            line = b"".join(values)
        else:
            line = b"".join(bytes(p[2::-1]) + b"\0" * (bits // 8 - 3) for p in row)
        lines.append(line + b"\0" * (-len(line) % 4))
    data = runs if runs is not None else b"".join(lines if top_down else lines[::-1])
    default = not masks or masks == (0x7C00, 0x3E0, 0x1F)
    compression = {4: 2, 8: 1}[bits] if runs is not None else 0 if default else 3
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits)
        colours = b"".join(bytes(c[::-1]) for c in palette or ())
    else:
        height = -HEIGHT if top_down else HEIGHT
        fields = (header, WIDTH, height, 1, bits, compression, len(data), 0, 0)
        info = struct.pack("<IiiHHIIiiII", *fields, len(palette or ()), 0)
        mask_bytes = b"".join(m.to_bytes(4, "little") for m in masks or (0, 0, 0))
        if header > 40:
            info = (info + mask_bytes).ljust(header, b"\0")
        elif compression == 3:
            info += mask_bytes
        colours = b"".join(bytes(c[::-1]) + b"\0" for c in palette or ())
    start = 14 + len(info) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + colours + data


def run_length(rows, bits):
    out = b""
    for row in rows[::-1]:
        values = [p[0] for p in row]
        x = 0
        while x < WIDTH:
            count = min(WIDTH - x, 7 + x % 11)
            part = values[x : x + count]
            if len(set(part)) == 1:
                value = part[0] * (17 if bits == 4 else 1)
                out += bytes([count, value])
            else:
                line = packed(part, bits)
                out += bytes([0, count]) + line + b"\0" * (len(line) % 2)
            x += count
        out += b"\0\0"
    return out + b"\0\1"


def bmp_corpus(corpus):
    for header in (12, 40, 108, 124):
        for bits in (1, 4, 8):
            for name, palette in palettes(1 << bits):
                rows = samples(1, (1 << bits) - 1)
                content = bmp(rows, bits, palette, header)
                truth = expected(rows, 0, palette)
                corpus.add(("BMP", f"palette {bits} bits, header {header}"), content, "bmp", truth)
                if bits > 1 and header == 40:
                    flat = [[[p[0] // 5 * 5] for p in row] for row in rows]
                    flat[9] = [[3]] * WIDTH
                    content = bmp(flat, bits, palette, runs=run_length(flat, bits))
                    truth = expected(flat, 0, palette)
                    corpus.add(("BMP", f"palette {bits} bits, runs"), content, "bmp", truth)
        rows = samples(3, 255)
        content = bmp(rows, 24, header=header)
        corpus.add(("BMP", f"RGB 24 bits, header {header}"), content, "bmp", expected(rows, 255))
        if header > 12:
            content = bmp(rows, 32, header=header)
            truth = expected(rows, 255)
            corpus.add(("BMP", f"RGB 32 bits, header {header}"), content, "bmp", truth)
    corpus.add(("BMP", "RGB 24 bits, top down"), bmp(rows, 24, top_down=True), "bmp", truth)
    for bits, masks in (
        (16, (0x7C00, 0x3E0, 0x1F)),
        (16, (0xF800, 0x7E0, 0x1F)),
        (32, (0xFF0000, 0xFF00, 0xFF)),
        (32, (0xFF000000, 0xFF0000, 0xFF00)),
        (32, (0xFF, 0xFF00, 0xFF0000)),
    ):
        tops = [mask // (mask & -mask) for mask in masks]
        rows = [[[v * t // 255 for v, t in zip(p, tops)] for p in r] for r in samples(3, 255)]
        truth = [tuple(grey8(v, t) for v, t in zip(p, tops)) for r in rows for p in r]
        name = ", ".join(f"{m:x}" for m in masks)
        content = bmp(rows, bits, masks=masks)
        corpus.add(("BMP", f"RGB {bits} bits, masks {name}"), content, "bmp", truth)


# TIFF


def tiff(rows, photometric, bits, palette=None, order="<", planar=False, extra=()):
    bands = len(rows[0][0])
    name = "little" if order == "<" else "big"
    if planar:
        planes = [[[[p[c]] for p in row] for row in rows] for c in range(bands)]
    else:
        planes = [rows]
    blocks = [
        b"".join(packed([v for p in row for v in p], bits, name) for row in plane)
        for plane in planes
    ]
    tags = {
        256: [WIDTH], 257: [HEIGHT], 258: [bits] * bands, 259: [1], 262: [photometric],
        277: [bands], 278: [HEIGHT], 284: [2 if planar else 1],
    }  # fmt: skip
    if palette:
        tags[320] = [v * 257 for c in range(3) for v in [colour[c] for colour in palette]]
    tags.update(extra)
    body = b"".join(blocks)
    starts = [8 + sum(map(len, blocks[:i])) for i in range(len(blocks))]
    tags[273], tags[279] = starts, [len(b) for b in blocks]
    start = 8 + len(body) + len(body) % 2
    directory = struct.pack(order + "H", len(tags))
    outside = b""
    for tag, values in sorted(tags.items()):
        long = tag in (273, 279)
        data = struct.pack(order + str(len(values)) + ("I" if long else "H"), *values)
        field = data.ljust(4, b"\0")
        if len(data) > 4:
            at = start + 2 + 12 * len(tags) + 4 + len(outside)
            field = struct.pack(order + "I", at)
            outside += data
        directory += struct.pack(order + "HHI", tag, 4 if long else 3, len(values)) + field
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
    return head + body + b"\0" * (len(body) % 2) + directory + bytes(4) + outside


COPIES = (
    "-c none", "-c none -r 7", "-c none -t -w 16 -l 32", "-c lzw", "-c lzw -r 5", "-c lzw:2",
    "-c zip", "-c zip:2 -r 9", "-c packbits", "-c packbits -r 4", "-c lzw -t -w 32 -l 16",
    "-c zip:2 -t -w 16 -l 16", "-c lzw:2 -B", "-c zip:2 -L", "-c lzw -f lsb2msb",
    "-c none -f lsb2msb", "-c lzw -p separate", "-c zip:2 -p separate -t -w 16 -l 16",
)  # fmt: skip


PLANAR_WORDS = "RGB 16 bits, planar"


def tiff_corpus(corpus, scratch):
    def add(setting, content, truth):
        corpus.add(setting + ("as written",), content, "tif", truth)
        source, copy = scratch / "source.tif", scratch / "copy.tif"
        source.write_bytes(content)
        for options in COPIES:
            if "-p" in options and len(truth[0]) == 1:
                continue
            if "-t" in options and setting[1] == PLANAR_WORDS:
                continue  # tiffcp damages them, as tiff2rgba confirms
            command = ["tiffcp", *options.split(), source, copy]
            done = subprocess.run(command, capture_output=True)
            if done.returncode == 0 and not done.stderr:
                kind = setting + (f"tiffcp {options}",)
                corpus.add(kind, copy.read_bytes(), "tif", truth)

    for order in "<>":
        for photometric, inverse in ((0, True), (1, False)):
            for bits in (1, 2, 4, 8, 10, 12, 14, 16):
                top = (1 << bits) - 1
                rows = samples(1, top)
                truth = expected(rows, top, inverse=inverse)
                name = f"grey {bits} bits" + (", white is 0" if inverse else "")
                add(("TIFF", name), tiff(rows, photometric, bits, order=order), truth)
        for bits in (4, 8, 12, 16):
            top = (1 << bits) - 1
            rows = samples(3, top)
            for planar in (False, True):
                content = tiff(rows, 2, bits, order=order, planar=planar)
                name = f"RGB {bits} bits" + (", planar" if planar else "")
                add(("TIFF", name), content, expected(rows, top))
        for bits in (8, 16):
            top = (1 << bits) - 1
            for photometric, bands, name in ((1, 2, "grey"), (2, 4, "RGB")):
                rows = samples(bands, top)
                content = tiff(rows, photometric, bits, order=order, extra={338: [2]}.items())
                truth = expected(rows, top, colours=bands - 1)
                add(("TIFF", f"{name} and alpha {bits} bits"), content, truth)
        for bits in (1, 2, 4, 8):
            for name, palette in palettes(1 << bits):
                rows = samples(1, (1 << bits) - 1)
                content = tiff(rows, 3, bits, palette, order)
                add(("TIFF", f"palette {bits} bits"), content, expected(rows, 0, palette))
    for used in (8, 10, 12, 14):
        rows = samples(1, (1 << used) - 1)
        truth = expected(rows, (1 << used) - 1)
        add(("TIFF", f"grey 16 bits, {used} used"), tiff(rows, 1, 16), truth)
        content = tiff(rows, 1, 16, extra={281: [(1 << used) - 1]}.items())
        add(("TIFF", f"grey 16 bits, maximum of {used} bits"), content, truth)
    for bands in (1, 3):
        source, copy = scratch / "source.tif", scratch / "copy.tif"
        source.write_bytes(tiff(samples(bands, 255), 2 if bands == 3 else 1, 8))
        for quality in (30, 75, 95):
            for raw in ("", ":r"):
                for layout in ("", "-r 16", "-t -w 32 -l 32"):
                    options = f"-c jpeg{raw}:{quality} {layout}"
                    command = ["tiffcp", *options.split(), source, copy]
                    if bands == 1 and raw or subprocess.run(command, capture_output=True).returncode:
                        continue
                    name = "RGB" if bands == 3 else "grey"
                    setting = ("TIFF", f"{name} JPEG{raw} {quality}", f"tiffcp {layout}")
                    corpus.add(setting, copy.read_bytes(), "tif")


# JPEG


def jpeg_corpus(corpus):
    grey = b"P5 %d %d 255\n" % (WIDTH, HEIGHT)
    grey += bytes(v for row in samples(1, 255) for p in row for v in p)
    rgb = b"P6 %d %d 255\n" % (WIDTH, HEIGHT)
    rgb += bytes(v for row in samples(3, 255) for p in row for v in p)

    def add(name, source, *options):
        done = subprocess.run(["cjpeg", *options], input=source, capture_output=True, check=True)
        corpus.add(("JPEG", name), done.stdout, "jpg")

    for quality in range(1, 101):
        q = ("-quality", str(quality))
        add("grey, quality 1 to 100", grey, *q)
        add("grey, progressive, quality 1 to 100", grey, *q, "-progressive")
        for sampling in ("1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2"):
            add(f"YCbCr {sampling}, quality 1 to 100", rgb, *q, "-sample", sampling)
        add("YCbCr 2x2, progressive, quality 1 to 100", rgb, *q, "-progressive")
        add("RGB, quality 1 to 100", rgb, *q, "-rgb")
    for quality in ("25", "75", "95"):
        q = ("-quality", quality)
        for sampling in (
            "1x1,2x1,1x2", "2x2,1x1,2x2", "2x2,2x1,1x2", "1x2,2x1,1x1", "2x2,2x2,1x1", "1x1,1x1,2x2",
            "3x1", "1x3",
        ):  # fmt: skip
            add("YCbCr, other samplings", rgb, *q, "-sample", sampling)
        for interval in ("1B", "2B", "5B", "1", "2", "3"):
            for progressive in ((), ("-progressive",)):
                add("grey, restart intervals", grey, *q, "-restart", interval, *progressive)
                add("YCbCr, restart intervals", rgb, *q, "-restart", interval, *progressive)
        add("optimised tables", rgb, *q, "-optimize")
        add("optimised tables", grey, *q, "-optimize")
        add("arithmetic coding", rgb, *q, "-arithmetic")
        cmyk = Image.frombytes("RGB", (WIDTH, HEIGHT), rgb[-WIDTH * HEIGHT * 3 :]).convert("CMYK")
        cmyk.putdata([(c, m, y, (c + m) // 5) for c, m, y, _ in cmyk.getdata()])
        for options in ({}, {"progressive": True}, {"subsampling": 0}):
            out = io.BytesIO()
            cmyk.save(out, "JPEG", quality=int(quality), **options)
            corpus.add(("JPEG", "CMYK"), out.getvalue(), "jpg")


# DICOM

DICOM_COPIES = (
    "dcmconv +te", "dcmconv +ti", "dcmconv +tb", "dcmconv +td", "dcmcrle", "dcmcjpeg +eb +q 75",
    "dcmcjpeg +e1", *(f"dcmcjpeg +el +sv {sv}" for sv in range(1, 8)), "dcmcjpeg +el +sv 1 +pt 1",
)  # fmt: skip
JPEG_2000 = "1.2.840.10008.1.2.4.90"
JPEG_2000_START = b"\xff\x4f\xff\x51"
SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"
JPEG_2000_SETTINGS = (
    "", "-n 1", "-n 3", "-b 16,16", "-c [32,32],[16,16]", "-t 32,32", "-t 32,32 -TP R", "-TP R",
    "-r 8,2,1", "-r 8,2,1 -TP L", "-r 8,2,1 -t 32,16 -n 4 -PLT", "-SOP", "-EPH", "-SOP -EPH -TLM -t 32,32",
    *(f"-p {order}" for order in ("RLCP", "RPCL", "PCRL", "CPRL")), "-p RPCL -c [32,32] -TP R",
    *(f"-M {mode}" for mode in (1, 2, 4, 8, 16, 32, 63)), "-mct 0", "-I", "-I -r 8", "-d 3,5",
)  # fmt: skip


def dicom(rows, bits, photometric):
    allocated = 16 if bits > 8 else 8
    data = pydicom.Dataset()
    data.SOPClassUID = pydicom.uid.UID("1.2.840.10008.5.1.4.1.1.7")
    data.SOPInstanceUID = pydicom.uid.UID("1.2.3")
    data.Modality = "DX"
    data.PhotometricInterpretation = photometric
    data.SamplesPerPixel = len(rows[0][0])
    data.Rows, data.Columns = HEIGHT, WIDTH
    data.BitsAllocated, data.BitsStored, data.HighBit = allocated, bits, bits - 1
    data.PixelRepresentation = 0
    if len(rows[0][0]) == 3:
        data.PlanarConfiguration = 0
    pixels = packed([v for row in rows for p in row for v in p], allocated, "little")
    data.add_new(0x7FE00010, "OW", pixels + b"\0" * (len(pixels) % 2))
    data.is_little_endian, data.is_implicit_VR = True, False
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    return data


def content(data):
    out = io.BytesIO()
    data.save_as(out, write_like_original=False)
    return out.getvalue()


def jpeg2000(data, codestream):
    data.add_new(0x7FE00010, "OB", encapsulate([codestream]))
    data["PixelData"].is_undefined_length = True
    data.file_meta.TransferSyntaxUID = pydicom.uid.UID(JPEG_2000)
    return content(data)


def opj_decompress(coded, scratch):
    """Pixels and their largest value, or what OpenJPEG says."""
    decoded = scratch / "decoded.pnm"
    decoded.unlink(missing_ok=True)
    command = ["opj_decompress", "-i", coded, "-o", decoded]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode or not decoded.exists():
        errors = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        return None, (errors or ["opj_decompress fails"])[0]
    content = decoded.read_bytes()
    bands = 1 if content[:2] == b"P5" else 3
    header = re.match(rb"P[56]\s+(?:#.*\s+)?(\d+)\s+(\d+)\s+(\d+)\s", content)
    top = int(header[3])
    width = 1 + (top > 255)
    data = content[header.end() :]
    values = [int.from_bytes(data[i : i + width], "big") for i in range(0, len(data), width)]
    return list(zip(*(values[c::bands] for c in range(bands)))), top


def openjpeg(rows, bits, options, scratch):
    """A codestream, and the samples that OpenJPEG decodes from it."""
    bands, top = len(rows[0][0]), (1 << bits) - 1
    source, coded = scratch / f"source.{'pgm' if bands == 1 else 'ppm'}", scratch / "coded.j2k"
    header = f"P{5 if bands == 1 else 6}\n{WIDTH} {HEIGHT}\n{top}\n".encode()
    flat = [v for row in rows for pixel in row for v in pixel]
    source.write_bytes(header + packed(flat, 16 if bits > 8 else 8))
    command = ["opj_compress", "-i", source, "-o", coded, *options.split()]
    subprocess.run(command, capture_output=True, check=True)
    pixels, _ = opj_decompress(coded, scratch)
    return coded.read_bytes(), [pixels[y * WIDTH : (y + 1) * WIDTH] for y in range(HEIGHT)]


def dicom_corpus(corpus, scratch):
    source, copy = scratch / "source.dcm", scratch / "copy.dcm"
    for bits, photometric in (
        (8, "MONOCHROME2"), (10, "MONOCHROME2"), (12, "MONOCHROME2"), (12, "MONOCHROME1"),
        (16, "MONOCHROME2"), (8, "RGB"),
    ):  # fmt: skip
        top = (1 << bits) - 1
        for shift in range(20):  # of the last pixels, where decoders stop early
            rows = samples(3 if photometric == "RGB" else 1, top)
            rows = rows[shift:] + rows[:shift]
            truth = expected(rows, top, inverse=photometric == "MONOCHROME1")
            name = f"{photometric} {bits} bits"
            source.write_bytes(content(dicom(rows, bits, photometric)))
            corpus.add(("DICOM", f"{name}, as written"), source.read_bytes(), "dcm", truth)
            for command in DICOM_COPIES:
                lossless = "+eb" not in command and "+pt" not in command
                done = subprocess.run([*command.split(), source, copy], capture_output=True)
                if done.returncode == 0:
                    setting = ("DICOM", f"{name}, {command}")
                    corpus.add(setting, copy.read_bytes(), "dcm", truth if lossless else None)
        for options in JPEG_2000_SETTINGS:
            codestream, decoded = openjpeg(rows, bits, options, scratch)
            setting = ("DICOM", f"{name}, opj_compress {options}".strip())
            truth = expected(decoded, top, inverse=photometric == "MONOCHROME1")
            encoded = jpeg2000(dicom(rows, bits, photometric), codestream)
            corpus.add(setting, encoded, "dcm", truth)


# Comparison


def pnm(content):
    kind, width, height, _ = content.split(None, 4)[:4]
    bands = 1 if kind == b"P5" else 3
    data = content[-int(width) * int(height) * bands :]
    return list(zip(*(data[c::bands] for c in range(bands))))


def djpeg(file):
    done = subprocess.run(["djpeg", "-pnm", file], capture_output=True)
    return None if done.returncode else pnm(done.stdout)


def netpbm(file):
    done = subprocess.run(["bmptopnm", "-quiet", file], capture_output=True)
    if done.returncode or done.stdout[:2] not in (b"P5", b"P6"):
        return None
    return pnm(done.stdout) if done.stdout.split(None, 4)[3] == b"255" else None


def libtiff(file, setting, scratch):
    """tiff2rgba multiplies by alpha and takes 16 bits as they are."""
    if "alpha" in setting or " used" in setting or "maximum" in setting:
        return None
    done = subprocess.run(["tiff2rgba", file, scratch / "rgba.tif"], capture_output=True)
    if done.returncode:
        return None
    try:
        with Image.open(scratch / "rgba.tif") as image:
            return [p[:3] for p in image.getdata()]
    except OSError:  # tiff2rgba ended well and wrote nothing
        return None
    finally:
        (scratch / "rgba.tif").unlink(missing_ok=True)


def dcmtk(file, scratch):
    """The first window, else the full range of the stored bits; JPEG 2000 is not read."""
    for window in (["+Wi", "1"], []):
        done = subprocess.run(
            ["dcmj2pnm", *window, "+op", file, scratch / "dicom.pnm"], capture_output=True
        )
        if done.returncode == 0:
            return pnm((scratch / "dicom.pnm").read_bytes())
    return None


def pillow(file):
    try:
        with Image.open(file) as image:
            image.load()
            mode = image.mode
            if mode == "CMYK":
                return [tuple((255 - v) * (255 - p[3]) / 255 for v in p[:3]) for p in image.getdata()]
            if mode == "P":
                image = image.convert("RGB")
            elif mode not in ("L", "RGB", "LA", "RGBA", "1"):
                return None
            pixels = list(image.getdata())
    except (OSError, SyntaxError, ValueError):
        return None
    if mode in ("L", "1"):
        return [(p,) for p in pixels]
    return [p[:1] if mode == "LA" else p[:3] for p in pixels]


def difference(ours, theirs):
    if len(ours) != len(theirs):
        return 255
    worst = 0
    for a, b in zip(ours, theirs):
        a, b = (a * 3 if len(a) == 1 else a), (b * 3 if len(b) == 1 else b)
        worst = max(worst, *(abs(v - w) for v, w in zip(a, b)))
    return worst


# Damaged files

LOSS = (
    "premature end", "bad huffman", "instead of rst", "inconsistent progression", "truncated",
    "not enough", "broken data", "unrecognized data", "cannot read", "corrupt", "decoding error",
    "read error", "decode error",
)  # fmt: skip
TOLERANCE = {".jpg": 1, ".dcm": 1, ".tif": 1, ".png": 0, ".bmp": 0}


def checked(command):
    """What a program says about loss of data, or None; surplus bytes are none."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = [line.strip() for line in done.stderr.splitlines() if "extraneous" not in line]
    return next((line for line in lines if any(word in line.lower() for word in LOSS)), None)


def without_rest(path, scratch):
    """A DICOM file up to the end of its pixel data, since we read no further."""
    data = pydicom.dcmread(path, force=True)
    if data.file_meta.get("TransferSyntaxUID") == pydicom.uid.DeflatedExplicitVRLittleEndian:
        return path
    pixels = data.get_item("PixelData")
    content = path.read_bytes()
    if pixels.length == 0xFFFFFFFF:
        content = content[: pixels.value_tell + len(pixels.value)] + SEQUENCE_END
    else:
        content = content[: pixels.value_tell + pixels.length]
    (scratch / "picture.dcm").write_bytes(content)
    return scratch / "picture.dcm"


def pillow_loss(path):
    try:
        with Image.open(path) as image:
            image.load()
    except Exception as error:  # what Pillow throws for damage
        if any(word in str(error).lower() for word in LOSS):
            return str(error)
    return None


def upright(path, scratch):
    """With the orientation of EXIF; Pillow's pixels where it reads the samples as they are."""
    try:
        with Image.open(path) as image:
            image.load()
            if image.mode not in ("L", "RGB", "LA", "RGBA", "P", "1"):
                return None
            turned = ImageOps.exif_transpose(image)
            turned.save(scratch / "turned.png")
    except Exception:
        return None
    return pillow(scratch / "turned.png")


def codestream(path, start, file):
    """Writes the compressed data of a DICOM file, and says whether its header is a plain one."""
    content = path.read_bytes()
    file.write_bytes(content[content.index(start) :])
    data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    names = ("WindowCenter", "RescaleSlope", "PixelPaddingValue", "VOILUTSequence")
    plain = not any(name in data for name in names) and data.get("PixelRepresentation") == 0
    return plain and data.get("PhotometricInterpretation") in ("MONOCHROME2", "RGB"), data


def jpeg2000_of(path, scratch):
    """What OpenJPEG says, and pixels where the header asks for no transform."""
    plain, data = codestream(path, JPEG_2000_START, scratch / "coded.j2k")
    pixels, top = opj_decompress(scratch / "coded.j2k", scratch)
    if pixels is None:
        return top, None
    if not plain or data.get("BitsStored") != top.bit_length():
        return None, None
    return None, [tuple(grey8(v, top) for v in pixel) for pixel in pixels]


def jpeg_of(path, scratch):
    """Likewise for djpeg and JPEG of 8 bits, since dcmtk's wraps values out of range."""
    plain, data = codestream(path, b"\xff\xd8\xff", scratch / "coded.jpg")
    loss = checked(["djpeg", "-outfile", "/dev/null", scratch / "coded.jpg"])
    return loss, djpeg(scratch / "coded.jpg") if plain and data.get("BitsStored") == 8 else None


def damaged(folder):
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for path in sorted(folder.iterdir()):
            if path.suffix == ".pnm":
                continue
            ours = pnm(pathlib.Path(f"{path}.pnm").read_bytes())
            losses, pixels = {}, {}
            if path.suffix == ".jpg":
                losses["djpeg"] = checked(["djpeg", "-outfile", "/dev/null", path])
            elif path.suffix == ".tif":
                losses["libtiff"] = checked(["tiff2rgba", path, scratch / "rgba.tif"])
            elif path.suffix == ".dcm" and JPEG_2000_START in path.read_bytes():
                losses["OpenJPEG"], pixels["OpenJPEG"] = jpeg2000_of(path, scratch)
            elif path.suffix == ".dcm" and b"\xff\xc0\0\x0b\x08" in path.read_bytes():
                losses["djpeg"], pixels["djpeg"] = jpeg_of(path, scratch)
            elif path.suffix == ".dcm":
                try:
                    picture = without_rest(path, scratch)
                except Exception:  # what pydicom throws for a damaged header
                    picture = path
                losses["dcmtk"] = checked(["dcmj2pnm", picture, scratch / "loss.pnm"])
                pixels["dcmtk"] = dcmtk(picture, scratch)
            if path.suffix != ".dcm":
                losses["Pillow"] = pillow_loss(path)
                pixels["Pillow"] = upright(path, scratch)
            for decoder, loss in losses.items():
                if loss:
                    print(f"{path.name}: {decoder} says: {loss}")
                    wrong += 1
            for decoder, theirs in pixels.items():
                if theirs and difference(ours, theirs) > TOLERANCE[path.suffix]:
                    print(f"{path.name}: differs from {decoder} by {difference(ours, theirs):.3g}")
                    wrong += 1
    print(f"{wrong} disagreements about {len(list(folder.glob('*.pnm')))} files")
    sys.exit(1 if wrong else 0)


def main(result, *command):
    if not command:
        damaged(pathlib.Path(result))
    with tempfile.TemporaryDirectory() as name:
        base = pathlib.Path(name)
        folders = [base / part for part in ("images", "ours", "scratch")]
        for folder in folders:
            folder.mkdir()
        corpus = Corpus(folders[0])
        png_corpus(corpus)
        bmp_corpus(corpus)
        tiff_corpus(corpus, folders[2])
        jpeg_corpus(corpus)
        dicom_corpus(corpus, folders[2])
        subprocess.run([*command, folders[0], folders[1]], check=True)
        table = collections.OrderedDict()
        for file, setting in corpus.settings.items():
            ours = folders[1] / (file + ".pnm")
            path = folders[0] / file
            opj = "opj_compress" in setting[1]
            references = {"OpenJPEG" if opj else "samples": corpus.truth.get(file)}
            if setting[0] == "TIFF":
                references["libtiff"] = libtiff(path, setting[1], folders[2])
            elif setting[0] == "BMP":
                references["Netpbm"] = netpbm(path)
            elif setting[0] == "DICOM" and not opj:
                references["dcmtk"] = dcmtk(path, folders[2])
            else:
                references["Pillow"] = pillow(path)
            if setting[0] == "JPEG":
                references["djpeg"] = djpeg(path)
            for decoder, theirs in references.items():
                if theirs is None:
                    continue
                key = (*setting[:2], decoder)
                row = table.setdefault(key, [0, 0, 0, ""])
                row[0] += 1
                if ours.exists():
                    row[1] = max(row[1], difference(pnm(ours.read_bytes()), theirs))
                else:
                    row[2] += 1
                    row[3] = (folders[1] / (file + ".refused")).read_text()
        with open(result, "w", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(
                ["format", "setting", "reference", "files", "largest_difference", "refused", "reason"]
            )
            for key, row in table.items():
                writer.writerow([*key, row[0], f"{row[1]:.3g}", *row[2:]])


main(*sys.argv[1:])
