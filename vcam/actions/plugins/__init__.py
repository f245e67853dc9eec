"""Plug-ins: the interface for actions that come from integrations and other packages."""
