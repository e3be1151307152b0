"""Addresses below ``/-/comments/``. Forms carry no token: the project's forgery middleware checks every request."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from masthead.discussion.views import (
    button,
    conversation,
    embed,
    marks,
    mine,
    notes,
    outside,
    people,
    pictures,
    read,
    undo,
    write,
)

app_name = "discussion"

urlpatterns = [
    path("post/", csrf_exempt(write.comment_create), name="comment-create"),
    path("passage/", csrf_exempt(notes.passage_note), name="passage-note"),
    path("preview/", csrf_exempt(read.preview), name="comment-preview"),
    path("list/", read.thread_list, name="thread-list"),
    path("new/", read.news, name="news"),
    path("mine/", mine.mine, name="mine"),
    path("mine/leave/", csrf_exempt(mine.leave), name="leave"),
    path("mine/ask-again/", csrf_exempt(mine.ask_again), name="ask-again"),
    path("mine/claim/", csrf_exempt(mine.ask_claim), name="ask-claim"),
    path("mine/export/", mine.export, name="export"),
    path("mine/erase/", csrf_exempt(mine.erase), name="erase"),
    path("button/<str:token>/", csrf_exempt(button.button), name="button"),
    path("pictures/<slug:name>.webp", pictures.picture, name="picture"),
    path("me/", read.me, name="me"),
    path("names/", people.names, name="names"),
    path("on/<slug:page_id>/", outside.page, name="outside-page"),
    path("<slug:comment_id>/go/", people.comment_go, name="comment-go"),
    path("<slug:comment_id>/reply/", read.comment_reply, name="comment-reply"),
    path("<slug:comment_id>/replies/", read.replies_of, name="replies"),
    path("<slug:comment_id>/edit/", csrf_exempt(write.comment_edit), name="comment-edit"),
    path("<slug:comment_id>/delete/", csrf_exempt(write.comment_delete), name="comment-delete"),
    path("<slug:comment_id>/undo/", csrf_exempt(undo.comment_undo), name="comment-undo"),
    path("<slug:comment_id>/vote/", csrf_exempt(write.comment_vote), name="comment-vote"),
    path("<slug:comment_id>/tools/", marks.tools, name="comment-tools"),
    path("<slug:comment_id>/mark/", csrf_exempt(marks.comment_mark), name="comment-mark"),
    path("<slug:comment_id>/", conversation.conversation, name="conversation"),
]

# What stands on pages of other sites may be read and done there; everything else is this site's alone.
embed_patterns = [
    path("", embed.section, name="section"),
    path("list/", embed.thread_list, name="thread-list"),
    path("post/", csrf_exempt(write.comment_create), name="comment-create"),
    path("new/", read.news, name="news"),
    path("me/", read.me, name="me"),
    path("<slug:comment_id>/reply/", read.comment_reply, name="comment-reply"),
    path("<slug:comment_id>/replies/", read.replies_of, name="replies"),
    path("<slug:comment_id>/edit/", csrf_exempt(write.comment_edit), name="comment-edit"),
    path("<slug:comment_id>/delete/", csrf_exempt(write.comment_delete), name="comment-delete"),
    path("<slug:comment_id>/undo/", csrf_exempt(undo.comment_undo), name="comment-undo"),
    path("<slug:comment_id>/vote/", csrf_exempt(write.comment_vote), name="comment-vote"),
]
