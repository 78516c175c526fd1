"""OpenEnrich: an open, self-hosted B2B contact enrichment server."""
