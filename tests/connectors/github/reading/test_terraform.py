"""Terraform."""

from __future__ import annotations

from sourcer_github.reading.terraform import read_terraform


def test_types_of_a_configuration() -> None:
    text = """
provider "aws" { region = "eu-west-1" }
resource "aws_sagemaker_endpoint" "model" {
  name = "resource"
}
data "aws_iam_role" "role" {}
# resource "aws_s3_bucket" "commented" {}
resource "helm_release" "flow" {
  chart = "apache/airflow"
}
resource "Bad Type" "x" {}
"""
    reading = read_terraform(text)
    assert reading.terms == (
        "terraform:aws",
        "terraform:aws_sagemaker_endpoint",
        "terraform:aws_iam_role",
        "terraform:helm_release",
        "chart:airflow",
    )
    assert reading.measure == {"resources": 2}
