"""When what runs: cron lines, what is due, and the service that runs briefs by the clock."""

from sourcer.schedule.checkup import complaints
from sourcer.schedule.cron import parse_cron
from sourcer.schedule.due import Due, due
from sourcer.schedule.duties import Nightly, nightly_jobs
from sourcer.schedule.folder import readable_briefs, written_at
from sourcer.schedule.job import Job
from sourcer.schedule.outcome import Outcome, job_in_words, log_outcome
from sourcer.schedule.service import Planned, Scheduler
from sourcer.schedule.times import last_time, next_times

__all__ = [
    "Due",
    "Job",
    "Nightly",
    "Outcome",
    "Planned",
    "Scheduler",
    "complaints",
    "due",
    "job_in_words",
    "last_time",
    "log_outcome",
    "next_times",
    "nightly_jobs",
    "parse_cron",
    "readable_briefs",
    "written_at",
]
