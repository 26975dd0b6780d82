"""The interactive documentation: one page, one script of ours, and Swagger UI from a package; no file from another host."""

from importlib.util import find_spec
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response

from app.kit.errors import not_found


def _packaged() -> Path:
    """The folder of Swagger UI. The package is never imported: its code would serve the files its own way."""
    package = find_spec("fastapi_standalone_docs")
    if package is None or package.origin is None:
        raise ImportError("fastapi-standalone-docs is not installed")
    return Path(package.origin).parent / "static" / "swagger"


_ASSETS = {
    "swagger-ui.css": (_packaged() / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_packaged() / "swagger-ui-bundle.js", "text/javascript"),
    "start.js": (Path(__file__).parent / "assets" / "start.js", "text/javascript"),
}
_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",  # Swagger UI sizes its own elements by style attributes
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>亲清 Qinqing · API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>本页需要 JavaScript；接口描述见 <a href="openapi.json">openapi.json</a>。This page needs JavaScript.</noscript>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</body>
</html>
"""


def page() -> Response:
    """The page. Its addresses are relative, so that it also works behind a path prefix."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": "; ".join(_DIRECTIVES)})


def asset(name: str) -> Response:
    """One of the files that the page asks for.

    Raises:
        Problem: 404 for any other.
    """
    if name not in _ASSETS:
        raise not_found()
    file, media_type = _ASSETS[name]
    return FileResponse(file, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})
