"""Programs and devices that this program speaks to, each only where the person wrote it down."""
