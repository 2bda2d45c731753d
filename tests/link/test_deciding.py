from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sourcer.link.claims import CERTAIN, Claim
from sourcer.link.deciding import Decision, Pair, decide, pair_of
from sourcer.link.grouping import group, standing_against
from sourcer.store.sql import Key

ADA: Key = ("github", "1")
ADA_SO: Key = ("stackoverflow", "11")
BEN: Key = ("github", "2")
BEN_SO: Key = ("stackoverflow", "22")
ADA_KAGGLE: Key = ("kaggle", "111")


def says(by: Key, of: Key, where: str = "website") -> Claim:
    return Claim(by, of, where, f"https://{of[0]}.example/{of[1]}", f"https://{by[0]}.example/{by[1]}")


def only(*claims: Claim, names: Mapping[Key, str | None] | None = None) -> Decision:
    (decision,) = decide(claims, names or {})
    return decision


def test_accounts_that_name_each_other_are_one() -> None:
    decision = only(says(ADA, ADA_SO), says(ADA_SO, ADA, "about"))
    assert (decision.status, decision.confidence) == ("confirmed", 0.99)
    assert [reason.url for reason in decision.reasons] == [
        "https://github.example/1",
        "https://stackoverflow.example/11",
    ]


def test_one_that_names_the_other_is_proof_and_weighs_by_where_it_says_so() -> None:
    assert only(says(ADA, ADA_SO)).confidence == 0.95
    assert {only(says(ADA, ADA_SO, where)).confidence for where in ("bio", "readme")} == {0.9}


def test_a_site_knows_its_own_accounts() -> None:
    other = ("ai", "5")
    decision = only(says(ADA_SO, other, CERTAIN), names={ADA_SO: "Ada Beispiel", other: "Somebody Else"})
    assert (decision.status, decision.confidence) == ("confirmed", 1.0)


def test_two_accounts_of_one_site_are_never_joined_by_a_claim() -> None:
    assert decide([says(ADA, BEN), says(BEN, ADA)], {}) == []


def test_a_page_that_several_accounts_name_is_for_a_human() -> None:
    decisions = decide([says(ADA_SO, ADA), says(BEN_SO, ADA)], {})
    assert {decision.status for decision in decisions} == {"proposed"}
    assert all(decision.reasons[-1].kind == "shared" for decision in decisions)


def test_the_one_that_is_named_back_stays_proven() -> None:
    decisions = decide([says(ADA_SO, ADA), says(BEN_SO, ADA), says(ADA, ADA_SO)], {})
    assert {decision.pair: decision.status for decision in decisions} == {
        pair_of(ADA, ADA_SO): "confirmed",
        pair_of(ADA, BEN_SO): "proposed",
    }


def test_a_profile_that_names_several_is_for_a_human() -> None:
    assert {decision.status for decision in decide([says(ADA_SO, ADA), says(ADA_SO, BEN)], {})} == {"proposed"}


def test_what_only_one_says_may_name_somebody_else() -> None:
    names = {ADA: "Ada Beispiel", BEN_SO: "Bruno Quendel"}
    assert only(says(BEN_SO, ADA, "about"), names=names).status == "proposed"
    assert only(says(BEN_SO, ADA, "website"), names=names).status == "proposed"
    assert only(says(BEN_SO, ADA, "about"), says(ADA, BEN_SO, "bio"), names=names).status == "confirmed"


def test_in_a_text_names_have_to_agree_where_there_are_any() -> None:
    says_so = says(BEN_SO, ADA, "about")
    nickname = {ADA: "bq", BEN_SO: "Bruno Quendel"}
    assert only(says_so, names=nickname).status == "proposed"
    assert only(replace(says_so, where="website"), names=nickname).status == "confirmed"
    assert only(says_so, names={ADA: "Bruno Q.", BEN_SO: "Bruno Quendel"}).status == "confirmed"
    assert only(says_so, names={ADA: None, BEN_SO: "Bruno Quendel"}).status == "confirmed"
    # A login is what somebody calls themselves, too.
    (decision,) = decide([says_so], nickname, {ADA: "quendel-bruno"})
    assert decision.status == "confirmed"


def test_in_a_text_a_given_name_in_common_is_not_enough() -> None:
    says_so = says(BEN_SO, ADA, "about")
    (stranger,) = decide([says_so], {ADA: "Ada Quendel", BEN_SO: "Ada Beispiel"}, {ADA: "adaquendel"})
    assert (stranger.status, stranger.reasons[-1].kind) == ("proposed", "names")
    assert only(says_so, names={ADA: "Ada Beispiel", BEN_SO: "Adele Beispiel"}).status == "confirmed"
    # In a field for own accounts nobody else is named.
    assert only(says(BEN_SO, ADA), names={ADA: "Ada Quendel", BEN_SO: "Ada Beispiel"}).status == "confirmed"


def test_names_in_different_scripts_say_nothing() -> None:
    names = {ADA: "Олена Прикладна", BEN_SO: "Olena Prykladna"}
    assert only(says(BEN_SO, ADA), names=names).status == "confirmed"
    # In a text something has to speak for it: others are named there as often.
    assert only(says(BEN_SO, ADA, "about"), names=names).status == "proposed"
    # A login may be somebody else's today.
    assert only(says(BEN_SO, ADA, "github"), names=names).status == "proposed"
    assert only(says(BEN_SO, ADA, "github"), says(BEN_SO, ADA), names=names).status == "confirmed"
    (decision,) = decide([says(BEN_SO, ADA, "about")], names, {ADA: "prykladna-olena"})
    assert decision.status == "confirmed"
    assert only(says(BEN_SO, ADA), names={ADA: "Олена Прикладна", BEN_SO: "Бруно Квендель"}).status == "proposed"


def test_whoever_names_another_account_as_their_own_is_not_a_fan() -> None:
    # The one that is named says itself which account is its own, stored or not.
    fan, idol = says(BEN_SO, ADA), says(ADA, ADA_SO)
    decisions = {one.pair: one.status for one in decide([fan, idol], {})}
    assert decisions == {pair_of(ADA, ADA_SO): "confirmed", pair_of(ADA, BEN_SO): "proposed"}
    elsewhere = replace(idol, is_stored=False)
    assert only(fan, elsewhere).status == "proposed"
    # In free text others are named, too, and nothing is said against the one that names this one.
    assert only(fan, replace(elsewhere, where="bio")).status == "confirmed"


def test_a_field_that_names_several_is_for_a_human_stored_or_not() -> None:
    team = replace(says(ADA, BEN_SO, "social"), is_stored=False)
    assert only(says(ADA, ADA_SO, "social"), team).status == "proposed"
    assert only(says(ADA, ADA_SO, "social"), replace(team, where="bio")).status == "confirmed"


def test_links_make_people() -> None:
    groups, _ = group(decide([says(ADA, ADA_SO), says(ADA_KAGGLE, ADA)], {}), [], [])
    assert groups == [frozenset({ADA, ADA_SO, ADA_KAGGLE})]


def test_what_would_join_two_accounts_of_a_site_is_a_proposal() -> None:
    sure = [says(ADA, ADA_SO), says(ADA_SO, ADA), says(BEN, ADA_KAGGLE), says(ADA_KAGGLE, BEN)]
    groups, settled = group(decide([*sure, says(ADA_KAGGLE, ADA_SO)], {}), [], [])
    assert groups == [frozenset({ADA, ADA_SO}), frozenset({BEN, ADA_KAGGLE})]
    assert {decision.pair: decision.status for decision in settled}[pair_of(ADA_KAGGLE, ADA_SO)] == "proposed"


def test_where_equally_sure_links_exclude_each_other_none_is_taken() -> None:
    claims = [says(ADA, ADA_SO), says(ADA_SO, ADA), says(ADA_KAGGLE, ADA_SO), says(ADA_KAGGLE, BEN)]
    groups, settled = group(decide(claims, {}), [], [])
    assert groups == [frozenset({ADA, ADA_SO})]
    assert [decision.status for decision in settled].count("proposed") == 2


def test_humans_go_first() -> None:
    decisions = decide([says(ADA, ADA_SO)], {})
    assert group(decisions, [], [pair_of(ADA, ADA_SO)])[0] == []
    joined, _ = group([], [pair_of(ADA, BEN)], [])
    assert joined == [frozenset({ADA, BEN})]


def test_what_a_human_told_apart_no_detour_joins() -> None:
    decisions = decide([says(ADA, ADA_SO), says(ADA_SO, ADA), says(ADA_KAGGLE, ADA_SO)], {})
    groups, settled = group(decisions, [], [pair_of(ADA, ADA_KAGGLE)])
    assert groups == [frozenset({ADA, ADA_SO})]
    assert [decision.status for decision in settled] == ["confirmed", "proposed"]


def test_what_a_human_told_apart_stays_apart_whatever_humans_confirmed() -> None:
    torn = [pair_of(ADA, ADA_SO), pair_of(ADA_SO, ADA_KAGGLE)]
    apart = pair_of(ADA, ADA_KAGGLE)
    elsewhere = pair_of(BEN, BEN_SO)
    assert group([], [*torn, elsewhere], [apart])[0] == [frozenset(elsewhere)]
    assert group(decide([says(ADA, ADA_SO)], {}), [*torn, apart], [apart])[0] == []


def test_humans_contradict_each_other_by_detours_too() -> None:
    one, two, three = pair_of(ADA, ADA_SO), pair_of(ADA_SO, ADA_KAGGLE), pair_of(ADA_KAGGLE, BEN)
    apart = pair_of(ADA, BEN)
    assert standing_against(three, "confirmed", [one, two], [apart]) == [apart, one, two]
    assert standing_against(apart, "rejected", [one, two, three], []) == [one, two, three]
    # Nothing that has to do with it.
    assert standing_against(three, "confirmed", [one], [apart]) == []
    assert standing_against(pair_of(BEN, BEN_SO), "confirmed", [one, two, three], [apart]) == []
    # Who changes their mind contradicts nobody.
    assert standing_against(one, "rejected", [one], []) == []
    assert standing_against(one, "confirmed", [], [one]) == []


KEYS = st.tuples(st.sampled_from(["github", "kaggle", "stackoverflow"]), st.sampled_from("12345"))
CLAIMS = st.lists(st.builds(says, KEYS, KEYS, st.sampled_from(["website", "bio", "about"])), max_size=25)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_claims_makes_no_difference(claims: list[Claim], chance: random.Random) -> None:
    mixed = claims * 2
    chance.shuffle(mixed)
    assert group(decide(claims, {}), [], []) == group(decide(mixed, {}), [], [])


@given(CLAIMS)
def test_nobody_has_two_accounts_of_a_site_by_rule(claims: list[Claim]) -> None:
    groups, settled = group(decide(claims, {}), [], [])
    for accounts in groups:
        assert len({site for site, _ in accounts}) == len(accounts)
    together = {pair_of(a, b) for accounts in groups for a in accounts for b in accounts if a != b}
    assert {one.pair for one in settled if one.status == "confirmed"} <= together


PAIRS = st.lists(st.builds(pair_of, KEYS, KEYS).filter(lambda pair: pair[0] != pair[1]), max_size=12)


@given(CLAIMS, PAIRS, PAIRS)
def test_nobody_joins_what_a_human_told_apart(claims: list[Claim], confirmed: list[Pair], rejected: list[Pair]) -> None:
    groups, _ = group(decide(claims, {}), confirmed, rejected)
    assert not [pair for pair in rejected for accounts in groups if set(pair) <= accounts]


@given(PAIRS, PAIRS, PAIRS)
def test_decisions_that_nothing_stands_against_all_hold(
    first: list[Pair], confirmed: list[Pair], later: list[Pair]
) -> None:
    joined: list[Pair] = []
    apart = list(first)
    for pair in confirmed:
        if pair not in apart and not standing_against(pair, "confirmed", joined, apart):
            joined.append(pair)
    for pair in later:
        if pair not in joined and not standing_against(pair, "rejected", joined, apart):
            apart.append(pair)
    groups, _ = group([], joined, apart)
    assert all(any(set(pair) <= accounts for accounts in groups) for pair in joined)
    assert not [pair for pair in apart for accounts in groups if set(pair) <= accounts]
