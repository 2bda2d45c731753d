"""Resources of clusters and clouds, charts, compose files."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sourcer_github.reading import Reading, read_file


def read(path: str, text: str) -> Reading:
    reading = read_file(path, text)
    assert reading is not None
    return reading


MANIFEST = """
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: m}
spec:
  predictor:
    containers:
      - image: nvcr.io/nvidia/tritonserver:23.04
---
apiVersion: v1
kind: List
items:
  - apiVersion: apps/v1
    kind: Deployment
    spec: {template: {spec: {initContainers: [{image: "busybox"}]}}}
---
apiVersion: v1
kind: Service
"""


def test_manifests_of_kubernetes() -> None:
    assert read("k8s/model.yaml", MANIFEST) == Reading(
        "repo.file",
        (
            "resource:serving.kserve.io/inferenceservice",
            "image:nvidia/tritonserver",
            "resource:core/list",
            "resource:apps/deployment",
            "image:busybox",
            "resource:core/service",
        ),
        {"resources": 4},
    )


def test_a_workflow_that_kubeflow_compiled() -> None:
    text = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  annotations: {pipelines.kubeflow.org/kfp_sdk_version: 1.8.0}
"""
    assert read("pipeline.yaml", text).terms == (
        "resource:argoproj.io/workflow",
        "resource:pipelines.kubeflow.org/workflow",
    )


@pytest.mark.parametrize(
    ("path", "text", "term"),
    [
        (
            "pipelines/train.yaml",
            "deploymentSpec: {executors: {}}\nschemaVersion: 2.1.0\n",
            "pipelines.kubeflow.org/pipelinespec",
        ),
        (
            "components/a/component.yaml",
            "implementation: {container: {args: [a]}}\n",
            "pipelines.kubeflow.org/componentspec",
        ),
        (
            "template.yaml",
            "Resources:\n  E:\n    Type: AWS::SageMaker::Endpoint\n    Name: !Ref X\n",
            "aws::sagemaker::endpoint",
        ),
        (
            "aml/job.yml",
            "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n",
            "azuremlschemas.azureedge.net/commandjob",
        ),
    ],
)
def test_other_resources_by_their_content(path: str, text: str, term: str) -> None:
    assert read(path, text).terms == (f"resource:{term}",)


def test_a_template_is_read_by_its_lines() -> None:
    text = """{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
    image: "{{ .Values.registry }}/bitnami/spark:3"
---
apiVersion: {{ template "x" . }}
kind: Ingress
{{- end }}
"""
    reading = read("charts/x/templates/a.yaml", text)
    assert reading.terms == ("resource:apps/deployment", "image:bitnami/spark")
    assert not reading.broken


def test_values_of_a_chart() -> None:
    assert read("helm/values.yaml", "image: {repository: ghcr.io/a/b, tag: 1}\n").terms == ("image:a/b",)


def test_a_chart_names_those_it_is_built_on() -> None:
    reading = read(
        "Chart.yaml", "apiVersion: v2\nname: x\ndependencies:\n- name: Airflow\n  repository: r\n- name: 3 4\n"
    )
    assert reading.terms == ("chart:airflow",)
    assert reading.measure == {"dependencies": 1}


def test_charts_that_an_application_installs() -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {chart: kuberay-operator}}\n"
    assert read("argocd/ray.yaml", text).terms == ("resource:argoproj.io/application", "chart:kuberay-operator")
    assert read("helmfile.yaml", "releases:\n- {name: a, chart: bitnami/kafka}\n").terms == ("chart:kafka",)


def test_a_kustomization() -> None:
    text = "images:\n- {name: x, newName: seldonio/mlserver}\nhelmCharts:\n- name: mlflow\n"
    terms = ("resource:kustomize.config.k8s.io/kustomization", "image:seldonio/mlserver", "chart:mlflow")
    assert read("kustomization.yaml", text).terms == terms


def test_a_compose_file() -> None:
    text = """
x-common: &common
  image: ${IMAGE:-apache/airflow:2.3}
services:
  web: {<<: *common}
  db: {image: postgres:15}
  own: {build: .}
"""
    reading = read("docker-compose.yml", text)
    assert reading.terms == ("image:apache/airflow", "image:postgres")
    assert reading.measure == {"services": 3}


def test_images_of_build_servers() -> None:
    assert read(".gitlab-ci.yml", "train:\n  image: dvcorg/cml:latest\n").terms == ("image:dvcorg/cml",)
    assert read(".gitlab-ci.yml", "x: !reference [a]\nb: {image: {name: python}}\n").terms == ("image:python",)
    cloud = "steps:\n- name: gcr.io/cloud-builders/docker\n- name: a b\n- 3\n"
    assert read("cloudbuild.yaml", cloud).terms == ("image:cloud-builders/docker",)
    assert read_file(".gitlab-ci.yml", "script: make\n") is None


@pytest.mark.parametrize(
    "text", ["", "a: 1\n", "apiVersion: 3 4\nkind: x\n", "apiVersion: v1\n", "Type: String\n", "a: {{ b }}"]
)
def test_yaml_of_another_sort_tells_nothing(text: str) -> None:
    assert read_file("deploy/x.yaml", text) is None


def test_packages_of_conda_in_a_file_of_another_name() -> None:
    assert read("aml/score.yml", "dependencies:\n- numpy\n").kind == "repo.dependency"


GROUP = st.lists(st.text("abz-", min_size=1, max_size=5).map("g{}".format), max_size=3).map(".".join)
KIND = st.text("AbcZ", max_size=8).map("K{}".format)


@given(st.lists(st.tuples(GROUP, KIND), min_size=1, max_size=10))
def test_manifests_that_were_written_are_read_back(resources: list[tuple[str, str]]) -> None:
    parts: list[dict[str, Any]] = [
        {"apiVersion": f"{group}/v1beta2" if group else "v1", "kind": kind, "spec": {"replicas": 3}}
        for group, kind in resources
    ]
    reading = read("k8s/all.yaml", yaml.safe_dump_all(parts))
    wanted = [f"resource:{group or 'core'}/{kind.lower()}" for group, kind in resources]
    assert reading.terms == tuple(dict.fromkeys(wanted))
    assert reading.measure == {"resources": len(wanted)}
