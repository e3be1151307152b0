"""Read a PDF as a screen reader does: by what its letters mean, not by how they look."""

from __future__ import annotations

import re
import zlib


def text_of(document: bytes) -> str:
    """Return the text of a PDF of ours, without spaces: how wide a gap is a space is the reader's guess."""
    objects = objects_of(document)
    meanings = {
        name.decode(): _meanings(_unpacked(objects[number]))
        for name, font in _fonts(objects)
        if (number := _reference(objects[font], b"ToUnicode"))
    }
    contents = (_unpacked(body) for body in objects.values() if b"stream" in body)
    return "".join(_shown(content, meanings) for content in contents if b" Tf" in content)


def objects_of(document: bytes) -> dict[int, bytes]:
    """Return the objects of a PDF by number, those in packed streams too."""
    plain = re.findall(rb"(?m)^(\d+) 0 obj\n(.*?)\nendobj", document, re.DOTALL)
    found = {int(number): body for number, body in plain}
    for body in list(found.values()):
        if b"/ObjStm" not in body:
            continue
        first = int(re.findall(rb"/First (\d+)", body)[0])
        packed = _unpacked(body)
        numbers = [int(each) for each in packed[:first].split()]
        places = [*numbers[1::2], len(packed)]
        for index, number in enumerate(numbers[::2]):
            found[number] = packed[first + places[index] : first + places[index + 1]]
    return found


def _fonts(objects: dict[int, bytes]) -> list[tuple[bytes, int]]:
    names = (pair for body in objects.values() for pair in re.findall(rb"/([\w-]+) (\d+) 0 R", body))
    return [(name, int(number)) for name, number in names if b"/Type0" in objects.get(int(number), b"")]


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    return int(found[1]) if found else 0


def _unpacked(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
    assert found
    try:
        return zlib.decompress(found[1])
    except zlib.error:
        return found[1]


def _meanings(table: bytes) -> dict[str, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> ?<([0-9a-fA-F]+)>", table)
    return {code.decode().lower(): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _shown(stream: bytes, meanings: dict[str, dict[str, str]]) -> str:
    words, font = [], ""
    for name, letters in re.findall(rb"/([\w-]+) [\d.]+ Tf|<([0-9a-fA-F]+)>", stream):
        if name:
            font = name.decode()
            continue
        codes = re.findall("....", letters.decode().lower())
        words.append("".join(meanings.get(font, {}).get(code, "") for code in codes))
    return re.sub(r"\s+", "", "".join(words))
