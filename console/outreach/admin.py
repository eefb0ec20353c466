"""Notices and reports in the console."""

# mypy: allow-subclassing-any

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin
from unfold.decorators import action

from bot.answers import answers
from console.outreach.models import Notice, Report
from console.outreach.notices import NotNowError, check, hand_over, recall, recipients
from console.outreach.wording import counted, ended
from gazetteer.districts import districts
from services_directory.admin import DistrictFilter
from services_directory.models import ServiceAtLocation

_REDIS_AWAY = "Der Bot ist gerade nicht zu erreichen. Bitte später noch einmal versuchen."


@admin.register(Notice)
class NoticeAdmin(SimpleHistoryAdmin, ModelAdmin):
    list_display = (
        "shortened",
        "district_ags",
        "state",
        "goes_out",
        "valid_until",
        "sent",
        "skipped",
        "result",
    )
    list_filter = (DistrictFilter, "state")
    search_fields = ("id", "text_de")
    autocomplete_fields = ("listing",)
    actions_detail = ("send", "take_back")
    readonly_fields = ("id", "state", "created_by", "created_at", "sent_at", "sent", "skipped", "result")

    @admin.display(description="Nachricht")
    def shortened(self, notice: Notice) -> str:
        return notice.text_de[:80]

    @admin.display(description="wird gesendet")
    def goes_out(self, notice: Notice) -> Any:
        return notice.send_at or notice.sent_at

    @admin.display(description="Ergebnis")
    def result(self, notice: Notice) -> str:
        return ended(notice.ending) if notice.state != Notice.State.DRAFT else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Notice | None = None) -> tuple[str, ...]:
        """What was sent cannot be changed any more."""
        if obj is None or obj.state == Notice.State.DRAFT:
            return self.readonly_fields
        return (*(field.name for field in Notice._meta.fields), "result")

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Drafts only: what was sent counts towards the limit of a week."""
        is_draft = obj is None or obj.state == Notice.State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the list's way to delete, which does not ask about each one."""
        return {
            name: found for name, found in super().get_actions(request).items() if name != "delete_selected"
        }

    def history_form_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        """To look at only: an earlier version of what was sent would be a draft again."""
        if request.method == "POST":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **more)
        return response

    def revert_disabled(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Without the button that would post it."""
        return True

    def save_model(self, request: HttpRequest, obj: Notice, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    @action(description="Zählen und abschicken", url_path="send", permissions=["change"])  # type: ignore[untyped-decorator]
    def send(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show whom the notice would reach; send it when that is confirmed."""
        return self._confirmed(request, object_id, self._counted, hand_over, "Abschicken")

    @action(description="Zurückziehen", url_path="recall", permissions=["change"])  # type: ignore[untyped-decorator]
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop a notice for those who have not got it yet, when that is confirmed."""
        return self._confirmed(request, object_id, self._got_already, recall, "Zurückziehen")

    def _confirmed(
        self,
        request: HttpRequest,
        object_id: str,
        sentence: Callable[[Notice], str],
        act: Callable[[Notice], None],
        confirm: str,
    ) -> HttpResponse:
        """First the sentence and the notice with a button, then the deed."""
        notice = get_object_or_404(Notice, pk=object_id)
        try:
            if request.method != "POST":
                return self._question(request, notice, sentence(notice), confirm)
            act(notice)
            self.message_user(request, f"Erledigt: {confirm}.", messages.SUCCESS)
        except NotNowError as error:
            self.message_user(request, str(error), messages.ERROR)
        except redis.RedisError:
            self.message_user(request, _REDIS_AWAY, messages.ERROR)
        return redirect(_address(notice))

    def _question(self, request: HttpRequest, notice: Notice, sentence: str, confirm: str) -> HttpResponse:
        languages = (("de", "Deutsch"), ("uk", "Ukrainisch"), ("ru", "Russisch"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Nachricht",
            "notice": notice,
            "sentence": sentence,
            "confirm": confirm,
            "texts": [(name, getattr(notice, f"text_{code}")) for code, name in languages],
            "back": _address(notice),
        }
        return TemplateResponse(request, "outreach/confirm.html", context)

    @staticmethod
    def _counted(notice: Notice) -> str:
        check(notice)
        return f"Diese Nachricht bekommen jetzt {counted(recipients(notice))}."

    @staticmethod
    def _got_already(notice: Notice) -> str:
        return f"Zugestellt bisher: {notice.sent}. Niemand sonst bekommt sie dann noch."


@admin.register(Report)
class ReportAdmin(ModelAdmin):
    list_display = ("subject", "reason", "area", "received_at", "state", "done_by")
    list_filter = ("state", DistrictFilter, "reason")
    list_select_related = ("done_by",)
    search_fields = ("listing", "topic")
    actions = ("mark_done",)
    fields = readonly_fields = ("subject", "reason", "area", "received_at", "state", "done_by", "done_at")

    @admin.display(description="Eintrag oder Antwort", ordering="listing")
    def subject(self, report: Report) -> str:
        """The listing with the way to it, or the answer's title."""
        if report.listing_pk:  # type: ignore[attr-defined]
            address = reverse("admin:services_directory_serviceatlocation_change", args=[report.listing_pk])  # type: ignore[attr-defined]
            return format_html('<a href="{}">{}</a>', address, f"{report.name} ({report.listing})")  # type: ignore[attr-defined]
        answer = answers().get(report.topic)
        return f"Antwort: {answer.wordings['de'].title}" if answer else report.listing or report.topic

    @admin.display(description="Kreis", ordering="district_ags")
    def area(self, report: Report) -> str:
        district = districts().get(report.district_ags)
        return district.name_de if district else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Reports with the listing's key and name, where it still exists."""
        listings = ServiceAtLocation.objects.filter(public_id=OuterRef("listing")).exclude(public_id="")
        return Report.objects.annotate(
            listing_pk=Subquery(listings.values("pk")[:1]),
            name=Coalesce(
                Subquery(listings.values("service__name")[:1]), Value(""), output_field=CharField()
            ),
        )

    @admin.action(description="Als erledigt vermerken", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Note who settled the chosen reports, and when."""
        still_open = Report.objects.filter(pk__in=queryset.values("pk"), state=Report.State.OPEN)
        count = still_open.update(state=Report.State.DONE, done_by=request.user, done_at=timezone.now())
        self.message_user(request, f"Erledigt: {count}", messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reports come from people only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """They are settled, not deleted."""
        return False


def _address(notice: Notice) -> str:
    return reverse("admin:outreach_notice_change", args=[notice.pk])
