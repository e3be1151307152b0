"""Addresses of the screens, below the admin's."""

from django.urls import path

from masthead.funding.staff import (
    act_views,
    bank_views,
    campaign_views,
    donor_views,
    held_views,
    match_views,
    overview_views,
    receipt_views,
    reconciled_views,
    refund_views,
    slip_views,
    statement_views,
    story_views,
    views,
    wall_views,
    working_views,
)
from masthead.funding.views import month_in_path

app_name = "funding_staff"
month_in_path.register()
_HELD = "held/<slug:provider>/<slug:kind>/<slug:external_id>/"

urlpatterns = [
    path("overview/", overview_views.Overview.as_view(), name="overview"),
    path("overview/months.csv", overview_views.MonthTable.as_view(), name="overview-months"),
    path("overview/cohorts.csv", overview_views.CohortTable.as_view(), name="overview-cohorts"),
    path("overview/lapsed/", overview_views.LapsedList.as_view(), name="lapsed"),
    path("overview/lapsed/table/", overview_views.LapsedTable.as_view(), name="lapsed-table"),
    path("gifts/", views.GiftList.as_view(), name="gifts"),
    path("gifts/record/", views.GiftRecord.as_view(), name="gift-record"),
    path("gifts/<slug:public_id>/reverse/", views.GiftReverse.as_view(), name="gift-reverse"),
    path("gifts/<slug:public_id>/refund/", refund_views.GiftRefund.as_view(), name="gift-refund"),
    path("acts/", act_views.ActList.as_view(), name="acts"),
    path("acts/acts.csv", act_views.ActTable.as_view(), name="acts-table"),
    path("gifts/<slug:public_id>/slip/", slip_views.slip, name="gift-slip"),
    path("gifts/<slug:public_id>/name/", wall_views.NameHide.as_view(), name="gift-name"),
    path("donors/", donor_views.DonorList.as_view(), name="donors"),
    path("donors/table/", donor_views.DonorTable.as_view(), name="donors-table"),
    path("donors/<slug:public_id>/", donor_views.DonorPage.as_view(), name="donor"),
    path("donors/<slug:public_id>/change/", donor_views.DonorChange.as_view(), name="donor-change"),
    path("receipts/", receipt_views.ReceiptList.as_view(), name="receipts"),
    path("receipts/table/", receipt_views.ReceiptTable.as_view(), name="receipts-table"),
    path("receipts/<slug:public_id>/paper/", receipt_views.ReceiptPaper.as_view(), name="receipt-paper"),
    path("receipts/<slug:public_id>/again/", receipt_views.ReceiptAgain.as_view(), name="receipt-again"),
    path("receipts/of/<slug:public_id>/issue/", receipt_views.ReceiptIssue.as_view(), name="receipt-issue"),
    path("statements/", statement_views.StatementList.as_view(), name="statements"),
    path("statements/<int:year>/send/", statement_views.StatementSend.as_view(), name="statements-send"),
    path("statements/<slug:public_id>/again/", statement_views.StatementAgain.as_view(), name="statement-again"),
    path("stories/", story_views.StoryList.as_view(), name="stories"),
    path("bank/", bank_views.BankList.as_view(), name="bank"),
    path("bank/upload/", bank_views.StatementUpload.as_view(), name="bank-upload"),
    path("bank/files/<slug:public_id>/", bank_views.StatementPreview.as_view(), name="bank-preview"),
    path("bank/lines/<slug:public_id>/", bank_views.LineDecide.as_view(), name="bank-line"),
    path("held/", held_views.HeldList.as_view(), name="held"),
    path("held/<slug:provider>/<slug:kind>/<slug:external_id>/again/", held_views.HeldTry.as_view(), name="held-again"),
    path(
        "held/<slug:provider>/<slug:kind>/<slug:external_id>/aside/", held_views.HeldAside.as_view(), name="held-aside"
    ),
    path("reconciliation/", reconciled_views.Reconciliations.as_view(), name="reconciliation"),
    path("reconciliation/<slug:public_id>/", reconciled_views.DifferenceDecide.as_view(), name="difference"),
    path("pledges/", views.PledgeList.as_view(), name="pledges"),
    path("pledges/<slug:public_id>/fulfil/", views.PledgeFulfil.as_view(), name="pledge-fulfil"),
    path("pledges/<slug:public_id>/close/", views.PledgeClose.as_view(), name="pledge-close"),
    path("campaigns/", campaign_views.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", campaign_views.CampaignNew.as_view(), name="campaign-new"),
    path("campaigns/of/<slug:slug>/", campaign_views.CampaignEdit.as_view(), name="campaign-edit"),
    path("matches/", match_views.MatchList.as_view(), name="matches"),
    path("matches/promise/", match_views.MatchPromise.as_view(), name="match-promise"),
    path("matches/<slug:public_id>/withdraw/", match_views.MatchWithdraw.as_view(), name="match-withdraw"),
    path("campaign/", campaign_views.CampaignEdit.as_view(), name="campaign"),
    path("months/", working_views.ClosedMonths.as_view(), name="closed-months"),
    path("months/<month:month>/close/", working_views.MonthClose.as_view(), name="month-close"),
    path("expenses/", working_views.ExpenseList.as_view(), name="expenses"),
    path("expenses/add/", working_views.ExpensePut.as_view(), name="expense-add"),
    path("expenses/<slug:public_id>/", working_views.ExpensePut.as_view(), name="expense"),
    path("expenses/<slug:public_id>/delete/", working_views.ExpenseDelete.as_view(), name="expense-delete"),
]
