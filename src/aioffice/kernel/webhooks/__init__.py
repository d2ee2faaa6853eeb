"""Webhooks: an organisation's own machine is told, over https and signed, what its inbox is told."""
