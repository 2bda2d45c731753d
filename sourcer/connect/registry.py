"""Which connectors there are, whether they could work, and their sections of the configuration."""

from sourcer.connect.addresses import ProfileAddress, site_of_url
from sourcer.connect.plugins import GROUP, Installed, installed
from sourcer.connect.sections import build, check_sections, connector_config, needs_privacy
from sourcer.connect.status import ConnectorStatus, check_offline, statuses

__all__ = [
    "GROUP",
    "ConnectorStatus",
    "Installed",
    "ProfileAddress",
    "build",
    "check_offline",
    "check_sections",
    "connector_config",
    "installed",
    "needs_privacy",
    "site_of_url",
    "statuses",
]
