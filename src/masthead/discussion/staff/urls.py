"""Addresses below ``/admin/discussion/``."""

from django.urls import path

from masthead.discussion.staff import views

app_name = "discussion_staff"

urlpatterns = [
    path("held/", views.queue, name="queue"),
    path("<slug:comment_id>/", views.comment, name="comment"),
    path("<slug:comment_id>/decide/", views.decide, name="decide"),
    path("<slug:comment_id>/remove/", views.remove, name="remove"),
]
