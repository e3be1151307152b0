"""Addresses of funding."""

from django.urls import path

from masthead.funding.views import notifications, pages, paying

app_name = "funding"

urlpatterns = [
    path("support/", pages.support, name="support"),
    path("support/thanks/<slug:reference>/", paying.thanks, name="thanks"),
    path("support/pay/<slug:reference>/", paying.pay, name="pay"),
    path("support/working/", pages.working, name="working"),
    path("support/working/months.csv", pages.working_csv, name="working-csv"),
    path("-/meter/", pages.meter_figures, name="meter"),
    path("-/payments/<slug:provider>/", notifications.notification, name="notification"),
]
