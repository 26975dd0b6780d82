"""Documents: their pages in a new file, without anything that acts, is attached, or tells of who made it (ISO 32000)."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from .images import thumbnail_of
from .outcome import THUMBNAIL_PIXELS, Cleaned, NotKept, Reason, Task
from .segments import without_metadata

_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        *("GoTo", "GoToR", "GoToE", "GoToDp", "GoTo3DView", "Launch", "Thread", "URI", "Sound", "Movie", "Hide", "Named", "SubmitForm"),
        *("ResetForm", "ImportData", "JavaScript", "SetOCGState", "Rendition", "Trans", "RichMediaExecute"),
    )
)
"""What a dictionary that says what to do is called (12.6.4)."""
_TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EF", "/EmbeddedFiles", "/XFA", "/JS", "/JavaScript", "/AA", "/OpenAction")
_CARRIERS = frozenset({"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/TrapNet"})
"""Annotations that hold files or play something."""

_MOST_OBJECTS = 100_000
_LARGEST_STREAM, _ALL_STREAMS = 300_000_000, 1_000_000_000
"""Bytes that a stream, and all together, may unpack to: a page of A3 at 600 points an inch in colour has 210 million."""
_MOST_FILTERS = 4
_STEP = 1 << 20
_FLATE = ("/FlateDecode", "/Fl")
_DCT = ("/DCTDecode", "/DCT")


def clean_document(task: Task) -> Cleaned:
    """Write a document with the same pages and nothing else, and a thumbnail of the first.

    Raises:
        NotKept: it is encrypted, has no pages or too many, or would unpack to too much.
    """
    reader = PdfReader(task.source)
    if reader.is_encrypted:
        raise NotKept(Reason.ENCRYPTED)
    count = len(reader.pages)
    if not count:
        raise NotKept(Reason.UNREADABLE)
    if count > task.pages:
        raise NotKept(Reason.TOO_MANY_PAGES)
    writer, disarming = PdfWriter(), _Disarming(task.pixels)
    for page in reader.pages:
        disarming.disarm(page)
        writer.add_page(page)
    writer.metadata = None
    writer.write(task.kept)
    _picture_first_page(task)
    return Cleaned("application/pdf", pages=count)


def _picture_first_page(task: Task) -> None:
    document = pypdfium2.PdfDocument(task.kept)
    try:
        page = document[0]
        scale = THUMBNAIL_PIXELS / max(*page.get_size(), 1.0)
        thumbnail_of(page.render(scale=scale).to_pil()).save(task.thumbnail, "JPEG", quality=80)
    finally:
        document.close()


@dataclass(slots=True)
class _Disarming:
    """Walks through all that pages refer to, each object once, and takes from it what does not belong to the look of a page."""

    pixels: int
    unpacked: int = 0
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def disarm(self, page: DictionaryObject) -> None:
        """Everything that hangs on a page."""
        waiting: list[Any] = [page]
        while waiting:
            one = waiting.pop()
            if isinstance(one, IndirectObject):
                if not self._is_new(one):
                    continue
                one = one.get_object()
            if isinstance(one, DictionaryObject):
                self._strip(one)
                waiting.extend(value for name, value in dict.items(one) if name != "/Parent" or _value(one, "/Type") != "/Page")
            elif isinstance(one, ArrayObject):
                waiting.extend(list.__iter__(one))

    def _is_new(self, reference: IndirectObject) -> bool:
        place = (reference.idnum, reference.generation)
        if place in self._seen:
            return False
        self._seen.add(place)
        if len(self._seen) > _MOST_OBJECTS:
            raise NotKept(Reason.TOO_DEMANDING)
        return True

    def _strip(self, one: DictionaryObject) -> None:
        if _value(one, "/S") in _ACTIONS:
            one.clear()
            return
        for name in _TELLING:
            one.pop(name, None)
        annotations = _value(one, "/Annots")
        if isinstance(annotations, ArrayObject):
            one[NameObject("/Annots")] = ArrayObject(each for each in list.__iter__(annotations) if not _carries(each))
        if isinstance(one, StreamObject):
            self._weigh(one)

    def _weigh(self, stream: StreamObject) -> None:
        """What a stream unpacks to, counted without keeping it; a picture in it loses what tells of the camera."""
        if _value(stream, "/Subtype") == "/Image" and _number(stream, "/Width") * _number(stream, "/Height") > self.pixels:
            raise NotKept(Reason.TOO_MANY_PIXELS)
        filters, data = _filters_of(stream), stream._data  # noqa: SLF001  # as it is stored, before any filter
        if len(filters) > _MOST_FILTERS:
            raise NotKept(Reason.TOO_DEMANDING)
        packed = 0
        while packed < len(filters) and filters[packed] in _FLATE:
            packed += 1
        size = 0
        for part in _unpacked(data, packed):
            size += len(part)
            if size > _LARGEST_STREAM or self.unpacked + size > _ALL_STREAMS:
                raise NotKept(Reason.TOO_DEMANDING)
        self.unpacked += size
        if filters[packed:] in ([name] for name in _DCT):
            stream._data = without_metadata(b"".join(_unpacked(data, packed)))  # noqa: SLF001  # likewise
            stream[NameObject("/Filter")] = NameObject("/DCTDecode")
            stream.pop("/DecodeParms", None)


def _value(one: DictionaryObject, name: str) -> Any:
    """What stands under a name, wherever it lies."""
    value = dict.get(one, name)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _carries(annotation: Any) -> bool:
    one = annotation.get_object() if isinstance(annotation, IndirectObject) else annotation
    return not isinstance(one, DictionaryObject) or _value(one, "/Subtype") in _CARRIERS


def _number(one: DictionaryObject, name: str) -> int:
    value = _value(one, name)
    return value if isinstance(value, int) else 0


def _filters_of(stream: StreamObject) -> list[str]:
    filters = _value(stream, "/Filter")
    return [str(name) for name in filters] if isinstance(filters, ArrayObject) else [] if filters is None else [str(filters)]


def _unpacked(data: bytes, times: int) -> Iterator[bytes]:
    """The data unpacked so many times, a part at a time; as much of it as can be."""
    if not times:
        yield data
        return
    inflating = zlib.decompressobj()
    for packed in _unpacked(data, times - 1):
        waiting = packed
        while waiting and not inflating.eof:
            try:
                part = inflating.decompress(waiting, _STEP)
            except zlib.error:
                return
            if part:
                yield part
            waiting = inflating.unconsumed_tail


LIMITS = (LimitReachedError,)
"""How the library says that something unpacks to too much."""
