"""Writes DICOM files of 2,000 x 2,000 pixels of 12 bits, JPEG lossless, that differ in a comment.

Needs Debian's python3-pydicom, python3-numpy and dcmtk:

    python3 make_dicom_files.py COUNT FOLDER
"""

import pathlib
import subprocess
import sys

import numpy
import pydicom

SIZE = 2000
COMMENT = "comment 00000000"


def picture():
    """Blobs over the whole range, with a grain of one stored value."""
    y, x = numpy.mgrid[0:SIZE, 0:SIZE]
    wave = numpy.sin(x / 900) * numpy.cos(y / 700)
    grain = numpy.random.default_rng(1).normal(0, 0.5, (SIZE, SIZE))
    return numpy.clip(numpy.rint(2048 + 1900 * wave + grain), 0, 4095).astype("<u2")


def write(file):
    data = pydicom.Dataset()
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    data.SOPInstanceUID = "1.2.3"
    data.Modality = "DX"
    data.ImageComments = COMMENT
    data.PhotometricInterpretation = "MONOCHROME2"
    data.SamplesPerPixel, data.PixelRepresentation = 1, 0
    data.Rows = data.Columns = SIZE
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.add_new(0x7FE00010, "OW", picture().tobytes())
    data.is_little_endian, data.is_implicit_VR = True, False
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    data.save_as(file, write_like_original=False)


def main(count, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    plain, coded = folder / "plain.tmp", folder / "coded.tmp"
    write(plain)
    subprocess.run(["dcmcjpeg", "+e1", plain, coded], check=True)
    content = coded.read_bytes()
    for i in range(int(count)):
        comment = f"comment {i:08d}".encode()
        (folder / f"{i:05d}.dcm").write_bytes(content.replace(COMMENT.encode(), comment, 1))
    plain.unlink()
    coded.unlink()


main(*sys.argv[1:])
