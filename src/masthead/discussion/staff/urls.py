"""Addresses below ``/admin/discussion/``."""

from django.urls import path

from masthead.discussion.staff import hints, outside, views
from masthead.discussion.staff.history import history

app_name = "discussion_staff"

urlpatterns = [
    path("held/", views.queue, name="queue"),
    path("hints/", hints.hint_list, name="hints"),
    path("hints/<slug:kind>/<slug:hint_id>/", hints.hint_page, name="hint"),
    path("elsewhere/", outside.page_list, name="outside"),
    path("elsewhere/new/", outside.page_new, name="outside-new"),
    path("elsewhere/<slug:page_id>/", outside.page_edit, name="outside-edit"),
    path("<slug:comment_id>/", views.comment, name="comment"),
    path("<slug:comment_id>/history/", history, name="history"),
    path("<slug:comment_id>/decide/", views.decide, name="decide"),
    path("<slug:comment_id>/remove/", views.remove, name="remove"),
]
