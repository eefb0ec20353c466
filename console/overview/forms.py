"""What a page of the overview is asked for, in its address."""

# mypy: allow-subclassing-any

from __future__ import annotations

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from console.overview.coverage import LAND_NAME, Cell, Level
from console.overview.funding import AmountError, cents_of
from gazetteer.districts import districts
from services_directory.models import Service

_ALL = ("", "alle")
_OF_LAND = "land"


class FilterForm(forms.Form):
    """Which cells of the table are wanted. What is not a choice is no wish."""

    district = forms.ChoiceField(
        label="Kreis",
        required=False,
        widget=UnfoldAdminSelectWidget,
        choices=lambda: [
            _ALL,
            *((ags, found.name_de) for ags, found in districts().items()),
            (_OF_LAND, LAND_NAME),
        ],
    )
    category = forms.ChoiceField(
        label="Angebot",
        required=False,
        widget=UnfoldAdminSelectWidget,
        choices=[_ALL, *Service.Category.choices],
    )
    level = forms.ChoiceField(
        label="Stand",
        required=False,
        widget=UnfoldAdminSelectWidget,
        choices=[_ALL, *((level.name.lower(), level.word) for level in Level)],
    )
    due = forms.BooleanField(
        label="nur mit fälligen Bestätigungen", required=False, widget=UnfoldBooleanWidget
    )

    def chosen(self, cells: list[Cell]) -> list[Cell]:
        """The cells that are wanted, in the same order."""
        self.is_valid()
        return [cell for cell in cells if self._is_wanted(cell)]

    def _is_wanted(self, cell: Cell) -> bool:
        is_like = {
            "district": cell.ags or _OF_LAND,
            "category": cell.category.value,
            "level": cell.level.name.lower(),
            "due": bool(cell.due),
        }
        return all(is_like[name] == wish for name, wish in self.cleaned_data.items() if wish)


class AmountForm(forms.Form):
    """An amount in euros as people write it; cleaned it is whole cents."""

    amount = forms.CharField(
        label="Betrag in Euro",
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": "Bitte einen Betrag eingeben.",
            "max_length": "Bitte höchstens 40 Zeichen eingeben.",
        },
    )

    def clean_amount(self) -> int:
        try:
            return cents_of(self.cleaned_data["amount"])
        except AmountError as error:
            raise forms.ValidationError(str(error)) from error
