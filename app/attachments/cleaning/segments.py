"""Jpegs inside documents: what tells of camera, place and author is cut out between the markers (ITU-T T.81, annex B), the picture is not touched."""

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_KEPT = frozenset({0xE0, 0xEE})
"""Of the application's segments, JFIF and Adobe: how the colours are to be read."""
_COMMENT = 0xFE
_FIRST_APPLICATION, _LAST_APPLICATION = 0xE0, 0xEF


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC, comments, and without anything behind it; what is not a jpeg comes back as it is."""
    if jpeg[:2] != bytes((0xFF, _START)):
        return jpeg
    kept, place = [jpeg[:2]], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker == _SCAN:
            kept.append(_picture(jpeg, place))
            return b"".join(kept)
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        if marker in _KEPT or not (_FIRST_APPLICATION <= marker <= _LAST_APPLICATION or marker == _COMMENT):
            kept.append(jpeg[place:end])
        place = end
    return jpeg


def _picture(jpeg: bytes, place: int) -> bytes:
    """From the first scan to the marker that ends the picture; within scans, 0xFF stands before 0x00, and markers have their own."""
    end = jpeg.find(bytes((0xFF, _END)), place)
    return jpeg[place:] if end < 0 else jpeg[place : end + 2]
