"""Pictures: decoded and encoded anew, so that nothing but the pixels is left; turned as they are meant to be seen, in sRGB."""

import io
from typing import Any

from PIL import Image, ImageCms, ImageOps, JpegImagePlugin

from .outcome import THUMBNAIL_PIXELS, Cleaned, NotKept, Reason, Task

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}
_MOST_FRAMES = {"image/jpeg": 8, "image/png": 1, "image/heic": 64}
"""A phone puts a second view behind a jpeg and a burst into one heic; the first is kept. A moving png is no photo of anything."""

_QUALITY = 95
_CHROMA_AS_TAKEN = 2
"""4:2:0, which is what a heic holds."""


def clean_image(task: Task) -> Cleaned:
    """Write a picture without anything around it, and its thumbnail.

    Raises:
        NotKept: it is too large, moves, or is of another format than it begins like.
        OSError: it cannot be decoded; other errors of the decoder likewise.
    """
    Image.MAX_IMAGE_PIXELS = None  # counted below, before anything is decoded
    if task.media_type == "image/heic":
        import pi_heif  # noqa: PLC0415  # loaded for those who send one

        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(task.source, formats=[_FORMATS[task.media_type]]) as image:
        if image.width * image.height > task.pixels:
            raise NotKept(Reason.TOO_MANY_PIXELS)
        if getattr(image, "n_frames", 1) > _MOST_FRAMES[task.media_type]:
            raise NotKept(Reason.TOO_MANY_FRAMES)
        image.load()
        as_taken = _compression_of(image)
        upright = _bare(_in_srgb(ImageOps.exif_transpose(image)))
    kept = "image/png" if task.media_type == "image/png" else "image/jpeg"
    if kept == "image/png":
        upright.save(task.kept, "PNG", compress_level=4)
    else:
        _photo(upright).save(task.kept, "JPEG", **as_taken)
    thumbnail_of(upright).save(task.thumbnail, "JPEG", quality=80)
    return Cleaned(kept, upright.width, upright.height)


def thumbnail_of(image: Image.Image) -> Image.Image:
    """A small picture on white."""
    scale = min(1.0, THUMBNAIL_PIXELS / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGBA" if "transparency" in image.info else "RGB")
    return _photo(small.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def _compression_of(image: Image.Image) -> dict[str, Any]:
    """A jpeg is compressed with the tables that it came with, so that it loses next to nothing; what was no jpeg, finely."""
    if isinstance(image, JpegImagePlugin.JpegImageFile) and image.mode in ("L", "RGB"):
        sampling = JpegImagePlugin.get_sampling(image)
        return {"qtables": dict(image.quantization), "subsampling": max(sampling, 0)}
    return {"quality": _QUALITY, "subsampling": _CHROMA_AS_TAKEN}


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours that its profile means, without the profile, which names cameras; a profile that cannot be read means nothing."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        changed = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def _bare(image: Image.Image) -> Image.Image:
    """The pixels, and which of them one sees through."""
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    return image


def _photo(image: Image.Image) -> Image.Image:
    """A picture as a jpeg can hold it: whatever is transparent is white."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        white = Image.new("RGB", seen.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return image.convert("RGB")
