"""What two levels of a repository say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.trees import MANY, MOST_TELLING, File, Tree, read_tree
from sourcer_github.wire.files import TreeNode
from support.github_world import blob, laid_out, tree

PARTS = st.sampled_from(
    ["src", "dags", "k8s", "vendor", "tests", "test_a.py", "b.py", "Dockerfile", "x.ipynb", ".github"]
)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


def node(*paths: str, **more: Any) -> TreeNode:
    """The answer about a repository with files at these paths, as far as it is asked for."""
    held = laid_out({path: blob("text") for path in paths})
    asked = {"root": held[""], "workflows": held.get(".github/workflows"), **more}
    return TreeNode.model_validate({"id": "R_1", "nameWithOwner": "ada/x", "url": "https://github.com/ada/x", **asked})


def paths_of(found: Tree) -> list[str]:
    return [file.path for file in found.files]


def test_two_levels_and_the_workflows_are_read() -> None:
    found = read_tree(node("b.py", "src/a.py", "src/deep/c.py", ".github/workflows/ci.yml", ".github/CODEOWNERS"))
    assert paths_of(found) == ["b.py", ".github/CODEOWNERS", "src/a.py", ".github/workflows/ci.yml"]
    assert found.folders == (".github", "src", ".github/workflows", "src/deep")
    assert found.unread == 1


def test_workflows_that_were_not_told_are_unread() -> None:
    assert read_tree(node(".github/workflows/ci.yml", workflows=None)).unread == 1


def test_a_folder_that_was_not_opened_is_unread() -> None:
    closed = {"__typename": "Tree", "entries": [{"name": "src", "type": "tree", "size": 0, "object": None}]}
    found = read_tree(node(root=closed))
    assert (found.folders, found.unread) == (("src",), 1)


def test_sizes_come_with_the_files() -> None:
    assert read_tree(node("a.py")).files == (File("a.py", 4),)


def test_an_empty_repository() -> None:
    found = read_tree(node(root=None))
    assert found == Tree()
    assert set(found.measure().values()) == {0}


def test_submodules_are_somebody_elses() -> None:
    module = {"name": "dags", "type": "commit", "size": 0, "object": None}
    found = read_tree(node(root={"__typename": "Tree", "entries": [module]}))
    assert (found.telling(), found.measure()["folders"]) == ((), 0)


def test_counts() -> None:
    counted = read_tree(
        node("a.ipynb", "nb/b.ipynb", "src/c.py", "src/test_c.py", "tests/d.py", "dags/e.py", "dags/readme.md")
    ).measure()
    assert counted == {
        "files": 7,
        "folders": 4,
        "unread": 0,
        "python": 4,
        "notebooks": 2,
        "tests": 2,
        "projects": 0,
        "dags": 1,
    }


def test_projects_of_their_own_are_counted() -> None:
    found = read_tree(node("api/README.md", "api/Dockerfile", "web/readme.md", "job/requirements.txt"))
    assert found.projects == 1


def test_folders_of_tests_must_hold_some() -> None:
    assert read_tree(node("tests/data.json")).telling() == ()
    assert read_tree(node("tests/test_a.py")).telling() == ("tests/",)
    # Deeper ones may hold some.
    assert read_tree(node("tests/unit/test_a.py")).telling() == ("tests/",)


def test_what_is_told_apart_is_left_out() -> None:
    found = read_tree(node("Dockerfile", "main.tf", ".github/workflows/ci.yml"))
    assert found.telling() == (".github/workflows/", "Dockerfile", "main.tf")
    assert found.telling({"Dockerfile"}) == (".github/workflows/", "main.tf")


def test_a_row_of_lessons_says_so() -> None:
    lessons = [f"0{i}-part/a.py" for i in range(1, MANY + 1)]
    assert read_tree(node(*lessons)).flags() == {"chapters": MANY}
    assert read_tree(node(*lessons[:-1])).flags() == {}
    assert read_tree(node("week1/a.py", "week 2/a.py", "Lesson_3/a.py", "hw4/a.py")).flags() == {"chapters": 4}


def test_a_template_says_so_and_its_content_is_no_evidence() -> None:
    found = read_tree(node("{{ name }}/Dockerfile", "{{ name }}/dags/a.py"))
    assert found.flags() == {"template": 1}
    assert found.telling() == ()


def test_a_virtual_environment_is_known_by_its_file() -> None:
    found = read_tree(node("py3/pyvenv.cfg", "py3/Dockerfile", "env/Dockerfile"))
    assert paths_of(found) == ["env/Dockerfile"]


@given(st.sets(PATHS, max_size=30))
def test_nothing_of_others_and_nothing_twice(paths: set[str]) -> None:
    files = [path for path in paths if not any(other.startswith(f"{path}/") for other in paths)]
    found = read_tree(node(*files))
    assert found == read_tree(node(*reversed(files)))
    assert len(set(paths_of(found))) == len(found.files)
    upper = {path for path in files if path.count("/") <= 1 or path.startswith(".github/workflows/")}
    assert set(paths_of(found)) == {path for path in upper if "vendor" not in path.split("/")}
    assert len(found.telling()) <= MOST_TELLING
    assert 0 <= found.unread <= len(found.folders)
    assert not any("vendor" in path for path in found.telling())


def test_the_number_of_telling_paths_is_capped() -> None:
    entries = [f"{i}.tf" for i in range(500)]
    assert len(read_tree(node(root=tree(*entries))).telling()) == MOST_TELLING
