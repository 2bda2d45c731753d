from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sourcer.connect import Done, Evidence, Gone, Ref
from sourcer.connect.items import check_item
from sourcer_kaggle.meta import load
from sourcer_kaggle.settings import KaggleDiscover
from support.meta_kaggle import (
    FIRST,
    achievement,
    competition,
    connector,
    dataset,
    dataset_version,
    discover,
    discover_complaining,
    evidence,
    kernel,
    member,
    of_type,
    profile,
    small_world,
    team,
    uids,
    unknowns,
    user,
    version,
    wish,
    write_meta,
)

pytestmark = pytest.mark.slow


async def test_a_result_has_rank_medal_percentile_tags_and_deadline(tmp_path: Path) -> None:
    items = await discover(write_meta(tmp_path, small_world()))
    assert [check_item(item, ("kaggle",)) for item in items] == [None] * len(items)
    assert evidence(items, "competition.result") == [
        Evidence(
            Ref("kaggle", str(FIRST), f"person{FIRST}"),
            "competition.result",
            "https://www.kaggle.com/competitions/predict-rain/leaderboard",
            terms=("tag:tabular", "tag:time-series", "text:Predict Rain"),
            measure={
                "rank": 10,
                "teams": 1000,
                "percentile": 99.0,
                "public_rank": 12,
                "members": 2,
                "gold": 1,
                "silver": 0,
                "bronze": 0,
                "practice": 0,
            },
            title="Predict Rain",
            happened_at=datetime(2023, 4, 5, 23, 59, tzinfo=UTC),
            key="predict-rain",
        )
    ]


async def test_a_notebook_has_votes_tags_language_and_the_day_of_its_last_run(tmp_path: Path) -> None:
    items = await discover(write_meta(tmp_path, small_world()))
    (notebook,) = evidence(items, "notebook.published")
    assert notebook.url == f"https://www.kaggle.com/code/person{FIRST}/serving-with-mlflow"
    assert notebook.terms == ("tag:nlp", "language:python", "text:Serving with MLflow, fast")
    assert notebook.measure == {"votes": 12, "gold": 0, "silver": 0, "bronze": 0, "fork": 0}
    assert (notebook.happened_at, notebook.key) == (datetime(2024, 7, 8, tzinfo=UTC), "50")


async def test_a_data_set_has_votes_tags_and_address(tmp_path: Path) -> None:
    items = await discover(write_meta(tmp_path, small_world()))
    (found,) = evidence(items, "dataset.published")
    assert found.url == f"https://www.kaggle.com/datasets/person{FIRST}/rain"
    assert found.terms == ("tag:time-series", "text:Rain")
    # This export tells no medals of data sets: that is not the same as none.
    assert found.measure == {"votes": 5, "downloads": 80}


async def test_a_data_set_of_an_organisation_is_not_of_whoever_made_it(tmp_path: Path) -> None:
    tables = small_world()
    tables["Datasets"] = [dataset(60, FIRST, OwnerOrganizationId="12.0"), dataset(61, FIRST)]
    tables["DatasetVersions"] = [dataset_version(60, "theirs"), dataset_version(61, "hers")]
    items = await discover(write_meta(tmp_path, tables))
    assert [one.key for one in evidence(items, "dataset.published")] == ["61"]
    assert "dataset.published" not in unknowns(items)


async def test_tiers_and_medals_by_category_are_context_of_the_profile(tmp_path: Path) -> None:
    items = await discover(write_meta(tmp_path, small_world()))
    found = profile(items)
    assert found.location == "Poland"
    assert found.country is None
    assert found.created_at == datetime(2015, 3, 4, tzinfo=UTC)
    assert found.measure["tier"] == 4
    assert found.measure["competitions_rank"] == 17
    assert found.measure["competitions_gold"] == 3
    assert found.measure["notebooks_tier"] == 2
    assert "notebooks_rank" not in found.measure
    assert not [item for item in of_type(items, Evidence) if "tier" in item.kind or "GRANDMASTER" in str(item.terms)]


async def test_what_only_the_api_knows_is_unknown(tmp_path: Path) -> None:
    items = await discover(write_meta(tmp_path, small_world()))
    assert set(unknowns(items)) == {"notebook.imports", "model.published"}
    assert {done.scope for done in of_type(items, Done)} == {load.KINDS}


async def test_people_come_by_tier_then_rank_then_number(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [user(FIRST + n, tier) for n, tier in enumerate((3, 4, 4, 2, 4, 3))]
    ranks = {2: 5, 4: 1, 5: 2}
    tables["UserAchievements"] = [achievement(FIRST + n, CurrentRanking=rank) for n, rank in ranks.items()]
    folder = write_meta(tmp_path, tables)
    assert uids(await discover(folder)) == [4, 2, 1, 5, 0]
    assert uids(await discover(folder, "EXPERT")) == [3]


async def test_staff_organisations_and_who_opted_out_are_left_out(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [
        user(FIRST, 4, ProgressionOptOut=False),
        user(FIRST + 1, 5, ProgressionOptOut=False),
        user(FIRST + 2, 11, ProgressionOptOut=False),
        user(FIRST + 3, 4, ProgressionOptOut=True),
        user(FIRST + 4, 21, ProgressionOptOut=""),
    ]
    tables["Kernels"] = [kernel(50 + n, FIRST + n, "about-mlflow") for n in range(5)]
    items = await discover(write_meta(tmp_path, tables), "GRANDMASTER", skills=("mlflow",))
    # A tier that is being counted again is unknown, the person is not.
    assert uids(items) == [0, 4]
    assert "tier" not in profile(items, FIRST + 4).measure


async def test_skills_find_authors_by_address_and_by_tag(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [user(FIRST + n, 1) for n in range(4)]
    tables["Kernels"] = [
        kernel(50, FIRST, "forecasting-time-series-of-rain"),
        kernel(51, FIRST + 1, "rain"),
        kernel(52, FIRST + 2, "time-seriesly"),
    ]
    tables["KernelTags"] = [{"Id": 1, "KernelId": 51, "TagId": 1}]
    folder = write_meta(tmp_path, tables)
    assert uids(await discover(folder, skills=("Time Series",))) == [0, 1]
    assert uids(await discover(folder, skills=("kubeflow",))) == []


@pytest.mark.parametrize(
    ("skill", "found"),
    [("mlflow", [0]), ("MLflow", [0]), ("node.js", [3]), ("Développement", [4])],
)
async def test_a_skill_is_found_in_addresses_of_any_case(tmp_path: Path, skill: str, found: list[int]) -> None:
    tables = small_world() | {"Users": [user(FIRST + n, 1) for n in range(5)]}
    tables["Kernels"] = [
        kernel(50, FIRST, "Serving-With-MLflow"),
        kernel(51, FIRST + 1, "a-c-b-plots"),
        kernel(53, FIRST + 3, "node-js-first"),
        kernel(54, FIRST + 4, "developpement"),
    ]
    assert uids(await discover(write_meta(tmp_path, tables), skills=(skill,))) == found


@pytest.mark.parametrize("skill", ["c++", "C#", "машинное обучение", "l'été c++"])
async def test_of_a_skill_that_no_address_tells_it_is_said(tmp_path: Path, skill: str) -> None:
    tables = small_world() | {"Users": [user(FIRST, 1), user(FIRST + 1, 1)]}
    tables["Kernels"] = [kernel(50, FIRST, "a-c-b-plots"), kernel(51, FIRST + 1, "rain")]
    tables["Tags"] = [*tables["Tags"], {"Id": 9, "ParentTagId": "", "Name": skill.title(), "Slug": "x"}]
    tables["KernelTags"] = [{"Id": 1, "KernelId": 51, "TagId": 9}]
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path, tables)))
    items, complaint = await discover_complaining(kaggle, wish(skills=(skill,)))
    assert uids(items) == [1]
    assert str(complaint) == f"addresses of notebooks do not tell {skill}: looked for among their tags alone"


async def test_a_place_needs_no_medal_and_entering_is_no_place(tmp_path: Path) -> None:
    tables = small_world()
    tables["Competitions"] = [competition(30 + n, f"contest-{n}", CanQualifyTiers=n > 0) for n in range(4)]
    tables["Teams"] = [
        team(40, 30, PrivateLeaderboardRank="1000.0"),
        team(41, 31, PrivateLeaderboardRank=""),
        team(42, 32, PrivateLeaderboardRank="", PublicLeaderboardRank=""),
        team(43, 33, IsBenchmark=True),
    ]
    tables["TeamMemberships"] = [member(number, FIRST) for number in (40, 41, 42, 43, 44)]
    last, running = evidence(await discover(write_meta(tmp_path, tables)), "competition.result")
    assert (last.measure["percentile"], last.measure["practice"], last.measure["gold"]) == (0, 1, 0)
    # What is not over has no final rank: it is left out, not taken from the public one.
    assert "rank" not in running.measure
    assert running.measure["public_rank"] == 12


async def test_the_best_are_kept_and_the_rest_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = small_world()
    tables["Kernels"] = [kernel(50 + n, FIRST, f"work-{n}", TotalVotes=n) for n in range(load.MOST_NOTEBOOKS + 2)]
    tables["KernelVersions"] = [version(50 + n, f"Work {n}") for n in range(load.MOST_NOTEBOOKS + 2)]
    items = await discover(write_meta(tmp_path, tables))
    notebooks = evidence(items, "notebook.published")
    assert len(notebooks) == load.MOST_NOTEBOOKS
    assert min(notebook.measure["votes"] for notebook in notebooks) == 2
    assert unknowns(items)["notebook.published"] == "the 100 best of 102 are kept"


async def test_a_fork_is_flagged_and_a_code_of_a_country_is_one(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [user(FIRST, Country="PL")]
    tables["Kernels"] = [kernel(50, FIRST, "copied", ForkParentKernelVersionId="77.0", Medal="3.0")]
    items = await discover(write_meta(tmp_path, tables))
    assert {**evidence(items, "notebook.published")[0].measure, "votes": 0} == {
        "votes": 0,
        "gold": 0,
        "silver": 0,
        "bronze": 1,
        "fork": 1,
    }
    assert (profile(items).country, profile(items).location) == ("PL", None)


async def test_medals_of_data_sets_are_told_where_the_export_has_them(tmp_path: Path) -> None:
    tables = small_world()
    tables["Datasets"] = [dataset(60, FIRST, Medal="2.0")]
    tables["DatasetVersions"] = [dataset_version(60, "rain", CreationDate="")]
    (found,) = evidence(await discover(write_meta(tmp_path, tables)), "dataset.published")
    assert found.measure["silver"] == 1
    assert found.happened_at == datetime(2022, 8, 9, tzinfo=UTC)


async def test_the_plan_counts_people_and_costs_nothing(tmp_path: Path) -> None:
    plan = (await connector(meta_kaggle_dir=str(write_meta(tmp_path, small_world()))).plan(wish())).sites["kaggle"]
    assert (plan.people, dict(plan.cheap), dict(plan.deep), dict(plan.discover)) == (2, {}, {}, {})


async def test_named_people_are_found_whatever_their_tier(tmp_path: Path) -> None:
    tables = small_world()
    tables["Users"] = [user(FIRST, 0), user(FIRST + 1, 1, UserName="Ada"), user(FIRST + 2, 5), user(FIRST + 3, 4)]
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path, tables)))
    named = KaggleDiscover(accounts=(f"#{FIRST}", "ada"))
    assert sorted(uids([item async for item in kaggle.discover(named, None)])) == [0, 1]


async def test_named_people_who_are_no_candidates_are_named_at_the_end(tmp_path: Path) -> None:
    tables = small_world() | {"Users": [user(FIRST), user(FIRST + 2, 5), user(FIRST + 3, 4)]}
    kaggle = connector(meta_kaggle_dir=str(write_meta(tmp_path, tables)))
    newer = f"#{FIRST + 900}"
    named = KaggleDiscover(accounts=(f"#{FIRST}", f"#{FIRST + 2}", newer, "nobody"))
    found, complaint = await discover_complaining(kaggle, named)
    assert uids(found) == [0]
    assert str(complaint) == f"Meta Kaggle holds no such candidate: #{FIRST + 2}, {newer}, nobody"
    assert complaint.kind == "not_told"
    # Of an account that is newer than the export nobody can say that it is not there.
    assert [int(item.ref.uid) - FIRST for item in of_type(found, Gone)] == [2]
