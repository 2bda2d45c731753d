"""Names that tell how the work is done."""

from __future__ import annotations

import pytest

from sourcer.skills.lexicon import load_lexicon
from sourcer_github.files import MOST_NAME, is_placeholder, is_test, is_third_party, telling_name


def lexicon_files() -> list[str]:
    known = {path for skill in load_lexicon().skills.values() for path in skill.terms.get("file", ())}
    # Notebooks are counted, not named one by one.
    return sorted(known - {"*.ipynb"})


@pytest.mark.parametrize("path", lexicon_files())
def test_whatever_the_lexicon_knows_is_told(path: str) -> None:
    kind = "tree" if path.endswith("/") else "blob"
    beginning = path.removesuffix("?").removesuffix("*")
    named = path.removesuffix("?").replace("*", "data")
    if named.startswith(beginning) and beginning != named:
        named = beginning + ("gpu.yml" if "compose" in path else "gpu.txt")
    assert telling_name(named.rstrip("/"), kind) == named


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("Dockerfile", "blob", "Dockerfile"),
        ("docker/Dockerfile.gpu", "blob", "docker/Dockerfile.gpu"),
        ("Dockerfile-gpu", "blob", "Dockerfile-gpu"),
        ("models/tiny.gguf", "blob", "models/tiny.gguf"),
        ("uv.lock", "blob", "uv.lock"),
        ("serving.dockerfile", "blob", "serving.dockerfile"),
        ("dags/nightly.py", "blob", "dags/nightly.py"),
        ("airflow/dags/nightly.py", "blob", "airflow/dags/nightly.py"),
        ("k8s/api.yml", "blob", "k8s/api.yml"),
        ("inferenceservice.yaml", "blob", "inferenceservice.yaml"),
        (".github/workflows/x.yml", "blob", ".github/workflows/x.yml"),
        ("infra/main.tf", "blob", "infra/main.tf"),
        ("dags", "tree", "dags/"),
        ("deploy/k8s", "tree", "deploy/k8s/"),
        (".github/workflows", "tree", ".github/workflows/"),
        ("dags", "commit", None),
        ("Dockerfile", "tree", None),
        ("dags", "blob", None),
        ("readme.md", "blob", None),
        ("src", "tree", None),
        ("config.yml", "blob", None),
        (".github/dependabot.yml", "blob", None),
        ("analysis.ipynb", "blob", None),
        ("a\u202edags", "tree", None),
        ("x" * MOST_NAME + "/Dockerfile", "blob", None),
    ],
)
def test_telling_names(path: str, kind: str, told: str | None) -> None:
    assert telling_name(path, kind) == told


@pytest.mark.parametrize(
    "path",
    ["vendor/a.py", "web/node_modules", "third_party/x/Dockerfile", ".venv/lib", "a.egg-info/x", "lib/site-packages/y"],
)
def test_what_others_wrote(path: str) -> None:
    assert is_third_party(path)


@pytest.mark.parametrize("path", ["vendored.py", "src/party.py", "env/prod.yaml", "requirements.txt"])
def test_what_was_written_here(path: str) -> None:
    assert not is_third_party(path)


@pytest.mark.parametrize(
    "path",
    [
        "test_model.py",
        "model_test.py",
        "src/test_api.py",
        "tests/api.py",
        "pkg/engine_test.go",
        "src/ApiTest.java",
        "web/app.test.tsx",
        "app.spec.ts",
        "shop/tests.py",
    ],
)
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path", ["tests/__init__.py", "tests/conftest.py", "tests/data.json", "latest.py", "contest/run.py", "train.py"]
)
def test_what_is_no_test(path: str) -> None:
    assert not is_test(path)


def test_placeholders() -> None:
    assert is_placeholder("{{ cookiecutter.name }}/setup.py")
    assert is_placeholder("{% if x %}a{% endif %}")
    assert not is_placeholder("{a}/setup.py")
