"""Treasury: public money, and what is counted of a whole economy, with the state that pays, saves and owes it."""

from __future__ import annotations

import re
from dataclasses import replace

from etl.clause import OF, Figure, Scene, cue_words
from etl.cues import Hit
from etl.ellipsis import LARGE_SUM, size_of
from etl.lexicon import words_of
from etl.parties import Mention, is_state_body
from etl.payments import pays
from etl.quantities import Evidence, Quantity
from etl.roles import find_party
from etl.stance import tells


def of_politics(scene: Scene, figure: Figure) -> Figure:
    """What a politician would spend by the million as the state's: `elle veut consacrer 2 milliards à la sécurité`."""
    spends = figure.measure == "capex" and scene.kinds.get(figure.actor or "") == "person"
    if not spends or scene.state is None or size_of(figure.quantity) < LARGE_SUM:
        return figure
    figure.evidence.pop("subject", None)
    return replace(figure, measure="budget", subject=None, actor=scene.state)


def injected(scene: Scene, quantity: Quantity, hit: Hit, evidence: Evidence) -> Figure | None:
    """Public money that a state puts into what has no name: `Londres injecte 1,6 milliard dans ses transports`."""
    payer = find_party(scene, hit, quantity, ("nsubj",), ())
    if (
        hit.form.cue.measure != "deal_value"
        or hit.form.kind != "verb"
        or payer is None
        or payer.place is None
    ):
        return None
    if scene.kinds.get(payer.name) != "state" or not _INTO.match(
        scene.flat, quantity.end, scene.sentence.end
    ):
        return None
    evidence["measure"], evidence["actor"] = (hit.start, hit.end), payer.place
    return Figure(
        quantity, scene.sentence, "budget", None, payer.name, unresolved="no subject", evidence=evidence
    )


_INTO = re.compile(r"\sdans\s")


def of_the_economy(scene: Scene, figure: Figure, hit: Hit) -> Figure:
    """Growth, deficit, unemployment as the state's, whichever institution tells them."""
    kind = scene.kinds.get(figure.subject) if figure.subject else None
    words = scene.flat[hit.start : hit.end]
    place = figure.evidence.get("subject", (0, 0))
    if figure.measure == "loss" and kind == "state" and words in words_of("macroeconomic"):
        return replace(figure, measure="budget", unresolved=None)  # a deficit of the state is public money
    if place[0] >= hit.end and OF.fullmatch(scene.flat, hit.end, place[0]):
        return figure  # "le déficit de la Sécurité sociale"
    tellers = (None, "institution") if words == "croissance" else (None, "institution", "")
    remembered = "subject" not in figure.evidence and kind == "person"
    if (
        words not in words_of("macroeconomic")
        or scene.state is None
        or (kind not in tellers and not remembered)
    ):
        return figure
    return replace(figure, subject=scene.state, actor=None, unresolved=None)


def with_state(scene: Scene, figure: Figure) -> Figure:
    """Public money with the state that pays it, or saves it: ministries, government and head of state act for it."""
    place = figure.evidence.get("measure", (0, 0))
    firm = scene.kinds.get(scene.main or "") == "company"
    party = figure.subject or figure.actor or (None if firm else scene.state)
    saves = figure.measure == "other" and "économie" in cue_words(scene, figure)
    if saves and party and scene.kinds.get(party) in ("state", "institution"):
        return replace(figure, measure="budget", direction="down", actor=party)
    if figure.measure != "budget":
        return figure
    if _EUROPEAN.match(scene.flat, place[1], scene.sentence.end) and figure.actor != "Union européenne":
        figure.evidence["actor"] = place
        subject = figure.subject or (figure.actor if scene.kinds.get(figure.actor or "") == "state" else None)
        return replace(figure, subject=subject, actor="Union européenne")
    if cue_words(scene, figure) in words_of("tax") and (payer := _taxpayer(scene, figure.quantity)):
        figure.evidence["actor"] = (payer.start, payer.end)
        return replace(figure, subject=scene.state or "France", actor=payer.name, unresolved=None)
    tellers = (m for m in scene.mentions if m.name == figure.actor and m.kind == "institution")
    private = scene.kinds.get(figure.actor or "") in ("person", "media")
    by_state = figure.actor is None or private or is_state_body(figure.actor)
    return (
        replace(figure, actor=scene.state)
        if by_state or any(tells(scene.flat, m) for m in tellers)
        else figure
    )


_EUROPEAN = re.compile(r"\s(?:\w+\s)?europée(?:n|ns|nne|nnes)\b")  # "le plan de relance européen"


def _taxpayer(scene: Scene, quantity: Quantity) -> Mention | None:
    """The company that pays a tax: `Netflix avait versé 900 000 euros d'impôts`."""
    paid = pays().search(scene.flat, scene.sentence.start, quantity.start)
    payers = (m for m in scene.mentions if m.kind in ("company", "product"))
    return next((m for m in payers if paid and _HAS.fullmatch(scene.flat, m.end, paid.start())), None)


_HAS = re.compile(r"\s(?:(?:a|ont|avait|avaient|aura|aurait|n'a|a\s\w+)\s)?")
