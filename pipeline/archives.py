"""What a zip may unpack to: a .zip of articles, and the .xlsx and .docx files that are zips inside."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from typing import IO

from pipeline.errors import UnreadableArticle

# a zip that unpacks to more than 100 times its size, or holds more files than this, is a bomb and not an archive
MAX_ZIP_RATIO, MAX_ZIP_FILES = 100, 10_000
# a small table of one repeated word may well shrink by 100: below this no machine is harmed
HARMLESS_BYTES = 20_000_000
# what zipfile raises over damage: its own error, and those of the layers below it
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError,
    IndexError,
)  # fmt: skip


def members_of(archive: zipfile.ZipFile, name: str, size: int, harmless: int) -> list[zipfile.ZipInfo]:
    """The files in an archive of that size; UnreadableArticle where it is a bomb."""
    members = [m for m in archive.infolist() if not m.filename.endswith("/")]  # is_dir() fails on an empty name
    unpacked = sum(m.file_size for m in members)
    if len(members) > MAX_ZIP_FILES or unpacked > max(harmless, MAX_ZIP_RATIO * size):
        raise UnreadableArticle(name, "unpacks to far more than an archive of articles", "send fewer files")
    return members


def open_zip(handle: IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive; UnreadableArticle where it is none."""
    try:
        return zipfile.ZipFile(handle)
    except DAMAGE as problem:
        raise UnreadableArticle(name, f"not a zip ({problem})", "pack it again") from None


def content_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """A member's bytes, never more than its head says; UnreadableArticle where they cannot be had."""
    try:
        return archive.read(member)
    except DAMAGE as problem:
        fault = f"cannot be unpacked ({str(problem)[:120]})"
        raise UnreadableArticle(name, fault, "pack it again, without a password") from None


def is_link(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a symbolic link: its content is then a path, not an article."""
    return stat.S_ISLNK(member.external_attr >> 16)


def refuse_bomb(raw: bytes, name: str) -> None:
    """UnreadableArticle where an office file unpacks to too much, or brings entities of its own along."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except DAMAGE:
        return  # its reader says what it is instead
    for member in members_of(archive, name, len(raw), HARMLESS_BYTES):
        if member.filename.endswith((".xml", ".rels")):
            try:
                with archive.open(member) as part:
                    head = part.read(2_000)
            except DAMAGE:
                return
            if b"<!DOCTYPE" in head.replace(b"\x00", b""):  # office programs write none: entities grow, or read files
                raise UnreadableArticle(name, "its XML declares entities", "save it again from an office program")
