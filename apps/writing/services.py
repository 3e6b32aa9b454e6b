"""Keeping what became of the findings of a text, once it is saved."""

from datetime import datetime

from django.db import models, transaction

from apps.accounts.models import User
from apps.language import Finding

from .answers import Answers
from .models import Choice, Verdict
from .querysets import VerdictQuerySet
from .shown import Shown, quote_of, shown_of
from .tokens import Known, digest_of, read


def record_verdicts(
    about: models.Model,
    *,
    place: str,
    text: str,
    findings: list[Finding],
    answers: Answers,
    by: User,
    now: datetime,
) -> None:
    """One row for each finding that was used, went by hand, was kept with a reason, or was simply left.

    `findings` are those of `text` as it was saved. Words that an earlier save of the same text had kept
    already are not counted again, nor is a rule that was used in it already; words that were kept first and
    replaced later count as replaced.
    """
    shown = shown_of(text, findings, answers, by=by)
    base = Verdict(subject=about._meta.label_lower, subject_id=about.pk, place=place, by=by, at=now)
    with transaction.atomic():
        used = _used(base, shown, answers)
        used = _replace_earlier(base, used) if used else []
        known = _follow_earlier(base, shown, answers)
        rows = [*_standing(base, shown, known), *_gone(base, shown, answers, used)]
        if rows:
            Verdict.objects.bulk_create(rows, ignore_conflicts=True)


def forget_verdicts(about: models.Model) -> None:
    """The text was taken back: as if it had never been saved."""
    Verdict.objects.about(about).delete()


def _follow_earlier(base: Verdict, shown: list[Shown], answers: Answers) -> set[tuple[str, str]]:
    """Rows of earlier saves say whether they still stand, and take a reason that is given now, or taken back.

    Returns what they are about: rule and words.
    """
    here = _same_text(base).ignored()
    if not shown:
        here.filter(stands=True).update(stands=False)
        return set()
    standing = {(one.finding.rule, quote_of(one)): answers.kept.get(one.token) for one in shown}
    known = set()
    for row in here.order_by("pk"):
        key = (row.rule, row.words)
        known.add(key)
        _follow(row, base, stands=key in standing, reason=standing.get(key))
    return known


def _follow(row: Verdict, base: Verdict, *, stands: bool, reason: str | None) -> None:
    """reason: None where nothing was said about it."""
    changes: dict[str, object] = {} if row.stands == stands else {"stands": stands}
    if reason is not None and reason != row.reason:
        choice = Choice.KEPT if reason else Choice.LEFT
        changes |= {"choice": choice, "reason": reason, "by": base.by, "at": base.at}
    if changes:
        Verdict.objects.filter(pk=row.pk).update(**changes)


def _standing(base: Verdict, shown: list[Shown], known: set[tuple[str, str]]) -> list[Verdict]:
    rows = {}
    for one in shown:
        key = (one.finding.rule, quote_of(one))
        if key in known:
            continue
        choice = Choice.KEPT if one.kept else Choice.LEFT
        facts = Known(one.finding.rule, one.finding.category, one.finding.severity)
        rows[key] = _row(base, facts, choice, reason=one.kept, words=quote_of(one))
    return list(rows.values())


def _used(base: Verdict, shown: list[Shown], answers: Answers) -> list[Known]:
    """What was replaced, once a finding."""
    here = {one.token for one in shown}
    return [
        fact for token in dict.fromkeys(answers.used) if token not in here and (fact := _read(token, base))
    ]


def _replace_earlier(base: Verdict, used: list[Known]) -> list[Known]:
    """Words that an earlier save had kept become replaced ones. Returns what is left to count."""
    earlier = {(row.rule, digest_of(row.words)): row.pk for row in _same_text(base).ignored()}
    counted = set(_same_text(base).filter(choice=Choice.USED).values_list("rule", flat=True))
    replaced = {fact: pk for fact in used if (pk := earlier.get((fact.rule, fact.words)))}
    gone = {"choice": Choice.USED, "reason": "", "words": "", "stands": False}
    Verdict.objects.filter(pk__in=replaced.values()).update(**gone, by=base.by, at=base.at)
    return [fact for fact in used if fact not in replaced and fact.rule not in counted]


def _gone(base: Verdict, shown: list[Shown], answers: Answers, used: list[Known]) -> list[Verdict]:
    """What was replaced, and what went by hand, once a rule.

    While one types, one finding is many: its words grow. So a rule that is used or still stands has not gone.
    """
    counted = {one.finding.rule for one in shown} | {fact.rule for fact in _used(base, shown, answers)}
    changed = {fact.rule: fact for token in answers.changed if (fact := _read(token, base))}
    by_hand = [fact for rule, fact in changed.items() if rule not in counted]
    return [_row(base, fact, Choice.USED) for fact in used] + [
        _row(base, fact, Choice.CHANGED) for fact in by_hand
    ]


def _same_text(base: Verdict) -> VerdictQuerySet:
    return Verdict.objects.filter(subject=base.subject, subject_id=base.subject_id, place=base.place)


def _read(token: str, base: Verdict) -> Known | None:
    return read(token, base.by) if base.by else None


def _row(base: Verdict, fact: Known, choice: str, *, reason: str = "", words: str = "") -> Verdict:
    return Verdict(
        at=base.at,
        by=base.by,
        subject=base.subject,
        subject_id=base.subject_id,
        place=base.place,
        rule=fact.rule[:80],
        category=fact.category[:40],
        severity=fact.severity[:10],
        choice=choice,
        reason=reason,
        words=words,
        stands=choice in {Choice.KEPT, Choice.LEFT},
    )
