"""The samples say what they mean: a wrong span in one would make the snapshots worthless."""

import ast

from tests.cli.review_samples import HELPER, QUESTION, STEPS, applied, helper_refusal, question_change, source


def cut(text, span):
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column : span.end_column]


def test_the_guilty_read_of_the_question_is_the_one_in_the_forward_rule():
    note = question_change().finding.related[0]
    assert cut(QUESTION, note.span) == "test_func"
    assert QUESTION.split("\n")[note.span.line - 2].startswith("def test_func_fwd")


def test_the_edits_of_the_question_rename_the_mapped_binding_and_its_use():
    text = applied(source(QUESTION), question_change()).text
    changed = [b for a, b in zip(QUESTION.split("\n"), text.split("\n"), strict=True) if a != b]
    assert len(changed) == 2
    assert changed[0] == "test_func_mapped = vmap(test_func, in_axes=(None, 0))"
    assert "partial(test_func_mapped, lambda x: x)" in changed[1]


def test_the_places_of_the_refusal_are_what_their_sentences_say():
    refusal = helper_refusal()
    assert cut(HELPER, refusal.finding.related[0].span) == "energy"
    assert HELPER.split("\n")[refusal.finding.related[0].span.line - 2].startswith("def scaled")
    assert cut(HELPER, refusal.reasons[0].span) == "scaled"
    assert cut(STEPS, refusal.reasons[1].span) == 'globals()["energy"]'


def test_all_samples_are_python():
    for text in (QUESTION, HELPER, STEPS):
        ast.parse(text)
