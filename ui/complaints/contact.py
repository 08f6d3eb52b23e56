"""业主联系页面: home visits, meetings, letters, proposals, mediations, applications, and promises."""

from __future__ import annotations

from models.complaints.contact import (  # noqa: F401 - their deeds and lists are named below
    commitment_lists,
    forums,
    home_lists,
    mediations,
    owner_requests,
    proposals,
    receptions,
)
from models.complaints.contact.commitments import CommitmentState
from models.complaints.contact.forums import ForumState
from models.complaints.contact.homes import HomeState
from models.complaints.contact.mediations import MediationState
from models.complaints.contact.proposals import Decision
from ui.acts import in_states
from ui.page import Page
from ui.panel import Custom

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="commitments",
        row_deeds=(
            in_states("complaints.fulfil", CommitmentState.OPEN),
            "complaints.tell_commitment",
            in_states("complaints.put_off", CommitmentState.OPEN),
            in_states("complaints.drop_commitment", CommitmentState.OPEN),
        ),
        filters=("period", "unit", "state"),
        empty="没有承诺事项。家访、恳谈会、接待、提案、调解、申请里答应业主的事，都列在这里。",
    ),
    Page(
        listing="owner_requests",
        deeds=("complaints.take_request",),
        row_deeds=(in_states("complaints.finish_request", CommitmentState.OPEN),),
        papers=("OW-15",),
        filters=("period", "unit"),
        empty="还没有业户事项申请。证件、停车、搬运放行等，点“受理申请”登记并打印回执。",
    ),
    Page(
        listing="receptions",
        deeds=("complaints.receive",),
        papers=("CS-10",),
        filters=("period", "unit"),
        empty="还没有接待和来信。来访来信当天登记。",
    ),
    Page(
        listing="home_visits",
        deeds=("complaints.plan_home_visits", "complaints.add_home_visit"),
        row_deeds=(
            in_states("complaints.home_visit", HomeState.PLANNED),
            in_states("complaints.nobody_home", HomeState.PLANNED),
            in_states("complaints.drop_home_visit", HomeState.PLANNED),
        ),
        papers=("CS-08",),
        filters=("period", "unit", "building", "state"),
        empty="还没有家访。点“按楼栋安排家访”，在住的每一户都排进计划。",
    ),
    Page(
        listing="home_coverage",
        papers=("CS-08",),
        filters=("period",),
        period="今年",
        empty="没有在住的住户。",
    ),
    Page(
        listing="home_remarks",
        filters=("period", "unit", "building"),
        empty="家访时还没有记下意见。",
    ),
    Page(
        listing="cares",
        deeds=("complaints.add_care",),
        row_deeds=("complaints.end_care",),
        filters=("building", "state"),
        empty="没有特殊关照户。独居老人等，本人书面同意以后再登记。",
    ),
    Page(
        listing="forums",
        deeds=("complaints.plan_forum",),
        row_deeds=(
            in_states("complaints.hold_forum", ForumState.PLANNED),
            in_states("complaints.drop_forum", ForumState.PLANNED),
        ),
        papers=("CS-09",),
        filters=("period", "state"),
        empty="还没有恳谈会。每半年至少一次，先计划，开过以后登记纪要。",
    ),
    Page(
        listing="proposals",
        deeds=("complaints.add_proposal",),
        row_deeds=(
            in_states("complaints.decide_proposal", Decision.PENDING),
            in_states("complaints.tell_proposal", Decision.YES, Decision.PARTLY, Decision.NO),
        ),
        papers=("CS-11",),
        filters=("period", "unit", "state"),
        empty="还没有业主提案。",
    ),
    Page(
        listing="mediations",
        deeds=("complaints.add_mediation",),
        row_deeds=(
            in_states("complaints.settle_mediation", MediationState.OPEN),
            in_states("complaints.fail_mediation", MediationState.OPEN),
        ),
        papers=("CS-12",),
        filters=("period", "unit", "state"),
        empty="还没有调解过邻里纠纷。",
    ),
)
