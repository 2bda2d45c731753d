"""Terms show skills: typed ones by look-up, free text by whole words with context where a word is ambiguous."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcer.skills import Lexicon, load_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("term", "skill"),
    [
        ("pypi:mlflow", "mlflow"),
        ("pypi:Scikit_Learn", "scikit-learn"),
        ("conda:pytorch", "pytorch"),
        ("maven:org.apache.spark:spark-core_2.12", "spark"),
        ("maven:org.apache.spark:spark-mllib_2.13", "spark-ml"),
        ("maven:org.deeplearning4j:deeplearning4j-core", "java-ml"),
        ("import:torch.nn.functional", "pytorch"),
        ("import:google.cloud.aiplatform", "vertex-ai"),
        ("import:google.cloud.storage", "gcp"),
        ("topic:MLOps", "mlops"),
        ("tag:c++", "cpp"),
        ("tag:c", "c"),
        ("tag:r", "r"),
        ("tag:computer vision", "computer-vision"),
        ("language:Jupyter Notebook", "notebooks"),
        ("file:Dockerfile", "docker"),
        ("file:services/api/Dockerfile", "docker"),
        ("file:.github/workflows/ci.yml", "ci-cd"),
        ("file:deploy/k8s/app.yaml", "kubernetes"),
        ("file:tests/", "testing"),
        ("action:iterative/setup-dvc@v1", "dvc"),
        ("action:aws-actions/configure-aws-credentials@v4", "aws"),
        ("file:infra/network.TF", "terraform"),
        ("file:docker/Dockerfile.gpu", "docker"),
        ("file:dockerfile", "docker"),
        ("file:docker-compose.prod.yml", "docker"),
        ("file:requirements-dev.txt", "python"),
        ("file:environment.yaml", "python"),
        ("file:uv.lock", "packaging"),
        ("file:.dvcignore", "dvc"),
        ("file:Modelfile", "llm"),
        ("file:models/tiny.gguf", "llm"),
        ("file:adapter.safetensors", "transformers"),
        ("file:serverless.yml", "aws"),
        ("pypi:langchain-openai", "llm"),
        ("pypi:llama_index.readers.web", "llm"),
        ("pypi:apache-airflow-providers-snowflake", "airflow"),
        ("pypi:dagster-k8s", "dagster"),
        ("pypi:cupy-cuda12x", "cuda"),
        ("pypi:cuml-cu12", "cuda"),
        ("pypi:deepspeed", "distributed-training"),
        ("pypi:flash-attn", "transformers"),
        ("pypi:scikit-image", "computer-vision"),
        ("pypi:openai-whisper", "nlp"),
        ("pypi:pyarrow", "python-data"),
        ("pypi:ydata-profiling", "data-science"),
        ("pypi:dowhy", "statistics"),
        ("pypi:truss", "model-serving"),
        ("pypi:mlrun", "mlops"),
        ("import:google.generativeai", "llm"),
        ("import:skimage", "computer-vision"),
        ("import:tf_keras", "keras"),
        ("tag:yolov8", "computer-vision"),
        ("tag:py-langchain", "llm"),
        ("topic:distributed-training", "distributed-training"),
        ("topic:pachyderm", "ml-orchestration"),
        ("action:astral-sh/setup-uv@v5", "python"),
        ("action:google-github-actions/get-gke-credentials@v2", "kubernetes"),
        ("action:iterative/cml@v2", "dvc"),
        ("file:notes/first.ipynb", "notebooks"),
        ("image:nvidia/cuda", "cuda"),
        ("image:tensorflow/tensorflow", "tensorflow"),
        ("image:tensorflow/serving", "model-serving"),
        ("image:vertex-ai/training/tf-cpu.2-8", "vertex-ai"),
        ("image:acme/anything", "docker"),
        ("resource:serving.kserve.io/inferenceservice", "kserve"),
        ("resource:serving.kserve.io/inferenceservice", "kubernetes"),
        ("resource:pipelines.kubeflow.org/pipelinespec", "kubeflow"),
        ("resource:rbac.authorization.k8s.io/role", "kubernetes"),
        ("resource:sparkoperator.k8s.io/sparkapplication", "spark"),
        ("resource:core/service", "kubernetes"),
        ("resource:argoproj.io/workflow", "ml-orchestration"),
        ("resource:argoproj.io/application", "ci-cd"),
        ("resource:aws::sagemaker::endpoint", "sagemaker"),
        ("resource:aws::s3::bucket", "aws"),
        ("resource:azuremlschemas.azureedge.net/commandjob", "azure-ml"),
        ("terraform:aws_sagemaker_endpoint", "sagemaker"),
        ("terraform:aws_s3_bucket", "aws"),
        ("terraform:google_vertex_ai_endpoint", "vertex-ai"),
        ("terraform:databricks_cluster", "databricks"),
        ("chart:airflow", "airflow"),
        ("chart:anything", "kubernetes"),
        ("text:I build models with PyTorch.", "pytorch"),
        ("text:Weights & Biases user", "wandb"),
        ("text:Ekspert: uczenie maszynowe", "machine-learning"),
    ],
)
def test_a_term_shows_its_skill(lexicon: Lexicon, term: str, skill: str) -> None:
    assert skill in lexicon.skills_of((term,))


@pytest.mark.parametrize(
    "term",
    [
        "pypi:requests",
        "topic:pytorchish",
        "tag:ml-agents-unknown",
        "import:torchlight",
        "import:datasets",
        "pypi:langchainish-x",
        "pypi:prefecture-japan",
        "file:docker-compose.md",
        "file:params.yaml",
        "topic:lora",
        "topic:mcp",
        "file:Dockerfile.md",
        "file:contests/a.txt",
        "file:tf",
        "file:a.tf/b.txt",
        "resource:io/x",
        "resource:example.com/widget",
        "resource:kubeflow.org.example.com/job",
        "terraform:awsome_thing",
        "terraform:random_id",
        "text:Google Docs",
        "text:a javanese gamelan",
        "text:R&D manager",
        "text:C-level executive",
        "text:let us go to the beach",
        "text:the wedding feast",
        "text:a ray of light and a beam of hope",
        "text:Flower, a web tool for Celery task queues",
        "text:alpha, beta, gamma, delta",
        "text:a spark of joy",
        "text:I train for a marathon",
        "text:Franz Kafka's novels",
        "text:I am Julia, a software developer",
        "text:I evidently trained too many models",
        "text:I had great expectations of this data",
        "text:a robot named Comet",
        "text:chest x-ray machines",
        "text:how far to go with a programming language",
        "text:I want to go into software engineering",
        "text:testing the waters",
        "text:monitoring my heart rate",
        "text:Fix segmentation fault",
        "text:customer segmentation",
        "text:tf2 plugins",
        "text:Beam deflection",
        "text:manta ray distributed",
        "text:Delta State, Nigeria",
        "text:delta lake fishing",
        "text:Head prefect",
        "text:LLM (Master of Laws)",
        "text:NLP coach",
        "text:YOLO",
        "text:W. B. Example, a poet of machine rooms",
        "topic:ray",
        "topic:flower",
        "topic:gpt",
        "topic:eda",
        "tag:image",
        "tag:text",
        "tag:evaluation",
        "unknown:mlflow",
        "mlflow",
        "",
    ],
)
def test_what_only_looks_like_a_skill_shows_none(lexicon: Lexicon, term: str) -> None:
    assert lexicon.skills_of((term,)) == {}


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Backend developer in Go and Rust", "go"),
        ("Statistics with R and Python", "r"),
        ("Java developer", "java"),
        ("Distributed training with Ray", "ray"),
        ("feature store with Feast", "feast"),
        ("streaming pipelines with Beam", "beam"),
        ("Flower for federated learning", "flower"),
        ("Spark and Kafka pipelines", "spark"),
        ("rust, go, nim", "go"),
        ("Statistics in Python and Julia", "julia"),
        ("tests of data with Great Expectations and dbt", "great-expectations"),
        ("drift reports by Evidently", "model-monitoring"),
        ("ML and NLP engineer", "machine-learning"),
        ("Kafka consumers in Java", "kafka"),
        ("go developer", "go"),
        ("GO developer", "go"),
        ("I write Go", "go"),
        ("CLI tool in Go", "go"),
        ("R developer", "r"),
        ("R programmer", "r"),
        ("R & Python", "r"),
        ("Statistics in Python and R.", "r"),
        ("Python and R. Kaggle expert", "r"),
        ("C developer", "c"),
        ("C & C++ programmer", "c"),
        ("Senior Java", "java"),
        ("Senior Java Developer", "java"),
        ("Java developer in Indonesia", "java"),
        ("Scala developer in Milano", "scala"),
        ("Rust Evangelist, systems programming", "rust"),
        ("Kafka Summit speaker, data streaming", "kafka"),
        ("Spark developer", "spark"),
        ("Ray, Dask and Spark for distributed computing", "spark"),
        ("Scaling Python with Ray", "ray"),
        ("Feast and MLflow", "feast"),
        ("W&B for ML experiments", "wandb"),
        ("a brain scan segmentation network in PyTorch", "computer-vision"),
        ("James, DevOps with Jenkins and Docker", "ci-cd"),
        ("Hello! I am a data scientist using Python, Julia and SQL", "julia"),
    ],
)
def test_an_ambiguous_word_counts_in_its_context(lexicon: Lexicon, text: str, skill: str) -> None:
    assert skill in lexicon.skills_of((f"text:{text}",))


@pytest.mark.parametrize(
    ("title", "skill"),
    [
        ("kafka-spark-integration", "spark"),
        ("seldon-core", "kserve"),
        ("dbt-utils", "dbt"),
        ("aws-managed-airflow-deployment", "airflow"),
        ("deep-q-learning", "reinforcement-learning"),
        ("image-captioning", "deep-learning"),
    ],
)
def test_a_repository_joins_its_words_by_hyphens(lexicon: Lexicon, title: str, skill: str) -> None:
    assert skill in lexicon.skills_of((), title)


@pytest.mark.parametrize(
    ("terms", "title", "skill"),
    [
        (("language:python",), "chest-x-ray-pytorch", "ray"),
        (("language:java",), "springboot-jax-rs-sample", "jax"),
        (("language:javascript",), "java-script-lessons", "java"),
        (("topic:flower", "topic:celery", "topic:privacy"), "", "flower"),
        (("topic:ml", "language:ocaml"), "", "machine-learning"),
        (("topic:ray", "topic:machine-learning", "topic:raytracing"), "", "ray"),
    ],
)
def test_a_word_that_speaks_against_it_decides(
    lexicon: Lexicon, terms: tuple[str, ...], title: str, skill: str
) -> None:
    assert skill not in lexicon.skills_of(terms, title)


@pytest.mark.parametrize(
    "text",
    [
        "Julia Example, Python developer",
        "Hi, I'm Ray and I do machine learning with PyTorch",
        "Ray Example. Distributed PyTorch",
        "My name is Julia, I like Python and Rust",
        "Data scientist Julia Smith, Python",
        "Dr. Ray Liu, machine learning",
        "Hi, I'm Jax. Machine learning engineer, PyTorch",
        "Python developer, my name is Theano",
        "John R. Smith, data scientist",
        "John R Smith, data scientist",
        "R. Kumar | Python | SQL",
        "J. R. Smith. Python and SQL",
        "John C. Doe, Python developer",
        "Go Tanaka, Python developer",
        "Mary Spark, data engineer",
        "Bert Meyer, machine learning engineer",
        "Python developer who lives in Java",
    ],
)
def test_a_name_of_a_person_or_place_is_no_skill(lexicon: Lexicon, text: str) -> None:
    tools = {"ray", "julia", "jax", "r", "c", "go", "spark", "java", "transformers"}
    found = lexicon.skills_of((f"text:{text}",))
    assert found.keys().isdisjoint(tools)
    assert "Theano" not in {match.matched for match in found.values()}


@pytest.mark.parametrize(
    ("terms", "skill"),
    [
        ("text:Segmentation fault in C", "computer-vision"),
        ("tag:html tag:css tag:image", "computer-vision"),
        ("tag:jquery tag:text", "nlp"),
        ("tag:haskell tag:evaluation", "machine-learning"),
        ("tag:haskell tag:directed-acyclic-graphs", "airflow"),
        ("tag:css tag:distribution", "statistics"),
        ("topic:eda topic:verilog", "data-science"),
        ("topic:dlt topic:blockchain", "data-engineering"),
        ("topic:hive topic:flutter language:dart", "hadoop"),
        ("topic:federated topic:mastodon", "flower"),
        ("topic:gpt topic:uefi language:c", "llm"),
        ("topic:transformer topic:electronics", "transformers"),
        ("topic:cml topic:cisco", "dvc"),
        ("topic:quantization topic:audio", "edge-ml"),
        ("topic:gymnasium topic:fitness", "reinforcement-learning"),
        ("topic:segmentation topic:marketing", "computer-vision"),
        ("topic:beam topic:structural-engineering language:python", "beam"),
        ("topic:dataflow topic:static-analysis language:java", "beam"),
        ("topic:dataflow topic:dataflow-analysis", "beam"),
        ("topic:feast topic:recipes topic:online-store", "feast"),
        ("topic:lora topic:lorawan language:python", "llm"),
        ("topic:mcp topic:minecraft language:java", "llm"),
        ("import:datasets import:django", "transformers"),
        ("topic:flower topic:privacy", "flower"),
    ],
)
def test_a_word_of_another_trade_shows_no_skill(lexicon: Lexicon, terms: str, skill: str) -> None:
    assert skill not in lexicon.skills_of((terms,) if terms.startswith("text:") else terms.split())


@pytest.mark.parametrize(
    ("terms", "skill"),
    [
        ("tag:opencv tag:image", "computer-vision"),
        ("tag:nltk tag:text", "nlp"),
        ("tag:machine-learning tag:evaluation", "machine-learning"),
        ("tag:airflow tag:directed-acyclic-graphs", "airflow"),
        ("topic:pandas topic:eda", "data-science"),
        ("topic:hadoop topic:hive", "hadoop"),
        ("topic:openai topic:gpt", "llm"),
        ("topic:llm topic:quantization", "edge-ml"),
        ("topic:streaming topic:beam", "beam"),
        ("topic:feature-engineering topic:feast", "feast"),
        ("topic:llm topic:lora", "llm"),
        ("import:transformers import:datasets", "transformers"),
    ],
)
def test_the_same_word_counts_in_company(lexicon: Lexicon, terms: str, skill: str) -> None:
    beside, word = terms.split()
    assert skill in lexicon.skills_of((word, f"x:{beside}"))
    assert skill not in lexicon.skills_of((word,))


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Pokémon Go player and software engineer", "go"),
        ("Go player (3 dan), programmer", "go"),
        ("Let's Go! Software engineer", "go"),
        ("Journalist at CNN, Python", "deep-learning"),
        ("cosmic ray showers and machine learning", "ray"),
        ("Head prefect. Data pipelines", "prefect"),
        ("Kafka, Camus and other novels; software engineer", "kafka"),
        ("Java, Indonesia. Python developer", "java"),
        ("R & D engineer, Python", "r"),
        ("Washington D.C. python programmer", "c"),
    ],
)
def test_a_word_that_is_something_else_beside_fitting_ones(lexicon: Lexicon, text: str, skill: str) -> None:
    assert skill not in lexicon.skills_of((f"text:{text}",))


def test_the_end_of_a_sentence_parts_what_is_something_else(lexicon: Lexicon) -> None:
    assert "java" in lexicon.skills_of(("text:Developer of Python and Java. Indonesia",))


@pytest.mark.parametrize(
    ("text", "skill"), [("Ray on Kubernetes for PyTorch", "ray"), ("Julia package for optimisation", "julia")]
)
def test_only_what_people_say_of_themselves_begins_with_a_name(lexicon: Lexicon, text: str, skill: str) -> None:
    assert skill in lexicon.skills_of((f"text:{text}",), personal=False)
    assert skill not in lexicon.skills_of((f"text:{text}",))


@pytest.mark.parametrize("text", ["HTML, CSS and Google Docs", "JavaScript and HTML"])
def test_web_work_shows_nothing_that_earns(lexicon: Lexicon, text: str) -> None:
    found = lexicon.skills_of((f"text:{text}",))
    assert found.keys() <= {"web", "javascript"}
    assert all(lexicon.skills[skill].relevance == 0 for skill in found)


def test_another_term_is_context_too(lexicon: Lexicon) -> None:
    assert "ray" in lexicon.skills_of(("topic:ray", "topic:machine-learning"))
    assert "ray" not in lexicon.skills_of(("topic:ray", "topic:opengl", "language:python"))
    assert "flower" not in lexicon.skills_of(("topic:flower", "topic:celery"))
    assert "flower" in lexicon.skills_of(("topic:flower", "topic:federated-learning"))


def test_context_far_away_does_not_count(lexicon: Lexicon) -> None:
    far = "developer " + "word " * 20 + "go " + "word " * 20
    assert "go" not in lexicon.skills_of((f"text:{far}",))


def test_the_longest_name_wins(lexicon: Lexicon) -> None:
    assert set(lexicon.skills_of(("text:Triton Inference Server",))) == {"triton-inference-server"}
    assert set(lexicon.skills_of(("text:openai triton",))) == {"cuda"}


@pytest.mark.parametrize(
    ("term", "skill"),
    [
        ("image:pytorch/torchserve", "pytorch"),
        ("image:python", "python"),
        ("resource:sparkoperator.k8s.io/sparkapplication", "terraform"),
        ("resource:aws::sagemaker::endpoint", "aws"),
        ("terraform:aws_sagemaker_endpoint", "aws"),
        ("chart:airflow", "kubernetes"),
        ("pypi:azure-ai-ml", "azure"),
        ("pypi:google-cloud-aiplatform", "gcp"),
    ],
)
def test_the_most_exact_spelling_alone_counts(lexicon: Lexicon, term: str, skill: str) -> None:
    found = lexicon.skills_of((term,))
    assert found
    assert skill not in found


def test_a_match_keeps_the_span_that_matched(lexicon: Lexicon) -> None:
    text = "Ships models with ＭＬｆｌｏｗ, scikit_learn"
    found = lexicon.skills_of((f"text:{text}",))
    assert found["mlflow"].matched == "ＭＬｆｌｏｗ"
    assert found["scikit-learn"].matched == "scikit_learn"
    assert lexicon.skills_of(("pypi:mlflow",))["mlflow"].matched == "mlflow"


def test_the_strongest_proof_of_a_skill_is_kept(lexicon: Lexicon) -> None:
    found = lexicon.skills_of(("text:mlflow", "topic:mlflow", "pypi:mlflow"), "mlflow")
    assert (found["mlflow"].scheme, found["mlflow"].strength) == ("pypi", 1.0)


def test_a_title_proves_weakly(lexicon: Lexicon) -> None:
    found = lexicon.skills_of((), "Serving with MLflow")
    assert found["mlflow"].scheme == "title"
    assert found["mlflow"].strength < lexicon.skills_of(("topic:mlflow",))["mlflow"].strength


@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=60))
def test_any_terms_are_read_without_fault(texts: list[str], title: str) -> None:
    lexicon = load_lexicon()
    terms = [
        *texts,
        *(f"text:{text}" for text in texts),
        *(f"{scheme}:{text}" for text in texts for scheme in ("file", "image", "resource", "terraform", "chart")),
    ]
    for match in lexicon.skills_of(terms, title).values():
        assert 0 < match.strength <= 1
        assert match.matched


@given(st.permutations(["topic:mlflow", "pypi:mlflow", "text:MLflow and Docker", "language:python", "topic:ray"]))
def test_the_order_of_terms_does_not_matter(terms: list[str]) -> None:
    lexicon = load_lexicon()
    assert lexicon.skills_of(terms) == lexicon.skills_of(sorted(terms))
