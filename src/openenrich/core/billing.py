"""What a vendor's answer cost, in millionths of a dollar.

When the answer says what was charged, that counts; otherwise the declaration's charge model and list price do.
"""

from openenrich.core.contact import EmailClaim
from openenrich.core.money import MicroUsd
from openenrich.core.vendor import Charge, Found, NotFound, Operation, Reply, Vendor


def cost(vendor: Vendor, operation: Operation, reply: Reply) -> MicroUsd:
    """Refusals and waiting are free; a miss costs only where every call is charged."""
    match reply:
        case Found(billed=int() as billed) | NotFound(billed=int() as billed):
            return MicroUsd(billed * vendor.credit_price // 1000)
        case Found():
            return vendor.price(operation) if _is_charged(operation, reply) else MicroUsd(0)
        case NotFound():
            return vendor.price(operation) if operation.charge is Charge.PER_CALL else MicroUsd(0)
        case _:
            return MicroUsd(0)


def _is_charged(operation: Operation, reply: Found) -> bool:
    match operation.charge:
        case Charge.FREE:
            return False
        case Charge.PER_RESULT:
            return bool(reply.values.fields() & operation.returns)
        case Charge.PER_VERIFIED:
            return any(email.claim is EmailClaim.DELIVERABLE for email in reply.values.emails)
        case Charge.PER_CALL | Charge.PER_MATCH:
            return True
