"""AI Office: software that runs an AI Office under the EU AI Act (Regulation (EU) 2024/1689 as amended)."""

__version__ = "0.1.0"
