"""Addresses of funding."""

from django.urls import path

from masthead.funding import feeds
from masthead.funding.views import (
    badge,
    campaigns,
    care,
    month_in_path,
    notifications,
    pages,
    paying,
    receipts,
    wall,
    working,
)

app_name = "funding"
month_in_path.register()

urlpatterns = [
    path("support/", pages.support, name="support"),
    path("support/thanks/<slug:reference>/", paying.thanks, name="thanks"),
    path("support/pay/<slug:reference>/", paying.pay, name="pay"),
    path("support/care/", care.ask_link, name="ask-link"),
    path("support/care/<str:token>/", care.care_page, name="care"),
    path("support/care/<str:token>/receipts/<slug:public_id>.pdf", receipts.receipt, name="care-receipt"),
    path("support/care/<str:token>/<int:year>/", receipts.year, name="care-year"),
    path("support/care/<str:token>/<int:year>.pdf", receipts.year_pdf, name="care-year-pdf"),
    path("support/supporter/<str:token>/", badge.choose, name="badge"),
    path("support/working/", pages.working, name="working"),
    path("support/working/months.csv", pages.working_csv, name="working-csv"),
    path("support/working/<month:month>/", working.month_page, name="working-month"),
    path("support/working/<month:month>/month.csv", working.month_csv, name="working-month-csv"),
    path("support/working/<month:month>/sealed.txt", working.sealed_text, name="sealed-text"),
    path("support/working/<month:month>/changes.txt", working.changes_text, name="changes-text"),
    path("support/<slug:slug>/supporters/", wall.wall_page, name="campaign-wall"),
    path("support/<slug:slug>/feed/", feeds.campaign_feed, name="campaign-feed"),
    path("support/<slug:slug>/meter.svg", campaigns.campaign_picture, name="campaign-picture"),
    path("support/<slug:slug>/meter.json", campaigns.campaign_json, name="campaign-json"),
    # Last of these: what has a page of its own is no campaign's name (services.campaigns.RESERVED).
    path("support/<slug:slug>/", campaigns.campaign_page, name="campaign"),
    path("-/meter/", pages.meter_figures, name="meter"),
    path("-/payments/<slug:provider>/", notifications.notification, name="notification"),
]
