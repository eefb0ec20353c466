"""The addresses of the API below /hsds/: the table of which URLs and OpenAPI document are made."""

from __future__ import annotations

from dataclasses import dataclass

from console.hsds import calendar, views
from console.hsds.answers import View
from console.hsds.parameters import (
    CATEGORY,
    DISTRICT,
    FULL,
    FULL_SERVICE,
    LANGUAGE,
    MINIMAL,
    MODIFIED_AFTER,
    ORGANIZATION_ID,
    PAGES,
    PARENT_ID,
    POSTCODE,
    SEARCH,
    TAXONOMY_ID,
    TAXONOMY_TERM_ID,
    TOP_ONLY,
    Parameter,
)


@dataclass(frozen=True, slots=True)
class Route:
    """An address. `answers` names a schema of the OpenAPI document, or else is a media type."""

    path: str
    """Parts in braces, as OpenAPI writes them."""
    name: str
    view: View
    summary: str
    answers: str
    parameters: tuple[Parameter, ...] = ()
    paged: bool = False


_FILTERS = (SEARCH, DISTRICT, CATEGORY, TAXONOMY_ID, TAXONOMY_TERM_ID, ORGANIZATION_ID)

ROUTES = (
    Route("", "about", views.about, "What this API is", "About"),
    Route("profile", "profile", views.profile, "The German profile in words", "text/markdown"),
    Route(
        "services",
        "services",
        views.services,
        "All services",
        "Service",
        (*_FILTERS, MODIFIED_AFTER, MINIMAL, FULL, *PAGES),
        paged=True,
    ),
    Route("services/{id}", "service", views.service, "One service, fully nested", "Service"),
    Route(
        "service_at_locations",
        "service_at_locations",
        views.service_at_locations,
        "All listings: services at their locations",
        "ServiceAtLocation",
        (*_FILTERS, POSTCODE, MODIFIED_AFTER, FULL, *PAGES),
        paged=True,
    ),
    Route(
        "service_at_locations/{id}",
        "service_at_location",
        views.service_at_location,
        "One listing, fully nested",
        "ServiceAtLocation",
    ),
    Route(
        "organizations",
        "organizations",
        views.organizations,
        "All organizations that offer something",
        "Organization",
        (SEARCH, DISTRICT, CATEGORY, FULL, FULL_SERVICE, *PAGES),
        paged=True,
    ),
    Route(
        "organizations/{id}",
        "organization",
        views.organization,
        "One organization with its locations and services",
        "Organization",
        (FULL_SERVICE,),
    ),
    Route(
        "taxonomies",
        "taxonomies",
        views.taxonomies,
        "All taxonomies",
        "Taxonomy",
        (SEARCH, *PAGES),
        paged=True,
    ),
    Route("taxonomies/{id}", "taxonomy", views.taxonomy_, "One taxonomy", "Taxonomy"),
    Route(
        "taxonomy_terms",
        "taxonomy_terms",
        views.taxonomy_terms,
        "All taxonomy terms: categories and kinds of office",
        "TaxonomyTerm",
        (SEARCH, TAXONOMY_ID, TOP_ONLY, PARENT_ID, *PAGES),
        paged=True,
    ),
    Route("taxonomy_terms/{id}", "taxonomy_term", views.taxonomy_term, "One taxonomy term", "TaxonomyTerm"),
    Route(
        "districts/{ags}/calendar.ics",
        "calendar",
        calendar.feed,
        "Consultation hours in a district for the next eight weeks, as a calendar to subscribe to",
        "text/calendar",
        (LANGUAGE,),
    ),
)
