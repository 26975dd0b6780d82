"""Files as people send them, and as people send them who mean no good."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, PngImagePlugin
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

HEIC = (Path(__file__).parent / "photo.heic").read_bytes()
"""A drawing of 160 by 120 pixels, with the place where it was taken and who took it."""

SECRET = "WangXiaoming"
"""What must not be found in anything that is kept."""

_GPS, _MAKER, _TURNED = 0x8825, 0x010F, 0x0112


def drawing(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Something to look at: red on the left, green on the right."""
    image = Image.new("RGB", (width, height), "#d0d8e0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height), fill="#c02020")
    draw.rectangle((2 * width // 3, 0, width, height), fill="#20a040")
    return image.convert(mode)


def exif(*, turned: int = 1) -> Image.Exif:
    """Who took the picture, where, and how the camera was held."""
    told = Image.Exif()
    told[_MAKER] = SECRET
    told[_TURNED] = turned
    told[_GPS] = {1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0)}
    return told


def jpeg(image: Image.Image | None = None, *, turned: int = 1, behind: bytes = b"") -> bytes:
    """A photo with EXIF, GPS, XMP, a comment, and something behind it."""
    file = io.BytesIO()
    xmp = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    (image or drawing()).save(file, "JPEG", quality=90, exif=exif(turned=turned), xmp=xmp, comment=SECRET.encode())
    return file.getvalue() + behind


def png(image: Image.Image | None = None, *, behind: bytes = b"") -> bytes:
    """A screenshot with texts and EXIF."""
    texts, file = PngImagePlugin.PngInfo(), io.BytesIO()
    texts.add_text("Author", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    (image or drawing()).save(file, "PNG", pnginfo=texts, exif=exif())
    return file.getvalue() + behind


def moving_png() -> bytes:
    """A png of many frames."""
    file = io.BytesIO()
    drawing().save(file, "PNG", save_all=True, append_images=[drawing(mode="L").convert("RGB")] * 5)
    return file.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """A few hundred kilobytes that would be nine hundred million pixels."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def archive() -> bytes:
    """A zip, as it hides behind pictures."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("run.html", f"<script>{SECRET}</script>")
    return file.getvalue()


def pages(number: int = 2, *, text: bytes = b"") -> PdfWriter:
    """A document with a word on each page."""
    writer = PdfWriter()
    for _ in range(number):
        page = writer.add_blank_page(300, 400)
        content = DecodedStreamObject()
        content.set_data(text or b"0.8 0.1 0.1 rg 20 20 200 100 re f")
        page[NameObject("/Contents")] = writer._add_object(content)
    return writer


def written(writer: PdfWriter) -> bytes:
    """The bytes of a document."""
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def armed_pdf() -> bytes:
    """A document with scripts, actions that start programs, attached files, and who made it."""
    writer = pages()
    writer.add_metadata({"/Author": SECRET, "/Title": SECRET})
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(f"alert('{SECRET}')")})
    names = ArrayObject([TextStringObject("run"), writer._add_object(script)])
    tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
    writer.root_object[NameObject("/Names")] = writer._add_object(tree)
    writer.add_attachment("run.exe", f"MZ {SECRET}".encode())
    launch = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject(f"{SECRET}.exe")})
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(launch)})
    writer.add_annotation(0, Link(rect=(10, 10, 50, 50), url=f"https://{SECRET}.example"))
    told = DecodedStreamObject()
    told.set_data(f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())
    page[NameObject("/Metadata")] = writer._add_object(told)
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(launch)
    return written(writer)


def scanned_pdf() -> bytes:
    """A document whose page is a photo with EXIF, as programs for scanning make them."""
    writer = pages(1, text=b"q 120 0 0 80 20 20 cm /I Do Q")
    photo = DecodedStreamObject()
    photo.set_data(jpeg())
    photo.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(120),
            NameObject("/Height"): NumberObject(80),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    images = DictionaryObject({NameObject("/I"): writer._add_object(photo)})
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    return written(writer)


def encrypted_pdf() -> bytes:
    """A document under a password."""
    writer = pages()
    writer.encrypt("secret", algorithm="AES-256")
    return written(writer)


def flate_bomb(times: int = 400_000_000) -> bytes:
    """A page whose content unpacks to hundreds of megabytes, twice packed."""
    inner = zlib.compressobj(9)
    packed = b"".join([inner.compress(bytes(1_000_000)) for _ in range(times // 1_000_000)]) + inner.flush()
    packed = zlib.compress(packed, 9)
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


def endless_pdf() -> bytes:
    """A tree of pages that is its own child."""
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2147483647 >>")


def deep_pdf(depth: int = 60_000) -> bytes:
    """Arrays in arrays, deeper than anybody reads."""
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R /Deep " + b"[" * depth + b"]" * depth + b" >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    )


def _pdf(*objects: bytes) -> bytes:
    """A document by hand."""
    file, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return file + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
