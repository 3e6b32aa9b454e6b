"""Fit the score of apps/language/scorer.py to the labelled drafts: `make fit`.

Needs scikit-learn (requirements-fit.txt) and, for the real replies, CARECRM_REAL_DATA. The development
messages and the drafts held out are never fitted to. Writes apps/language/score.tsv.

With --cross-validate nothing is written: each file of drafts, and each fifth of the real replies, is
judged by a score that was fitted to all the others.
"""

import sys
from collections import Counter
from collections.abc import Sequence

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from apps.language.checker import matched_by_sentence
from apps.language.findings import Context
from apps.language.reading import read_draft
from apps.language.scorer import BIAS, TABLE, THOUSANDTHS, features_of, read_table

from .figures import SUMMARY_HEAD, Figures, summary
from .labelled import Draft, all_names, drafts_of
from .real_replies import real_replies

HELD_OUT = ("held_out",)
SEEN_AT_LEAST = 2  # in that many sentences
STRENGTH, CATEGORY_STRENGTH = 1.0, 1.0
LEAST_WEIGHT, LEAST_CATEGORY_WEIGHT = 100, 300  # thousandths


def sentences_of(drafts: Sequence[Draft]) -> tuple[list[list[str]], list[str]]:
    """The features and the category ("" if clean) of each sentence."""
    rows: list[list[str]] = []
    labels: list[str] = []
    for draft in drafts:
        context = Context(channel=draft.channel)
        reading = read_draft(draft.text, context=context)
        for sentence, matched in zip(reading.sentences, matched_by_sentence(reading, context), strict=True):
            rows.append(list(dict.fromkeys(features_of(reading, sentence, matched))))
            over = [s.category for s in draft.spans if s.start < sentence.end and sentence.start < s.end]
            labels.append(over[0] if over else "")
    return rows, labels


def fitted(drafts: Sequence[Draft]) -> dict[str, tuple[int, dict[str, int]]]:
    """feature -> weight, weights by category, in thousandths."""
    rows, labels = sentences_of(drafts)
    seen = Counter(feature for row in rows for feature in row)
    rows = [[feature for feature in row if seen[feature] >= SEEN_AT_LEAST] for row in rows]
    names, weights, bias = _logistic(rows, [bool(label) for label in labels], STRENGTH)
    table: dict[str, tuple[int, dict[str, int]]] = {BIAS: (bias, {})}
    for name, weight in zip(names, weights, strict=True):
        if abs(weight) >= LEAST_WEIGHT:
            table[name] = (weight, {})
    defensive = [(row, label) for row, label in zip(rows, labels, strict=True) if label]
    for category in sorted({label for _, label in defensive}):
        names, weights, bias = _logistic(
            [row for row, _ in defensive], [label == category for _, label in defensive], CATEGORY_STRENGTH
        )
        table[BIAS][1][category] = bias
        for name, weight in zip(names, weights, strict=True):
            if abs(weight) >= LEAST_CATEGORY_WEIGHT:
                table.setdefault(name, (0, {}))[1][category] = weight
    return table


def _logistic(
    rows: list[list[str]], answers: list[bool], strength: float
) -> tuple[list[str], list[int], int]:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row, 1.0) for row in rows])
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=1)
    model.fit(matrix, answers)
    weights = [round(THOUSANDTHS * weight) for weight in model.coef_[0]]
    return list(vectorizer.get_feature_names_out()), weights, round(THOUSANDTHS * model.intercept_[0])


def written(table: dict[str, tuple[int, dict[str, int]]]) -> str:
    """The table as text, by feature."""
    lines = []
    for feature, (weight, categories) in sorted(table.items()):
        pairs = [f"{category}={amount}" for category, amount in sorted(categories.items())]
        lines.append("\t".join([feature, str(weight), *pairs]))
    return "\n".join(lines) + "\n"


def cross_validated(parts: dict[str, list[Draft]]) -> str:
    """A row a part, of a score that has not seen it."""
    rows = [SUMMARY_HEAD]
    for name, drafts in parts.items():
        others = [draft for other, all_of_it in parts.items() if other != name for draft in all_of_it]
        rows.append(summary(name, Figures(drafts, read_table(written(fitted(others))))))
    return "\n".join(rows)


def main() -> None:
    parts = {name: drafts_of(name) for name in all_names() if name not in HELD_OUT}
    replies = real_replies()
    parts |= {f"real replies, fifth {fold + 1}": replies[fold::5] for fold in range(5) if replies}
    drafts = [draft for part in parts.values() for draft in part]
    kinds = Counter(draft.is_clean for draft in drafts)
    sys.stderr.write(f"{kinds[True]} clean and {kinds[False]} defensive drafts\n")
    if "--cross-validate" in sys.argv:
        sys.stdout.write(cross_validated(parts) + "\n")
    else:
        TABLE.write_text(written(fitted(drafts)), encoding="utf-8")


if __name__ == "__main__":
    main()
