"""A folder, a zip or a tar → what is in it, as a list; and single files out of it, one at a time.

Nothing is written under a name of the archive: what is needed goes into files that are numbered. So no path leads out,
no two names fall together where letters' case does not count, and no name is too long or no name at all.
"""

from __future__ import annotations

import os
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder.errors import UsageError
from autograder.load.archives import ENCRYPTED, MOST_BYTES, PASSED_OVER
from autograder.records import Note

MOST_MEMBERS = 200_000
"""A class of a thousand with whole repositories has fewer."""

MOST_UNPACKED = 8 << 30
"""Bytes of a tar in all. They have to be walked through to see what is in it."""

MOST_HEADER = 1 << 20
"""Bytes that a tar may ask for at once, but for the contents of a file: names take no more."""

ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")

COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
"""How gzip, bzip2 and xz begin."""

LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini"})

BROKEN = (zipfile.BadZipFile, zlib.error, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a damaged archive raises, beside OSError, and what a password raises."""

NEITHER = frozenset({"invalid header", "bad checksum", "truncated header", "empty file", "File is not a zip file"})
"""What the libraries say at the first bytes of a file that they do not know."""


@dataclass(frozen=True)
class Member:
    """A file of an export. `path` is where it stands there: without `..`, a drive or a root, and else as it is written.

    `modified` is in seconds, for comparisons within one export; 0.0 where nothing is known. `note` says why it cannot
    be read. `number` is its place in the export, by which it is read.
    """

    path: PurePosixPath
    number: int
    modified: float = 0.0
    note: Note | None = None


@dataclass(frozen=True)
class Listing:
    """What is in an export, without what tools leave behind. `name` is that of the folder, or of the file's stem.

    `folders` are all folders, also those without a file. `read(member, most)` gives the bytes, or why there are none.
    `where(member)` is the file on this machine that it is already, if it is one.
    """

    name: str
    members: tuple[Member, ...]
    folders: frozenset[PurePosixPath]
    read: Callable[[Member, int], bytes | Note]
    where: Callable[[Member], Path | None]
    remarks: tuple[str, ...] = ()


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith(ARCHIVES)


@contextmanager
def open_listing(path: Path) -> Iterator[Listing]:
    """What is in a folder or an archive, for as long as it is open. Raises UsageError for a broken one."""
    if path.is_dir():
        yield _list_folder(path)
        return
    opened: Any = None
    try:
        with path.open("rb") as file:
            try:
                if _is_zip(file):
                    opened = zipfile.ZipFile(file)
                    listing = _list_zip(opened, path, _stem(path))
                else:
                    stream: Any = _Measured(_decompressed(file), path)
                    opened = tarfile.TarFile.open(fileobj=stream, mode="r:")
                    listing = _list_tar(opened, path, _stem(path))
            except BROKEN as error:
                raise _broken(path, error) from None
            except OSError as error:
                if error.errno:  # of this machine; a damaged stream has no number
                    raise
                raise _broken(path, error) from None
            yield listing
    finally:
        if opened is not None:
            opened.close()


def _stem(path: Path) -> str:
    ends = [end for end in ARCHIVES if path.name.lower().endswith(end)]
    return path.name[: -len(max(ends, key=len))] if ends else path.name


def _is_zip(file: IO[bytes]) -> bool:
    """By what it is and not by its name: people rename downloads. A tar is none, even if it ends with a zip."""
    start = file.read(262)
    file.seek(0)
    if start[257:] == b"ustar" or start.startswith(COMPRESSED):
        return False
    return start.startswith(b"PK") or zipfile.is_zipfile(file)


def _broken(path: Path, error: Exception) -> UsageError:
    text = "it is no whole zip, and no tar" if str(error) in NEITHER else _told(error)
    return UsageError(
        f"{path}: this archive cannot be opened: {text}. Download it once more; or unpack it yourself, and give the "
        "folder."
    )


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _too_many(path: Path) -> UsageError:
    return UsageError(f"{path}: more than {MOST_MEMBERS} files. Unpack it yourself, and give the folders of one class.")


def within(listing: Listing) -> Listing | None:
    """What is in the one folder that all else is in, or None where there is no such folder."""
    tops = {member.path.parts[0] for member in listing.members} | {folder.parts[0] for folder in listing.folders}
    if len(tops) != 1 or any(len(member.path.parts) == 1 for member in listing.members):
        return None
    (top,) = tops
    members = tuple(
        Member(member.path.relative_to(top), member.number, member.modified, member.note) for member in listing.members
    )
    folders = frozenset(folder.relative_to(top) for folder in listing.folders if len(folder.parts) > 1)
    return Listing(top, members, folders, listing.read, listing.where, listing.remarks)


def place(listing: Listing, member: Member, into: Path) -> Path | Note:
    """A file that holds the bytes of a member, with its suffix in small letters; or why there is none.

    It is the file itself where that is possible, and else one in `into`.
    """
    if member.note is not None:
        return member.note
    suffix = member.path.suffix.lower()
    there = listing.where(member)
    if there is not None and there.suffix == suffix:
        return there
    source = listing.read(member, MOST_BYTES)
    if isinstance(source, Note):
        return source
    file = into / f"{member.number:06d}{suffix}"
    file.write_bytes(source)
    return file


# ---- folders -----------------------------------------------------------------------------------------------


def _list_folder(folder: Path) -> Listing:
    root = folder.resolve()
    files: list[Path] = []
    notes: dict[Path, Note] = {}
    folders: set[PurePosixPath] = set()

    def closed(error: OSError) -> None:
        path = Path(error.filename)
        if path == folder:
            raise error
        files.append(path)
        notes[path] = Note("cannot-open", {"text": error.strerror or type(error).__name__})

    for at, names, others in os.walk(folder, onerror=closed):
        names[:] = sorted(name for name in names if not _left_behind((name,)))
        real = [name for name in names if not Path(at, name).is_symlink()]
        folders |= {PurePosixPath(Path(at, name).relative_to(folder).as_posix()) for name in real}
        for name in sorted({*names, *others} - {*real}):
            path = Path(at, name)
            # Whoever unpacks an archive gets the links of its students, too, wherever they lead.
            if path.is_symlink() and (path.is_dir() or (path.exists() and root not in path.resolve().parents)):
                notes[path] = Note("link")
            files.append(path)
            if len(files) > MOST_MEMBERS:
                raise _too_many(folder)
    files = [path for path in dict.fromkeys(files) if not _left_behind((path.name,))]
    members = tuple(
        Member(PurePosixPath(path.relative_to(folder).as_posix()), number, _modified(path), notes.get(path))
        for number, path in enumerate(files)
    )

    def read(member: Member, most: int) -> bytes | Note:
        if member.note is not None:
            return member.note
        path = files[member.number]
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe would wait forever
                return Note("cannot-open", {"text": "it is no ordinary file"})
            with path.open("rb") as file:
                return _limited(file, most)
        except OSError as error:
            return Note("cannot-open", {"text": error.strerror or type(error).__name__})

    return Listing(root.name, members, frozenset(folders), read, lambda member: files[member.number])


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _left_behind(parts: tuple[str, ...]) -> bool:
    """Whether it is something that an operating system or an editor wrote, and no student."""
    return any(part in PASSED_OVER or part.startswith(".") for part in parts) or parts[-1].lower() in LEFT_BEHIND


def _limited(file: IO[bytes], most: int) -> bytes | Note:
    """All that a file holds, whatever is declared of its size; or that it holds more than `most` bytes."""
    source = file.read(most + 1)
    if len(source) > most:
        return Note("too-large", {"megabytes": max(len(source), most + 1) >> 20, "most": most >> 20})
    return source


# ---- archives ----------------------------------------------------------------------------------------------


def _inner_path(name: str) -> tuple[PurePosixPath | None, bool]:
    """Where a member stands within the archive, None for nowhere; and whether its name led out of it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    inside = [part for part in parts if part != ".."]
    drive = bool(inside) and len(inside[0]) == 2 and inside[0][0].isalpha() and inside[0][1] == ":"
    inside = inside[drive:]
    led_out = drive or len(parts) != len(inside) or name[:1] in ("/", "\\")
    return (PurePosixPath(*inside) if inside else None), led_out


def _listing_of(
    name: str,
    named: list[tuple[str, bool, float, Note | None]],
    read: Callable[[Member, int], bytes | Note],
) -> Listing:
    """From what an archive says of its members: name, whether it is a folder, time, and why it cannot be read."""
    members: list[Member] = []
    folders: set[PurePosixPath] = set()
    outside = 0
    for number, (written, is_folder, modified, note) in enumerate(named):
        path, led_out = _inner_path(written)
        if path is None or _left_behind(path.parts):
            continue
        outside += led_out
        folders |= {parent for parent in path.parents if parent.parts}
        if is_folder:
            folders.add(path)
        else:
            members.append(Member(path, number, modified, note))
    remarks = [f"{_files(outside)} whose path leads out of the archive: read as if it did not."] if outside else []
    return Listing(name, tuple(members), frozenset(folders), read, lambda member: None, tuple(remarks))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _list_zip(archive: zipfile.ZipFile, path: Path, name: str) -> Listing:
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _too_many(path)
    if infos and all(info.flag_bits & ENCRYPTED for info in infos if not _is_folder(info)):
        if any(not _is_folder(info) for info in infos):
            raise UsageError(f"{path}: this archive needs a password. Unpack it yourself, and give the folder.")

    def read(member: Member, most: int) -> bytes | Note:
        if member.note is not None:
            return member.note
        try:
            with archive.open(infos[member.number]) as file:
                return _limited(file, most)
        except (*BROKEN, OSError) as error:
            return Note("cannot-open", {"text": _told(error)})

    named = [(_zip_name(info), _is_folder(info), _zip_time(info), _zip_note(info)) for info in infos]
    return _listing_of(name, named, read)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(("/", "\\"))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a member. Many tools write UTF-8 without saying so, which is then read as the letters of DOS."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _zip_time(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def _zip_note(info: zipfile.ZipInfo) -> Note | None:
    mode = info.external_attr >> 16
    if info.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return Note("link")
    if info.flag_bits & ENCRYPTED:
        return Note("cannot-open", {"text": "it needs a password"})
    return None


class _Measured:
    """A stream that a tar is read from. Refuses to go on where a name asks for too much, or all of it is too large."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._path = path
        self.most = MOST_HEADER

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self.most:
            raise tarfile.ReadError("a name in it is longer than any name is")
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_SET:
            self._check(position)
        return self._file.seek(position, whence)

    def finish(self) -> None:
        """Reads on to the end: only there, a compressed stream says whether it is what was written."""
        while self._file.read(MOST_HEADER):
            self._check(self._file.tell())

    def _check(self, position: int) -> None:
        if position > MOST_UNPACKED:
            raise UsageError(
                f"{self._path}: more than {MOST_UNPACKED >> 30} GB when it is unpacked. Unpack it yourself, and give "
                "the folder."
            )

    def close(self) -> None:
        self._file.close()


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    """The stream in a compressed one, by its first bytes."""
    import bz2
    import gzip
    import lzma

    start = file.read(6)
    file.seek(0)
    openers: tuple[Any, ...] = (gzip.open, bz2.open, lzma.open)
    found = [opener for opener, magic in zip(openers, COMPRESSED) if start.startswith(magic)]
    opened: IO[bytes] = found[0](file) if found else file
    return opened


def _list_tar(archive: tarfile.TarFile, path: Path, name: str) -> Listing:
    infos: list[tarfile.TarInfo] = []
    for info in archive:
        infos.append(info)
        if len(infos) > MOST_MEMBERS:
            raise _too_many(path)
    stream: Any = archive.fileobj
    stream.seek(archive.offset)
    if stream.read(tarfile.BLOCKSIZE) != tarfile.NUL * tarfile.BLOCKSIZE:  # tarfile takes any damage for the end
        raise tarfile.ReadError("it is cut off, or damaged in the middle")
    stream.finish()

    def read(member: Member, most: int) -> bytes | Note:
        if member.note is not None:
            return member.note
        stream.most = most + 1
        try:
            file = archive.extractfile(infos[member.number])
            assert file is not None  # it is an ordinary file: all others have a note
            return _limited(file, most)
        except (*BROKEN, OSError) as error:
            return Note("cannot-open", {"text": _told(error)})
        finally:
            stream.most = MOST_HEADER

    named = [
        (info.name, info.isdir(), float(info.mtime or 0), None if info.isreg() or info.isdir() else Note("link"))
        for info in infos
    ]
    return _listing_of(name, named, read)
