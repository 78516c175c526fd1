"""Which vendors the operator wants asked first, per field."""

from collections.abc import Sequence

from openenrich.core.contact import Field
from openenrich.store.postgres import Pool


async def stored_order(pool: Pool) -> dict[Field, tuple[str, ...]]:
    """The order per field; fields without one are absent."""
    order: dict[Field, tuple[str, ...]] = {}
    for row in await pool.fetch("SELECT field, vendor FROM vendor_order ORDER BY field, position"):
        field = Field(row["field"])
        order[field] = (*order.get(field, ()), row["vendor"])
    return order


async def store_order(pool: Pool, field: Field, vendors: Sequence[str]) -> None:
    """Replace the order of a field; none means back to the order by cost."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM vendor_order WHERE field = $1", field.value)
        await connection.executemany(
            "INSERT INTO vendor_order (field, vendor, position) VALUES ($1, $2, $3)",
            [(field.value, vendor, position) for position, vendor in enumerate(vendors)],
        )
