"""The eight simulated vendors, one module each."""

from openenrich.sandbox.desk import Desk
from openenrich.sandbox.vendors import dropcontact, enrow, hunter, icypeas, leadmagic, peopledatalabs, prospeo, snov

DESKS: tuple[Desk, ...] = (
    hunter.DESK,
    prospeo.DESK,
    dropcontact.DESK,
    enrow.DESK,
    icypeas.DESK,
    snov.DESK,
    peopledatalabs.DESK,
    leadmagic.DESK,
)
