"""Django application of the retention room."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class RetentionConfig(AppConfig):
    """Gathers what every room declares beside its models, in its module `retention`."""

    name = "aioffice.kernel.retention"
    label = "retention"

    def ready(self) -> None:
        for config in apps.get_app_configs():
            ours = config.module is not None and config.name.startswith("aioffice.")
            if ours and module_has_submodule(config.module, "keeping"):
                import_module(f"{config.name}.keeping")
