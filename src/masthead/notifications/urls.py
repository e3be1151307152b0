"""Addresses of this app."""

from django.urls import path

from masthead.notifications import views

app_name = "notifications"

urlpatterns = [
    path("subscribe/", views.subscription_create, name="subscription-create"),
    path("asked/", views.subscription_asked, name="subscription-asked"),
    path("mine/", views.subscription_mine, name="subscription-mine"),
    path("confirm/<str:token>/", views.subscription_confirm, name="subscription-confirm"),
    path("manage/<str:token>/", views.subscription_list, name="subscription-list"),
    path("unsubscribe/<str:token>/", views.subscription_stop, name="subscription-stop"),
]
