"""Build files of Java and Scala."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading.java import read_gradle, read_pom, read_sbt

POM = """<?xml version="1.0" encoding="ISO-8859-1"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.example</groupId><artifactId>parent</artifactId></parent>
  <dependencies>
    <dependency>
      <groupId>org.apache.spark</groupId>
      <artifactId>spark-mllib_${scala.version}</artifactId>
      <exclusions><exclusion><groupId>log4j</groupId><artifactId>log4j</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency>
  </dependencies>
  <dependencyManagement><dependencies>
    <dependency><groupId> ai.djl </groupId><artifactId>bom</artifactId></dependency>
  </dependencies></dependencyManagement>
</project>
"""


def test_a_pom() -> None:
    reading = read_pom(POM)
    assert reading.terms == ("maven:org.apache.spark:spark-mllib", "maven:ai.djl:bom")
    assert reading.measure == {"packages": 2}
    assert not reading.broken


@pytest.mark.parametrize("text", ["", "no xml", "<project>", "<project><dependency/></project>", "\0", "<a>" * 5_000])
def test_a_broken_pom(text: str) -> None:
    reading = read_pom(text)
    assert reading.terms == ()
    assert reading.broken


def test_what_stands_before_a_fault_is_kept() -> None:
    reading = read_pom(
        "<project><dependency><groupId>a.b</groupId><artifactId>c</artifactId></dependency><open></project>"
    )
    assert reading.terms == ("maven:a.b:c",)
    assert reading.broken


def test_entities_are_neither_expanded_nor_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(12))
    for entity in (laughs + "]>", f'<!ENTITY l11 SYSTEM "{secret.as_uri()}">]>'):
        reading = read_pom(
            f"<!DOCTYPE p [{entity}<p><dependency><groupId>&l11;</groupId><artifactId>x</artifactId></dependency></p>"
        )
        assert reading.terms == ()
        assert reading.broken


def test_gradle_in_both_languages() -> None:
    text = """
plugins { id("java") version "1.0" }
// implementation "commented:out:1"
dependencies {
    implementation "org.apache.kafka:kafka-clients:3.0"
    testImplementation('org.junit.jupiter:junit-jupiter')
    implementation group: 'org.deeplearning4j', name: 'deeplearning4j-core', version: '1'
    implementation(project(":core"))
    url = "https://example.org:80/x"
}
"""
    assert read_gradle(text).terms == (
        "maven:org.apache.kafka:kafka-clients",
        "maven:org.junit.jupiter:junit-jupiter",
        "maven:org.deeplearning4j:deeplearning4j-core",
    )


def test_sbt() -> None:
    text = (
        'libraryDependencies ++= Seq("org.apache.spark" %% "spark-core" % v, "org.apache.flink" % "flink-java" % "1")'
    )
    assert read_sbt(text).terms == ("maven:org.apache.spark:spark-core", "maven:org.apache.flink:flink-java")


PART = st.text("abz09.-", max_size=8).map("p{}".format)


@given(st.lists(st.tuples(PART, PART), max_size=20))
def test_a_pom_that_was_written_is_read_back(modules: list[tuple[str, str]]) -> None:
    entries = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId></dependency>" for group, name in modules
    )
    reading = read_pom(f"<project><dependencies>{entries}</dependencies></project>")
    assert reading.terms == tuple(dict.fromkeys(f"maven:{group}:{name}" for group, name in modules))
    assert not reading.broken
