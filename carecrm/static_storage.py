from collections.abc import Iterable, Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names once collected; plain names before that, so that no command needs a build."""

    manifest_strict = False
    compressed_folders = ("carecrm/", "django_htmx/")
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if content is None and not self.exists(filename or name):
            return name
        return str(super().hashed_name(name, content, filename))

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only what every page loads: compressing the admin's hundreds of files would cost a minute."""
        chosen = [path for path in paths if path.startswith(self.compressed_folders)]
        yield from super().compress_files(chosen)
