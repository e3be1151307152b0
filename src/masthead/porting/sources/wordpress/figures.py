"""Pictures, galleries, films, sounds and cards of other sites."""

from __future__ import annotations

import re

from bs4 import Tag

from masthead.porting.markup import clean_inline
from masthead.porting.media_names import original_path
from masthead.porting.records import Block, EmbedBlock, GalleryBlock, PictureBlock

from .inline import MEDIA, attribute, classes, spelt
from .links import Links, is_web_address
from .media_index import MediaIndex

_NUMBER = re.compile(r"wp-image-(\d+)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?)$", re.IGNORECASE)


class Figures:
    """Reads what is looked at or listened to."""

    def __init__(self, *, media: MediaIndex, links: Links) -> None:
        self._media = media
        self._links = links

    @staticmethod
    def as_letters(tag: Tag) -> str:
        """Return the letters a smiley picture stands for; empty for any other picture."""
        is_smiley = tag.name == "img" and {"wp-smiley", "emoji"} & set(classes(tag))
        return attribute(tag, "alt") if is_smiley else ""

    def medium(self, tag: Tag, *, within: Tag | None = None) -> Block | None:
        """Return the block for an ``<img>``, ``<iframe>``, ``<video>`` or ``<audio>``; nothing without an address."""
        if tag.name == "img":
            link = tag.find_parent("a") or (within if within is not None and within.name == "a" else None)
            return self.picture(tag, link=link)
        source = tag.find("source", src=True)
        url = attribute(tag, "src") or (attribute(source, "src") if isinstance(source, Tag) else "")
        url = self._links.absolute(url)
        return EmbedBlock(url=self._links.card(url), title=attribute(tag, "title")) if url else None

    def picture(self, tag: Tag, *, link: Tag | None = None, caption_html: str = "") -> PictureBlock | None:
        """Return a picture; nothing for one without an address or for a tracking dot."""
        url = self._links.absolute(attribute(tag, "src"))
        if not url or (attribute(tag, "width") == "1" and attribute(tag, "height") == "1"):
            return None
        number = next((match[1] for name in classes(tag) if (match := _NUMBER.fullmatch(name))), "")
        key = self._media.key_of(number=number or attribute(tag, "data-id"), url=url)
        alt = attribute(tag, "alt") or (self._media[key].alt if key else "")
        target = self._target(attribute(link, "href") if link is not None else "", url, key)
        return PictureBlock(url=url, media_key=key, alt=alt, caption_html=caption_html, link=target)

    def _target(self, href: str, url: str, key: str) -> str:
        """Return where a click on a picture led, unless to the picture itself or to its own page."""
        if not href or href.startswith("#") or original_path(href) == original_path(url):
            return ""
        if _PICTURE_FILE.search(original_path(href)) or "attachment_id=" in href:
            return ""
        return "" if key and self._media.key_of(url=href) == key else href

    def figure(self, tag: Tag) -> list[Block] | None:
        """Return the blocks of a ``<figure>`` that shows something; nothing if it holds text, a table or code."""
        names = classes(tag)
        pictures = tag.find_all("img")
        if "wp-block-gallery" in names or (len(pictures) > 1 and tag.find("table") is None):
            return self._gallery(tag)
        if tag.find(["table", "pre", "blockquote"]) is not None:
            return None
        caption = tag.find("figcaption")
        caption_html = clean_inline(spelt(list(caption.children))) if isinstance(caption, Tag) else ""
        words = caption.get_text(" ", strip=True) if isinstance(caption, Tag) else ""
        if len(pictures) == 1:
            link = pictures[0].find_parent("a")
            picture = self.picture(pictures[0], link=link, caption_html=caption_html)
            return [picture] if picture is not None else None
        medium = tag.find(MEDIA)
        if isinstance(medium, Tag):
            found = self.medium(medium)
            return [EmbedBlock(url=found.url, title=words or found.title)] if isinstance(found, EmbedBlock) else None
        return self._card(tag, caption, words) if any(name.startswith("wp-block-embed") for name in names) else None

    def _card(self, tag: Tag, caption: object, words: str) -> list[Block] | None:
        if isinstance(caption, Tag):
            caption.extract()
        address = _ADDRESS.search(tag.get_text())
        if address is None or not is_web_address(address[0]):
            return None
        return [EmbedBlock(url=self._links.card(address[0]), title=words)]

    def _gallery(self, tag: Tag) -> list[Block] | None:
        """Return a gallery. Each picture's caption stands nearest to it; the gallery's own belongs to no picture."""
        pictures: list[PictureBlock] = []
        for image in tag.find_all("img"):
            holder = image.find_parent(["figure", "li"])
            caption = holder.find("figcaption") if isinstance(holder, Tag) and holder is not tag else None
            caption_html = ""
            if isinstance(caption, Tag):
                caption_html = clean_inline(spelt(list(caption.children)))
                caption.extract()
            picture = self.picture(image, link=image.find_parent("a"), caption_html=caption_html)
            if picture is not None:
                pictures.append(picture)
        own = tag.find("figcaption")
        own_html = clean_inline(spelt(list(own.children))) if isinstance(own, Tag) else ""
        return [GalleryBlock(pictures=tuple(pictures), caption_html=own_html)] if pictures else None
