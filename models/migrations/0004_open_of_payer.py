"""账单: what a person owes is found in the index of open lines alone, however many lines there are.

Frozen, as 0001 is.
"""


def up(migrator, db):
    """Make the index of open lines anew, with the payer in it."""
    db.execute_sql("DROP INDEX bill_open")
    db.execute_sql(
        'CREATE INDEX "bill_open" ON "bill" '
        '("due", "unit_id", "payer_id", "month", "amount", "paid", "live") '
        'WHERE (("live" = 1) AND ("paid" < "amount"))'
    )
